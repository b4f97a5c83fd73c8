//! The socket to the messenger as bytes: dialled, sent, received. It refuses to know what the frames mean; their life is
//! `engine::session`.

mod dial;

use super::Net;
use bytes::Bytes;
use dial::Stream;
use futures_util::{FutureExt, SinkExt, StreamExt};
use pod_shared::{ErrorBody, ErrorCode};
use tokio_tungstenite::tungstenite::{self, Message};

/// An upgraded socket.
pub(crate) struct Socket {
    stream: Stream,
}

/// What came.
pub(crate) enum Came {
    /// The bytes of a frame.
    Frame(Bytes),
    /// A ping, a pong, or what a newer server sends: the line lives.
    Alive,
}

impl Socket {
    /// Connects with a token for the messenger.
    pub(crate) async fn dial(net: &Net) -> Result<Self, ErrorBody> {
        dial::dial(net).await.map(|stream| Self { stream })
    }

    /// Sends the bytes of a frame.
    pub(crate) async fn send(&mut self, frame: Vec<u8>) -> Result<(), ErrorBody> {
        self.write(Message::Binary(frame.into())).await
    }

    /// Asks the other side for a sign of life.
    pub(crate) async fn ping(&mut self) -> Result<(), ErrorBody> {
        self.write(Message::Ping(Bytes::new())).await
    }

    /// What comes next. Giving it up midway loses nothing.
    pub(crate) async fn next(&mut self) -> Result<Came, ErrorBody> {
        let message = self.stream.next().await;
        message.map_or_else(|| Err(closed()), came)
    }

    /// What has come already; nothing: the next is not here yet.
    pub(crate) fn ready(&mut self) -> Option<Result<Came, ErrorBody>> {
        let message = self.stream.next().now_or_never()?;
        Some(message.map_or_else(|| Err(closed()), came))
    }

    async fn write(&mut self, message: Message) -> Result<(), ErrorBody> {
        self.stream.send(message).await.map_err(|error| dial::broken(&error))
    }
}

fn came(message: Result<Message, tungstenite::Error>) -> Result<Came, ErrorBody> {
    match message.map_err(|error| dial::broken(&error))? {
        Message::Binary(bytes) => Ok(Came::Frame(bytes)),
        Message::Text(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Ok(Came::Alive),
        Message::Close(_) => Err(closed()),
    }
}

fn closed() -> ErrorBody {
    ErrorBody::new(ErrorCode::Offline, "the server closed the connection")
}
