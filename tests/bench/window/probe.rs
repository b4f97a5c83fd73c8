//! One run of a program, looked into: times as its page tells them, memory as the kernel counts it.

use anyhow::{Context, bail, ensure};
use pod_tests::desktop::Seat;
use pod_tests::desktop::webdriver::Session;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::time::interval;

/// Clicks rows of two rooms in turn; each time until a message of that room was drawn.
pub(super) const SWITCH: &str = include_str!("switch.js");
/// Scrolls the open chat up and down again, and tells how long each frame took.
pub(super) const SCROLL: &str = include_str!("scroll.js");
/// Frames of the window while nothing happens.
pub(super) const FRAMES: &str = include_str!("frames.js");
/// Opens each room once.
pub(super) const VISIT: &str = include_str!("visit.js");

/// The moment a page shows its first content, in milliseconds since 1970.
const PAINTED: &str = "const paint = performance.getEntriesByName(arguments[0])[0];
    return paint ? performance.timeOrigin + paint.startTime : null";

/// A page may work this long.
const WORK_MAX: Duration = Duration::from_secs(300);
/// It is asked this often: each look takes a little of its time.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The moments on the way there.
const MARKS: &str = "return ['pod:script', 'pod:heard', 'pod:answered']
    .map((name) => performance.timeOrigin + performance.getEntriesByName(name)[0].startTime)";

/// What counts as first content.
#[derive(Clone, Copy, Debug)]
pub(super) enum Look {
    /// The letter of the blank page.
    Blank,
    /// The rooms, as the cache has them.
    Rooms,
}

/// A run.
pub(super) struct Run {
    session: Session,
    program: PathBuf,
    mark: String,
}

impl Run {
    /// Starts a program at a seat.
    pub(super) async fn start(program: &Path, args: &[String], seat: &Seat) -> anyhow::Result<Self> {
        let mark = seat.env().iter().find(|(name, _)| name == "POD_TEST_SEAT").context("no seat")?.1.clone();
        let session = Session::start(program, args, seat.env(), seat.log()).await;
        Ok(Self { session, program: program.canonicalize()?, mark })
    }

    /// Milliseconds from the start of the process to its first content.
    pub(super) async fn first_content_ms(&self, look: Look) -> anyhow::Result<f64> {
        let name = match look {
            Look::Blank => "first-contentful-paint",
            Look::Rooms => "pod:first-content",
        };
        let at = pod_tests::wait::deadline(pod_tests::wait::STEP, async || {
            self.session.script(PAINTED, json!([name])).await.ok()?.as_f64()
        })
        .await
        .with_context(|| format!("no {name}"))?;
        Ok(at - started_ms(self.process()?)?)
    }

    /// Where the time of the start went, in milliseconds from the start of the process: the page's script runs, it hears
    /// what the pod tells, the pod's first answer is there.
    pub(super) async fn way_ms(&self) -> anyhow::Result<[f64; 3]> {
        let marks = self.session.script(MARKS, json!([])).await.map_err(|error| anyhow::anyhow!(error))?;
        let marks: [f64; 3] = serde_json::from_value(marks).context("the page sets no marks")?;
        let started = started_ms(self.process()?)?;
        Ok(marks.map(|at| at - started))
    }

    /// Runs one of the scripts above in the page and waits for what it promises. It may take longer than a script of the
    /// protocol: it is only begun by one, and asked about by others.
    pub(super) async fn work(&self, script: &str, args: Value) -> anyhow::Result<Value> {
        let begin = format!(
            "window.podWork = null;
             (function () {{ {script} }}).apply(null, arguments).then(
                 (value) => (window.podWork = {{ value: value ?? null }}),
                 (error) => (window.podWork = {{ error: String(error) }}),
             )"
        );
        let failed = |error: String| anyhow::anyhow!(error);
        self.session.script(&begin, args).await.map_err(failed)?;
        let (began, mut looks) = (Instant::now(), interval(LOOK_EVERY));
        while began.elapsed() < WORK_MAX {
            looks.tick().await;
            let mut done = self.session.script("return window.podWork", json!([])).await.map_err(failed)?;
            ensure!(done["error"].is_null(), "{}", done["error"]);
            if done.is_object() {
                return Ok(done["value"].take());
            }
        }
        bail!("the page is still at work after {WORK_MAX:?}")
    }

    /// Proportional memory of the program and the web processes under it, in MiB.
    pub(super) fn memory_mib(&self) -> anyhow::Result<f64> {
        let own = self.process()?;
        let mut kib = 0;
        for process in tree(own)? {
            let text = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
            let pss = text.lines().find_map(|line| line.strip_prefix("Pss:"));
            kib += pss.and_then(|rest| rest.split_whitespace().next()?.parse::<u32>().ok()).unwrap_or(0);
        }
        ensure!(kib > 0, "the kernel tells no memory");
        Ok(f64::from(kib) / 1024.0)
    }

    /// Ends it.
    pub(super) async fn end(self) {
        if let Ok(process) = self.process() {
            let _ = tokio::process::Command::new("kill").args(["-KILL", &process.to_string()]).status().await;
        }
        self.session.end().await;
    }

    fn process(&self) -> anyhow::Result<u32> {
        let wanted = format!("POD_TEST_SEAT={}", self.mark);
        let found = std::fs::read_dir("/proc")?.filter_map(Result::ok).find_map(|entry| {
            let exe = std::fs::read_link(entry.path().join("exe")).ok()?;
            let environment = std::fs::read(entry.path().join("environ")).ok()?;
            let theirs = environment.split(|byte| *byte == 0).any(|line| line == wanted.as_bytes());
            (exe == self.program && theirs).then(|| entry.file_name().to_string_lossy().parse().ok())?
        });
        found.context("the program does not run")
    }
}

/// When a process began, in milliseconds since 1970: the kernel counts in hundredths of a second since it booted.
fn started_ms(process: u32) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let after_name = stat.rsplit_once(')').context("no name")?.1;
    let ticks: f64 = after_name.split_whitespace().nth(19).context("no start")?.parse()?;
    let up = std::fs::read_to_string("/proc/uptime")?;
    let up: f64 = up.split_whitespace().next().context("no uptime")?.parse()?;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs_f64();
    Ok((now - up + ticks / 100.0) * 1000.0)
}

/// A process and all under it.
fn tree(root: u32) -> anyhow::Result<Vec<u32>> {
    let mut parents = Vec::new();
    for entry in std::fs::read_dir("/proc")?.filter_map(Result::ok) {
        let Ok(process) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let parent = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse().ok());
        parents.push((process, parent.unwrap_or(0)));
    }
    let mut all = vec![root];
    let mut at = 0;
    while let Some(parent) = all.get(at).copied() {
        all.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(process, _)| *process));
        at += 1;
    }
    Ok(all)
}
