//! An upload of 1 GiB that is cut at half, on the way through a proxy: the bytes that are sent again, by the whole pod
//! and, as baseline, by tus-js-client to `@tus/server`.

use crate::host::{Process, count_peak, disk, memory_kib};
use crate::person::Person;
use crate::report::{line, median, round};
use crate::tus;
use crate::upload::{BYTES, Source};
use anyhow::Context;
use pod_tests::Proxy;
use pod_tests::proxy::Weather;
use serde_json::json;
use std::time::Instant;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

const RUNS: usize = 3;
/// What a cut may cost, beside what sat in the buffers of sockets: the aim.
const AGAIN_MAX: u64 = 1 << 20;

/// Runs both, alternating, and reports the worst and the median.
pub(crate) async fn run() -> anyhow::Result<()> {
    let mut source = Source::new(BYTES)?;
    let folder = tempfile::tempdir_in(disk()?)?;
    let (server, reference) = (Process::pod_server()?, tus::server()?);
    let (way, other_way) = (Proxy::start().await, Proxy::start().await);
    way.lead_to(server.address.trim_start_matches("http://").parse()?);
    let (host, path) = at(&reference.address)?;
    other_way.lead_to(host.parse()?);
    let mut amy = Person::sign_up(&way.url(), "amy", None, folder.path())?;
    amy.open().await?;
    let room = amy.made(&["rooms", "create", "Attic"])?;
    let idle = (server.count_peak()?, count_peak(amy.engine()?)?);
    let (mut ours, mut theirs) = (Sent::default(), Sent::default());
    for run in 0..RUNS {
        source.change(run as u64)?;
        ours.add(cut(&way, || amy.put(&room, &source.path))?);
        server.rests().await?;
        let endpoint = format!("{}{path}", other_way.url());
        theirs.add(cut(&other_way, || Ok(tus::upload(&endpoint, &source.path)?.took_s))?);
        tus::sync_and_clear(&reference, BYTES)?;
    }
    line(
        "cut",
        json!({
            "bytes": BYTES, "cut_after": BYTES / 2, "runs": RUNS,
            "sent_again_bytes": ours.again(), "sent_again_bytes_most": ours.most(), "sent_again_aim": AGAIN_MAX,
            "took_s": round(median(&mut ours.took)),
            "baseline": "@tus/server, tus-js-client",
            "baseline_sent_again_bytes": theirs.again(), "baseline_sent_again_bytes_most": theirs.most(),
            "baseline_took_s": round(median(&mut theirs.took)),
            "server_memory_growth_kib": server.memory_kib("VmHWM")?.saturating_sub(idle.0),
            "engine_memory_growth_kib": memory_kib(amy.engine()?, "VmHWM")?.saturating_sub(idle.1),
        }),
    );
    Ok(())
}

/// What the runs of one side came to.
#[derive(Default)]
struct Sent {
    again: Vec<u64>,
    took: Vec<f64>,
}

impl Sent {
    fn add(&mut self, (again, took): (u64, f64)) {
        self.again.push(again);
        self.took.push(took);
        self.again.sort_unstable();
    }

    fn again(&self) -> Option<u64> {
        self.again.get(self.again.len() / 2).copied()
    }

    fn most(&self) -> Option<u64> {
        self.again.last().copied()
    }
}

/// Uploads while the way is cut after half of it, and is there again at once; gives what went up beyond the file (the
/// words of the requests with it), and how long it took.
fn cut(way: &Proxy, upload: impl FnOnce() -> anyhow::Result<f64> + Send) -> anyhow::Result<(u64, f64)> {
    let before = way.bytes_up();
    way.set(Weather::CutAfterUp(BYTES / 2));
    let (began, runtime) = (Instant::now(), Handle::current());
    let waits = || {
        std::thread::scope(|scope| {
            let (done, ended) = oneshot::channel::<()>();
            let uploading = scope.spawn(move || {
                let _done = done;
                upload()
            });
            runtime.block_on(async {
                tokio::select! {
                    () = way.cut_comes() => {}
                    _ = ended => {}
                }
            });
            way.set(Weather::Fair);
            uploading.join().map_err(|_| anyhow::anyhow!("the upload panicked"))?
        })
    };
    tokio::task::block_in_place(waits)?;
    let took = began.elapsed().as_secs_f64();
    Ok((way.bytes_up().saturating_sub(before + BYTES), took))
}

/// Host and path of an address.
fn at(url: &str) -> anyhow::Result<(String, String)> {
    let (host, path) = url.trim_start_matches("http://").split_once('/').context("no path")?;
    Ok((host.to_owned(), format!("/{path}")))
}
