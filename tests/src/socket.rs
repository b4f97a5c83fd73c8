//! A device's socket without a pod: frames as they are, well formed or not.

use crate::device::Device;
use crate::wait;
use futures_util::{SinkExt, StreamExt};
use pod_shared::bytes::ByteString;
use pod_shared::offer::{OfferRequest, OfferState};
use pod_shared::socket::{
    About, Answer, ClientFrame, ClientHello, Request, SendMessage, ServerFrame, ServerHello,
};
use pod_shared::sync::{RoomDelta, SyncKey, SyncKind};
use pod_shared::wire::{self, Decoded};
use pod_shared::{ErrorBody, MessageId, OfferId, RoomId, capability};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use uuid::Uuid;

/// The socket.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    requests: u64,
}

/// How a connection began.
pub struct Greeted {
    /// What the server said first.
    pub hello: ServerHello,
    /// What the sync was.
    pub kind: SyncKind,
    /// What it brought.
    pub rooms: Vec<RoomDelta>,
    /// What it told of offers.
    pub offers: Vec<OfferState>,
    /// Rooms in its largest part.
    pub rooms_per_part: usize,
    /// The new key.
    pub key: SyncKey,
}

/// Why a socket gave no further frame.
#[derive(Debug)]
pub struct Closed {
    /// What the server said before.
    pub said: Option<ErrorBody>,
}

impl Socket {
    /// Opens the connection, and says nothing yet.
    ///
    /// # Errors
    /// What the server answered to the upgrade.
    pub async fn connect(device: &Device, token: &str) -> Result<Self, Box<Error>> {
        let authority = device.server().trim_start_matches("http://");
        let mut request =
            format!("ws://{authority}/v1/socket").into_client_request().expect("the address is one");
        let bearer = HeaderValue::from_str(&format!("Bearer {token}")).expect("a token is text");
        request.headers_mut().insert("authorization", bearer);
        let stream = TcpStream::connect(authority).await.expect("the server listens");
        let connect = tokio_tungstenite::client_async(request, stream);
        let (stream, _) = wait::soon("the upgrade to a socket", connect).await.map_err(Box::new)?;
        Ok(Self { stream, requests: 0 })
    }

    /// Opens the connection, greets with a key or without, and takes the sync.
    pub async fn open(device: &Device, key: Option<SyncKey>) -> (Self, Greeted) {
        let mut socket =
            Self::connect(device, &device.messenger_token).await.expect("the server takes the socket");
        socket.send(&ClientFrame::Hello(hello(device, key))).await;
        let mut hello = None;
        let (mut rooms, mut offers, mut rooms_per_part) = (Vec::new(), Vec::new(), 0);
        loop {
            match socket.next().await.expect("the greeting is answered") {
                ServerFrame::Hello(said) => hello = Some(said),
                ServerFrame::SyncPart { rooms: part } => {
                    rooms_per_part = rooms_per_part.max(part.len());
                    rooms.extend(part);
                }
                ServerFrame::SyncOffers { offers: part, .. } => offers.extend(part),
                ServerFrame::SyncPeople { .. }
                | ServerFrame::SyncProfiles(_)
                | ServerFrame::SyncPresences(_)
                | ServerFrame::SyncSettings { .. } => {}
                ServerFrame::SyncEnd { kind, key } => {
                    let hello = hello.expect("the server says hello before the sync");
                    return (socket, Greeted { hello, kind, rooms, offers, rooms_per_part, key });
                }
                other => panic!("{other:?} in the middle of a sync"),
            }
        }
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: &ClientFrame) {
        self.send_bytes(wire::encode(frame).expect("a frame can be encoded")).await;
    }

    /// Sends anything as if it were a frame. The server may have closed meanwhile: the next frame tells.
    pub async fn send_bytes(&mut self, bytes: Vec<u8>) {
        let _ = self.stream.send(Message::binary(bytes)).await;
    }

    /// Sends a text message, which no frame is.
    pub async fn send_text(&mut self, text: &str) {
        let _ = self.stream.send(Message::text(text)).await;
    }

    /// The next frame.
    ///
    /// # Errors
    /// When the server closed the socket.
    pub async fn next(&mut self) -> Result<ServerFrame, Closed> {
        wait::soon("a frame of the server", self.next_ever()).await
    }

