//! A synced connection: frames both ways, heartbeat, and the work that its frames began.
//!
//! Messages go to the store in the order in which they came, without waiting for one another: many share one commit.

use super::wire::{Incoming, Wire};
use super::{Context, End};
use crate::access::Caller;
use crate::bus::Subscription;
use crate::error::Refusal;
use crate::messenger::teller;
use crate::store::sqlite::messenger::{Greeted, Known, Posted};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use pod_shared::limits::REQUESTS_IN_FLIGHT_MAX;
use pod_shared::socket::{Answer, ServerFrame};
use pod_shared::{MessageId, Position, RoomId, Txn};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// Bytes of frames put into one write.
const BATCH_BYTES: usize = 32 * 1024;
/// Messages of one connection that may wait for their commit; then nothing more is read from it.
const MESSAGES_IN_FLIGHT_MAX: usize = 512;
/// A person's marks are told at most this often.
const MARKS_EVERY: Duration = Duration::from_secs(1);

pub(super) struct Live<'a> {
    pub(super) context: &'a Context,
    wire: &'a mut Wire,
    pub(super) synced: Txn,
    pub(super) work: FuturesUnordered<BoxFuture<'static, Done>>,
    pub(super) requests: usize,
    pub(super) looking: Vec<Subscription>,
    pub(super) marks: Marks,
    ping_due: Instant,
    batch: Vec<Bytes>,
}

/// Marks that wait for their second.
pub(super) struct Marks {
    pub(super) read: BTreeMap<RoomId, Position>,
    pub(super) delivered: BTreeMap<RoomId, Position>,
    pub(super) due: Instant,
}

impl Marks {
    fn is_empty(&self) -> bool {
        self.read.is_empty() && self.delivered.is_empty()
    }
}

/// What a piece of work came to.
pub(super) enum Done {
    /// A message.
    Post { id: MessageId, room: RoomId, result: Result<Posted, Refusal> },
    /// A request.
    Request { request: u64, result: Result<Answer, Refusal> },
    /// The rooms among those asked for that are the person's.
    Looking { rooms: Result<Vec<RoomId>, Refusal> },
    /// A read mark.
    Read { room: RoomId, result: Result<Option<Known>, Refusal> },
    /// Something that is not answered.
    Silent { result: Result<(), Refusal> },
}

impl<'a> Live<'a> {
    pub(super) fn new(context: &'a Context, wire: &'a mut Wire, greeted: Greeted) -> Self {
        let now = Instant::now();
        Self {
            context,
            wire,
            synced: greeted.key.txn,
            work: FuturesUnordered::new(),
            requests: 0,
            looking: Vec::new(),
            marks: Marks { read: BTreeMap::new(), delivered: BTreeMap::new(), due: now },
            ping_due: now + context.inner.pace.heartbeat,
            batch: Vec::new(),
        }
    }

    pub(super) async fn run(mut self) -> End {
        let end = loop {
            if let Err(end) = self.step().await {
                break end;
            }
        };
        self.finish().await;
        end
    }

    async fn step(&mut self) -> Result<(), End> {
        let silent_at = self.wire.heard + self.context.inner.pace.silence;
        let mut wake_at = silent_at.min(self.ping_due);
        if !self.marks.is_empty() {
            wake_at = wake_at.min(self.marks.due);
        }
        let reading = self.work.len() < MESSAGES_IN_FLIGHT_MAX + REQUESTS_IN_FLIGHT_MAX;
        tokio::select! {
            Some(done) = self.work.next(), if !self.work.is_empty() => self.done(done),
            () = self.context.outbox.ready() => self.send_some().await,
            incoming = self.wire.next(), if reading => match incoming? {
                Incoming::Frame(bytes) => self.heard(&bytes).await,
                Incoming::Alive => Ok(()),
            },
            () = tokio::time::sleep_until(wake_at) => self.tick(silent_at).await,
        }
    }

    async fn send_some(&mut self) -> Result<(), End> {
        self.context.outbox.take_some(&mut self.batch, BATCH_BYTES);
        self.wire.write(self.batch.drain(..)).await
    }

    async fn tick(&mut self, silent_at: Instant) -> Result<(), End> {
        let now = Instant::now();
        if now >= silent_at {
            return Err(End::Gone);
        }
        if !self.marks.is_empty() && now >= self.marks.due {
            self.write_marks(now);
        }
        if now >= self.ping_due {
            self.ping_due = now + self.context.inner.pace.heartbeat;
            // A burst must not leave its memory behind.
            self.batch.shrink_to(0);
            self.context.outbox.trim();
            self.wire.ping().await?;
        }
        Ok(())
    }

    fn done(&mut self, done: Done) -> Result<(), End> {
        let frame = match done {
            Done::Post { id, room, result: Ok(Posted { pos, at }) } => {
                ServerFrame::Accepted { id, room, pos, at }
            }
            Done::Post { id, result: Err(refusal), .. } => ServerFrame::Refused { id, error: refusal.0 },
            Done::Request { request, result } => {
                self.requests -= 1;
                ServerFrame::Answer { request, result: result.map_err(|refusal| refusal.0) }
            }
            Done::Looking { rooms } => {
                self.context.outbox.may_look(&rooms?);
                return Ok(());
            }
            // Known before: whoever repeats it did not hear so.
            Done::Read { room, result } => match result? {
                Some(Known { pos, txn }) => {
                    ServerFrame::Read { txn, room, account: self.context.caller.account, pos }
                }
                None => return Ok(()),
            },
            Done::Silent { result } => return Ok(result?),
        };
        self.answer(&frame);
        Ok(())
    }

    pub(super) fn answer(&self, frame: &ServerFrame) {
        if let Some(bytes) = teller::encode(frame) {
            self.context.outbox.put(bytes);
        }
    }

    /// Begins to write the marks that wait.
    pub(super) fn write_marks(&mut self, now: Instant) {
        self.marks.due = now + MARKS_EVERY;
        let Caller { account, device, .. } = self.context.caller;
        let store = &self.context.inner.store;
        for (room, pos) in std::mem::take(&mut self.marks.read) {
            let store = store.clone();
            self.work.push(Box::pin(async move {
                Done::Read { room, result: store.read_to(room, (account, device), pos).await }
            }));
        }
        let delivered: Vec<_> = std::mem::take(&mut self.marks.delivered).into_iter().collect();
        if !delivered.is_empty() {
            let store = store.clone();
            self.work.push(Box::pin(async move {
                Done::Silent { result: store.delivered_to(account, delivered).await }
            }));
        }
    }

    /// What was begun is finished before the device counts as away.
    async fn finish(mut self) {
        self.write_marks(Instant::now());
        self.looking.clear();
        while self.work.next().await.is_some() {}
    }
}
