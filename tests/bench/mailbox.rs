//! The place where two magic-wormholes meet, on this computer: nothing goes over the internet.

use crate::host::{free_port, listens};
use anyhow::Context;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running mailbox server; it ends with this value.
pub(crate) struct Mailbox {
    server: Child,
    port: u16,
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Mailbox {
    /// Starts one that keeps its things in this folder.
    pub(crate) fn start(folder: &Path) -> anyhow::Result<Self> {
        let port = free_port()?;
        let mut command = Command::new("twist3");
        command.args(["wormhole-mailbox", "--channel-db", "mailbox.sqlite"]);
        command.args(["--port", &format!("tcp:{port}:interface=127.0.0.1")]).current_dir(folder);
        let server = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let server =
            server.context("apt-get install magic-wormhole python3-magic-wormhole-mailbox-server")?;
        let this = Self { server, port };
        listens(port, "the mailbox server")?;
        Ok(this)
    }

    /// A `wormhole` that meets here, and has no helper to go through.
    pub(crate) fn wormhole(&self, args: &[&str]) -> Command {
        let mut command = Command::new("wormhole");
        command.args(["--relay-url", &format!("ws://127.0.0.1:{}/v1", self.port)]);
        command.args(["--transit-helper", "tcp:127.0.0.1:9"]).args(args);
        command
    }
}