    async fn next_ever(&mut self) -> Result<ServerFrame, Closed> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Binary(bytes))) => match wire::decode_frame(&bytes) {
                    Ok(Decoded::Known(ServerFrame::Bye { error })) => {
                        return Err(Closed { said: Some(error) });
                    }
                    Ok(Decoded::Known(frame)) => return Ok(frame),
                    Ok(Decoded::Unknown) => {}
                    Err(error) => panic!("the server sent a broken frame: {error}"),
                },
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(Closed { said: None }),
            }
        }
    }

    /// The first frame that fits; others are skipped.
    pub async fn next_where<T>(&mut self, what: &str, fits: impl Fn(ServerFrame) -> Option<T>) -> T {
        let search = async {
            loop {
                let frame = self.next_ever().await;
                let frame = frame.unwrap_or_else(|closed| panic!("closed before {what}: {:?}", closed.said));
                if let Some(found) = fits(frame) {
                    return found;
                }
            }
        };
        wait::soon(what, search).await
    }

    /// Waits until the server closes the socket, and gives what it said before.
    pub async fn closed(&mut self) -> Option<ErrorBody> {
        let search = async {
            loop {
                if let Err(closed) = self.next_ever().await {
                    return closed.said;
                }
            }
        };
        wait::soon("the server to close the socket", search).await
    }

    /// Asks and waits for the answer; other frames are skipped.
    ///
    /// # Errors
    /// The refusal.
    pub async fn ask(&mut self, body: Request) -> Result<Answer, ErrorBody> {
        self.requests += 1;
        let asked = self.requests;
        self.send(&ClientFrame::Request { request: asked, body }).await;
        let answer = |frame| match frame {
            ServerFrame::Answer { request, result } if request == asked => Some(result),
            _ => None,
        };
        self.next_where("the answer to a request", answer).await
    }

    /// Asks something about an offer.
    ///
    /// # Errors
    /// The refusal.
    pub async fn offer(&mut self, ask: OfferRequest) -> Result<Answer, ErrorBody> {
        self.ask(Request::Offer(ask)).await
    }

    /// The next news of an offer that fit.
    pub async fn offer_where(
        &mut self,
        id: OfferId,
        what: &str,
        fits: impl Fn(&OfferState) -> bool,
    ) -> OfferState {
        let news = |frame| match frame {
            ServerFrame::Offer { offer } if offer.offer == id && fits(&offer) => Some(offer),
            _ => None,
        };
        self.next_where(what, news).await
    }

    /// Makes a room with a folder.
    pub async fn make_room(&mut self, title: &str, members: &[pod_shared::AccountId]) -> RoomId {
        let room = RoomId(Uuid::now_v7());
        let members = members.to_vec();
        let body = Request::RoomCreate { room, title: title.to_owned(), members, folder: true };
        let _ = self.ask(body).await.expect("a room is made");
        room
    }

    /// Sends a message and waits for what comes of it.
    ///
    /// # Errors
    /// The refusal.
    pub async fn say(&mut self, id: MessageId, room: RoomId, body: Vec<u8>) -> Result<u64, ErrorBody> {
        self.post(SendMessage { id, room, body: ByteString(body), about: None }).await
    }

    /// Sends a message about another and waits for what comes of it.
    ///
    /// # Errors
    /// The refusal.
    pub async fn say_about(
        &mut self,
        id: MessageId,
        room: RoomId,
        about: Option<About>,
    ) -> Result<u64, ErrorBody> {
        self.post(SendMessage { id, room, body: ByteString(b"about".to_vec()), about }).await
    }

    async fn post(&mut self, message: SendMessage) -> Result<u64, ErrorBody> {
        let id = message.id;
        self.send(&ClientFrame::Send(message)).await;
        let outcome = |frame| match frame {
            ServerFrame::Accepted { id: accepted, pos, .. } if accepted == id => Some(Ok(pos.0)),
            ServerFrame::Refused { id: refused, error } if refused == id => Some(Err(error)),
            _ => None,
        };
        self.next_where("what comes of a message", outcome).await
    }

    /// The stream itself, for what no frame can do.
    pub fn stream(&mut self) -> &mut WebSocketStream<TcpStream> {
        &mut self.stream
    }
}

/// The greeting of a device.
#[must_use]
pub fn hello(device: &Device, key: Option<SyncKey>) -> ClientHello {
    ClientHello {
        capabilities: capability::ALL.iter().map(|name| (*name).to_owned()).collect(),
        client: "pod-tests".into(),
        device: device.id,
        key,
    }
}

/// A new id for a message.
#[must_use]
pub fn message_id() -> MessageId {
    MessageId(Uuid::now_v7())
}
