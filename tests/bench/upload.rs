//! One file of 1 GiB over tus, digest checked and synced, against nginx PUT plus fsync on the same disk.

use crate::account::{Account, people};
use crate::host::{Process, disk};
use crate::report::{line, median, round};
use anyhow::{Context, bail, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pod_shared::RoomId;
use pod_shared::auth::Audience;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
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
        let sha256 = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { path, sha256, _folder: folder })
    }

    async fn body(&self) -> anyhow::Result<reqwest::Body> {
        let file = tokio::fs::File::open(&self.path).await?;
        Ok(reqwest::Body::wrap_stream(ReaderStream::with_capacity(file, CHUNK)))
    }
}

/// Runs both, alternating, and reports the medians.
pub(crate) async fn run() -> anyhow::Result<()> {
    let source = Source::new(BYTES)?;
    let server = Process::pod_server()?;
    let people = people(&server.address, 1).await?;
    let account = people.first().context("nobody")?;
    let room = account.room(Vec::new()).await?;
    let nginx = nginx()?;
    put(&Source::new(1 << 20)?, &nginx).await?;
    send(&Source::new(1 << 20)?, account, room, "warm.bin").await?;
    let before = server.memory_kib("VmRSS")?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        theirs.push(put(&source, &nginx).await?);
        ours.push(send(&source, account, room, &format!("run {run}.bin")).await?);
    }
    let peak = server.memory_kib("VmHWM")?;
    let (ours, theirs) = (median(&mut ours), median(&mut theirs));
    #[expect(clippy::cast_precision_loss, reason = "MiB")]
    let mib = (BYTES >> 20) as f64;
    line(
        "upload",
        json!({
            "bytes": BYTES, "runs": RUNS, "pod_mib_per_s": round(mib / ours),
            "server_memory_before_kib": before, "server_memory_peak_kib": peak, "server_memory_growth_kib": peak.saturating_sub(before),
            "baseline": "nginx-put-fsync", "baseline_mib_per_s": round(mib / theirs),
            "speed_to_baseline": round(theirs / ours), "ratio": round(ours / theirs),
        }),
    );
    Ok(())
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

async fn put(source: &Source, nginx: &Process) -> anyhow::Result<f64> {
    let length = std::fs::metadata(&source.path)?.len();
    let started = Instant::now();
    let answer = reqwest::Client::new()
        .put(format!("{}/file.bin", nginx.address))
        .header("Content-Length", length)
        .body(source.body().await?)
        .send()
        .await?;
    ensure!(answer.status().is_success(), "nginx says {}", answer.status());
    std::fs::File::open(nginx.folder.path().join("files/file.bin"))?.sync_all()?;
    let took = started.elapsed().as_secs_f64();
    std::fs::remove_file(nginx.folder.path().join("files/file.bin"))?;
    Ok(took)
}

fn nginx() -> anyhow::Result<Process> {
    ensure!(
        Path::new("/usr/sbin/nginx").exists(),
        "the baseline needs Debian's nginx: apt-get install nginx-light"
    );
    let folder = tempfile::tempdir_in(disk()?)?;
    let root = folder.path().to_owned();
    std::fs::create_dir_all(root.join("files"))?;
    std::fs::create_dir_all(root.join("body"))?;
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let user = if nix_root() { "user root;" } else { "" };
    let root_text = root.display();
    let config = format!(
        "{user} daemon off; master_process off; pid {root_text}/pid; error_log {root_text}/error.log;\n\
         events {{ worker_connections 64; }}\n\
         http {{ access_log off; client_max_body_size 0; client_body_temp_path {root_text}/body;\n\
         server {{ listen 127.0.0.1:{port}; root {root_text}/files; location / {{ dav_methods PUT; }} }} }}\n"
    );
    std::fs::write(root.join("nginx.conf"), config)?;
    let mut command = Command::new("/usr/sbin/nginx");
    command.arg("-p").arg(&root).arg("-c").arg(root.join("nginx.conf")).arg("-e").arg(root.join("error.log"));
    let process = Process::other(command, format!("http://127.0.0.1:{port}"), folder)?;
    let deadline = Instant::now() + std::time::Duration::from_secs(10);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        ensure!(Instant::now() < deadline, "nginx does not listen");
        std::thread::yield_now();
    }
    Ok(process)
}

/// Whether this process may become another user: nginx then would, and could not write into our folder.
fn nix_root() -> bool {
    std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .any(|line| line.starts_with("Uid:") && line.split_whitespace().nth(2) == Some("0"))
}
