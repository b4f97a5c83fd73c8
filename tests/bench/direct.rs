//! One file of 1 GiB from device to device, checked, synced and acknowledged, against `socat` over plain TCP into a file
//! that is synced, and against magic-wormhole. All on loopback, in turns.

use crate::host::{beside_this_program, count_peak, disk, free_port, memory_kib};
use crate::report::{line, median, round};
use crate::upload::{BYTES, Source};
use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

const RUNS: usize = 3;
/// What a transfer may cost in memory, in KiB, at either end: the aim.
const GROWTH_KIB_MAX: u64 = 24 * 1024;

/// Runs all three, alternating, and reports the medians: to the disk, where each is synced; and into memory, where a sync
/// costs nothing.
pub(crate) fn run() -> anyhow::Result<()> {
    let source = Source::new(BYTES)?;
    measure("direct", &source, tempfile::tempdir_in(disk()?)?.path())?;
    let memory = Path::new("/dev/shm");
    if memory.exists() {
        measure("direct-unsynced", &source, tempfile::tempdir_in(memory)?.path())?;
    }
    Ok(())
}

fn measure(name: &str, source: &Source, folder: &Path) -> anyhow::Result<()> {
    let mut sender = Device::start(&folder.join("sender"))?;
    let mut receiver = Device::start(&folder.join("receiver"))?;
    let small = Source::new(4 << 20)?;
    fetch(&mut sender, &mut receiver, &small.path, &folder.join("warm"))?;
    let idle = [count_peak(sender.id())?, count_peak(receiver.id())?];
    let (mut ours, mut tcp, mut wormhole) = (Vec::new(), Vec::new(), Vec::new());
    let mut growth = 0;
    for run in 0..RUNS {
        let to = folder.join(format!("file-{run}"));
        ours.push(fetch(&mut sender, &mut receiver, &source.path, &to)?);
        growth = growth.max(sender.growth(idle[0])?).max(receiver.growth(idle[1])?);
        ensure!(same(&source.path, &to)?, "another file came");
        std::fs::remove_file(&to)?;
        tcp.push(socat(&source.path, &to)?);
        std::fs::remove_file(&to)?;
        if run == 0 {
            // Slow, and steady enough: once is enough to see three times.
            wormhole.push(magic(&source.path, folder)?);
        }
    }
    let (ours, tcp, wormhole) = (median(&mut ours), median(&mut tcp), median(&mut wormhole));
    #[expect(clippy::cast_precision_loss, reason = "MiB")]
    let mib = (BYTES >> 20) as f64;
    line(
        name,
        json!({
            "bytes": BYTES, "runs": RUNS, "into": folder.parent(), "pod_mib_per_s": round(mib / ours),
            "baseline": "socat-tcp-fsync", "baseline_mib_per_s": round(mib / tcp), "ratio": round(tcp / ours),
            "baseline_2": "magic-wormhole-fsync", "baseline_2_mib_per_s": round(mib / wormhole),
            "ratio_2": round(wormhole / ours),
            "memory_growth_kib": growth, "memory_growth_aim_kib": GROWTH_KIB_MAX,
        }),
    );
    Ok(())
}

/// A `pod-meet` of its own.
struct Device {
    child: Child,
    commands: ChildStdin,
    lines: std::io::Lines<BufReader<ChildStdout>>,
    endpoint: String,
}

impl Drop for Device {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Device {
    fn start(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut command = Command::new(beside_this_program("pod-meet")?);
        let mut child = command.arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let commands = child.stdin.take().context("no input")?;
        let lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let mut this = Self { child, commands, lines, endpoint: String::new() };
        let endpoint = this.hears("endpoint")?;
        endpoint.as_str().context("it can be met nowhere")?.clone_into(&mut this.endpoint);
        Ok(this)
    }

    fn say(&mut self, command: &str) -> anyhow::Result<()> {
        Ok(writeln!(self.commands, "{command}")?)
    }

