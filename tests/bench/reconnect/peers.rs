//! ejabberd and Prosody (Debian packages), each in a folder of its own, configured alike: plain sign-in over loopback, accounts
//! made by clients, roster versioning, stream management for ten minutes.

use crate::host::{Process, disk, free_port, listens};
use anyhow::Context;
use std::path::Path;
use std::process::Command;

/// Which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    Ejabberd,
    Prosody,
}

impl Peer {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ejabberd => "ejabberd",
            Self::Prosody => "prosody",
        }
    }

    /// Starts one on a free port.
    pub(super) fn start(self) -> anyhow::Result<Process> {
        let folder = tempfile::tempdir_in(disk()?)?;
        let port = free_port()?;
        self.configure(folder.path(), port)?;
        let command = self.command(folder.path())?;
        let process = Process::other(command, format!("127.0.0.1:{port}"), folder);
        let process = process.context("apt-get install ejabberd prosody")?;
        listens(port, self.name())?;
        Ok(process)
    }

    /// Ends it as its operator would, and starts it again where it was.
    pub(super) fn restart(self, process: &mut Process) -> anyhow::Result<()> {
        let command = self.command(process.folder.path())?;
        process.replace(command)?;
        let port = process.address.rsplit_once(':').context("no port")?.1.parse()?;
        listens(port, self.name())
    }

    fn configure(self, folder: &Path, port: u16) -> anyhow::Result<()> {
        let (name, text) = match self {
            Self::Ejabberd => ("ejabberd.yml", EJABBERD),
            Self::Prosody => ("prosody.cfg.lua", PROSODY),
        };
        let place = folder.to_str().context("the folder's path is no text")?;
        let text = text.replace("PORT", &port.to_string()).replace("FOLDER", place);
        std::fs::create_dir_all(folder.join("data"))?;
        std::fs::create_dir_all(folder.join("certs"))?;
        std::fs::write(folder.join(name), text)?;
        Ok(())
    }

    fn command(self, folder: &Path) -> anyhow::Result<Command> {
        let place = folder.to_str().context("the folder's path is no text")?;
        Ok(match self {
            Self::Ejabberd => {
                let mut command = Command::new("erl");
                command.args(["-noinput", "+K", "true", "+sbwt", "none", "-mnesia", "dir"]);
                command.arg(format!("\"{place}/data\"")).args(["-s", "ejabberd"]).current_dir(folder);
                command.env("EJABBERD_CONFIG_PATH", folder.join("ejabberd.yml"));
                command.env("EJABBERD_LOG_PATH", folder.join("log"));
                // Where Debian has it on this architecture.
                command.env("ERL_LIBS", format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH));
                command
            }
            Self::Prosody => {
                let mut command = Command::new("prosody");
                command.arg("--config").arg(folder.join("prosody.cfg.lua")).arg("-F").current_dir(folder);
                command.stderr(std::process::Stdio::null());
                command
            }
        })
    }
}

const EJABBERD: &str = r#"
hosts: [localhost]
loglevel: error
registration_timeout: infinity
listen:
  - { port: PORT, ip: "127.0.0.1", module: ejabberd_c2s, starttls: false, shaper: none, access: all }
auth_method: internal
modules:
  mod_register: { access: all, ip_access: all, welcome_message: {} }
  mod_roster: { versioning: true, store_current_id: true }
  mod_stream_mgmt: { resume_timeout: 600, max_ack_queue: 50000 }
"#;

const PROSODY: &str = r#"
run_as_root = true
pidfile = "FOLDER/pid"
data_path = "FOLDER/data"
daemonize = false
modules_enabled = { "roster"; "saslauth"; "disco"; "smacks"; "register_ibr" }
modules_disabled = { "s2s"; "tls"; "limits" }
allow_registration = true
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
smacks_hibernation_time = 600
smacks_max_queue_size = 50000
c2s_ports = { PORT }
interfaces = { "127.0.0.1" }
c2s_interfaces = { "127.0.0.1" }
log = { error = "FOLDER/log" }
VirtualHost "localhost"
"#;
