//! The same file of 1 GiB a second time, by the same person and by another one who proves to hold it: the time beyond
//! hashing, and what goes over the wire, counted by a proxy between the pods and the server.

use crate::host::{Process, count_peak, disk, memory_kib};
use crate::person::Person;
use crate::report::{line, median, round};
use crate::upload::{BYTES, Source, sha256};
use anyhow::{Context, ensure};
use pod_tests::Proxy;
use pod_tests::proxy::{Exchange, Moved};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

const RUNS: usize = 3;
/// What a second upload may cost, both directions together: the aim.
const BYTES_MAX: u64 = 2 * 1024;
/// The aim.
const ROUND_TRIPS_MAX: u64 = 2;

/// Runs both and reports the medians.
pub(crate) async fn run() -> anyhow::Result<()> {
    let source = Source::new(BYTES)?;
    let server = Process::pod_server()?;
    let proxy = Proxy::start().await;
    proxy.lead_to(server.address.trim_start_matches("http://").parse()?);
    let folder = tempfile::tempdir_in(disk()?)?;
    let mut amy = Person::sign_up(&proxy.url(), "amy", None, folder.path())?;
    let mut bob = Person::sign_up(&proxy.url(), "bob", Some(&amy.invite()?), folder.path())?;
    amy.open().await?;
    let attic = amy.made(&["rooms", "create", "Attic"])?;
    let first_s = amy.put(&attic, &source.path)?;
    let wire = Wire { server: &server, proxy: &proxy, folder: folder.path(), source: &source };
    line("again-same-person", wire.second(&amy, &attic, hashing, first_s).await?);
    amy.close();
    bob.open().await?;
    let shed = bob.made(&["rooms", "create", "Shed"])?;
    line("again-other-person", wire.second(&bob, &shed, hashing_twice, first_s).await?);
    Ok(())
}

/// What is measured, and where.
struct Wire<'a> {
    server: &'a Process,
    proxy: &'a Proxy,
    folder: &'a Path,
    source: &'a Source,
}

/// Bytes of a question and of its answer.
type Exchanged = (u64, u64);

impl Wire<'_> {
    /// Uploads under other names what the server has; `hashing` is the reading through that nobody is spared.
    async fn second(
        &self,
        person: &Person,
        room: &str,
        hashing: Hashing,
        first_s: f64,
    ) -> anyhow::Result<Value> {
        self.server.rests().await?;
        let socket = self.socket(person, room)?;
        let idle = (self.server.count_peak()?, count_peak(person.engine()?)?);
        let (mut took, mut beyond) = (Vec::new(), Vec::new());
        let mut most: Vec<Exchanged> = Vec::new();
        for run in 0..RUNS {
            // Another name for the same bytes, on the same disk.
            let link = self.folder.join(format!("{room} {run}.bin"));
            std::fs::hard_link(&self.source.path, &link)?;
            let hashed = hashing(&link)?;
            // What a command costs by itself: a process, a question to the engine.
            let began = Instant::now();
            person.ask(&["status"])?;
            let command = began.elapsed().as_secs_f64();
            let asked = Instant::now();
            let put = person.put(room, &link)?;
            self.server.rests().await?;
            let exchanged = self.exchanged(asked, socket);
            most = if bytes(&exchanged) > bytes(&most) { exchanged } else { most };
            beyond.push(put - hashed - command);
            took.push(put);
            std::fs::remove_file(&link)?;
        }
        let put_s = median(&mut took);
        // The news of the folder is asked for last, when the file is in it.
        let upload = most.get(..most.len().saturating_sub(1)).unwrap_or_default();
        Ok(json!({
            "bytes": BYTES, "runs": RUNS, "took_s": round(put_s), "beyond_hashing_s": round(median(&mut beyond)),
            "wire_bytes": bytes(upload), "wire_bytes_aim": BYTES_MAX,
            "round_trips": upload.len(), "round_trips_aim": ROUND_TRIPS_MAX,
            "wire_bytes_with_news_of_the_folder": bytes(&most), "round_trips_with_news_of_the_folder": most.len(),
            "exchanges_up_down": most,
            "baseline": "the first upload of the same file", "baseline_s": round(first_s),
            "ratio": round(put_s / first_s),
            "server_memory_growth_kib": self.server.memory_kib("VmHWM")?.saturating_sub(idle.0),
            "engine_memory_growth_kib": memory_kib(person.engine()?, "VmHWM")?.saturating_sub(idle.1),
        }))
    }

    /// Which connection is the chat's: the one over which a message goes.
    fn socket(&self, person: &Person, room: &str) -> anyhow::Result<usize> {
        let before = self.proxy.connections();
        person.ask(&["send", room, "hello"])?;
        let deadline = Instant::now() + std::time::Duration::from_secs(10);
        loop {
            let now = self.proxy.connections();
            let of = |all: &[Moved], at: usize| all.get(at).map_or(0, |moved| moved.up);
            if let Some(socket) = (0..now.len()).find(|at| of(&now, *at) > of(&before, *at)) {
                return Ok(socket);
            }
            ensure!(Instant::now() < deadline, "no message went over the socket");
            std::thread::yield_now();
        }
    }

    /// What all connections but the chat's have exchanged since, oldest first.
    fn exchanged(&self, since: Instant, socket: usize) -> Vec<Exchanged> {
        let all = self.proxy.connections().into_iter().enumerate().filter(|(at, _)| *at != socket);
        let mut all: Vec<Exchange> = all.flat_map(|(_, moved)| moved.exchanges).collect();
        all.retain(|exchange| exchange.begun >= since);
        all.sort_by_key(|exchange| exchange.begun);
        all.into_iter().map(|exchange| (exchange.up, exchange.down)).collect()
    }
}

fn bytes(exchanged: &[Exchanged]) -> u64 {
    exchanged.iter().map(|(up, down)| up + down).sum()
}

/// Seconds that hashing takes which nobody is spared.
type Hashing = fn(&Path) -> anyhow::Result<f64>;

/// SHA-256 of the file.
fn hashing(path: &Path) -> anyhow::Result<f64> {
    let began = Instant::now();
    sha256(path)?;
    Ok(began.elapsed().as_secs_f64())
}

/// SHA-256 of the file, and the proof of holding it.
fn hashing_twice(path: &Path) -> anyhow::Result<f64> {
    Ok(hashing(path)? + proving(path)?)
}

/// Seconds that the proof of holding it takes.
fn proving(path: &Path) -> anyhow::Result<f64> {
    let began = Instant::now();
    let mut hasher = blake3::Hasher::new_keyed(&[7; 32]);
    let mut file = std::fs::File::open(path)?;
    let mut piece = vec![0; 256 * 1024];
    loop {
        match std::io::Read::read(&mut file, &mut piece)? {
            0 => break,
            read => drop(hasher.update(piece.get(..read).context("a piece")?)),
        }
    }
    std::hint::black_box(hasher.finalize());
    Ok(began.elapsed().as_secs_f64())
}
