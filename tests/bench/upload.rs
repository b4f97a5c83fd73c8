//! One file of 1 GiB over tus, digest checked and synced, against nginx PUT plus fsync, and against `@tus/server` with
//! its own client plus fsync, on the same disk.

use crate::account::{Account, guest};
use crate::host::{Process, count_peak, disk, memory_kib};
use crate::person::Person;
use crate::report::{line, median, round};
use crate::{nginx, tus};
use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pod_shared::RoomId;
use pod_shared::auth::Audience;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;
use tokio_util::io::ReaderStream;

/// Size of the file: 1 GiB.
pub(crate) const BYTES: u64 = 1 << 30;
const RUNS: usize = 3;
/// What either client hands to its connection at once.
const CHUNK: usize = 256 * 1024;

/// A file of random bytes with its digest.
pub(crate) struct Source {
    /// Where it is.
    pub(crate) path: PathBuf,
    sha256: String,
    _folder: tempfile::TempDir,
}

impl Source {
    /// Writes it.
    pub(crate) fn new(bytes: u64) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir_in(disk()?)?;
        let path = folder.path().join("source.bin");
        let mut file = std::io::BufWriter::new(std::fs::File::create(&path)?);
        let mut block = vec![0_u8; 1 << 20];
        let mut digest = Sha256::new();
        let mut left = bytes;
        while left > 0 {
            rand::fill(&mut block[..]);
            let part = usize::try_from(left.min(1 << 20))?;
            let part = block.get(..part).context("a block")?;
            file.write_all(part)?;
            digest.update(part);
            left -= part.len() as u64;
        }
        file.flush()?;
        let sha256 = hex(&digest.finalize());
        Ok(Self { path, sha256, _folder: folder })
    }

    /// Makes another file of it, in its first bytes.
    pub(crate) fn change(&mut self, into: u64) -> anyhow::Result<()> {
        let mut file = std::fs::File::options().write(true).open(&self.path)?;
        file.write_all(&into.to_le_bytes())?;
        file.sync_all()?;
        self.sha256 = sha256(&self.path)?;
        Ok(())
    }

    /// It, as the body of a request.
    pub(crate) async fn body(&self) -> anyhow::Result<reqwest::Body> {
        let file = tokio::fs::File::open(&self.path).await?;
        Ok(reqwest::Body::wrap_stream(ReaderStream::with_capacity(file, CHUNK)))
    }
}

/// The digest of a file, in hex.
pub(crate) fn sha256(path: &Path) -> anyhow::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let (mut digest, mut piece) = (Sha256::new(), vec![0; CHUNK]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex(&digest.finalize())),
            read => digest.update(piece.get(..read).context("a piece")?),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Runs all, alternating, and reports the medians.
pub(crate) async fn run() -> anyhow::Result<()> {
    let mut source = Source::new(BYTES)?;
    let server = Process::pod_server()?;
    let folder = tempfile::tempdir_in(disk()?)?;
    // Signed up first: the first account needs no invite.
    let mut person = Person::sign_up(&server.address, "amy", None, folder.path())?;
    let home = person.made(&["rooms", "create", "Home"])?;
    let account = guest(&server.address, &person.invite()?).await?;
    let room = account.room(Vec::new()).await?;
    let nginx = nginx::start()?;
    let reference = tus::server()?;
    person.open().await?;
    nginx::put(&Source::new(1 << 20)?, &nginx).await?;
    let small = Source::new(1 << 20)?;
    send(&small, &account, room, "warm.bin").await?;
    person.put(&home, &small.path)?;
    server.rests().await?;
    let before = server.count_peak()?;
    let idle = count_peak(person.engine()?)?;
    let mut took = Took::default();
    let mut growth = Growth::default();
    for run in 0..RUNS {
        took.nginx.push(nginx::put(&source, &nginx).await?);
        took.pod.push(send(&source, &account, room, &format!("run {run}.bin")).await?);
        server.rests().await?;
        let uploaded = tus::upload(&reference.address, &source.path)?;
        took.reference.push(uploaded.took_s + tus::sync_and_clear(&reference, BYTES)?);
        let token = account.token(Audience::Content).await?;
        let to_pod = (room.to_string(), format!("js {run}.bin"));
        let uploaded = tus::upload_to_pod(&server.address, &source.path, &token, &to_pod.0, &to_pod.1)?;
        took.pod_js.push(uploaded.took_s);
        server.rests().await?;
        // Of a file that the server has already, the pod would send nothing.
        source.change(run as u64)?;
        took.pod_cli.push(person.put(&home, &source.path)?);
        server.rests().await?;
        growth.server = growth.server.max(server.memory_kib("VmHWM")?.saturating_sub(before));
        growth.engine = growth.engine.max(memory_kib(person.engine()?, "VmHWM")?.saturating_sub(idle));
    }
    took.tell(&growth);
    Ok(())
}

