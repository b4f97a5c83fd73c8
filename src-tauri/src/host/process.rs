//! Starting `pod-server` detached, reading its first line, and stopping it.

use super::record::{Reach, Record};
use serde::Deserialize;
use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
    time::timeout,
};

/// A first start makes keys and databases; on a slow disk that takes seconds.
const FIRST_LINE_WITHIN: Duration = Duration::from_secs(30);

/// The first line of the server.
#[derive(Debug, Deserialize)]
struct FirstLine {
    listening: String,
    #[serde(default)]
    fingerprint: Option<String>,
    #[serde(default)]
    setup_code: Option<String>,
}

/// A server that said where it is.
#[derive(Debug)]
pub(crate) struct Running {
    /// Its address from this computer.
    pub(crate) url: String,
    /// Its port.
    pub(crate) port: u16,
    /// Its certificate's SHA-256.
    pub(crate) fingerprint: Option<String>,
    /// The setup code.
    pub(crate) setup: Option<String>,
    /// Its process.
    pub(crate) pid: u32,
}

/// Starts the server and waits for its first line. Its log goes to `server.log` in its data folder.
pub(crate) async fn start(record: &Record, port: u16) -> io::Result<Running> {
    crate::profile::make_private(&record.folder)?;
    let log = record.folder.join("server.log");
    let host = match record.reach {
        Reach::Computer => "127.0.0.1",
        Reach::Network => "0.0.0.0",
    };
    let mut command = Command::new(program()?);
    command
        .arg("--data")
        .arg(&record.folder)
        .args(["--listen", &format!("{host}:{port}")])
        .args(["--name", &record.name])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(fs::File::create(&log)?)
        .kill_on_drop(false);
    detach(&mut command);
    let mut child = command.spawn()?;
    let pid = child.id().unwrap_or(0);
    let Some(stdout) = child.stdout.take() else {
        return Err(io::Error::other("the server has no output"));
    };
    let mut line = String::new();
    let read = timeout(FIRST_LINE_WITHIN, BufReader::new(stdout).read_line(&mut line)).await;
    match read {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => return Err(error),
        Err(_) => {
            child.kill().await?;
            return Err(io::Error::new(io::ErrorKind::TimedOut, "the server did not start in time"));
        }
    }
    let Ok(first) = serde_json::from_str::<FirstLine>(&line) else {
        return Err(io::Error::other(format!("the server did not start: {}", last_line(&log))));
    };
    let (url, port) = from_this_computer(&first.listening)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the server names no address"))?;
    Ok(Running { url, port, fingerprint: first.fingerprint, setup: first.setup_code, pid })
}

/// Asks a process to end.
pub(crate) async fn stop(pid: u32) -> io::Result<()> {
    let mut command = if cfg!(windows) {
        let mut command = Command::new("taskkill");
        command.args(["/PID", &pid.to_string(), "/T", "/F"]);
        command
    } else {
        let mut command = Command::new("kill");
        command.args(["-TERM", &pid.to_string()]);
        command
    };
    let output = command.stdin(Stdio::null()).output().await?;
    if output.status.success() {
        return Ok(());
    }
    Err(io::Error::other(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}

/// The server beside this program, as the build and the packages lay it; `POD_SERVER_PROGRAM` names another.
fn program() -> io::Result<PathBuf> {
    if let Some(named) = env::var_os("POD_SERVER_PROGRAM") {
        return Ok(PathBuf::from(named));
    }
    let beside = env::current_exe()?.with_file_name(format!("pod-server{}", env::consts::EXE_SUFFIX));
    if beside.exists() {
        return Ok(beside);
    }
    Err(io::Error::new(io::ErrorKind::NotFound, format!("there is no server at {}", beside.display())))
}

/// The server is no child of the terminal or the session of Pod: it goes on without them.
#[cfg(unix)]
fn detach(command: &mut Command) {
    command.process_group(0);
}

#[cfg(windows)]
fn detach(command: &mut Command) {
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    command.creation_flags(CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW);
}

/// An address that says "every network" is reached over loopback from here.
pub(super) fn from_this_computer(listening: &str) -> Option<(String, u16)> {
    let (scheme, place) = listening.trim_end_matches('/').split_once("://")?;
    let (host, port) = place.rsplit_once(':')?;
    let port = port.parse().ok()?;
    let host = match host {
        "0.0.0.0" | "[::]" => "127.0.0.1",
        named => named,
    };
    Some((format!("{scheme}://{host}:{port}"), port))
}

fn last_line(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    text.lines().last().unwrap_or("it said nothing").to_owned()
}
