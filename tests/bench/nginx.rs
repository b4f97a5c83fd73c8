//! The first baseline of an upload: nginx takes it with PUT, and the file is synced.

use crate::host::{Process, disk, free_port, listens};
use crate::upload::Source;
use anyhow::ensure;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// The time until it has the file, synced.
pub(crate) async fn put(source: &Source, nginx: &Process) -> anyhow::Result<f64> {
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

/// Starts it on a folder of the disk that Pod is measured on.
pub(crate) fn start() -> anyhow::Result<Process> {
    ensure!(
        Path::new("/usr/sbin/nginx").exists(),
        "the baseline needs Debian's nginx: apt-get install nginx-light"
    );
    let folder = tempfile::tempdir_in(disk()?)?;
    let root = folder.path().to_owned();
    std::fs::create_dir_all(root.join("files"))?;
    std::fs::create_dir_all(root.join("body"))?;
    let port = free_port()?;
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
    listens(port, "nginx")?;
    Ok(process)
}

/// Whether this process may become another user: nginx then would, and could not write into our folder.
fn nix_root() -> bool {
    std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .any(|line| line.starts_with("Uid:") && line.split_whitespace().nth(2) == Some("0"))
}
