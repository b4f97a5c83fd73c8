//! What the operator asks for: flags, else environment variables `POD_...`, else keys of the TOML file, else defaults.
//!
//! Refuses combinations that would be unsafe or would not work, before anything is opened.

use crate::content::{Policy, Proofs, Quotas};
use crate::interlock::Secret;
use pod_shared::limits::{FORWARD_DAYS_MAX, TRASH_DAYS_MAX};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

mod settings;
#[cfg(test)]
mod tests;

pub use settings::{Cli, Command, RelaySwitch, Settings, Switch, TlsMode, UserCommand};

/// Shortest shared secret of the interlock, in bytes.
const SECRET_BYTES_MIN: usize = 32;

/// The settings cannot be used; the sentence says what to change.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

/// The services of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roles {
    /// Everything in one process.
    All,
    /// Sign-in and chat; the content service is another process.
    AuthMessenger,
    /// Files; sign-in and chat are another process.
    Content,
}

/// Who stands between this process and the people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proxy {
    /// Nobody.
    None,
    /// A proxy that speaks TLS for us and writes `X-Forwarded-For`.
    Trusted,
}

/// Settings found good.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// Where to listen; port 0 chooses a free one.
    pub listen: SocketAddr,
    /// The services of this process.
    pub roles: Roles,
    /// Whether it speaks TLS itself.
    pub tls: Tls,
    /// A proxy before it.
    pub proxy: Proxy,
    /// The name people see.
    pub name: String,
    /// How people reach it, when that differs from where it listens.
    pub public_url: Option<String>,
    /// The other half, when there is one.
    pub other: Option<Other>,
    /// What is decided about files.
    pub policy: Policy,
    /// The relay where devices meet.
    pub relay: RelayMode,
    /// The program that reads PDFs for the search, called with `read-pdf`; without one they are found by their names only.
    pub pdf_reader: Option<PathBuf>,
}

/// The relay where devices meet for a direct transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelayMode {
    /// None.
    Off,
    /// Beside the server, on a port of its own.
    Auto,
    /// There; port 0 chooses a free one.
    At(SocketAddr),
}

/// How this process speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Plain HTTP.
    Plain,
    /// With its own certificate, made at first start.
    SelfMade,
    /// With the operator's certificate and key, as PEM files.
    Given(PathBuf, PathBuf),
}

/// The interlock with another process.
#[derive(Clone, Debug)]
pub struct Other {
    /// Signs what the two tell each other.
    pub secret: Secret,
    /// Where the messenger is; for the content service.
    pub messenger_url: Option<String>,
    /// The messenger's certificate, when it is self-made: SHA-256 in hex.
    pub messenger_fingerprint: Option<String>,
}

impl Config {
    /// Reads the TOML file if one is named, fills in defaults, and refuses what cannot work.
    ///
    /// # Errors
    /// A sentence about what to change.
    pub fn resolve(settings: Settings) -> Result<Self, ConfigError> {
        let settings = with_file(settings)?;
        let listen = settings.listen.as_deref().unwrap_or("127.0.0.1:7600");
        let listen: SocketAddr =
            listen.parse().map_err(|_| ConfigError(format!("--listen is ADDRESS:PORT, not {listen}")))?;
        let roles = roles(settings.role.as_deref().unwrap_or("all"))?;
        let proxy = if settings.behind_proxy == Some(true) { Proxy::Trusted } else { Proxy::None };
        let tls = tls(&settings, listen, proxy)?;
        let public_url = settings.public_url.as_deref().map(public_url).transpose()?;
        Ok(Self {
            data: data_folder(settings.data.clone())?,
            listen,
            roles,
            tls,
            proxy,
            name: settings.name.clone().unwrap_or_else(|| "Pod".into()),
            public_url,
            other: other(&settings, roles)?,
            policy: policy(&settings)?,
            relay: relay(&settings)?,
            pdf_reader: None,
        })
    }
}

/// The data folder, without looking at the other settings.
///
/// # Errors
/// When none is given and the platform has none.
pub fn data_folder(given: Option<PathBuf>) -> Result<PathBuf, ConfigError> {
    let of_platform =
        || directories::ProjectDirs::from("", "", "pod-server").map(|dirs| dirs.data_dir().to_owned());
    given.or_else(of_platform).ok_or_else(|| ConfigError("there is no home folder: give --data DIR".into()))
}

fn with_file(settings: Settings) -> Result<Settings, ConfigError> {
    let Some(path) = settings.config.clone() else { return Ok(settings) };
    let text = std::fs::read_to_string(&path)
        .map_err(|error| ConfigError(format!("{} cannot be read: {error}", path.display())))?;
    let file: Settings =
        toml::from_str(&text).map_err(|error| ConfigError(format!("{}: {error}", path.display())))?;
    Ok(settings.or(file))
}

fn roles(text: &str) -> Result<Roles, ConfigError> {
    let mut asked: Vec<&str> = text.split(',').map(str::trim).collect();
    asked.sort_unstable();
    asked.dedup();
    match asked.as_slice() {
        ["all"] | ["auth", "content", "messenger"] => Ok(Roles::All),
        ["auth", "messenger"] => Ok(Roles::AuthMessenger),
        ["content"] => Ok(Roles::Content),
        _ => Err(ConfigError(format!("--role is all, auth,messenger or content, not {text}"))),
    }
}