    /// The next line with this key, whole.
    fn hears_line(&mut self, key: &str) -> anyhow::Result<Value> {
        for line in self.lines.by_ref() {
            let line: Value = serde_json::from_str(&line?)?;
            if line.get(key).is_some_and(|value| !value.is_null()) {
                return Ok(line);
            }
        }
        bail!("a device ended before it said {key}")
    }

    fn hears(&mut self, key: &str) -> anyhow::Result<Value> {
        Ok(self.hears_line(key)?[key].clone())
    }

    fn id(&self) -> u32 {
        self.child.id()
    }

    fn growth(&self, idle: u64) -> anyhow::Result<u64> {
        Ok(memory_kib(self.id(), "VmHWM")?.saturating_sub(idle))
    }
}

/// The time from the asking until the receiver has it whole and synced; the reading through before is not counted, as it
/// is the sender's who has not begun to send.
fn fetch(sender: &mut Device, receiver: &mut Device, from: &Path, to: &Path) -> anyhow::Result<f64> {
    let offer = uuid::Uuid::now_v7();
    sender.say(&format!("offer {offer} {} {}", receiver.endpoint, from.display()))?;
    let offered = sender.hears_line("offered")?;
    let root = offered["root"].as_str().context("no root")?;
    let (size, endpoint) = (&offered["size"], &sender.endpoint);
    receiver.say(&format!("pull {offer} {endpoint} {root} {size} {} 10000", to.display()))?;
    let pulled = receiver.hears_line("pulled")?;
    ensure!(pulled["pulled"] == "Done", "the fetch ended: {pulled}");
    pulled["took_s"].as_f64().context("no time")
}

/// The same bytes over plain TCP into a file that is synced.
fn socat(from: &Path, to: &Path) -> anyhow::Result<f64> {
    let port = free_port()?;
    let mut takes = Command::new("socat");
    takes.args(["-u", &format!("TCP-LISTEN:{port},bind=127.0.0.1,reuseaddr")]);
    let mut takes = takes.arg(format!("CREATE:{}", to.display())).spawn().context("apt-get install socat")?;
    let began = Instant::now();
    let mut gives = Command::new("socat");
    gives.args(["-u", &format!("OPEN:{}", from.display())]);
    let gave = gives.arg(format!("TCP:127.0.0.1:{port},retry=100,interval=0.01")).status()?;
    let took = takes.wait()?;
    ensure!(gave.success() && took.success(), "socat failed");
    std::fs::File::open(to)?.sync_all()?;
    Ok(began.elapsed().as_secs_f64())
}

/// The same bytes with magic-wormhole over loopback: its own mailbox server, no helper on the internet.
fn magic(from: &Path, folder: &Path) -> anyhow::Result<f64> {
    let mailbox = crate::mailbox::Mailbox::start(folder)?;
    let code = "7-bench-mark";
    let mut gives = mailbox.wormhole(&["send", "--hide-progress", "--code", code]);
    let mut gives = gives.arg(from).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let into = folder.join("wormhole");
    std::fs::create_dir_all(&into)?;
    let began = Instant::now();
    let mut takes = mailbox.wormhole(&["receive", "--accept-file", "--hide-progress", code]);
    let received = takes.current_dir(&into).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    ensure!(received.success() && gives.wait()?.success(), "magic-wormhole failed");
    let name = from.file_name().context("a name")?;
    // It does not sync by itself; the other two are measured with it.
    std::fs::File::open(into.join(name))?.sync_all()?;
    let seconds = began.elapsed().as_secs_f64();
    ensure!(same(from, &into.join(name))?, "magic-wormhole brought another file");
    std::fs::remove_file(into.join(name))?;
    Ok(seconds)
}

fn same(one: &Path, other: &Path) -> anyhow::Result<bool> {
    Ok(Command::new("cmp").arg("--quiet").arg(one).arg(other).status()?.success())
}
