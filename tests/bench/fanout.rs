//! Fan-out in one room of 100 receivers with history stored, against a raw TCP fan-out.

use crate::account::{Account, people};
use crate::host::Process;
use crate::raw::{self, Writes};
use crate::report::{line, median, round};
use crate::socket::{Socket, count_frames};
use anyhow::{Context, bail};
use pod_shared::envelope::Envelope;
use pod_shared::socket::{ClientFrame, SendMessage, ServerFrame};
use pod_shared::{MessageId, RoomId};
use serde_json::json;
use uuid::Uuid;

const RECEIVERS: usize = 100;
const MESSAGES: usize = 20_000;
/// Messages on their way that the server has not accepted yet.
const WINDOW: usize = 1_024;
const RUNS: usize = 3;
const TEXT: &str = "The council needs the permit letter by noon, and the poster is up too, print size.";
/// An event with `TEXT` is larger than this; other frames of the run are smaller.
const EVENT_BYTES_MIN: usize = 150;

/// Runs both, alternating, and reports the medians.
pub(crate) async fn run() -> anyhow::Result<()> {
    let server = Process::pod_server()?;
    let people = people(&server.address, RECEIVERS + 1).await?;
    let (sender, receivers) = people.split_first().context("nobody")?;
    let room = sender.room(receivers.iter().map(|person| person.id).collect()).await?;
    #[expect(clippy::cast_precision_loss, reason = "a count of deliveries")]
    let deliveries = (RECEIVERS * MESSAGES) as f64;
    let (mut raw_us, mut batched_us, mut pod_us, mut pod_cpu_us) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        for (writes, times) in [(Writes::Each, &mut raw_us), (Writes::Batched, &mut batched_us)] {
            let took = raw::fan_out(writes, RECEIVERS, MESSAGES, EVENT_BYTES_MIN + 40, WINDOW).await?;
            times.push(took * 1e6 / deliveries);
        }
        let cpu = server.cpu_s()?;
        pod_us.push(deliver(sender, receivers, room).await? * 1e6 / deliveries);
        pod_cpu_us.push((server.cpu_s()? - cpu) * 1e6 / deliveries);
    }
    let (raw_us, batched_us) = (median(&mut raw_us), median(&mut batched_us));
    let (pod_us, cpu_us) = (median(&mut pod_us), median(&mut pod_cpu_us));
    line(
        "fanout",
        json!({
            "receivers": RECEIVERS, "messages": MESSAGES, "runs": RUNS,
            "pod_us_per_delivery": round(pod_us), "pod_deliveries_per_s": (1e6 / pod_us).round(),
            "pod_server_cpu_us_per_delivery": round(cpu_us),
            "baseline": "raw-tcp-fanout", "baseline_us_per_delivery": round(raw_us),
            "baseline_counts": raw_us <= 5.0, "ratio": round(pod_us / raw_us),
            "batched_baseline": "raw-tcp-fanout-64KiB-writes", "batched_baseline_us_per_delivery": round(batched_us),
            "batched_ratio": round(pod_us / batched_us),
        }),
    );
    Ok(())
}

/// Sends all messages once; the time until every receiver has every one, in seconds.
async fn deliver(sender: &Account, receivers: &[Account], room: RoomId) -> anyhow::Result<f64> {
    let mut counting = Vec::new();
    for receiver in receivers {
        let stream = Socket::open(receiver).await?.into_stream();
        counting.push(tokio::spawn(count_frames(stream, MESSAGES, EVENT_BYTES_MIN)));
    }
    let mut socket = Socket::open(sender).await?;
    let body = Envelope::text(TEXT).seal()?;
    let started = std::time::Instant::now();
    let (mut sent, mut accepted) = (0, 0);
    while accepted < MESSAGES {
        while sent < MESSAGES && sent - accepted < WINDOW {
            let message =
                SendMessage { id: MessageId(Uuid::now_v7()), room, body: body.clone(), about: None };
            socket.feed(&ClientFrame::Send(message)).await?;
            sent += 1;
        }
        socket.flush().await?;
        let frame = socket.next().await?;
        if let ServerFrame::Accepted { .. } = frame {
            accepted += 1;
        } else if let ServerFrame::Refused { error, .. } | ServerFrame::Bye { error } = frame {
            bail!(error);
        }
    }
    for receiver in counting {
        receiver.await??;
    }
    Ok(started.elapsed().as_secs_f64())
}
