//! One child process: its lines, its log, its end. Refuses to outlive its handle.
//!
//! Standard output is kept line by line and can be waited for; standard error goes to a file that is read when the
//! world ends. The environment is the test's own without any `POD_` variable, plus what is given.

use crate::wait;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;

/// Marks the processes of one world in their environment, so that one left over is found.
pub const WORLD_MARK: &str = "POD_TEST_WORLD";

/// How to start a process.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// Name of the program of this workspace, or path of another.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// Variables of its environment.
    pub env: Vec<(String, String)>,
    /// Where its standard error goes.
    pub log: PathBuf,
}

/// A child process that is or was running.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
    count: watch::Receiver<usize>,
    log: PathBuf,
}

/// The path of a program of this workspace, built into the same target folder as the running test.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the test knows its own path");
    let mut folder = test.parent().expect("a program lies in a folder");
    if folder.ends_with("deps") {
        folder = folder.parent().expect("deps lies in the profile's folder");
    }
    let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.is_file(),
        "{name} is not built: run `cargo build --workspace` (or scripts/test.sh) before the tests that start it"
    );
    path
}

/// A program as it is started through others: what to start, and its first arguments.
#[must_use]
pub fn through(entrance: &[String], program: PathBuf) -> (PathBuf, Vec<String>) {
    match entrance.split_first() {
        None => (program, Vec::new()),
        Some((first, rest)) => {
            let rest = rest.iter().cloned().chain([program.display().to_string()]);
            (PathBuf::from(first), rest.collect())
        }
    }
}

impl Process {
    /// Starts it.
    #[must_use]
    pub fn start(launch: &Launch) -> Self {
        let log =
            File::options().create(true).append(true).open(&launch.log).expect("a log file can be made");
        let mut command = Command::new(&launch.program);
        command.args(&launch.args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("POD_")) {
            command.env_remove(name);
        }
        command.envs(launch.env.iter().map(|(name, value)| (name, value)));
        let mut child =
            command.spawn().unwrap_or_else(|e| panic!("{} does not start: {e}", launch.program.display()));
        let (announce, count) = watch::channel(0);
        let lines = Arc::new(Mutex::new(Vec::new()));
        let output = child.stdout.take().expect("standard output is piped");
        let kept = Arc::clone(&lines);
        // Ends by itself when the process closes its output.
        tokio::spawn(async move {
            let mut reader = BufReader::new(output).lines();
            while let Ok(Some(line)) = reader.next_line().await {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.push(line);
                announce.send_replace(kept.len());
            }
        });
        let name = launch.program.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        Self { name, child, lines, count, log: launch.log.clone() }
    }

    /// All lines so far.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for the first line from number `from` on that fits, and gives its number and itself.
    pub async fn line_from(&self, from: usize, what: &str, fits: impl Fn(&str) -> bool) -> (usize, String) {
        let mut count = self.count.clone();
        let search = async {
            let mut at = from;
            loop {
                let found = {
                    let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
                    let found = lines.iter().enumerate().skip(at).find(|(_, line)| fits(line));
                    let found = found.map(|(n, line)| (n, line.clone()));
                    at = lines.len().max(at);
                    found
                };
                match found {
                    Some(found) => return found,
                    None if count.changed().await.is_err() => {
                        panic!("{} ended before it said {what}; its log:\n{}", self.name, self.log_tail());
                    }
                    None => {}
                }
            }
        };
        match tokio::time::timeout(wait::STEP, search).await {
            Ok(found) => found,
            Err(_) => panic!("{} did not say {what}; its log:\n{}", self.name, self.log_tail()),
        }
    }

    /// The number of the process, while it runs.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Kills it as a power cut would (SIGKILL).
    pub async fn kill(&mut self) {
        let _ = self.child.kill().await;
        let _ = wait::soon("a killed process to be gone", self.child.wait()).await;
    }

    /// Asks it to stop (SIGTERM) and waits for its end.
    pub async fn stop(&mut self) -> ExitStatus {
        if let Some(id) = self.child.id() {
            let asked = Command::new("kill").args(["-TERM", &id.to_string()]).status().await;
            assert!(
                asked.is_ok_and(|status| status.success()) || !self.runs(),
                "{} cannot be asked to stop",
                self.name
            );
        }
        self.ended().await
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        let status = wait::soon(&format!("{} to end", self.name), self.child.wait()).await;
        status.expect("a child can be waited for")
    }

    /// The last part of its standard error.
    #[must_use]
    pub fn log_tail(&self) -> String {
        tail(&self.log)
    }
}

/// The last part of a log.
#[must_use]
pub fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(60)..].join("\n")
}
