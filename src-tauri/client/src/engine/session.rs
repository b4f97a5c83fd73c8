//! One life of the socket to the messenger: dial, greet with the sync key, apply what comes, say what was applied.
//!
//! The life: token -> TCP -> TLS -> upgrade -> hello -> parts of the sync (kept aside until whole) -> end of sync ->
//! live frames. Durable frames are in `cache.db` before anybody hears of them; while the disk is busy nothing more is
//! read, so that the sender feels it. It decides nothing: when to dial and when to give up is the machine's.

use super::delivered::Delivered;
use crate::cache::{Cache, Touched};
use crate::net::Net;
use crate::net::socket::{Came, Socket};
use crate::view::SyncView;
use pod_shared::socket::{Answer, ClientFrame, ClientHello, Progress, ServerFrame, ServerHello};
use pod_shared::wire::Decoded;
use pod_shared::{
    AccountId, DeviceId, ErrorBody, ErrorCode, MessageId, Position, RoomId, Txn, capability, wire,
};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Frames waiting to be sent on one connection.
const OUT_MAX: usize = 256;
/// Durable frames applied in one transaction.
const BATCH_MAX: usize = 256;
/// `Applied` is said at most this often: it saves the server memory, and needs no hurry.
const APPLIED_EVERY: Duration = Duration::from_secs(1);

/// What the loop tells the socket.
#[derive(Debug)]
pub(crate) enum Out {
    /// Send this.
    Frame(ClientFrame),
    /// Prove that the line lives.
    Ping,
}

/// What the socket tells the loop.
#[derive(Debug)]
pub(crate) enum Said {
    /// A ping or pong, or a part of a sync.
    Alive,
    /// The server greeted.
    Hello(ServerHello),
    /// The sync is whole and applied.
    Synced(SyncView, Touched),
    /// Live frames are applied.
    Touched(Touched),
    /// A message is in the log.
    Accepted { id: MessageId, room: RoomId, pos: Position },
    /// A message was refused.
    Refused { id: MessageId, error: ErrorBody },
    /// The answer to a request.
    Answer { request: u64, result: Result<Answer, ErrorBody> },
    /// Somebody is writing.
    Typing { room: RoomId, account: AccountId },
    /// Progress of an upload.
    Progress(Progress),
    /// It is over.
    Closed(ErrorBody),
}

/// What a connection needs.
pub(crate) struct Line {
    pub(crate) net: Net,
    pub(crate) cache: Cache,
    pub(crate) me: AccountId,
    pub(crate) device: DeviceId,
    /// Where it reports; the number is the dial's.
    pub(crate) said: mpsc::Sender<(u64, Said)>,
    pub(crate) dial: u64,
}

/// A connection that is being made or is there. Dropping it ends it.
pub(crate) struct Open {
    out: mpsc::Sender<Out>,
    task: tokio::task::JoinHandle<()>,
}

