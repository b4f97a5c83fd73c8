//! 10,000 files of 4 KiB into a room and out of it again, by the whole pod, against rsync's daemon over loopback: as it
//! comes, and with `--fsync`, which is what Pod does for each file.

use crate::account::guest;
use crate::host::{Process, beside_this_program, disk, free_port, listens, memory_kib};
use crate::person::Person;
use crate::report::{line, round};
use anyhow::{Context, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt;
use pod_client::command::{Answer, Command as Ask};
use pod_client::event::Event;
use pod_client::view::{ConnectionView, TransferState, TransferView};
use pod_client::{Events, SecretsKind, StartOptions};
use pod_shared::auth::Audience;
use pod_shared::content::EntryKind;
use pod_shared::{EntryId, RoomId, TransferId, limits};
use serde_json::json;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const FILES: usize = 10_000;
const FILE_BYTES: usize = 4 * 1024;
/// Requests that the bare client has in flight.
const AT_ONCE: usize = 16;
/// Files that are asked for before the first of them is answered.
const ASKED_AT_ONCE: usize = 128;
/// How often the memory of a running program is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// Makes this program the pod that fetches a whole folder; `pod-cli` fetches one file at a time.
pub(crate) const FETCH_ARGUMENT: &str = "fetch-folder";

/// Runs both ways and reports them.
pub(crate) async fn run() -> anyhow::Result<()> {
    let folder = tempfile::tempdir_in(disk()?)?;
    let source = folder.path().join("many");
    make(&source)?;
    let rsync = rsync()?;
    let plain = (copy(&rsync, &source, &[])?, copy(&rsync, &source, &["--fsync"])?);
    let server = Process::pod_server()?;
    let amy = Person::sign_up(&server.address, "amy", None, folder.path())?;
    // Who sent the files has them already: another person fetches them.
    let bob = Person::sign_up(&server.address, "bob", Some(&amy.invite()?), folder.path())?;
    let room = amy.made(&["rooms", "create", "Attic", "--with", "bob"])?;
    server.rests().await?;
    let idle = Idle { server: server.count_peak()?, engine: idle_engine(&amy.profile).await? };
    let mut put = amy.command(&["files", &room, "put", source.to_str().context("a path")?])?;
    let put = finish(put.stdout(Stdio::null()).spawn()?).await?;
    tell("many-up", &put, plain, &idle, &server)?;
    line(
        "many-server",
        json!({
            "files": FILES, "file_bytes": FILE_BYTES, "at_once": AT_ONCE,
            "took_s": round(server_alone(&server, &amy).await?),
            "baseline": "rsync --fsync to its daemon", "baseline_s": round(plain.1),
        }),
    );
    server.rests().await?;
    let back = (fetch(&rsync, folder.path(), &[])?, fetch(&rsync, folder.path(), &["--fsync"])?);
    server.count_peak()?;
    let into = folder.path().join("fetched");
    std::fs::create_dir_all(&into)?;
    let mut get = Command::new(std::env::current_exe()?);
    get.arg(FETCH_ARGUMENT).arg(&bob.profile).arg(&room).arg(&into);
    let mut get = get.stdout(Stdio::piped()).spawn()?;
    let said = get.stdout.take().context("no output")?;
    let got = Finished {
        peak_kib: finish(get).await?.peak_kib,
        took_s: std::io::read_to_string(said)?.trim().parse()?,
    };
    let same = Command::new("diff").arg("-r").arg(&source).arg(&into).stdout(Stdio::null()).status()?;
    ensure!(same.success(), "other files came");
    tell("many-down", &got, back, &idle, &server)
}

/// Memory before, in KiB.
struct Idle {
    server: u64,
    engine: u64,
}

/// How a program went.
struct Finished {
    took_s: f64,
    peak_kib: u64,
}

fn tell(
    name: &str,
    pod: &Finished,
    (plain, synced): (f64, f64),
    idle: &Idle,
    server: &Process,
) -> anyhow::Result<()> {
    line(
        name,
        json!({
            "files": FILES, "file_bytes": FILE_BYTES, "took_s": round(pod.took_s),
            "baseline": "rsync --fsync to its daemon", "baseline_s": round(synced), "ratio": round(pod.took_s / synced),
            "baseline_2": "rsync to its daemon, nothing synced", "baseline_2_s": round(plain),
            "ratio_2": round(pod.took_s / plain),
            "engine_memory_growth_kib": pod.peak_kib.saturating_sub(idle.engine),
            "server_memory_growth_kib": server.memory_kib("VmHWM")?.saturating_sub(idle.server),
        }),
    );
    Ok(())
}

/// Waits for the end of a program, and looks at its memory until then.
async fn finish(mut child: Child) -> anyhow::Result<Finished> {
    let began = Instant::now();
    let mut looks = tokio::time::interval(LOOK);
    let mut peak_kib = 0;
    loop {
        if let Some(status) = child.try_wait()? {
            ensure!(status.success(), "it ended with {status}");
            return Ok(Finished { took_s: began.elapsed().as_secs_f64(), peak_kib });
        }
        // It may be gone by now.
        peak_kib = memory_kib(child.id(), "VmHWM").unwrap_or(peak_kib).max(peak_kib);
        looks.tick().await;
    }
}

fn make(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut bytes = vec![0; FILE_BYTES];
    for number in 0..FILES {
        rand::fill(&mut bytes[..]);
        std::fs::write(folder.join(format!("file {number:05}.bin")), &bytes)?;
    }
    ensure!(Command::new("sync").status()?.success(), "the files are not on the disk");
    Ok(())
}

/// Seconds that the server takes when a bare client creates every file with its bytes, some at once: what of the whole
/// is not the sender's.
async fn server_alone(server: &Process, admin: &Person) -> anyhow::Result<f64> {
    let account = guest(&server.address, &admin.invite()?).await?;
    let room = account.room(Vec::new()).await?;
    let token = account.token(Audience::Content).await?;
    let http = reqwest::Client::new();
    let next = AtomicUsize::new(0);
    let one = async || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= FILES {
                return anyhow::Ok(());
            }
            let mut bytes = vec![0; FILE_BYTES];
            rand::fill(&mut bytes[..]);
            let pairs = [("room", room.to_string()), ("filename", format!("file {number}.bin"))];
            let pairs = pairs.map(|(key, value)| format!("{key} {}", STANDARD.encode(value)));
            let made = http
                .post(format!("{}/v1/uploads", server.address))
                .bearer_auth(&token)
                .header("Tus-Resumable", "1.0.0")
                .header("Upload-Length", FILE_BYTES)
                .header("Upload-Metadata", pairs.join(","))
                .header("Content-Type", "application/offset+octet-stream")
                .body(bytes)
                .send()
                .await?;
            ensure!(made.headers().contains_key("pod-entry"), "not stored: {}", made.text().await?);
        }
    };
    let began = Instant::now();
    futures_util::future::try_join_all((0..AT_ONCE).map(|_| one())).await?;
    Ok(began.elapsed().as_secs_f64())
}

