//! One life of the socket to the messenger: dial, greet with the sync key, apply what comes, say what was applied.
//!
//! The life: token -> TCP -> TLS -> upgrade -> hello -> parts of the sync (kept aside until whole) -> end of sync ->
//! live frames. It decides nothing: what to greet with, what fits, what is written and said when is the machine's
//! ([`pod_machine::sync`]), and when to dial and to give up is another's. What the machine wants is done in its order;
//! while the disk is busy nothing more is read, so that the sender feels it.

use crate::cache::{Cache, Touched};
use crate::net::Net;
use crate::net::socket::{Came, Socket};
use crate::view::SyncView;
use pod_machine::sync::{Effect, Greeted, Input, Sync};
use pod_shared::socket::{Answer, ClientFrame, Progress, ServerFrame};
use pod_shared::wire::Decoded;
use pod_shared::{AccountId, DeviceId, ErrorBody, ErrorCode, MessageId, Position, RoomId, wire};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

#[cfg(test)]
mod tests;

/// Frames waiting to be sent on one connection.
const OUT_MAX: usize = 256;
/// Frames read before the wishes of the loop are looked at again.
const READ_MAX: usize = 512;
/// The program, in the greeting.
const CLIENT: &str = concat!("pod/", env!("CARGO_PKG_VERSION"));

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
    Hello(Box<Greeted>),
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
    /// Hands a frame over; `false` when the connection does not keep up or is gone.
    pub(crate) fn send(&self, out: Out) -> bool {
        self.out.try_send(out).is_ok()
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
    machine: Sync,
    started: Instant,
    bytes_out: u64,
    /// What the last writes changed, until it is told.
    touched: Touched,
}

/// Runs until it breaks, and gives why.
async fn live(line: Line, mut frames: mpsc::Receiver<Out>) -> Result<std::convert::Infallible, ErrorBody> {
    let socket = Socket::dial(&line.net).await?;
    let machine = Sync::new(line.me, line.device, CLIENT);
    let (started, touched) = (Instant::now(), Touched::default());
    let mut life = Life { line, socket, machine, started, bytes_out: 0, touched };
    let key = life.line.cache.belong_to(life.line.me).await.map_err(into_body)?;
    let greeting = life.line.cache.greeting().await.map_err(into_body)?;
    life.step(Input::Cached { key, greeting }).await?;
    loop {
        let due = life.machine.next_deadline().map(|at_ms| life.started + Duration::from_millis(at_ms));
        tokio::select! {
            came = life.socket.next() => life.received(came?).await?,
            out = frames.recv() => match out {
                Some(Out::Frame(frame)) => life.send(&frame).await?,
                Some(Out::Ping) => life.socket.ping().await?,
                None => return Err(offline("hung up")),
            },
            () = tokio::time::sleep_until(due.unwrap_or(life.started)), if due.is_some() => {
                life.step(Input::Tick).await?;
            }
        }
    }
}

fn offline(why: &str) -> ErrorBody {
    ErrorBody::new(ErrorCode::Offline, why)
}

impl Life {
    async fn send(&mut self, frame: &ClientFrame) -> Result<(), ErrorBody> {
        let bytes =
            wire::encode(frame).map_err(|error| ErrorBody::new(ErrorCode::Internal, error.to_string()))?;
        if self.machine.is_syncing() {
            self.bytes_out += bytes.len() as u64;
        }
        self.socket.send(bytes).await
    }

    async fn say(&self, said: Said) -> Result<(), ErrorBody> {
        self.line.said.send((self.line.dial, said)).await.map_err(|_| offline("the engine stopped"))
    }

    /// One message, and those that came right behind it.
    async fn received(&mut self, first: Came) -> Result<(), ErrorBody> {
        let mut next = Some(first);
        let mut read = 0;
        while let Some(came) = next.take() {
            match came {
                Came::Frame(bytes) => match decode(&bytes)? {
                    Some(frame) => self.step(Input::Came { frame, bytes: bytes.len() as u64 }).await?,
                    None => self.say(Said::Alive).await?,
                },
                Came::Alive => self.say(Said::Alive).await?,
            }
            read += 1;
            if read < READ_MAX {
                next = self.socket.ready().transpose()?;
            }
        }
        self.step(Input::Quiet).await
    }

