//! The reference server of tus, `@tus/server` with its FileStore, and its own client tus-js-client. Both in Node, in
//! pinned versions that `scripts/bench.sh` installs beside this file.

use crate::host::{Process, disk};
use anyhow::{Context, ensure};
use serde::Deserialize;
use std::path::Path;
use std::process::{Command, Stdio};

/// How an upload of tus-js-client went.
#[derive(Debug, Deserialize)]
pub(crate) struct Uploaded {
    /// From the first request to the last answer.
    pub(crate) took_s: f64,
}

/// Starts `@tus/server` on a folder of the disk that Pod is measured on.
pub(crate) fn server() -> anyhow::Result<Process> {
    let folder = tempfile::tempdir_in(disk()?)?;
    let mut command = node("server.mjs")?;
    command.arg(folder.path());
    Process::telling(command, folder)
}

/// Uploads a file to `@tus/server`, or whoever speaks tus there.
pub(crate) fn upload(endpoint: &str, file: &Path) -> anyhow::Result<Uploaded> {
    let mut command = node("upload.mjs")?;
    command.arg(endpoint).arg(file);
    uploaded(command)
}

/// Uploads a file into a room of Pod.
pub(crate) fn upload_to_pod(
    server: &str,
    file: &Path,
    token: &str,
    room: &str,
    name: &str,
) -> anyhow::Result<Uploaded> {
    let mut command = node("upload.mjs")?;
    command.arg(format!("{server}/v1/uploads")).arg(file).args([token, room, name]);
    uploaded(command)
}

/// Syncs what `@tus/server` has stored, and removes it; it does not sync by itself.
pub(crate) fn sync_and_clear(server: &Process, bytes: u64) -> anyhow::Result<f64> {
    let began = std::time::Instant::now();
    let mut all = Vec::new();
    for file in std::fs::read_dir(server.folder.path())? {
        let path = file?.path();
        std::fs::File::open(&path)?.sync_all()?;
        all.push(path);
    }
    let took = began.elapsed().as_secs_f64();
    let sizes = all.iter().map(std::fs::metadata).collect::<Result<Vec<_>, _>>()?;
    ensure!(sizes.iter().any(|file| file.len() == bytes), "@tus/server does not have the whole file");
    all.iter().try_for_each(std::fs::remove_file)?;
    Ok(took)
}

fn uploaded(mut command: Command) -> anyhow::Result<Uploaded> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "tus-js-client did not finish: {text}");
    Ok(serde_json::from_str(text.lines().last().context("tus-js-client said nothing")?)?)
}

fn node(script: &str) -> anyhow::Result<Command> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench/tus");
    ensure!(folder.join("node_modules").exists(), "@tus/server is not installed: run scripts/bench.sh");
    let mut command = Command::new("node");
    command.arg(folder.join(script));
    Ok(command)
}