fn tls(settings: &Settings, listen: SocketAddr, proxy: Proxy) -> Result<Tls, ConfigError> {
    let given = match (&settings.tls_cert, &settings.tls_key) {
        (Some(cert), Some(key)) => Some(Tls::Given(cert.clone(), key.clone())),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            return Err(ConfigError("--tls-cert and --tls-key go together".into()));
        }
    };
    let may_be_plain = listen.ip().is_loopback() || proxy == Proxy::Trusted;
    match settings.tls.unwrap_or(TlsMode::Auto) {
        TlsMode::On => Ok(given.unwrap_or(Tls::SelfMade)),
        TlsMode::Auto if given.is_none() && may_be_plain => Ok(Tls::Plain),
        TlsMode::Auto => Ok(given.unwrap_or(Tls::SelfMade)),
        TlsMode::Off if given.is_some() => Err(ConfigError("--tls off and --tls-cert contradict".into())),
        TlsMode::Off if may_be_plain => Ok(Tls::Plain),
        TlsMode::Off => Err(ConfigError(
            "without TLS the server listens on this computer only: leave --tls out, or say --behind-proxy"
                .into(),
        )),
    }
}

fn policy(settings: &Settings) -> Result<Policy, ConfigError> {
    let proofs = match settings.instant_proof.unwrap_or(Switch::On) {
        Switch::On => Proofs::On,
        Switch::Off => Proofs::Off,
    };
    let forward_days = settings.forward_days.unwrap_or(Policy::default().forward_days);
    if !(1..=FORWARD_DAYS_MAX).contains(&forward_days) {
        return Err(ConfigError(format!("--forward-days is 1 to {FORWARD_DAYS_MAX}, not {forward_days}")));
    }
    let trash_days = settings.trash_days.unwrap_or(Policy::default().trash_days);
    if !(1..=TRASH_DAYS_MAX).contains(&trash_days) {
        return Err(ConfigError(format!("--trash-days is 1 to {TRASH_DAYS_MAX}, not {trash_days}")));
    }
    let quotas = Quotas {
        room_bytes: settings.room_quota.as_deref().map(|text| size("--room-quota", text)).transpose()?,
        person_bytes: settings
            .person_quota
            .as_deref()
            .map(|text| size("--person-quota", text))
            .transpose()?,
    };
    Ok(Policy { proofs, forward_days, trash_days, quotas })
}

/// A size as `500M`, `20G` or `2T`, or in bytes.
fn size(flag: &str, text: &str) -> Result<u64, ConfigError> {
    let wrong = || ConfigError(format!("{flag} is a size like 500M, 20G or 2T, not {text}"));
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit: u64 = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        "T" => 1 << 40,
        _ => return Err(wrong()),
    };
    digits.parse::<u64>().ok().and_then(|number| number.checked_mul(unit)).ok_or_else(wrong)
}

fn relay(settings: &Settings) -> Result<RelayMode, ConfigError> {
    match (settings.relay.unwrap_or(RelaySwitch::Auto), settings.relay_listen.as_deref()) {
        (RelaySwitch::Off, Some(_)) => Err(ConfigError("--relay off and --relay-listen contradict".into())),
        (RelaySwitch::Off, None) => Ok(RelayMode::Off),
        (RelaySwitch::Auto, None) => Ok(RelayMode::Auto),
        (RelaySwitch::Auto, Some(at)) => at
            .parse()
            .map(RelayMode::At)
            .map_err(|_| ConfigError(format!("--relay-listen is ADDRESS:PORT, not {at}"))),
    }
}

fn public_url(text: &str) -> Result<String, ConfigError> {
    let wrong = || ConfigError(format!("--public-url is http(s)://HOST[:PORT], not {text}"));
    let url = reqwest::Url::parse(text).map_err(|_| wrong())?;
    let is_good = matches!(url.scheme(), "http" | "https") && url.has_host() && url.path() == "/";
    if is_good { Ok(text.trim_end_matches('/').to_owned()) } else { Err(wrong()) }
}

fn other(settings: &Settings, roles: Roles) -> Result<Option<Other>, ConfigError> {
    if roles == Roles::All {
        return Ok(None);
    }
    let path = settings.interlock_secret_file.as_deref().ok_or_else(|| {
        ConfigError("two processes need the same --interlock-secret-file, at least 32 random bytes".into())
    })?;
    let secret = secret(path)?;
    if roles == Roles::Content && settings.messenger.is_none() {
        return Err(ConfigError("--role content needs --messenger URL".into()));
    }
    let messenger_url = settings.messenger.as_deref().map(public_url).transpose()?;
    let messenger_fingerprint = settings.messenger_fingerprint.clone();
    Ok(Some(Other { secret, messenger_url, messenger_fingerprint }))
}

fn secret(path: &Path) -> Result<Secret, ConfigError> {
    let bytes = std::fs::read(path)
        .map_err(|error| ConfigError(format!("{} cannot be read: {error}", path.display())))?;
    let bytes = bytes.trim_ascii();
    if bytes.len() < SECRET_BYTES_MIN {
        return Err(ConfigError(format!("{} holds less than {SECRET_BYTES_MIN} bytes", path.display())));
    }
    Ok(Secret::new(bytes))
}
