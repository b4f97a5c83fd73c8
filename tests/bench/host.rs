//! Processes to measure: a release `pod-server` on a port of its own, and their memory as the kernel counts it.

use anyhow::{Context, ensure};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A program that does not listen after this long will not: some take a minute to start beside others.
const LISTENS_MAX: Duration = Duration::from_secs(300);
/// A server that used no more of the processor than this for [`CALM`] has nothing left to do.
const CALM_CPU_S: f64 = 0.02;
/// See [`CALM_CPU_S`].
const CALM: Duration = Duration::from_millis(500);
/// A server that still works after this long will not come to rest.
const REST_MAX: Duration = Duration::from_secs(120);

/// A process that ends with this value.
pub(crate) struct Process {
    child: Child,
    /// Where it listens: `http://127.0.0.1:PORT` or `127.0.0.1:PORT`.
    pub(crate) address: String,
    /// Its folder, removed at the end.
    pub(crate) folder: tempfile::TempDir,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    /// A `pod-server` in one process, fresh.
    pub(crate) fn pod_server() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir_in(disk()?)?;
        let command = pod_server_at(folder.path(), "0")?;
        let (child, line) = first_line(command)?;
        let line: serde_json::Value = serde_json::from_str(&line)?;
        let address = line["listening"].as_str().context("no address in the first line")?.to_owned();
        Ok(Self { child, address, folder })
    }

    /// This program again, as the raw baseline server.
    pub(crate) fn itself(arguments: &[&str]) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(arguments);
        let (child, address) = first_line(command)?;
        Ok(Self { child, address, folder })
    }

    /// Another program of which the first line says where it listens.
    pub(crate) fn telling(command: Command, folder: tempfile::TempDir) -> anyhow::Result<Self> {
        let (child, address) = first_line(command)?;
        Ok(Self { child, address, folder })
    }

    /// Any other program that listens at a known address; `folder` is its own.
    pub(crate) fn other(
        mut command: Command,
        address: String,
        folder: tempfile::TempDir,
    ) -> anyhow::Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("{command:?}"))?;
        Ok(Self { child, address, folder })
    }

    /// Ends it as its operator would, and starts this in its place: on the same folder, at the same address.
    pub(crate) fn replace(&mut self, mut command: Command) -> anyhow::Result<()> {
        self.end()?;
        self.child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("{command:?}"))?;
        Ok(())
    }

    /// As [`Process::replace`], of a `pod-server`.
    pub(crate) fn restart_pod_server(&mut self) -> anyhow::Result<()> {
        self.end()?;
        let port = self.address.rsplit_once(':').context("no port")?.1.to_owned();
        let command = pod_server_at(self.folder.path(), &port)?;
        (self.child, _) = first_line(command)?;
        Ok(())
    }

    /// Asks it to end, and waits until it did.
    fn end(&mut self) -> anyhow::Result<()> {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status()?;
        ensure!(asked.success(), "the process cannot be asked to end");
        self.child.wait()?;
        Ok(())
    }

    /// `VmRSS` or `VmHWM`, in KiB.
    pub(crate) fn memory_kib(&self, key: &str) -> anyhow::Result<u64> {
        memory_kib(self.child.id(), key)
    }

    /// From now on its peak is counted anew; gives what it has now, in KiB.
    pub(crate) fn count_peak(&self) -> anyhow::Result<u64> {
        count_peak(self.child.id())
    }

    /// Waits until it has nothing to do: what it does in quiet must not slow down whatever is measured next.
    pub(crate) async fn rests(&self) -> anyhow::Result<()> {
        let deadline = Instant::now() + REST_MAX;
        let mut before = self.cpu_s()?;
        let mut ticks = tokio::time::interval(CALM);
        ticks.tick().await;
        loop {
            ticks.tick().await;
            let now = self.cpu_s()?;
            if now - before <= CALM_CPU_S {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "the server does not come to rest");
            before = now;
        }
    }

    /// CPU seconds used so far, in user and kernel mode.
    pub(crate) fn cpu_s(&self) -> anyhow::Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let after_name = stat.rsplit_once(')').context("no name")?.1;
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        let ticks: u64 = fields.get(11).context("no utime")?.parse::<u64>()?
            + fields.get(12).context("no stime")?.parse::<u64>()?;
        // Linux counts in hundredths of a second for user space, whatever its own clock does.
        #[expect(clippy::cast_precision_loss, reason = "ticks of one run are few")]
        Ok(ticks as f64 / 100.0)
    }
}

fn pod_server_at(folder: &Path, port: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(beside_this_program("pod-server")?);
    command.arg("--data").arg(folder).args(["--listen", &format!("127.0.0.1:{port}")]);
    command.env("RUST_LOG", "warn");
    Ok(command)
}

/// Waits until a program takes connections there.
pub(crate) fn listens(port: u16, who: &str) -> anyhow::Result<()> {
    let deadline = Instant::now() + LISTENS_MAX;
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        ensure!(Instant::now() < deadline, "{who} does not listen");
        std::thread::park_timeout(Duration::from_millis(5));
    }
    Ok(())
}

/// Lets time pass in which something is measured.
pub(crate) async fn pass(time: Duration) {
    // Nothing ever comes: the time is over.
    let _ = tokio::time::timeout(time, std::future::pending::<()>()).await;
}

/// A port that is free now.
pub(crate) fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// `VmRSS` or `VmHWM` of a process, in KiB.
pub(crate) fn memory_kib(process: u32, key: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find(|line| line.starts_with(key)).context("no such line")?;
    Ok(line.split_whitespace().nth(1).context("no number")?.parse()?)
}

/// From now on the peak of a process (`VmHWM`) is counted anew; gives what it has now, in KiB.
pub(crate) fn count_peak(process: u32) -> anyhow::Result<u64> {
    std::fs::write(format!("/proc/{process}/clear_refs"), "5").context("the peak cannot be counted anew")?;
    memory_kib(process, "VmRSS")
}

/// A folder on the disk of the build, not in memory: both sides of a comparison write there.
pub(crate) fn disk() -> anyhow::Result<PathBuf> {
    let folder = std::env::current_exe()?.parent().context("no folder")?.join("bench-data");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// A program that was built beside this one.
pub(crate) fn beside_this_program(name: &str) -> anyhow::Result<PathBuf> {
    let path = std::env::current_exe()?.parent().unwrap_or(Path::new(".")).join(name);
    ensure!(path.exists(), "{} is not built: run scripts/bench.sh, which builds it", path.display());
    Ok(path)
}

fn first_line(mut command: Command) -> anyhow::Result<(Child, String)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{command:?}"))?;
    let output = child.stdout.take().context("no output")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    ensure!(!line.is_empty(), "{command:?} ended before it listened");
    Ok((child, line.trim().to_owned()))
}
