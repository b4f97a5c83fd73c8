//! Two of Debian's Syncthing that know each other over loopback and nobody else: no announcing, no relay.

use crate::host::{Process, free_port, listens};
use anyhow::{Context, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const KEY: &str = "bench";
/// They find each other within this.
const MEET_MAX: Duration = Duration::from_secs(120);
/// Seconds that it waits after a change, the least it takes: ten by itself.
const DELAY_S: u32 = 1;

/// Two of them.
pub(super) struct Pair {
    one: Peer,
    other: Peer,
}

struct Peer {
    process: Process,
    http: reqwest::Client,
    id: String,
    address: String,
}

impl Pair {
    /// Starts both and waits until they are connected.
    pub(super) async fn start(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let pair = Self { one: Peer::start(folder).await?, other: Peer::start(folder).await? };
        pair.one.knows(&pair.other).await?;
        pair.other.knows(&pair.one).await?;
        let deadline = Instant::now() + MEET_MAX;
        let mut looks = tokio::time::interval(Duration::from_millis(200));
        loop {
            looks.tick().await;
            let found = pair.one.ask(Method::GET, "system/connections", None).await?;
            if found["connections"][&pair.other.id]["connected"] == true {
                return Ok(pair);
            }
            ensure!(Instant::now() < deadline, "the two Syncthing do not meet");
        }
    }

    /// Names a folder to both.
    pub(super) async fn link(&self, id: &str, here: &Path, there: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(there)?;
        for (peer, path) in [(&self.one, here), (&self.other, there)] {
            let folder = json!({
                "id": id, "label": id, "path": path, "type": "sendreceive",
                "devices": [{ "deviceID": self.one.id }, { "deviceID": self.other.id }],
                "fsWatcherEnabled": true, "fsWatcherDelayS": DELAY_S, "rescanIntervalS": 3600,
            });
            peer.ask(Method::POST, "config/folders", Some(folder)).await?;
        }
        Ok(())
    }
}

impl Peer {
    async fn start(folder: &Path) -> anyhow::Result<Self> {
        let home = tempfile::tempdir_in(folder)?;
        let (gui, sync) = (free_port()?, free_port()?);
        let mut command = Command::new("syncthing");
        command.args([
            "serve",
            "--no-browser",
            "--no-default-folder",
            "--no-restart",
            "--no-upgrade",
            "--home",
        ]);
        command
            .arg(home.path())
            .arg(format!("--gui-address=127.0.0.1:{gui}"))
            .arg(format!("--gui-apikey={KEY}"));
        let process = Process::other(command, format!("http://127.0.0.1:{gui}"), home)?;
        listens(gui, "Syncthing")?;
        let address = format!("tcp://127.0.0.1:{sync}");
        let mut peer = Self { process, http: reqwest::Client::new(), id: String::new(), address };
        let alone = json!({
            "listenAddresses": [peer.address], "globalAnnounceEnabled": false, "localAnnounceEnabled": false,
            "relaysEnabled": false, "natEnabled": false, "urAccepted": -1, "crashReportingEnabled": false,
        });
        peer.ask(Method::PATCH, "config/options", Some(alone)).await?;
        let status = peer.ask(Method::GET, "system/status", None).await?;
        status["myID"].as_str().context("no id")?.clone_into(&mut peer.id);
        Ok(peer)
    }

    async fn knows(&self, other: &Self) -> anyhow::Result<()> {
        let device = json!({ "deviceID": other.id, "name": "other", "addresses": [other.address] });
        self.ask(Method::POST, "config/devices", Some(device)).await.map(|_| ())
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> anyhow::Result<Value> {
        let url = format!("{}/rest/{path}", self.process.address);
        let request = self.http.request(method, url).header("X-API-Key", KEY);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let answer = request.send().await?.error_for_status()?.bytes().await?;
        Ok(if answer.is_empty() { Value::Null } else { serde_json::from_slice(&answer)? })
    }
}
