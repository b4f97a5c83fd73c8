//! What is known of the server on this computer between two starts of Pod.

use super::process::Running;
use serde::{Deserialize, Serialize};
use std::{fs, io, path::Path, path::PathBuf};

const FILE: &str = "host.json";

/// Who can reach the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reach {
    /// Programs on this computer only.
    Computer,
    /// The network this computer is in, over TLS.
    Network,
}

/// One server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// What its people call it.
    pub(crate) name: String,
    /// Who can reach it.
    pub(crate) reach: Reach,
    /// Its data.
    pub(crate) folder: PathBuf,
    /// Its address from this computer; empty before the first start.
    pub(crate) url: String,
    /// SHA-256 of its certificate in hex, with TLS.
    pub(crate) fingerprint: Option<String>,
    /// The code for a first account from another computer.
    pub(crate) setup: Option<String>,
    /// Its process.
    pub(crate) pid: u32,
    /// The person wants it to run.
    pub(crate) wanted: bool,
    /// The port it has; 0 before the first start.
    pub(crate) port: u16,
}

impl Record {
    /// A server to be started for the first time.
    pub(crate) fn new(name: &str, reach: Reach, folder: PathBuf) -> Self {
        Self {
            name: name.to_owned(),
            reach,
            folder,
            url: String::new(),
            fingerprint: None,
            setup: None,
            pid: 0,
            wanted: true,
            port: 0,
        }
    }

    /// Reads it; one that cannot be read is as good as none, since the data folder is found again by its place.
    pub(crate) fn load(base: &Path) -> Option<Self> {
        let bytes = fs::read(base.join(FILE)).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Writes it, whole or not at all.
    pub(crate) fn save(&self, base: &Path) -> io::Result<()> {
        crate::profile::make_private(base)?;
        let half = base.join("host.json.new");
        fs::write(&half, serde_json::to_vec_pretty(self)?)?;
        fs::rename(half, base.join(FILE))
    }

    /// The ports to try, in order. A server keeps its port for good: addresses and invites name it.
    pub(crate) fn ports(&self) -> Vec<u16> {
        if self.port == 0 { vec![super::PORT, 0] } else { vec![self.port] }
    }

    /// The server runs.
    pub(crate) fn running(self, running: Running) -> Self {
        Self {
            url: running.url,
            port: running.port,
            fingerprint: running.fingerprint,
            setup: running.setup,
            pid: running.pid,
            ..self
        }
    }
}
