//! A folder of one computer on the disk of another: 10,000 files of 4 KiB and one file of 1 GiB, a MiB changed in it, and
//! the time from a save on one side to the byte on the other. Beside Debian's Syncthing, over loopback, in the same run.
//!
//! Pod moves everything through its server, which keeps versions; Syncthing straight from one side to the other. Both write
//! to the same disk. The time begins when the folder is named to both sides and ends with the last file under its name.

mod syncthing;

use crate::host::{Process, disk, pass};
use crate::person::Person;
use crate::report::{line, median, round};
use anyhow::{Context, ensure};
use serde_json::json;
use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use syncthing::Pair;

const FILES: usize = 10_000;
const FILE_BYTES: usize = 4 * 1024;
const LARGE_BYTES: usize = 1024 * 1024 * 1024;
const CHANGED_BYTES: usize = 1024 * 1024;
/// Saves of which the middle one is told.
const SAVES: usize = 9;
/// How often the other side is looked at.
const LOOK: Duration = Duration::from_millis(10);
/// What did not arrive by then does not.
const ARRIVES_MAX: Duration = Duration::from_secs(900);
/// Between two saves both sides come to rest.
const REST: Duration = Duration::from_secs(3);

/// Two sides that keep a folder in step.
struct Sides {
    here: PathBuf,
    there: PathBuf,
}

/// What was measured of one program, in seconds.
#[derive(Default)]
struct Measured {
    many: f64,
    large: f64,
    changed: f64,
    saves: Vec<f64>,
}

/// Runs both and reports them.
pub(crate) async fn run() -> anyhow::Result<()> {
    let folder = tempfile::tempdir_in(disk()?)?;
    let aside = folder.path().join("syncthing");
    let syncthing = with_syncthing(&aside).await?;
    // The disk need not hold both.
    fs::remove_dir_all(&aside)?;
    let pod = with_pod(&folder.path().join("pod")).await?;
    let (mut pod_saves, mut syncthing_saves) = (pod.saves.clone(), syncthing.saves.clone());
    let both = |name: &str, bytes: serde_json::Value, pod: f64, other: f64| {
        let said = json!({
            "what": bytes, "took_s": round(pod), "baseline": "Syncthing (Debian), straight", "baseline_s": round(other),
            "ratio": round(pod / other),
        });
        line(name, said);
    };
    both("link-many", json!([FILES, FILE_BYTES]), pod.many, syncthing.many);
    both("link-large", json!([1, LARGE_BYTES]), pod.large, syncthing.large);
    both("link-changed", json!([CHANGED_BYTES, LARGE_BYTES]), pod.changed, syncthing.changed);
    both("link-save", json!([1, FILE_BYTES]), median(&mut pod_saves), median(&mut syncthing_saves));
    Ok(())
}

async fn with_pod(folder: &Path) -> anyhow::Result<Measured> {
    fs::create_dir_all(folder)?;
    let server = Process::pod_server()?;
    let mut amy = Person::sign_up(&server.address, "amy", None, folder)?;
    let mut bob = Person::sign_up(&server.address, "bob", Some(&amy.invite()?), folder)?;
    amy.open().await?;
    bob.open().await?;
    let link = async |name: &str| {
        let room = amy.made(&["rooms", "create", name, "--with", "bob"])?;
        // The other side knows the room, and the room has its folder.
        until(|| bob.ask(&["files", &room, "ls"]).is_ok()).await?;
        let sides = Sides { here: folder.join("here").join(name), there: folder.join("there").join(name) };
        Ok::<_, anyhow::Error>((room, sides))
    };
    let begin = |room: &str, sides: &Sides| {
        amy.ask(&["folder", "link", room, text(&sides.here)?])?;
        bob.ask(&["folder", "link", room, text(&sides.there)?])?;
        Ok::<_, anyhow::Error>(())
    };
    let (room, many) = link("many").await?;
    make_many(&many.here)?;
    let began = Instant::now();
    begin(&room, &many)?;
    let mut measured = Measured { many: many.arrived(began).await?, ..Measured::default() };
    server.rests().await?;
    let (room, large) = link("large").await?;
    make_large(&large.here)?;
    let began = Instant::now();
    begin(&room, &large)?;
    measured.large = large.arrived(began).await?;
    server.rests().await?;
    pass(REST).await;
    measured.changed = large.changed().await?;
    measured.saves = many.saves().await?;
    Ok(measured)
}

