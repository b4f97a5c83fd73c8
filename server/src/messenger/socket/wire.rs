//! One WebSocket: frames in, frames out, several in one write, and a goodbye. Small buffers: an idle connection costs
//! little. Every wait ends when the connection is interrupted or nothing moves for too long.

use super::{End, Interrupt};
use crate::messenger::teller;
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use pod_shared::limits::CLIENT_FRAME_BYTES_MAX;
use pod_shared::socket::ServerFrame;
use pod_shared::{ErrorBody, ErrorCode};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

/// What one read takes from the kernel.
const READ_BUFFER_BYTES: usize = 4 * 1024;
/// Bytes gathered for one write.
const WRITE_BUFFER_BYTES: usize = 32 * 1024;
/// Time for a goodbye to get through.
const BYE: Duration = Duration::from_secs(5);
/// What is still read after a goodbye, so that closing does not destroy it on its way.
const LINGER_BYTES_MAX: usize = 4 * 1024 * 1024;

pub(super) struct Wire {
    socket: WebSocketStream<TokioIo<Upgraded>>,
    interrupt: Interrupt,
    silence: Duration,
    /// When the other side was last heard.
    pub(super) heard: Instant,
}

/// What came in.
pub(super) enum Incoming {
    /// A frame.
    Frame(Bytes),
    /// A sign of life.
    Alive,
}

impl Wire {
    pub(super) async fn new(stream: TokioIo<Upgraded>, interrupt: Interrupt, silence: Duration) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(WRITE_BUFFER_BYTES)
            .max_message_size(Some(CLIENT_FRAME_BYTES_MAX))
            .max_frame_size(Some(CLIENT_FRAME_BYTES_MAX));
        let socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
        Self { socket, interrupt, silence, heard: Instant::now() }
    }

    /// The next frame or sign of life. May be dropped while it waits.
    pub(super) async fn next(&mut self) -> Result<Incoming, End> {
        let message = tokio::select! {
            message = self.socket.next() => message,
            error = &mut self.interrupt => return Err(End::Bye(error)),
        };
        self.heard = Instant::now();
        match message {
            Some(Ok(Message::Binary(bytes))) => Ok(Incoming::Frame(bytes)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(Incoming::Alive),
            Some(Ok(Message::Text(_))) => Err(End::bye(ErrorCode::BadRequest, "frames are binary messages")),
            Some(Err(Error::Capacity(_))) => Err(End::bye(ErrorCode::TooLarge, "the frame is too large")),
            Some(Err(Error::Protocol(_) | Error::Utf8(_) | Error::AttackAttempt)) => {
                Err(End::bye(ErrorCode::BadRequest, "this is not the WebSocket protocol"))
            }
            Some(Ok(Message::Close(_) | Message::Frame(_)) | Err(_)) | None => Err(End::Gone),
        }
    }

    /// Writes frames, all in as few writes as they need.
    pub(super) async fn write(&mut self, frames: impl Iterator<Item = Bytes> + Send) -> Result<(), End> {
        self.write_messages(frames.map(Message::Binary)).await
    }

    pub(super) async fn ping(&mut self) -> Result<(), End> {
        self.write_messages(std::iter::once(Message::Ping(Bytes::new()))).await
    }

    async fn write_messages(&mut self, messages: impl Iterator<Item = Message> + Send) -> Result<(), End> {
        let Self { socket, interrupt, silence, .. } = self;
        let written = async {
            for message in messages {
                socket.feed(message).await?;
            }
            socket.flush().await
        };
        tokio::select! {
            written = written => written.map_err(|_| End::Gone),
            error = interrupt => Err(End::Bye(error)),
            () = tokio::time::sleep(*silence) => Err(End::Gone),
        }
    }

    /// Says why it ends, closes, and reads on for a moment: bytes that nobody reads would reset the connection and
    /// destroy what was said.
    pub(super) async fn say_bye(mut self, error: ErrorBody) {
        let Some(bytes) = teller::encode(&ServerFrame::Bye { error }) else { return };
        let goodbye = async {
            self.socket.feed(Message::Binary(bytes)).await?;
            self.socket.close(None).await?;
            let mut scratch = [0; 1024];
            let mut left = LINGER_BYTES_MAX;
            while left > 0 {
                match self.socket.get_mut().read(&mut scratch).await? {
                    0 => break,
                    read => left = left.saturating_sub(read),
                }
            }
            Ok::<_, Error>(())
        };
        // It is the last attempt: the other side may be gone already.
        let _ = tokio::time::timeout(BYE, goodbye).await;
    }
}
