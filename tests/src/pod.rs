//! One person's pod: a real `pod-cli --json` on a profile of its own, with secrets in a file.
//!
//! Commands are processes that come and go. [`Pod::open`] starts `pod-cli watch`, the whole engine: from then on the
//! commands talk to it over the profile's local socket, as they do with the desktop program.

use crate::process::{Launch, Process, WORLD_MARK, program, through};
use crate::wait;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::task::JoinHandle;

/// What one command said.
#[derive(Clone, Debug)]
pub struct Said {
    /// 0 done, 1 refused, 2 wrong usage, 3 unreachable.
    pub code: i32,
    /// The objects on standard output, one a line.
    pub lines: Vec<Value>,
    /// Standard error.
    pub complaint: String,
    /// The command, for messages.
    pub asked: String,
}

impl Said {
    /// The objects, of a command that was done.
    #[must_use]
    pub fn all(self) -> Vec<Value> {
        assert_eq!(self.code, 0, "`{}` was not done: {:?} {}", self.asked, self.lines, self.complaint);
        self.lines
    }

    /// The one object, of a command that was done.
    #[must_use]
    pub fn one(self) -> Value {
        let asked = self.asked.clone();
        let mut lines = self.all();
        assert!(!lines.is_empty(), "`{asked}` said nothing");
        lines.swap_remove(0)
    }

    /// The top-level id of the one object, of a command that was done.
    #[must_use]
    pub fn id(self) -> String {
        let one = self.one();
        one["id"].as_str().unwrap_or_else(|| panic!("no id in {one}")).to_owned()
    }

    /// That the command was refused with this code.
    pub fn refused(self, code: &str) {
        assert_eq!(self.code, 1, "`{}` was not refused: {:?} {}", self.asked, self.lines, self.complaint);
        let told = self.lines.iter().any(|line| line["code"] == code || line["error"]["code"] == code);
        assert!(
            told,
            "`{}` was refused, but not with {code}: {:?} {}",
            self.asked, self.lines, self.complaint
        );
    }
}

/// A pod.
#[derive(Debug)]
pub struct Pod {
    name: String,
    profile: PathBuf,
    mark: String,
    log: PathBuf,
    entrance: Vec<String>,
    /// How long a command may take.
    patience: Duration,
    engine: Option<Process>,
}

impl Pod {
    /// A pod of nobody yet, with an empty profile in `folder`.
    #[must_use]
    pub fn new(name: &str, folder: &Path, mark: &str) -> Self {
        let profile = folder.join(format!("profile-{name}"));
        std::fs::create_dir_all(&profile).expect("a profile folder can be made");
        let log = folder.join(format!("{name}.pod.log"));
        Self {
            name: name.to_owned(),
            profile,
            mark: mark.to_owned(),
            log,
            entrance: Vec::new(),
            patience: wait::STEP * 4,
            engine: None,
        }
    }

    /// The same pod, its processes started through other programs: on another computer, or with other rights.
    #[must_use]
    pub fn through(self, entrance: Vec<String>) -> Self {
        Self { entrance, ..self }
    }

    /// The same pod, whose commands may take so long.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The same pod for a command beside others.
    fn hand(&self) -> Self {
        Self {
            name: self.name.clone(),
            profile: self.profile.clone(),
            mark: self.mark.clone(),
            log: self.log.clone(),
            entrance: self.entrance.clone(),
            patience: self.patience,
            engine: None,
        }
    }

    /// The name of its person.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its profile folder.
    #[must_use]
    pub fn profile(&self) -> &Path {
        &self.profile
    }

    /// Where the logs of its processes go.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// The program to start for a command, and its arguments.
    fn started(&self, command: &[&str]) -> (PathBuf, Vec<String>) {
        let (program, mut args) = through(&self.entrance, program("pod-cli"));
        let profile = self.profile.display().to_string();
        let fixed = ["--profile", &profile, "--secrets", "file", "--json"];
        args.extend(fixed.iter().chain(command).map(|arg| (*arg).to_owned()));
        (program, args)
    }

    /// Runs a command and gives what it said, whatever came of it.
    pub async fn ask(&self, command: &[&str]) -> Said {
        self.ask_with("", command).await
    }

