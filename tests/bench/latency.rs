//! Chat latency while 1 GiB uploads, against idle (S3).

use crate::account::{Account, people};
use crate::host::Process;
use crate::report::{line, median, round};
use crate::socket::Socket;
use crate::upload::{BYTES, Source, send};
use anyhow::Context;
use pod_shared::envelope::Envelope;
use pod_shared::socket::{ClientFrame, EventKind, SendMessage, ServerFrame};
use pod_shared::{MessageId, RoomId};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

const SAMPLES: usize = 200;
/// Between two messages of one person who writes fast.
const EVERY: Duration = Duration::from_millis(10);

/// Measures idle, then while a file goes up.
pub(crate) async fn run() -> anyhow::Result<()> {
    let server = Process::pod_server()?;
    let people = people(&server.address, 2).await?;
    let (alice, bob) = (people.first().context("nobody")?, people.get(1).context("nobody")?);
    let room = alice.room(vec![bob.id]).await?;
    let source = Source::new(BYTES)?;
    let mut idle = samples(alice, bob, room, &|sent| sent >= SAMPLES).await?;

    let done = Arc::new(AtomicBool::new(false));
    let upload = {
        let (alice, done) = (alice.clone(), Arc::clone(&done));
        tokio::spawn(async move {
            let mut took = Ok(0.0);
            for run in 0..3 {
                took = send(&source, &alice, room, &format!("under load {run}.bin")).await;
                if took.is_err() {
                    break;
                }
            }
            done.store(true, Ordering::Release);
            took
        })
    };
    let mut loaded = samples(alice, bob, room, &|_| done.load(Ordering::Acquire)).await?;
    upload.await??;

    let loaded_samples = loaded.len();
    let (idle_ms, loaded_ms) = (median(&mut idle), median(&mut loaded));
    let p95 = |sorted: &[f64]| sorted.get(sorted.len() * 95 / 100).copied().unwrap_or(f64::NAN);
    line(
        "latency",
        json!({
            "samples": loaded_samples, "uploading_ms": round(loaded_ms), "uploading_p95_ms": round(p95(&loaded)),
            "baseline": "idle", "baseline_ms": round(idle_ms), "baseline_p95_ms": round(p95(&idle)),
            "ratio": round(loaded_ms / idle_ms),
        }),
    );
    Ok(())
}

/// Times from sending to receiving, in milliseconds, until `enough`.
async fn samples(
    alice: &Account,
    bob: &Account,
    room: RoomId,
    enough: &(dyn Fn(usize) -> bool + Sync),
) -> anyhow::Result<Vec<f64>> {
    let mut from = Socket::open(alice).await?;
    let mut to = Socket::open(bob).await?;
    let body = Envelope::text("How is the permit letter coming along?").seal()?;
    let mut times = Vec::new();
    let mut beat = tokio::time::interval(EVERY);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while !enough(times.len()) {
        beat.tick().await;
        let id = MessageId(Uuid::now_v7());
        let sent = Instant::now();
        from.send(&ClientFrame::Send(SendMessage { id, room, body: body.clone(), about: None })).await?;
        loop {
            if let ServerFrame::Event(event) = to.next().await?
                && matches!(event.kind, EventKind::Message { id: got, .. } if got == id)
            {
                break;
            }
        }
        times.push(sent.elapsed().as_secs_f64() * 1e3);
        // The sender reads its own answers, else it would become a slow consumer.
        loop {
            if matches!(from.next().await?, ServerFrame::Accepted { id: got, .. } if got == id) {
                break;
            }
        }
    }
    Ok(times)
}