async fn with_syncthing(folder: &Path) -> anyhow::Result<Measured> {
    let pair = Pair::start(folder).await?;
    let sides =
        |name: &str| Sides { here: folder.join("here").join(name), there: folder.join("there").join(name) };
    let many = sides("many");
    make_many(&many.here)?;
    let began = Instant::now();
    pair.link("many", &many.here, &many.there).await?;
    let mut measured = Measured { many: many.arrived(began).await?, ..Measured::default() };
    let large = sides("large");
    make_large(&large.here)?;
    let began = Instant::now();
    pair.link("large", &large.here, &large.there).await?;
    measured.large = large.arrived(began).await?;
    pass(REST).await;
    measured.changed = large.changed().await?;
    measured.saves = many.saves().await?;
    Ok(measured)
}

impl Sides {
    /// Seconds until the other side has all that this one has.
    async fn arrived(&self, began: Instant) -> anyhow::Result<f64> {
        let wanted = files(&self.here)?;
        until(|| files(&self.there).is_ok_and(|found| found == wanted)).await?;
        let took = began.elapsed().as_secs_f64();
        let mut same = Command::new("diff");
        same.args(["-r", "-x", ".stfolder", "-x", ".pod-folder"]).args([&self.here, &self.there]);
        ensure!(same.stdout(Stdio::null()).status()?.success(), "other files came");
        Ok(took)
    }

    /// Seconds from a change in the large file until the other side has it.
    async fn changed(&self) -> anyhow::Result<f64> {
        let mut bytes = vec![0; CHANGED_BYTES];
        rand::fill(&mut bytes[..]);
        let at = SeekFrom::Start(LARGE_BYTES as u64 / 3);
        let mut file = fs::OpenOptions::new().write(true).open(self.here.join("large"))?;
        file.seek(at)?;
        file.write_all(&bytes)?;
        drop(file);
        let began = Instant::now();
        let there = self.there.join("large");
        until(|| read(&there, at, CHANGED_BYTES).is_ok_and(|found| found == bytes)).await?;
        let took = began.elapsed().as_secs_f64();
        self.arrived(began).await?;
        Ok(took)
    }

    /// Seconds from each of some saves to the byte on the other side.
    async fn saves(&self) -> anyhow::Result<Vec<f64>> {
        let mut took = Vec::new();
        for number in 0..SAVES {
            pass(REST).await;
            let mut bytes = vec![0; FILE_BYTES];
            rand::fill(&mut bytes[..]);
            let name = format!("{:02}/file {:05}", number % 100, number);
            fs::write(self.here.join(&name), &bytes)?;
            let began = Instant::now();
            until(|| fs::read(self.there.join(&name)).is_ok_and(|found| found == bytes)).await?;
            took.push(began.elapsed().as_secs_f64());
        }
        Ok(took)
    }
}

async fn until(mut is: impl FnMut() -> bool) -> anyhow::Result<()> {
    let deadline = Instant::now() + ARRIVES_MAX;
    let mut looks = tokio::time::interval(LOOK);
    while !is() {
        ensure!(Instant::now() < deadline, "it does not arrive");
        looks.tick().await;
    }
    Ok(())
}

fn read(path: &Path, at: SeekFrom, length: usize) -> std::io::Result<Vec<u8>> {
    let mut file = fs::File::open(path)?;
    file.seek(at)?;
    let mut bytes = vec![0; length];
    std::io::Read::read_exact(&mut file, &mut bytes)?;
    Ok(bytes)
}

/// Files under their names, and their bytes; what is not whole has another name at both.
fn files(top: &Path) -> std::io::Result<(usize, u64)> {
    let (mut count, mut bytes) = (0, 0);
    let mut folders = vec![top.to_owned()];
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(folder)? {
            let item = item?;
            let name = item.file_name();
            let name = name.to_string_lossy();
            if item.file_type()?.is_dir() {
                folders.push(item.path());
            } else if !name.starts_with('.') && !name.ends_with(".pod-part") && !name.ends_with(".tmp") {
                count += 1;
                bytes += item.metadata()?.len();
            }
        }
    }
    Ok((count, bytes))
}

fn make_many(folder: &Path) -> anyhow::Result<()> {
    let mut bytes = vec![0; FILE_BYTES];
    for number in 0..FILES {
        let inside = folder.join(format!("{:02}", number % 100));
        fs::create_dir_all(&inside)?;
        rand::fill(&mut bytes[..]);
        fs::write(inside.join(format!("file {number:05}")), &bytes)?;
    }
    synced()
}

fn make_large(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let mut file = fs::File::create(folder.join("large"))?;
    let mut piece = vec![0; CHANGED_BYTES];
    for _ in 0..LARGE_BYTES / CHANGED_BYTES {
        rand::fill(&mut piece[..]);
        file.write_all(&piece)?;
    }
    synced()
}

fn synced() -> anyhow::Result<()> {
    ensure!(Command::new("sync").status()?.success(), "the files are not on the disk");
    Ok(())
}

fn text(path: &Path) -> anyhow::Result<&str> {
    path.to_str().context("a path")
}
