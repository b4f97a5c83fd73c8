//! A room of 100,000 entries: the first page of its listing beside `ls -U` of as many files, a search by name beside
//! `find -name` over them.
//!
//! The entries are written into the server's database while it is stopped; the index is then built by the server itself,
//! and that is measured too.

use crate::account::people;
use crate::host::Process;
use crate::report::{line, median, round};
use anyhow::{Context, ensure};
use pod_shared::RoomId;
use pod_shared::auth::Audience;
use pod_shared::content::{EntryPage, SearchAsk, SearchPage};
use rusqlite::Connection;
use serde_json::json;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ENTRIES: u32 = 100_000;
const TIMES: usize = 21;
/// An index of so many names that is not there after this long will not be.
const INDEX_MAX: Duration = Duration::from_secs(600);
/// Found in a hundredth of the names.
const RARE: &str = "plan 42";

/// Fills a room, then measures both.
pub(crate) async fn run() -> anyhow::Result<()> {
    let mut server = Process::pod_server()?;
    let ann = people(&server.address, 1).await?.pop().context("nobody signed up")?;
    let room = ann.room(Vec::new()).await?;
    let http = reqwest::Client::new();
    let token = ann.token(Audience::Content).await?;
    listed(&http, &server.address, &token, room).await.context("the room has its folder")?;
    let data = server.folder.path().join("content.db");
    fill(&data, room)?;
    let began = Instant::now();
    server.restart_pod_server()?;
    indexed(&data, began).await?;
    let index_s = began.elapsed().as_secs_f64();
    let token = ann.token(Audience::Content).await?;
    let mut list = Vec::new();
    let mut search = Vec::new();
    for _ in 0..TIMES {
        let began = Instant::now();
        ensure!(listed(&http, &server.address, &token, room).await? == 500, "a page is 500 entries");
        list.push(began.elapsed().as_secs_f64() * 1_000.0);
        let began = Instant::now();
        ensure!(found(&http, &server.address, &token, room).await? == 500, "a page of what is found");
        search.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    let files = tempfile::tempdir()?;
    for number in 0..ENTRIES {
        std::fs::write(files.path().join(name(number)), b"")?;
    }
    let ls = timed(Command::new("ls").arg("-U").arg(files.path()))?;
    let find = timed(Command::new("find").arg(files.path()).args(["-name", &format!("*{RARE}*")]))?;
    let (list, search) = (median(&mut list), median(&mut search));
    line(
        "listing",
        json!({ "entries": ENTRIES, "first_page_ms": round(list), "baseline": "ls -U", "baseline_ms": round(ls),
                "ratio": round(list / ls), "aim_ms": 50 }),
    );
    line(
        "search",
        json!({ "entries": ENTRIES, "first_page_ms": round(search), "baseline": "find -name", "baseline_ms": round(find),
                "ratio": round(search / find), "index_s": round(index_s) }),
    );
    Ok(())
}

fn name(number: u32) -> String {
    format!("plan {number}.txt")
}

/// Writes the entries as folders of the room's top.
fn fill(data: &Path, room: RoomId) -> anyhow::Result<()> {
    let database = Connection::open(data)?;
    let by: Vec<u8> =
        database.query_row("SELECT created_by FROM groups WHERE room = ?1", [room.as_bytes()], |row| {
            row.get(0)
        })?;
    database.execute_batch("BEGIN")?;
    database.execute(
        "WITH RECURSIVE c (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < ?3)
         INSERT INTO entries (id, room, parent, name, name_key, kind, version, size, digest, created_at, created_by,
                              modified_at, modified_by, position, deleted_at)
         SELECT randomblob(16), ?1, NULL, 'plan ' || n || '.txt', 'plan ' || n || '.txt', 2, 0, 0, NULL, 1, ?2, 1, ?2, 1, NULL
         FROM c",
        (room.as_bytes(), &by, ENTRIES),
    )?;
    database.execute("UPDATE groups SET live = live + ?2 WHERE room = ?1", (room.as_bytes(), ENTRIES))?;
    database.execute_batch("COMMIT")?;
    Ok(())
}

/// Waits until the server has put all of it into the index.
async fn indexed(data: &Path, began: Instant) -> anyhow::Result<()> {
    let database = Connection::open(data)?;
    let mut looks = tokio::time::interval(Duration::from_millis(50));
    loop {
        looks.tick().await;
        let left: i64 = database.query_row("SELECT count(*) FROM unindexed", [], |row| row.get(0))?;
        if left == 0 {
            return Ok(());
        }
        ensure!(began.elapsed() < INDEX_MAX, "{left} names are not in the index yet");
    }
}

async fn listed(http: &reqwest::Client, server: &str, token: &str, room: RoomId) -> anyhow::Result<usize> {
    let asked = http.get(format!("{server}/v1/rooms/{room}/entries?limit=500")).bearer_auth(token);
    let page: EntryPage = asked.send().await?.error_for_status()?.json().await?;
    Ok(page.entries.len())
}

async fn found(http: &reqwest::Client, server: &str, token: &str, room: RoomId) -> anyhow::Result<usize> {
    let ask =
        SearchAsk { rooms: vec![room], text: RARE.to_owned(), limit: Some(500), ..SearchAsk::default() };
    let asked = http.post(format!("{server}/v1/search")).bearer_auth(token).json(&ask);
    let page: SearchPage = asked.send().await?.error_for_status()?.json().await?;
    Ok(page.found.len())
}

/// How long a program takes, in milliseconds: the middle of some times, all of them from a warm cache.
fn timed(command: &mut Command) -> anyhow::Result<f64> {
    let mut times = Vec::new();
    for _ in 0..5 {
        let began = Instant::now();
        ensure!(command.stdout(Stdio::null()).status()?.success(), "{command:?} failed");
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(median(&mut times))
}
