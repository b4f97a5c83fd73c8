//! The baseline of the fan-out: a bare TCP server of its own that copies what one connection sends to all others.
//!
//! No history, no rights, no framing to speak of: what any server must at least do for a delivery. It gets the same two
//! threads as the messenger. It writes each message to each receiver by itself, as a server without a queue does, or, as
//! the harder baseline, whatever came in one read at once.

use crate::host::Process;
use anyhow::{Context, ensure};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// Makes this program the baseline server.
pub(crate) const SERVER_ARGUMENT: &str = "raw-server";

/// How the baseline writes.
#[derive(Clone, Copy)]
pub(crate) enum Writes {
    /// One write for each message and receiver.
    Each,
    /// One write for all that came in one read of 64 KiB.
    Batched,
}

/// Batches that wait for one receiver.
const QUEUE_MAX: usize = 64;

/// Runs the baseline server until killed: the first connection sends, all others receive; the first byte of each says
/// which it is.
///
/// `bytes` is what it writes at once; nothing: all that came.
pub(crate) fn serve(bytes: Option<usize>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        announce(&listener.local_addr()?.to_string());
        let mut receivers: Vec<mpsc::Sender<Arc<[u8]>>> = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            if stream.read_u8().await? == b'r' {
                let (queue, mut batches) = mpsc::channel::<Arc<[u8]>>(QUEUE_MAX);
                receivers.push(queue);
                tokio::spawn(async move {
                    // Ready: the sender waits for this byte of each receiver.
                    stream.write_all(b".").await?;
                    while let Some(batch) = batches.recv().await {
                        stream.write_all(&batch).await?;
                    }
                    anyhow::Ok(())
                });
            } else {
                copy_to_all(stream, &receivers, bytes).await?;
            }
        }
    })
}

#[expect(clippy::print_stdout, reason = "the first line says where it listens, as pod-server's does")]
fn announce(address: &str) {
    println!("{address}");
}

async fn copy_to_all(
    mut sender: TcpStream,
    receivers: &[mpsc::Sender<Arc<[u8]>>],
    bytes: Option<usize>,
) -> anyhow::Result<()> {
    let mut buffer = vec![0_u8; 64 * 1024];
    loop {
        let read = sender.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        let came = buffer.get(..read).unwrap_or_default();
        for batch in came.chunks(bytes.unwrap_or(read)) {
            let batch: Arc<[u8]> = batch.into();
            for receiver in receivers {
                let _ = receiver.send(Arc::clone(&batch)).await;
            }
        }
        // What the messenger's sender gets: its own messages back, which opens the window for the next ones.
        sender.write_all(buffer.get(..read).unwrap_or_default()).await?;
    }
}

/// Sends `messages` of `bytes` each with at most `window` unanswered to `receivers`; the time until all have all.
pub(crate) async fn fan_out(
    writes: Writes,
    receivers: usize,
    messages: usize,
    bytes: usize,
    window: usize,
) -> anyhow::Result<f64> {
    let at_once = match writes {
        Writes::Each => bytes.to_string(),
        Writes::Batched => String::new(),
    };
    let server = Process::itself(&[SERVER_ARGUMENT, &at_once])?;
    let mut counting = Vec::new();
    for _ in 0..receivers {
        let mut stream = TcpStream::connect(&server.address).await?;
        stream.set_nodelay(true)?;
        stream.write_all(b"r").await?;
        ensure!(stream.read_u8().await? == b'.', "not the baseline server");
        counting.push(tokio::spawn(async move {
            let mut buffer = vec![0_u8; 256 * 1024];
            let mut left = messages * bytes;
            while left > 0 {
                let read = stream.read(&mut buffer).await?;
                ensure!(read > 0, "the baseline server closed the connection");
                left = left.saturating_sub(read);
            }
            anyhow::Ok(())
        }));
    }
    let mut sender = TcpStream::connect(&server.address).await?;
    sender.set_nodelay(true)?;
    sender.write_all(b"s").await?;
    let started = std::time::Instant::now();
    let (mut sent, mut answered) = (0, 0);
    let message = vec![7_u8; bytes * window];
    let mut buffer = vec![0_u8; 64 * 1024];
    while answered < messages * bytes {
        let room = (window - (sent - answered / bytes)).min(messages - sent);
        sender.write_all(message.get(..room * bytes).context("window")?).await?;
        sent += room;
        answered += sender.read(&mut buffer).await?;
    }
    for receiver in counting {
        receiver.await??;
    }
    Ok(started.elapsed().as_secs_f64())
}