/// Debian's rsync as a daemon with one module; no account, no limits.
fn rsync() -> anyhow::Result<Process> {
    let folder = tempfile::tempdir_in(disk()?)?;
    let port = free_port()?;
    let root = folder.path().display().to_string();
    std::fs::create_dir_all(folder.path().join("files"))?;
    let config = format!(
        "use chroot = no\nuid = {user}\ngid = {group}\nlog file = {root}/log\n[files]\npath = {root}/files\nread only = no\n",
        user = id("-u")?,
        group = id("-g")?,
    );
    std::fs::write(folder.path().join("rsyncd.conf"), config)?;
    let mut command = Command::new("rsync");
    command.args(["--daemon", "--no-detach", "--address", "127.0.0.1", "--port", &port.to_string()]);
    command.arg("--config").arg(folder.path().join("rsyncd.conf"));
    let process = Process::other(command, format!("rsync://127.0.0.1:{port}/files/"), folder)?;
    listens(port, "rsync")?;
    Ok(process)
}

fn id(which: &str) -> anyhow::Result<String> {
    Ok(String::from_utf8(Command::new("id").arg(which).output()?.stdout)?.trim().to_owned())
}

/// Seconds that rsync takes to send the folder; what it sent before is removed first.
fn copy(daemon: &Process, source: &Path, options: &[&str]) -> anyhow::Result<f64> {
    let there = daemon.folder.path().join("files/many");
    if there.exists() {
        std::fs::remove_dir_all(&there)?;
    }
    timed(Command::new("rsync").arg("-r").args(options).arg(source).arg(&daemon.address))
}

/// Seconds that rsync takes to bring it back.
fn fetch(daemon: &Process, folder: &Path, options: &[&str]) -> anyhow::Result<f64> {
    let into = folder.join("rsynced");
    std::fs::create_dir_all(&into)?;
    let from = format!("{}many", daemon.address);
    let took = timed(Command::new("rsync").arg("-r").args(options).arg(from).arg(&into))?;
    std::fs::remove_dir_all(&into)?;
    Ok(took)
}