impl Open {
    /// Hands a frame over; gives it back when the connection does not keep up or is gone.
    pub(crate) fn send(&self, out: Out) -> Result<(), Out> {
        self.out.try_send(out).map_err(|error| match error {
            mpsc::error::TrySendError::Full(out) | mpsc::error::TrySendError::Closed(out) => out,
        })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts a connection.
pub(crate) fn open(line: Line) -> Open {
    let (out, frames) = mpsc::channel(OUT_MAX);
    let task = tokio::spawn(async move {
        let (said, dial) = (line.said.clone(), line.dial);
        let reason = match live(line, frames).await {
            Ok(never) => match never {},
            Err(reason) => reason,
        };
        // The loop is gone: so is everybody who could care.
        let _ = said.send((dial, Said::Closed(reason))).await;
    });
    Open { out, task }
}

struct Life {
    line: Line,
    socket: Socket,
    bytes_in: u64,
    bytes_out: u64,
    syncing: bool,
    applied: Txn,
    told: Txn,
    tell_at: Instant,
    /// What the server is to hear of as delivered, and when.
    delivered: Delivered,
}

/// Runs until it breaks, and gives why.
async fn live(line: Line, mut frames: mpsc::Receiver<Out>) -> Result<std::convert::Infallible, ErrorBody> {
    let socket = Socket::dial(&line.net).await?;
    let mut life = Life {
        line,
        socket,
        bytes_in: 0,
        bytes_out: 0,
        syncing: true,
        applied: Txn(0),
        told: Txn(0),
        tell_at: Instant::now(),
        delivered: Delivered::default(),
    };
    life.greet().await?;
    loop {
        let tell = life.applied > life.told;
        tokio::select! {
            came = life.socket.next() => life.received(came?).await?,
            out = frames.recv() => match out {
                Some(Out::Frame(frame)) => life.send(&frame).await?,
                Some(Out::Ping) => life.socket.ping().await?,
                None => return Err(offline("hung up")),
            },
            () = tokio::time::sleep_until(life.tell_at), if tell => life.tell_applied().await?,
            rooms = life.delivered.due() => life.send(&ClientFrame::Delivered { rooms }).await?,
        }
    }
}

fn offline(why: &str) -> ErrorBody {
    ErrorBody::new(ErrorCode::Offline, why)
}

impl Life {
    async fn greet(&mut self) -> Result<(), ErrorBody> {
        let key = self.line.cache.belong_to(self.line.me).await.map_err(into_body)?;
        let hello = ClientHello {
            capabilities: capability::ALL.iter().map(|name| (*name).to_owned()).collect(),
            client: concat!("pod/", env!("CARGO_PKG_VERSION")).to_owned(),
            device: self.line.device,
            key,
        };
        self.send(&ClientFrame::Hello(hello)).await
    }

    async fn send(&mut self, frame: &ClientFrame) -> Result<(), ErrorBody> {
        let bytes =
            wire::encode(frame).map_err(|error| ErrorBody::new(ErrorCode::Internal, error.to_string()))?;
        if self.syncing {
            self.bytes_out += bytes.len() as u64;
        }
        self.socket.send(bytes).await
    }

    async fn say(&self, said: Said) -> Result<(), ErrorBody> {
        self.line.said.send((self.line.dial, said)).await.map_err(|_| offline("the engine stopped"))
    }

    async fn tell_applied(&mut self) -> Result<(), ErrorBody> {
        self.told = self.applied;
        self.tell_at = Instant::now() + APPLIED_EVERY;
        self.send(&ClientFrame::Applied { txn: self.applied }).await
    }

    /// One message, and the durable frames that came right behind it.
    async fn received(&mut self, first: Came) -> Result<(), ErrorBody> {
        let mut batch = Vec::new();
        let mut next = Some(first);
        while let Some(came) = next.take() {
            match self.decode(came)? {
                Some(frame) if !self.syncing && is_durable(&frame) => batch.push(frame),
                Some(frame) => {
                    self.apply(std::mem::take(&mut batch)).await?;
                    self.frame(frame).await?;
                }
                None => self.say(Said::Alive).await?,
            }
            if !batch.is_empty() && batch.len() < BATCH_MAX {
                next = self.socket.ready().transpose()?;
            }
        }
        self.apply(batch).await
    }

    fn decode(&mut self, came: Came) -> Result<Option<ServerFrame>, ErrorBody> {
        let bytes = match came {
            Came::Frame(bytes) => bytes,
            Came::Alive => return Ok(None),
        };
        if self.syncing {
            self.bytes_in += bytes.len() as u64;
        }
        match wire::decode_frame(&bytes) {
            Ok(Decoded::Known(frame)) => Ok(Some(frame)),
            Ok(Decoded::Unknown) => Ok(None),
            Err(_) => Err(ErrorBody::new(ErrorCode::UnsupportedVersion, "a frame cannot be read")),
        }
    }

    async fn apply(&mut self, batch: Vec<ServerFrame>) -> Result<(), ErrorBody> {
        let Some(newest) = batch.iter().filter_map(txn_of).max() else { return Ok(()) };
        let touched = self.line.cache.apply_live(self.line.me, batch).await.map_err(into_body)?;
        self.applied = self.applied.max(newest);
        self.delivered.add(&touched.delivered);
        self.say(Said::Touched(touched)).await
    }

    async fn frame(&mut self, frame: ServerFrame) -> Result<(), ErrorBody> {
        match frame {
            ServerFrame::Hello(hello) => {
                if hello.account != self.line.me {
                    return Err(ErrorBody::new(
                        ErrorCode::SignedOut,
                        "the server knows this device as another",
                    ));
                }
                self.say(Said::Hello(hello)).await
            }
            ServerFrame::SyncPart { rooms } => {
                self.line.cache.stage(rooms).await.map_err(into_body)?;
                self.say(Said::Alive).await
            }
            ServerFrame::SyncPeople { people, mine } => {
                self.line.cache.stage_people(people, mine).await.map_err(into_body)?;
                self.say(Said::Alive).await
            }
            ServerFrame::SyncOffers { offers, all } => {
                self.line.cache.stage_offers(offers, all).await.map_err(into_body)?;
                self.say(Said::Alive).await
            }
            ServerFrame::SyncContacts { contacts, groups, all } => {
                self.line.cache.stage_contacts(contacts, groups, all).await.map_err(into_body)?;
                self.say(Said::Alive).await
            }
            ServerFrame::SyncEnd { kind, key } => {
                let touched = self.line.cache.apply_sync(self.line.me, kind, key).await.map_err(into_body)?;
                self.syncing = false;
                self.applied = key.txn;
                let view =
                    SyncView { kind, bytes_in: self.bytes_in, bytes_out: self.bytes_out, round_trips: 1 };
                self.tell_applied().await?;
                self.delivered.add(&touched.delivered);
                self.say(Said::Synced(view, touched)).await
            }
            ServerFrame::Accepted { id, room, pos, at: _ } => {
                self.say(Said::Accepted { id, room, pos }).await
            }
            ServerFrame::Refused { id, error } => self.say(Said::Refused { id, error }).await,
            ServerFrame::Answer { request, result } => self.say(Said::Answer { request, result }).await,
            ServerFrame::Progress(progress) => self.say(Said::Progress(progress)).await,
            ServerFrame::Typing { room, account } => self.say(Said::Typing { room, account }).await,
            ServerFrame::Bye { error } => Err(error),
            // A live frame in the middle of a sync belongs behind it: the server sends none there.
            ServerFrame::Event(_)
            | ServerFrame::Room(_)
            | ServerFrame::Read { .. }
            | ServerFrame::Delivered { .. }
            | ServerFrame::Presence { .. }
            | ServerFrame::MyPresence { .. }
            | ServerFrame::Contacts { .. }
            | ServerFrame::Offer { .. } => Err(ErrorBody::new(
                ErrorCode::UnsupportedVersion,
                "a live frame came before the sync was whole",
            )),
        }
    }
}

fn is_durable(frame: &ServerFrame) -> bool {
    txn_of(frame).is_some()
}

fn txn_of(frame: &ServerFrame) -> Option<Txn> {
    match frame {
        ServerFrame::Event(event) => Some(event.txn),
        ServerFrame::Room(delta) => Some(delta.txn),
        ServerFrame::Offer { offer } => Some(offer.txn),
        ServerFrame::Read { txn, .. }
        | ServerFrame::Delivered { txn, .. }
        | ServerFrame::Presence { txn, .. }
        | ServerFrame::MyPresence { txn, .. }
        | ServerFrame::Contacts { txn, .. } => Some(*txn),
        ServerFrame::Hello(_)
        | ServerFrame::Typing { .. }
        | ServerFrame::SyncPart { .. }
        | ServerFrame::SyncPeople { .. }
        | ServerFrame::SyncOffers { .. }
        | ServerFrame::SyncContacts { .. }
        | ServerFrame::SyncEnd { .. }
        | ServerFrame::Accepted { .. }
        | ServerFrame::Refused { .. }
        | ServerFrame::Answer { .. }
        | ServerFrame::Progress(_)
        | ServerFrame::Bye { .. } => None,
    }
}

fn into_body(error: crate::view::ErrorView) -> ErrorBody {
    ErrorBody::new(error.code, error.message)
}