    /// As [`Pod::ask`], with `input` on standard input.
    pub async fn ask_with(&self, input: &str, command: &[&str]) -> Said {
        let (program, args) = self.started(command);
        let mut child = Command::new(program)
            .args(args)
            .env(WORLD_MARK, &self.mark)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("pod-cli starts");
        let mut stdin = child.stdin.take().expect("standard input is piped");
        // A command that needs no input may be gone before it is written.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        let asked = format!("pod-cli {}", command.join(" "));
        let what = format!("`{asked}` of {} to end", self.name);
        let output = wait::within(self.patience, &what, child.wait_with_output()).await;
        let output = output.expect("a child can be waited for");
        let text = String::from_utf8_lossy(&output.stdout);
        let lines = text
            .lines()
            .map(|line| {
                serde_json::from_str(line).unwrap_or_else(|e| panic!("`{asked}` said no JSON ({e}): {line}"))
            })
            .collect();
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        Said { code: output.status.code().unwrap_or(-1), lines, complaint, asked }
    }

    /// Begins a command that takes its time. It ends with what it is about, or with the engine that it speaks with.
    #[must_use]
    pub fn begin(&self, command: &[&str]) -> JoinHandle<Said> {
        let hand = self.hand();
        let command: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
        tokio::spawn(async move { hand.ask(&command.iter().map(String::as_str).collect::<Vec<_>>()).await })
    }

    /// Runs a command that must be done, and gives its objects.
    pub async fn run(&self, command: &[&str]) -> Vec<Value> {
        self.ask(command).await.all()
    }

    /// Starts the whole engine and waits until it is online.
    pub async fn open(&mut self) {
        self.open_offline().await;
        self.is_online().await;
    }

    /// Starts the whole engine, and waits only until it takes commands.
    pub async fn open_offline(&mut self) {
        assert!(self.engine.is_none(), "the pod of {} is open", self.name);
        let (program, args) = self.started(&["watch"]);
        let env = vec![(WORLD_MARK.into(), self.mark.clone())];
        let launch = Launch { program, args, env, log: self.log.clone() };
        let engine = Process::start(&launch);
        engine.line_from(0, "its first event", |_| true).await;
        self.engine = Some(engine);
    }

    /// Waits until the engine is connected and up to date.
    pub async fn is_online(&self) -> Value {
        let what = format!("{} to be online", self.name);
        wait::until(&what, async || self.status().await.filter(|s| s["connection"] == "online")).await
    }

    /// The status, when the command is answered.
    pub async fn status(&self) -> Option<Value> {
        let said = self.ask(&["status"]).await;
        if said.code == 0 { said.lines.into_iter().next() } else { None }
    }

    /// Waits for an event of the engine, among all it ever told.
    pub async fn event(&self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let engine = self.engine.as_ref().expect("the pod is open");
        let fits = |line: &str| serde_json::from_str(line).is_ok_and(|event| fits(&event));
        let (_, line) = engine.line_from(0, what, fits).await;
        serde_json::from_str(&line).expect("it was JSON before")
    }

    /// Every event that the engine told so far.
    #[must_use]
    pub fn heard(&self) -> Vec<Value> {
        let engine = self.engine.as_ref().expect("the pod is open");
        engine.lines().iter().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// Closes the engine in the orderly way.
    pub async fn close(&mut self) {
        if let Some(mut engine) = self.engine.take() {
            let status = engine.stop().await;
            assert!(status.success(), "the pod of {} ended with {status}:\n{}", self.name, engine.log_tail());
        }
    }

    /// Stops (`STOP`) or wakes (`CONT`) the engine's process, as a computer that sleeps does.
    pub async fn signal(&self, name: &str) {
        let id = self.engine.as_ref().and_then(Process::id).expect("the pod is open");
        let asked = Command::new("kill").args([&format!("-{name}"), &id.to_string()]).status().await;
        assert!(asked.is_ok_and(|status| status.success()), "the pod of {} takes no {name}", self.name);
    }

    /// Kills the engine as a power cut would.
    pub async fn kill(&mut self) {
        let mut engine = self.engine.take().expect("the pod is open");
        engine.kill().await;
    }
}
