//! The settings as they are written: every flag is also an environment variable and a key of the TOML file.

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::Deserialize;
use std::path::PathBuf;

/// The companion server of Pod: chat and files for groups, on your own computer.
#[derive(Debug, Parser)]
#[command(name = "pod-server", version, about)]
pub struct Cli {
    /// Settings.
    #[command(flatten)]
    pub settings: Settings,
    /// What to do; nothing: serve.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// All optional: what is not said here may be said elsewhere.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Settings {
    /// Data folder [default: the platform's].
    #[arg(long, global = true, env = "POD_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Address and port, port 0 for a free one [default: 127.0.0.1:7600].
    #[arg(long, global = true, env = "POD_LISTEN", value_name = "ADDR:PORT")]
    pub listen: Option<String>,
    /// Services of this process: all, auth,messenger or content [default: all].
    #[arg(long, global = true, env = "POD_ROLE", value_name = "ROLES")]
    pub role: Option<String>,
    /// TOML file with these settings.
    #[arg(long, global = true, env = "POD_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// TLS: auto is off on this computer and on beyond it [default: auto].
    #[arg(long, global = true, env = "POD_TLS", value_enum, value_name = "MODE")]
    pub tls: Option<TlsMode>,
    /// Certificate chain, PEM; without it the server makes its own.
    #[arg(long, global = true, env = "POD_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// Private key of the certificate, PEM.
    #[arg(long, global = true, env = "POD_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// A proxy speaks TLS for this server and writes X-Forwarded-For.
    #[arg(long, global = true, env = "POD_BEHIND_PROXY", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub behind_proxy: Option<bool>,
    /// Name that people see [default: Pod].
    #[arg(long, global = true, env = "POD_NAME", value_name = "NAME")]
    pub name: Option<String>,
    /// How people reach this server, when that differs from where it listens.
    #[arg(long, global = true, env = "POD_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Where the messenger is; for --role content.
    #[arg(long, global = true, env = "POD_MESSENGER", value_name = "URL")]
    pub messenger: Option<String>,
    /// SHA-256 of the messenger's self-made certificate, in hex.
    #[arg(long, global = true, env = "POD_MESSENGER_FINGERPRINT", value_name = "HEX")]
    pub messenger_fingerprint: Option<String>,
    /// Instant upload for whoever proves to hold a whole file that the server has: on or off [default: on].
    #[arg(long, global = true, env = "POD_INSTANT_PROOF", value_enum, value_name = "SWITCH")]
    pub instant_proof: Option<Switch>,
    /// Days that a file is kept for a person who is away [default: 30].
    #[arg(long, global = true, env = "POD_FORWARD_DAYS", value_name = "N")]
    pub forward_days: Option<u32>,
    /// Days after which what was deleted is deleted for good [default: 90].
    #[arg(long, global = true, env = "POD_TRASH_DAYS", value_name = "N")]
    pub trash_days: Option<u32>,
    /// Most that one room keeps, like 20G; what lies in the trash counts [default: no limit].
    #[arg(long, global = true, env = "POD_ROOM_QUOTA", value_name = "SIZE")]
    pub room_quota: Option<String>,
    /// Most that one person keeps in all rooms, like 20G [default: no limit].
    #[arg(long, global = true, env = "POD_PERSON_QUOTA", value_name = "SIZE")]
    pub person_quota: Option<String>,
    /// File with the secret that messenger and content service share.
    #[arg(long, global = true, env = "POD_INTERLOCK_SECRET_FILE", value_name = "FILE")]
    pub interlock_secret_file: Option<PathBuf>,
    /// The relay where devices meet for direct transfers: auto or off [default: auto].
    #[arg(long, global = true, env = "POD_RELAY", value_enum, value_name = "SWITCH")]
    pub relay: Option<RelaySwitch>,
    /// Where the relay listens [default: as --listen, the next port].
    #[arg(long, global = true, env = "POD_RELAY_LISTEN", value_name = "ADDR:PORT")]
    pub relay_listen: Option<String>,
}

impl Settings {
    /// These settings; what they leave open is taken from `other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            data: self.data.or(other.data),
            listen: self.listen.or(other.listen),
            role: self.role.or(other.role),
            config: self.config,
            tls: self.tls.or(other.tls),
            tls_cert: self.tls_cert.or(other.tls_cert),
            tls_key: self.tls_key.or(other.tls_key),
            behind_proxy: self.behind_proxy.or(other.behind_proxy),
            name: self.name.or(other.name),
            public_url: self.public_url.or(other.public_url),
            messenger: self.messenger.or(other.messenger),
            messenger_fingerprint: self.messenger_fingerprint.or(other.messenger_fingerprint),
            instant_proof: self.instant_proof.or(other.instant_proof),
            forward_days: self.forward_days.or(other.forward_days),
            trash_days: self.trash_days.or(other.trash_days),
            room_quota: self.room_quota.or(other.room_quota),
            person_quota: self.person_quota.or(other.person_quota),
            interlock_secret_file: self.interlock_secret_file.or(other.interlock_secret_file),
            relay: self.relay.or(other.relay),
            relay_listen: self.relay_listen.or(other.relay_listen),
        }
    }
}

/// Whether the server speaks TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TlsMode {
    /// Everywhere.
    On,
    /// Nowhere; only on this computer or behind a proxy.
    Off,
    /// Beyond this computer.
    Auto,
}

/// Whether there is a relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RelaySwitch {
    /// Where devices can reach it.
    Auto,
    /// Nowhere.
    Off,
}

/// Whether something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    /// It is.
    On,
    /// It is not.
    Off,
}

/// What to do instead of serving; all also beside a running server.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make an invite and print it as one line of JSON.
    Invite {
        /// How many people may use it.
        #[arg(long, default_value_t = 1)]
        uses: u32,
        /// How many days it lasts.
        #[arg(long, default_value_t = 7)]
        days: u32,
    },
    /// See and change accounts.
    User {
        /// What.
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Verify every invariant of the stored data: one line for each violation, exit 1 if there is one.
    Check {
        /// Look at the sizes of stored contents only, not at every byte.
        #[arg(long)]
        quick: bool,
    },
    /// Read a PDF from standard input and write what it says; the server starts this by itself.
    #[command(hide = true)]
    ReadPdf,
    /// Write everything into one tar file, consistent across the databases; unpack it into an empty data folder to restore.
    Backup {
        /// The file; must not be there.
        file: PathBuf,
    },
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// One line of JSON for each account.
    List,
    /// Keep a person out, at once.
    Disable {
        /// The account's name.
        name: String,
    },
    /// Let a disabled person in again.
    Enable {
        /// The account's name.
        name: String,
    },
    /// Give a new random password, print it as one line of JSON, and sign all devices out.
    ResetPassword {
        /// The account's name.
        name: String,
    },
}
