//! A way to a server that keeps what went over it: every byte, in which direction and when. Who reads it afterwards knows
//! where authentication ended.

use anyhow::Context;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

/// What came at once.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    pub(super) at: Instant,
    pub(super) way: Way,
    pub(super) bytes: Vec<u8>,
}

/// One connection.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) opened: Instant,
    pub(super) chunks: Vec<Chunk>,
}

type Lines = Arc<Mutex<Vec<Arc<Mutex<Line>>>>>;

/// The way; it ends with this value, and its connections with their ends.
pub(super) struct Tap {
    address: SocketAddr,
    lines: Lines,
    accept: JoinHandle<()>,
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.accept.abort();
    }
}

impl Tap {
    /// Leads to this address (`HOST:PORT`, with or without `http://`).
    pub(super) async fn to(target: &str) -> anyhow::Result<Self> {
        let target: SocketAddr = target.trim_start_matches("http://").parse().context("no address")?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let (address, lines) = (listener.local_addr()?, Lines::default());
        let accept = tokio::spawn(accept(listener, target, Arc::clone(&lines)));
        Ok(Self { address, lines, accept })
    }

    /// Where clients go, `HOST:PORT`.
    pub(super) fn address(&self) -> String {
        self.address.to_string()
    }

    /// The connections since the last [`Tap::forget`], as far as they are.
    pub(super) fn lines(&self) -> Vec<Line> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(|line| line.lock().unwrap_or_else(PoisonError::into_inner).clone()).collect()
    }

    /// Forgets what went over it.
    pub(super) fn forget(&self) {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

async fn accept(listener: TcpListener, target: SocketAddr, lines: Lines) {
    while let Ok((client, _)) = listener.accept().await {
        let line = Arc::new(Mutex::new(Line { opened: Instant::now(), chunks: Vec::new() }));
        lines.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&line));
        tokio::spawn(async move {
            let Ok(server) = TcpStream::connect(target).await else { return };
            let _ = (client.set_nodelay(true), server.set_nodelay(true));
            let ((client_in, client_out), (server_in, server_out)) =
                (client.into_split(), server.into_split());
            tokio::join!(
                carry(client_in, server_out, &line, Way::Up),
                carry(server_in, client_out, &line, Way::Down)
            );
        });
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, line: &Mutex<Line>, way: Way) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let Some(bytes) = buffer.get(..read) else { break };
        if to.write_all(bytes).await.is_err() {
            break;
        }
        let chunk = Chunk { at: Instant::now(), way, bytes: bytes.to_vec() };
        line.lock().unwrap_or_else(PoisonError::into_inner).chunks.push(chunk);
    }
    // The other end may be gone already.
    let _ = to.shutdown().await;
}