fn timed(command: &mut Command) -> anyhow::Result<f64> {
    let began = Instant::now();
    ensure!(command.status().context("apt-get install rsync")?.success(), "{command:?} failed");
    Ok(began.elapsed().as_secs_f64())
}

/// What a pod has that is online and does nothing.
async fn idle_engine(profile: &Path) -> anyhow::Result<u64> {
    let mut command = Command::new(beside_this_program("pod-cli")?);
    command.arg("--profile").arg(profile).args(["--secrets", "file", "--json", "watch"]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    let mut looks = tokio::time::interval(Duration::from_secs(2));
    looks.tick().await;
    looks.tick().await;
    let idle = memory_kib(child.id(), "VmRSS");
    child.kill()?;
    child.wait()?;
    idle
}

/// Fetches every file of a room's one folder, with an engine of its own.
pub(crate) async fn fetch_folder(arguments: &[String]) -> anyhow::Result<()> {
    let [profile, room, into] = arguments else { anyhow::bail!("PROFILE ROOM INTO") };
    let (room, into): (RoomId, PathBuf) = (room.parse()?, into.into());
    let options = StartOptions { secrets: SecretsKind::File, ..StartOptions::new(profile) };
    let (pod, mut events) = pod_client::start(options).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let ask = async |command| pod.run(command).await.map_err(|error| anyhow::anyhow!("{error:?}"));
    loop {
        let Answer::Status(status) = ask(Ask::Status).await? else { anyhow::bail!("no status") };
        if status.connection == ConnectionView::Online {
            break;
        }
        events.next().await.context("the pod stopped")?;
    }
    let files = listed(&ask, &mut events, room).await?;
    let began = Instant::now();
    let mut open: HashSet<TransferId> = HashSet::new();
    // As a page asks for what is selected: without waiting for each answer.
    let asked = files.into_iter().map(|entry| ask(Ask::Get { entry, dest: Some(into.clone()) }));
    let mut answers = futures_util::stream::iter(asked).buffer_unordered(ASKED_AT_ONCE);
    while let Some(got) = answers.next().await {
        if let Answer::Transfers(views) = got? {
            open.extend(views.iter().map(|view| view.id));
        }
    }
    while !open.is_empty() {
        let event = events.next().await.context("the pod stopped")?;
        if let Event::Transfer { transfer } = &event {
            over(&mut open, transfer)?;
        }
        if let Event::Lagged = event {
            let Answer::Transfers(all) = ask(Ask::Transfers).await? else { anyhow::bail!("no list") };
            // What is not listed any more is over and long past.
            let listed: HashSet<TransferId> = all.iter().map(|view| view.id).collect();
            open.retain(|id| listed.contains(id));
            all.iter().try_for_each(|view| over(&mut open, view))?;
        }
    }
    told(began.elapsed().as_secs_f64());
    Ok(())
}

/// The files of the folder, once all of them are known here.
async fn listed(
    ask: &impl AsyncFn(Ask) -> anyhow::Result<Answer>,
    events: &mut Events,
    room: RoomId,
) -> anyhow::Result<Vec<EntryId>> {
    let (mut parent, mut files) = (None, Vec::new());
    loop {
        let offset = u32::try_from(files.len())?;
        let page = Ask::Folder { room, parent, sort: None, offset, limit: limits::FOLDER_PAGE_MAX };
        let Answer::Folder(page) = ask(page).await? else { anyhow::bail!("no folder") };
        if let (None, Some(folder)) = (parent, page.entries.iter().find(|one| one.kind == EntryKind::Folder))
        {
            parent = Some(folder.id);
        } else if parent.is_none() || (page.total as usize) < FILES {
            events.next().await.context("the pod stopped")?;
        } else {
            files.extend(page.entries.iter().map(|entry| entry.id));
        }
        if files.len() == FILES {
            return Ok(files);
        }
    }
}

#[expect(clippy::print_stdout, reason = "the one line that this program says")]
fn told(took_s: f64) {
    println!("{took_s}");
}

fn over(open: &mut HashSet<TransferId>, view: &TransferView) -> anyhow::Result<()> {
    if let TransferState::Failed { error } = &view.state {
        anyhow::bail!("{}: {error:?}", view.name);
    }
    if view.state == TransferState::Done {
        open.remove(&view.id);
    }
    Ok(())
}
