//! Somebody with a real `pod-cli` on a profile of their own, signed up at a server.

use crate::host::beside_this_program;
use anyhow::{Context, ensure};
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A pod that is not online after this long will not be.
const ONLINE_MAX: Duration = Duration::from_secs(30);

/// A person.
pub(crate) struct Person {
    /// Their profile.
    pub(crate) profile: PathBuf,
    engine: Option<Child>,
}

impl Drop for Person {
    fn drop(&mut self) {
        self.close();
    }
}

impl Person {
    /// Signs up; everybody but the first with an invite.
    pub(crate) fn sign_up(
        server: &str,
        name: &str,
        invite: Option<&str>,
        folder: &Path,
    ) -> anyhow::Result<Self> {
        let mut words = vec!["sign-up", "--server", server, "--name", name];
        words.extend(invite.iter().flat_map(|code| ["--invite", code]));
        Self::enter(folder.join(name), &words)
    }

    /// Somebody who has an account, on another computer.
    pub(crate) fn sign_in(server: &str, name: &str, profile: PathBuf) -> anyhow::Result<Self> {
        Self::enter(profile, &["sign-in", "--server", server, "--name", name])
    }

    /// Somebody who is signed in on this profile.
    pub(crate) fn of(profile: PathBuf) -> Self {
        Self { profile, engine: None }
    }

    fn enter(profile: PathBuf, words: &[&str]) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&profile)?;
        let person = Self { profile, engine: None };
        let mut command = person.command(words)?;
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        child.stdin.take().context("no input")?.write_all(b"correct horse battery\n")?;
        said(&command, &child.wait_with_output()?)?;
        Ok(person)
    }

    /// Does a command, and gives what it said.
    pub(crate) fn ask(&self, words: &[&str]) -> anyhow::Result<Vec<Value>> {
        let mut command = self.command(words)?;
        let output = command.stdin(Stdio::null()).output()?;
        said(&command, &output)
    }

    /// A command that is not started yet.
    pub(crate) fn command(&self, words: &[&str]) -> anyhow::Result<Command> {
        let mut command = Command::new(beside_this_program("pod-cli")?);
        command.arg("--profile").arg(&self.profile).args(["--secrets", "file", "--json"]).args(words);
        Ok(command)
    }

    /// Does a command that makes something, and gives its id.
    pub(crate) fn made(&self, words: &[&str]) -> anyhow::Result<String> {
        let said = self.ask(words)?;
        let id = said.first().and_then(|one| one["id"].as_str());
        Ok(id.with_context(|| format!("no id in {said:?}"))?.to_owned())
    }

    /// Uploads as a person does: read through first, then sent. The seconds until it is told as sent.
    pub(crate) fn put(&self, room: &str, path: &Path) -> anyhow::Result<f64> {
        let began = Instant::now();
        self.ask(&["files", room, "put", path.to_str().context("the path is no text")?])?;
        Ok(began.elapsed().as_secs_f64())
    }

    /// The code of an invite of theirs.
    pub(crate) fn invite(&self) -> anyhow::Result<String> {
        let said = self.ask(&["invite"])?;
        Ok(said.first().and_then(|one| one["code"].as_str()).context("no code")?.to_owned())
    }

    /// Starts the whole engine and waits until it is online; commands go to it from now on.
    pub(crate) async fn open(&mut self) -> anyhow::Result<()> {
        self.start()?;
        let deadline = Instant::now() + ONLINE_MAX;
        let mut looks = tokio::time::interval(Duration::from_millis(100));
        loop {
            looks.tick().await;
            let online = |said: &Value| said["connection"] == "online";
            if self.ask(&["status"]).is_ok_and(|said| said.first().is_some_and(online)) {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "a pod does not come online");
        }
    }

    /// Starts the whole engine.
    pub(crate) fn start(&mut self) -> anyhow::Result<()> {
        let mut command = self.command(&["watch"])?;
        self.engine = Some(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?);
        Ok(())
    }

    /// The process of the engine.
    pub(crate) fn engine(&self) -> anyhow::Result<u32> {
        Ok(self.engine.as_ref().context("the pod is not open")?.id())
    }

    /// Ends the engine.
    pub(crate) fn close(&mut self) {
        if let Some(mut engine) = self.engine.take() {
            // It may have ended by itself.
            let _ = engine.kill();
            let _ = engine.wait();
        }
    }
}

/// The lines of a command that was done.
fn said(command: &Command, output: &Output) -> anyhow::Result<Vec<Value>> {
    let text = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?} was not done: {text} {complaint}");
    text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}
