//! One `pod-server` process: started on a free port in a folder of its own, killed, started again on the same data.

use crate::process::{Launch, Process, WORLD_MARK, program, through};
use serde_json::Value;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// How a server is started; the same plan starts it again on the same data.
#[derive(Clone, Debug)]
pub struct ServerPlan {
    /// Its data folder.
    pub data: PathBuf,
    /// Arguments besides `--data` and `--listen`.
    pub args: Vec<String>,
    /// Where it listens, as address and port.
    pub listen: String,
    /// What it and its subcommands are started through, program first; nothing: started as they are.
    pub entrance: Vec<String>,
    /// Variables of its environment, for every start.
    pub env: Vec<(String, String)>,
    /// Where its log goes.
    pub log: PathBuf,
}

/// A server that is running, or was.
#[derive(Debug)]
pub struct Server {
    plan: ServerPlan,
    process: Process,
    first_line: Value,
}

impl Server {
    /// Starts it and waits for its first line.
    pub async fn start(plan: ServerPlan) -> Self {
        let (process, first_line) = launch(&plan, &[]).await;
        Self { plan, process, first_line }
    }

    /// Starts it again on the same data, with `env` in addition for this one life.
    pub async fn start_again(&mut self, env: &[(&str, &str)]) {
        assert!(!self.process.runs(), "the server is still running");
        (self.process, self.first_line) = launch(&self.plan, env).await;
    }

    /// What it said first.
    #[must_use]
    pub fn first_line(&self) -> &Value {
        &self.first_line
    }

    /// Where it listens in this life.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        let url = self.first_line["listening"].as_str().expect("the first line names `listening`");
        let (_, address) = url.split_once("://").expect("`listening` is a URL");
        address.trim_end_matches('/').parse().expect("`listening` holds an address and a port")
    }

    /// Its data folder.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.plan.data
    }

    /// Where its log goes.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.plan.log
    }

    /// Its process.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Runs one of its subcommands on the same data: exit code, and standard output.
    pub async fn run(&self, args: &[&str]) -> (i32, String) {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(&self.plan.log)
            .expect("the log is there");
        let (program, entrance) = through(&self.plan.entrance, program("pod-server"));
        let output = tokio::process::Command::new(program)
            .args(entrance)
            .args(args)
            .arg("--data")
            .arg(&self.plan.data)
            .stderr(log)
            .output()
            .await
            .expect("pod-server runs");
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// `pod-server check` finds nothing.
    pub async fn is_clean(&self) {
        let (code, said) = self.run(&["check"]).await;
        assert_eq!(code, 0, "`pod-server check` found in {}:\n{said}", self.plan.data.display());
    }
}

async fn launch(plan: &ServerPlan, env: &[(&str, &str)]) -> (Process, Value) {
    let (program, mut args) = through(&plan.entrance, program("pod-server"));
    args.extend(plan.args.iter().cloned());
    args.extend(["--data".into(), plan.data.display().to_string(), "--listen".into(), plan.listen.clone()]);
    let mut environment = plan.env.clone();
    environment.extend(env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    assert!(environment.iter().any(|(name, _)| name == WORLD_MARK), "a server belongs to a world");
    let launch = Launch { program, args, env: environment, log: plan.log.clone() };
    let process = Process::start(&launch);
    let (_, line) = process.line_from(0, "where it listens", |_| true).await;
    let first_line =
        serde_json::from_str(&line).unwrap_or_else(|e| panic!("the first line is no JSON ({e}): {line}"));
    (process, first_line)
}
