//! A device's socket, as plain as it can be: a benchmark measures the server, so the receiving end must cost little.

use crate::account::Account;
use anyhow::{Context, bail, ensure};
use futures_util::{SinkExt, StreamExt};
use pod_shared::auth::Audience;
use pod_shared::socket::{Answer, ClientFrame, ClientHello, Request, ServerFrame};
use pod_shared::wire::{self, Decoded};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;

/// A socket that is through its first sync.
pub(crate) struct Socket {
    inner: WebSocketStream<TcpStream>,
    requests: u64,
}

impl Socket {
    /// Connects, greets, and takes the first sync.
    pub(crate) async fn open(account: &Account) -> anyhow::Result<Self> {
        Self::open_with(account, &|_| ()).await
    }

    /// As [`Socket::open`]; gives away what the sync brings.
    pub(crate) async fn open_with(account: &Account, part: &impl Fn(ServerFrame)) -> anyhow::Result<Self> {
        let token = account.token(Audience::Messenger).await?;
        let authority = account.server.strip_prefix("http://").context("a plain server")?;
        let mut request = format!("ws://{authority}/v1/socket").into_client_request()?;
        request.headers_mut().insert("authorization", HeaderValue::from_str(&format!("Bearer {token}"))?);
        let stream = TcpStream::connect(authority).await?;
        stream.set_nodelay(true)?;
        let (inner, _) = tokio_tungstenite::client_async(request, stream).await?;
        let mut socket = Self { inner, requests: 0 };
        let hello = ClientHello {
            capabilities: pod_shared::capability::ALL.iter().map(ToString::to_string).collect(),
            client: "pod-bench".into(),
            device: account.device,
            key: None,
        };
        socket.send(&ClientFrame::Hello(hello)).await?;
        loop {
            let frame = socket.next().await?;
            if let ServerFrame::SyncEnd { key, .. } = frame {
                socket.send(&ClientFrame::Applied { txn: key.txn }).await?;
                return Ok(socket);
            }
            part(frame);
        }
    }

    /// Sends one frame at once.
    pub(crate) async fn send(&mut self, frame: &ClientFrame) -> anyhow::Result<()> {
        Ok(self.inner.send(Message::binary(wire::encode(frame)?)).await?)
    }

    /// Puts one frame into the buffer; [`Socket::flush`] sends it.
    pub(crate) async fn feed(&mut self, frame: &ClientFrame) -> anyhow::Result<()> {
        Ok(self.inner.feed(Message::binary(wire::encode(frame)?)).await?)
    }

    /// Sends what was fed.
    pub(crate) async fn flush(&mut self) -> anyhow::Result<()> {
        Ok(self.inner.flush().await?)
    }

    /// The next frame of the messenger.
    pub(crate) async fn next(&mut self) -> anyhow::Result<ServerFrame> {
        loop {
            let message = self.inner.next().await.context("the server closed the socket")??;
            if let Message::Binary(bytes) = message
                && let Decoded::Known(frame) = wire::decode_frame(&bytes)?
            {
                return Ok(frame);
            }
        }
    }

    /// Asks and waits for the answer; frames in between are skipped.
    pub(crate) async fn request(&mut self, body: Request) -> anyhow::Result<Answer> {
        self.requests += 1;
        let asked = self.requests;
        self.send(&ClientFrame::Request { request: asked, body }).await?;
        loop {
            if let ServerFrame::Answer { request, result } = self.next().await?
                && request == asked
            {
                return Ok(result?);
            }
        }
    }

    /// The bare stream, to count frames with [`count_frames`].
    pub(crate) fn into_stream(self) -> TcpStream {
        self.inner.into_inner()
    }
}

/// Reads until `wanted` data frames of more than `bytes_min` bytes came; answers pings. Never looks into a frame.
pub(crate) async fn count_frames(
    mut stream: TcpStream,
    wanted: usize,
    bytes_min: usize,
) -> anyhow::Result<()> {
    let mut buffer = vec![0_u8; 256 * 1024];
    let (mut filled, mut seen) = (0, 0);
    while seen < wanted {
        let read = stream.read(buffer.get_mut(filled..).context("a frame larger than the buffer")?).await?;
        ensure!(read > 0, "the server closed the socket after {seen} of {wanted} frames");
        filled += read;
        let mut start = 0;
        while let Some((opcode, head, length)) = frame_at(buffer.get(start..filled).unwrap_or_default()) {
            match opcode {
                2 if length >= bytes_min => seen += 1,
                // A pong with the all-zero mask and no payload answers any ping well enough.
                9 => stream.write_all(&[0x8a, 0x80, 0, 0, 0, 0]).await?,
                8 => bail!("the server said goodbye after {seen} of {wanted} frames"),
                _ => {}
            }
            start += head + length;
        }
        buffer.copy_within(start..filled, 0);
        filled -= start;
    }
    Ok(())
}

/// Opcode, bytes of the header and of the payload of the whole frame at the beginning of `bytes`.
fn frame_at(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let opcode = bytes.first()? & 0x0f;
    let (head, length) = match *bytes.get(1)? {
        short @ 0..126 => (2, usize::from(short)),
        126 => (4, usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]))),
        _ => {
            let long: [u8; 8] = bytes.get(2..10)?.try_into().ok()?;
            (10, usize::try_from(u64::from_be_bytes(long)).ok()?)
        }
    };
    (bytes.len() >= head + length).then_some((opcode, head, length))
}