/// Seconds of each run.
#[derive(Default)]
struct Took {
    /// A bare client and `pod-server`.
    pod: Vec<f64>,
    /// The same client and nginx.
    nginx: Vec<f64>,
    /// tus-js-client and `@tus/server`.
    reference: Vec<f64>,
    /// tus-js-client and `pod-server`.
    pod_js: Vec<f64>,
    /// `pod-cli` and `pod-server`, the reading through before included.
    pod_cli: Vec<f64>,
}

/// What both processes of Pod had more than before, in KiB.
#[derive(Default)]
struct Growth {
    server: u64,
    engine: u64,
}

impl Took {
    fn tell(mut self, growth: &Growth) {
        #[expect(clippy::cast_precision_loss, reason = "MiB")]
        let mib = (BYTES >> 20) as f64;
        let (pod, nginx) = (median(&mut self.pod), median(&mut self.nginx));
        line(
            "upload",
            json!({
                "bytes": BYTES, "runs": RUNS, "pod_mib_per_s": round(mib / pod),
                "baseline": "nginx-put-fsync", "baseline_mib_per_s": round(mib / nginx),
                "speed_to_baseline": round(nginx / pod), "ratio": round(pod / nginx),
                "server_memory_growth_kib": growth.server, "engine_memory_growth_kib": growth.engine,
            }),
        );
        let reference = median(&mut self.reference);
        let (pod_js, pod_cli) = (median(&mut self.pod_js), median(&mut self.pod_cli));
        line(
            "upload-tus",
            json!({
                "bytes": BYTES, "runs": RUNS,
                "baseline": "@tus/server, tus-js-client, fsync after it",
                "baseline_mib_per_s": round(mib / reference),
                "pod_with_tus_js_client_mib_per_s": round(mib / pod_js),
                "pod_with_tus_js_client_speed_to_baseline": round(reference / pod_js),
                "pod_cli_with_hashing_mib_per_s": round(mib / pod_cli),
                "pod_cli_with_hashing_speed_to_baseline": round(reference / pod_cli),
                "pod_bare_client_speed_to_baseline": round(reference / pod),
            }),
        );
    }
}

/// Uploads over tus; the time until the server has it whole, checked and synced.
pub(crate) async fn send(
    source: &Source,
    account: &Account,
    room: RoomId,
    name: &str,
) -> anyhow::Result<f64> {
    let token = account.token(Audience::Content).await?;
    let length = std::fs::metadata(&source.path)?.len();
    let metadata =
        [("room", room.to_string()), ("filename", name.to_owned()), ("sha256", source.sha256.clone())];
    let metadata: Vec<String> =
        metadata.iter().map(|(key, value)| format!("{key} {}", STANDARD.encode(value))).collect();
    let http = reqwest::Client::new();
    let started = Instant::now();
    let made = http
        .post(format!("{}/v1/uploads", account.server))
        .bearer_auth(&token)
        .header("Tus-Resumable", "1.0.0")
        .header("Upload-Length", length)
        .header("Upload-Metadata", metadata.join(","))
        .send()
        .await?;
    if !made.status().is_success() {
        bail!("making the upload: {} {}", made.status(), made.text().await?);
    }
    let location = made.headers().get("location").context("no location")?.to_str()?.to_owned();
    let done = http
        .patch(format!("{}{location}", account.server))
        .bearer_auth(&token)
        .header("Tus-Resumable", "1.0.0")
        .header("Upload-Offset", 0)
        .header("Content-Type", "application/offset+octet-stream")
        .body(source.body().await?)
        .send()
        .await?;
    if !done.status().is_success() {
        bail!("uploading: {} {}", done.status(), done.text().await?);
    }
    Ok(started.elapsed().as_secs_f64())
}
