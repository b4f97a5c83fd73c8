//! One device on one of the two computers: `pod-meet`, its commands, and what it says.

use crate::ground::End;
use pod_tests::{process, wait};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin};
use tokio::sync::watch;
use uuid::Uuid;

/// Bytes of a piece.
pub(crate) const MIB: u64 = 1024 * 1024;

/// A file that was offered.
pub(crate) struct Offered {
    id: Uuid,
    root: String,
    size: u64,
    bytes: Vec<u8>,
}

/// A running device.
pub(crate) struct Computer {
    folder: TempDir,
    child: Child,
    commands: ChildStdin,
    lines: Arc<Mutex<Vec<Value>>>,
    count: watch::Receiver<usize>,
    /// Lines before this one were asked for already.
    heard: usize,
}

impl Computer {
    /// A new device.
    pub(crate) async fn start(end: &End) -> Self {
        Self::start_in(end, tempfile::tempdir().unwrap()).await
    }

    /// The same device after it ended.
    pub(crate) async fn start_again(self, end: &End) -> Self {
        let Self { folder, child: _, commands: _, lines: _, count: _, heard: _ } = self;
        Self::start_in(end, folder).await
    }

    async fn start_in(end: &End, folder: TempDir) -> Self {
        std::fs::create_dir_all(folder.path().join("files")).unwrap();
        let mut command = end.command(&process::program("pod-meet"));
        command.arg(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (commands, out) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (lines, (announce, count)) = (Arc::new(Mutex::new(Vec::new())), watch::channel(0));
        let kept = Arc::clone(&lines);
        // Ends by itself when the process closes its output.
        tokio::spawn(async move {
            let mut reader = BufReader::new(out).lines();
            while let Ok(Some(line)) = reader.next_line().await {
                let mut kept = kept.lock().unwrap();
                kept.push(serde_json::from_str(&line).unwrap());
                announce.send_replace(kept.len());
            }
        });
        let this = Self { folder, child, commands, lines, count, heard: 0 };
        this.endpoint().await;
        this
    }

    pub(crate) async fn say(&mut self, command: &str) {
        self.commands.write_all(format!("{command}\n").as_bytes()).await.unwrap();
    }

    /// Where it can be met now: with the address of the cable.
    async fn endpoint(&self) -> String {
        let mut count = self.count.clone();
        let newest = || {
            let lines = self.lines.lock().unwrap();
            let newest = lines.iter().rev().find_map(|line| line.get("endpoint").cloned());
            newest.and_then(|endpoint| endpoint.as_str().map(str::to_owned))
        };
        wait::soon("an endpoint", async {
            loop {
                // 10.77.0, as it is written.
                if let Some(endpoint) = newest().filter(|endpoint| endpoint.contains("0a4d00")) {
                    return endpoint;
                }
                count.changed().await.unwrap();
            }
        })
        .await
    }

    /// Lets the other one fetch a file of so many MiB; after `held` of them it waits.
    pub(crate) async fn offer(&mut self, to: &Self, size: usize, held: u64) -> Offered {
        let bytes: Vec<u8> = (0..size as u64 * MIB).map(|at| (at / 4099 + at % 251) as u8).collect();
        let id = Uuid::now_v7();
        let mut offered = Offered { id, root: String::new(), size: bytes.len() as u64, bytes };
        std::fs::write(self.source(&offered), &offered.bytes).unwrap();
        self.offer_with(to, &offered, &format!("{}", held * MIB)).await;
        offered.root = self.hears("root").await.as_str().unwrap().to_owned();
        offered
    }

    /// Lets the other one fetch it once more, without waiting for anything.
    pub(crate) async fn offer_again(&mut self, to: &Self, offered: &Offered) {
        self.offer_with(to, offered, "").await;
        assert_eq!(self.hears("root").await.as_str(), Some(offered.root.as_str()));
    }

    async fn offer_with(&mut self, to: &Self, offered: &Offered, hold: &str) {
        let (peer, source) = (to.endpoint().await, self.source(offered));
        self.say(&format!("offer {} {peer} {} {hold}", offered.id, source.display())).await;
    }

    /// Begins to fetch.
    pub(crate) async fn pull(&mut self, from: &Self, offered: &Offered) {
        let (Offered { id, root, size, .. }, endpoint) = (offered, from.endpoint().await);
        let part = self.part();
        self.say(&format!("pull {id} {endpoint} {root} {size} {} 20000", part.display())).await;
    }

    /// Opens the gate; the bytes that were sent so far.
    pub(crate) async fn go(&mut self) -> u64 {
        self.say("go").await;
        self.hears("sent").await.as_u64().unwrap()
    }

    /// The next line with this key.
    pub(crate) async fn hears(&mut self, key: &str) -> Value {
        let heard = self.hears_within(wait::STEP, key).await;
        heard.unwrap_or_else(|| panic!("nobody said {key}; what was said: {:#?}", self.lines.lock().unwrap()))
    }

    /// The next line with this key, or nothing for so long.
    pub(crate) async fn hears_within(&mut self, limit: Duration, key: &str) -> Option<Value> {
        let (lines, mut count) = (Arc::clone(&self.lines), self.count.clone());
        let heard = &mut self.heard;
        let search = async {
            loop {
                let found = {
                    let lines = lines.lock().unwrap();
                    let rest = lines.iter().enumerate().skip(*heard);
                    rest.into_iter().find_map(|(at, line)| Some((at, line.get(key)?.clone())))
                };
                if let Some((at, value)) = found {
                    *heard = at + 1;
                    return value;
                }
                count.changed().await.unwrap();
            }
        };
        tokio::time::timeout(limit, search).await.ok()
    }

    /// Waits for exactly this line.
    pub(crate) async fn hears_of(&self, line: &Value) {
        let mut count = self.count.clone();
        let there = async {
            while !self.lines.lock().unwrap().contains(line) {
                count.changed().await.unwrap();
            }
        };
        wait::soon(&format!("{line}"), there).await;
    }

    /// Whether it said so.
    pub(crate) fn said(&self, key: &str) -> bool {
        self.lines.lock().unwrap().iter().any(|line| line.get(key).is_some())
    }

    /// Waits until so many bytes lie in the part file.
    pub(crate) async fn has(&self, bytes: u64) {
        let there = async || (std::fs::metadata(self.part()).ok()?.len() >= bytes).then_some(());
        wait::until("bytes in the part file", there).await;
    }

    pub(crate) fn has_the_file(&self, offered: &Offered) {
        assert!(std::fs::read(self.part()).unwrap() == offered.bytes, "another file came");
    }

    /// Where files lie.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().join("files")
    }

    pub(crate) fn part(&self) -> PathBuf {
        self.folder().join("part")
    }

    pub(crate) fn source(&self, offered: &Offered) -> PathBuf {
        self.folder().join(offered.id.to_string())
    }

    /// Kills it as a power cut would.
    pub(crate) async fn kill(&mut self) {
        let _ = self.child.kill().await;
    }
}
