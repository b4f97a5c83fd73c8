//! Network namespaces with cables between them, made without being root: two computers, and if wanted a third in
//! another house that both reach by lines of their own and that leads nobody from one to the other.

use pod_tests::wait;
use std::path::Path;
use std::process::{Output, Stdio};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// One end: a namespace that lives as long as a process in it.
pub(crate) struct End {
    holder: Child,
}

/// Where the third computer is, from both.
pub(crate) const HUB: &str = "10.77.9.1";

/// Both ends. They end with this value.
pub(crate) struct Ground {
    pub(crate) left: End,
    pub(crate) right: End,
}

impl Ground {
    /// Makes both, and the cable.
    pub(crate) async fn new() -> Self {
        let left = End::new().await;
        let right = left.neighbour().await;
        for end in [&left, &right] {
            end.ip(&["link", "set", "lo", "up"]).await;
        }
        left.join(&right, "cable", ["10.77.0.1/24", "10.77.0.2/24"]).await;
        Self { left, right }
    }

    /// The third computer.
    pub(crate) async fn hub(&self) -> End {
        let hub = self.left.neighbour().await;
        hub.ip(&["link", "set", "lo", "up"]).await;
        hub.ip(&["address", "add", &format!("{HUB}/32"), "dev", "lo"]).await;
        let lines = [(&self.left, "left", 1), (&self.right, "right", 2)];
        for (end, name, net) in lines {
            let addresses = [format!("10.77.{net}.2/24"), format!("10.77.{net}.1/24")];
            end.join(&hub, name, [&addresses[0], &addresses[1]]).await;
            end.ip(&["route", "add", &format!("{HUB}/32"), "via", &format!("10.77.{net}.1")]).await;
        }
        hub
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
    /// A computer alone, with disks of its own.
    pub(crate) async fn new() -> Self {
        let mut own = Command::new("unshare");
        own.args(["--user", "--map-root-user", "--net", "--mount"]);
        Self { holder: hold(own).await }
    }

    /// Another one that this one's cables may reach.
    async fn neighbour(&self) -> Self {
        // Within the first one, so that what makes the cable may touch both.
        let mut inner = Command::new("nsenter");
        inner.args([
            "--target",
            &self.id(),
            "--user",
            "--preserve-credentials",
            "unshare",
            "--net",
            "--mount",
        ]);
        Self { holder: hold(inner).await }
    }

    /// A cable to another one; it has the same name at both ends.
    async fn join(&self, other: &Self, name: &str, addresses: [&str; 2]) {
        let peer = ["type", "veth", "peer", "name", name, "netns", &other.id()];
        self.ip(&[&["link", "add", name], peer.as_slice()].concat()).await;
        for (end, address) in [self, other].into_iter().zip(addresses) {
            end.ip(&["address", "add", address, "dev", name]).await;
            end.ip(&["link", "set", name, "up"]).await;
        }
    }

    fn id(&self) -> String {
        self.holder.id().expect("the holder runs").to_string()
    }

    /// What a program is started through to run on this computer.
    pub(crate) fn entrance(&self) -> Vec<String> {
        let id = self.id();
        let words =
            ["nsenter", "--target", &id, "--user", "--net", "--mount", "--preserve-credentials", "--"];
        words.map(str::to_owned).to_vec()
    }

    /// A program that runs on this computer.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let entrance = self.entrance();
        let mut command = Command::new(&entrance[0]);
        command.args(&entrance[1..]).arg(program).kill_on_drop(true);
        command
    }

    /// Bytes that went out of this computer by a cable.
    pub(crate) async fn sent_by(&self, cable: &str) -> u64 {
        let said = self.run("ip", &["-s", "-j", "link", "show", cable]).await.stdout;
        let links: serde_json::Value = serde_json::from_slice(&said).expect("ip speaks JSON");
        links[0]["stats64"]["tx"]["bytes"].as_u64().expect("a cable counts its bytes")
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

    /// What lies in a folder as this computer sees it, by name.
    pub(crate) async fn listed(&self, folder: &Path) -> Vec<String> {
        let said = self.run("ls", &["-A", folder.to_str().expect("a path of ours")]).await.stdout;
        String::from_utf8_lossy(&said).lines().map(str::to_owned).collect()
    }

    /// The two files are the same, as this computer sees them.
    pub(crate) async fn assert_same(&self, one: &Path, other: &Path) {
        let paths = [one, other].map(|path| path.to_str().expect("a path of ours"));
        self.run("cmp", &paths).await;
    }
}