    /// Feeds the machine and does what it wants, in its order.
    async fn step(&mut self, input: Input) -> Result<(), ErrorBody> {
        let mut effects = VecDeque::new();
        self.feed(input, &mut effects);
        while let Some(effect) = effects.pop_front() {
            if let Some(input) = self.perform(effect).await? {
                self.feed(input, &mut effects);
            }
        }
        Ok(())
    }

    fn feed(&mut self, input: Input, effects: &mut VecDeque<Effect>) {
        let now_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut out = Vec::new();
        self.machine.step(now_ms, input, &mut out);
        // What follows from one effect comes before the next.
        for effect in out.into_iter().rev() {
            effects.push_front(effect);
        }
    }

    async fn perform(&mut self, effect: Effect) -> Result<Option<Input>, ErrorBody> {
        let cache = &self.line.cache;
        match effect {
            Effect::Send(frame) => self.send(&frame).await?,
            Effect::Greeted(greeted) => self.say(Said::Hello(greeted)).await?,
            Effect::KeepGreeting(greeting) => {
                cache.keep_greeting(greeting.as_deref()).await.map_err(into_body)?;
            }
            Effect::Keep(part) => {
                cache.keep(&part).await.map_err(into_body)?;
                self.say(Said::Alive).await?;
            }
            Effect::Commit { kind, key } => {
                let touched = cache.apply_sync(self.line.me, kind, key).await.map_err(into_body)?;
                let delivered = touched.delivered.clone();
                self.touched = touched;
                return Ok(Some(Input::Committed(delivered)));
            }
            Effect::Synced(cost) => {
                let view = SyncView {
                    kind: cost.kind,
                    bytes_in: cost.bytes_in,
                    bytes_out: self.bytes_out,
                    round_trips: cost.round_trips,
                };
                let touched = std::mem::take(&mut self.touched);
                self.say(Said::Synced(view, touched)).await?;
            }
            Effect::Write(batch) => {
                let touched = cache.apply_live(self.line.me, batch).await.map_err(into_body)?;
                let delivered = touched.delivered.clone();
                self.say(Said::Touched(touched)).await?;
                return Ok(Some(Input::Written(delivered)));
            }
            Effect::Forget => cache.forget_key().await.map_err(into_body)?,
            Effect::Pass(frame) => self.pass(frame).await?,
            Effect::End(reason) => return Err(reason),
        }
        Ok(None)
    }

    async fn pass(&self, frame: ServerFrame) -> Result<(), ErrorBody> {
        let said = match frame {
            ServerFrame::Accepted { id, room, pos, at: _ } => Said::Accepted { id, room, pos },
            ServerFrame::Refused { id, error } => Said::Refused { id, error },
            ServerFrame::Answer { request, result } => Said::Answer { request, result },
            ServerFrame::Progress(progress) => Said::Progress(progress),
            ServerFrame::Typing { room, account } => Said::Typing { room, account },
            // Kept or ended with, never handed on.
            ServerFrame::Hello(_)
            | ServerFrame::Again(_)
            | ServerFrame::SyncPart { .. }
            | ServerFrame::SyncPeople { .. }
            | ServerFrame::SyncPresences(_)
            | ServerFrame::SyncEnded(_)
            | ServerFrame::SyncOffers { .. }
            | ServerFrame::SyncContacts { .. }
            | ServerFrame::SyncSettings { .. }
            | ServerFrame::SyncProfiles(_)
            | ServerFrame::SyncEnd { .. }
            | ServerFrame::Event(_)
            | ServerFrame::Room(_)
            | ServerFrame::Read { .. }
            | ServerFrame::Delivered { .. }
            | ServerFrame::Presence { .. }
            | ServerFrame::MyPresence { .. }
            | ServerFrame::Contacts { .. }
            | ServerFrame::Setting { .. }
            | ServerFrame::Profiles { .. }
            | ServerFrame::Offer { .. }
            | ServerFrame::Bye { .. } => return Ok(()),
        };
        self.say(said).await
    }
}

fn decode(bytes: &[u8]) -> Result<Option<Box<ServerFrame>>, ErrorBody> {
    match wire::decode_frame(bytes) {
        Ok(Decoded::Known(frame)) => Ok(Some(Box::new(frame))),
        Ok(Decoded::Unknown) => Ok(None),
        Err(_) => Err(ErrorBody::new(ErrorCode::UnsupportedVersion, "a frame cannot be read")),
    }
}

fn into_body(error: crate::view::ErrorView) -> ErrorBody {
    ErrorBody::new(error.code, error.message)
}
