//! Two network namespaces with a cable between them, made without being root.

use pod_tests::wait;
use std::path::Path;
use std::process::{Output, Stdio};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// One end: a namespace that lives as long as a process in it.
pub(crate) struct End {
    holder: Child,
}

/// Both ends. They end with this value.
pub(crate) struct Ground {
    pub(crate) left: End,
    pub(crate) right: End,
}

impl Ground {
    /// Makes both, and the cable.
    pub(crate) async fn new() -> Self {
        let mut own = Command::new("unshare");
        own.args(["--user", "--map-root-user", "--net", "--mount"]);
        let left = End { holder: hold(own).await };
        // Within the first one, so that what makes the cable may touch both.
        let mut inner = Command::new("nsenter");
        inner.args([
            "--target",
            &left.id(),
            "--user",
            "--preserve-credentials",
            "unshare",
            "--net",
            "--mount",
        ]);
        let right = End { holder: hold(inner).await };
        left.ip(&["link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", &right.id()])
            .await;
        for (end, address) in [(&left, "10.77.0.1/24"), (&right, "10.77.0.2/24")] {
            end.ip(&["link", "set", "lo", "up"]).await;
            end.ip(&["address", "add", address, "dev", "cable"]).await;
            end.ip(&["link", "set", "cable", "up"]).await;
        }
        Self { left, right }
    }

    /// Pulls the cable.
    pub(crate) async fn cut(&self) {
        self.left.ip(&["link", "set", "cable", "down"]).await;
    }

    /// Puts it in again.
    pub(crate) async fn mend(&self) {
        self.left.ip(&["link", "set", "cable", "up"]).await;
    }
}

/// Starts a process in new namespaces that ends when its input does.
async fn hold(mut command: Command) -> Child {
    command.args(["sh", "-c", "echo here && exec cat"]);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut holder = command.spawn().expect("unshare and nsenter are there (util-linux)");
    let out = holder.stdout.take().expect("its output is piped");
    let line = wait::soon("a namespace", BufReader::new(out).lines().next_line()).await;
    let made = line.expect("its output can be read").is_some();
    assert!(made, "this system makes no namespaces for a person; user namespaces are switched off");
    holder
}

impl End {
    fn id(&self) -> String {
        self.holder.id().expect("the holder runs").to_string()
    }

    /// A program that runs on this computer.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--target", &self.id(), "--user", "--net", "--mount", "--preserve-credentials"]);
        command.arg(program).kill_on_drop(true);
        command
    }

    async fn ip(&self, args: &[&str]) {
        self.run("ip", args).await;
    }

    async fn run(&self, program: &str, args: &[&str]) -> Output {
        let output = self.command(Path::new(program)).args(args).output().await.expect("nsenter runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{program} {args:?}: {said}");
        output
    }

    /// The folder is a disk of its own from now on, of so many MiB, on this computer only.
    pub(crate) async fn small_disk(&self, folder: &Path, mib: u32) {
        let folder = folder.to_str().expect("a path of ours");
        self.run("mount", &["-t", "tmpfs", "-o", &format!("size={mib}m"), "tmpfs", folder]).await;
    }

    /// The disk becomes larger.
    pub(crate) async fn larger_disk(&self, folder: &Path, mib: u32) {
        let folder = folder.to_str().expect("a path of ours");
        self.run("mount", &["-o", &format!("remount,size={mib}m"), folder]).await;
    }

    /// The two files are the same, as this computer sees them.
    pub(crate) async fn assert_same(&self, one: &Path, other: &Path) {
        let paths = [one, other].map(|path| path.to_str().expect("a path of ours"));
        self.run("cmp", &paths).await;
    }
}
