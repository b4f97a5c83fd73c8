//! One exchange with the messenger (P2–P6): greet with the key, keep what comes apart until it is whole, apply it with its
//! key, then apply live frames in their order; say now and then what is durable.
//!
//! The life: opening (the cache is asked for its key) → greeted → parts, kept aside → the end: parts and key in one
//! transaction → live. A write is asked for and its end awaited: nothing is said of what is not on the disk. Whatever does
//! not fit the key that was sent makes the key be dropped before the connection ends, so that the next exchange asks for
//! everything: a mismatch happens once, never in a loop. One machine lives as long as one connection.

use pod_shared::socket::{ClientFrame, Place, ServerFrame, ServerHello};
use pod_shared::sync::{SyncKey, SyncKind};
use pod_shared::{AccountId, DeviceId, ErrorBody, ErrorCode, Position, RoomId, Txn, capability, limits};
use std::collections::BTreeMap;

mod brief;
#[cfg(test)]
mod tests;

/// Frames applied in one transaction, at most.
pub const BATCH_MAX: usize = 256;
/// Between two reports of what is durable: it saves the server memory, and needs no hurry.
pub const REPORT_EVERY_MS: u64 = 1_000;

/// What happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The cache is this person's.
    Cached {
        /// It stands for this key.
        key: Option<SyncKey>,
        /// How the server greeted last, when that was kept.
        greeting: Option<Box<ServerHello>>,
    },
    /// A frame came.
    Came {
        /// Which.
        frame: Box<ServerFrame>,
        /// How long it was.
        bytes: u64,
    },
    /// What was there is read: nothing more has come yet.
    Quiet,
    /// The commit is on the disk; others' messages are here up to these positions.
    Committed(BTreeMap<RoomId, Position>),
    /// The batch is on the disk; others' messages are here up to these positions.
    Written(BTreeMap<RoomId, Position>),
    /// Time passed.
    Tick,
}

/// What is to be done, in this order, each before the next.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send this.
    Send(ClientFrame),
    /// The server greeted.
    Greeted(Box<Greeted>),
    /// Keep how the server greets, without its relay; nothing: it greets at length from now on.
    KeepGreeting(Option<Box<ServerHello>>),
    /// Keep a part aside. It stands for nothing until the commit.
    Keep(ServerFrame),
    /// Apply the kept parts and put this key in force, in one transaction; of a full sync everything before goes.
    Commit {
        /// How much it is.
        kind: SyncKind,
        /// The key; nothing: the server knows none.
        key: Option<SyncKey>,
    },
    /// Apply these, and move the key to their last transaction, in one transaction.
    Write(Vec<ServerFrame>),
    /// Drop the key; what it stood for is shown on until everything has come anew.
    Forget,
    /// Hand this on.
    Pass(ServerFrame),
    /// The sync is whole, and cost this much.
    Synced(Cost),
    /// End the connection.
    End(ErrorBody),
}

/// How the server greeted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Greeted {
    /// The greeting, at length.
    pub hello: ServerHello,
    /// What it says of the relay.
    pub relay: RelayNews,
}

/// What a greeting says of the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelayNews {
    /// It is as the greeting has it.
    Told,
    /// It is the one with this mark; 0: there is none.
    Marked(u64),
}

/// What a sync cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// How much it was.
    pub kind: SyncKind,
    /// Application bytes that came.
    pub bytes_in: u64,
    /// Questions that were answered.
    pub round_trips: u32,
}

/// Whether the server knows sync keys (P3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keyed {
    Yes,
    No,
}

/// In which form this device greeted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Long,
    Brief,
}

#[derive(Clone, Debug, PartialEq)]
enum State {
    /// The cache is asked.
    Opening,
    /// The greeting is out, with this key.
    Greeted { sent: Option<SyncKey>, form: Form },
    /// Parts come.
    Parts { sent: Option<SyncKey>, hello: Greeting },
    /// The end came; the commit is on its way.
    Settling { kind: SyncKind, end: SyncKey, keyed: Keyed },
    /// Up to date.
    Live(Live),
    /// Ended: nothing counts any more.
    Over,
}

/// What of the server's greeting is needed later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Greeting {
    connection: pod_shared::ConnectionId,
    keyed: Keyed,
}

#[derive(Clone, Debug, PartialEq)]
struct Live {
    keyed: Keyed,
    /// Everything up to here is on the disk.
    durable: Txn,
    /// Frames not yet given to the disk.
    batch: Vec<ServerFrame>,
    /// The last transaction given to the disk.
    writing: Txn,
    /// What was last said to be durable.
    told: Txn,
    delivered: BTreeMap<RoomId, Position>,
    applied_due_ms: u64,
    delivered_due_ms: u64,
}

/// The machine.
#[derive(Debug)]
pub struct Sync {
    me: AccountId,
    device: DeviceId,
    client: &'static str,
    state: State,
    /// How the server greeted last, as it is kept.
    kept: Option<Box<ServerHello>>,
    bytes_in: u64,
}

impl Sync {
    /// An exchange of this person's device; `client` is the name and version of the program.
    #[must_use]
    pub fn new(me: AccountId, device: DeviceId, client: &'static str) -> Self {
        Self { me, device, client, state: State::Opening, kept: None, bytes_in: 0 }
    }

    /// Whether the sync is not whole yet: what is sent until then is part of its cost.
    #[must_use]
    pub fn is_syncing(&self) -> bool {
        !matches!(self.state, State::Live(_) | State::Over)
    }

    /// When the next `Tick` is wanted.
    #[must_use]
    pub fn next_deadline(&self) -> Option<u64> {
        let State::Live(live) = &self.state else { return None };
        let applied = (live.keyed == Keyed::Yes && live.durable > live.told).then_some(live.applied_due_ms);
        let delivered = (!live.delivered.is_empty()).then_some(live.delivered_due_ms);
        applied.into_iter().chain(delivered).min()
    }

    /// One step.
    pub fn step(&mut self, now_ms: u64, input: Input, out: &mut Vec<Effect>) {
        match input {
            Input::Cached { key, greeting } => self.greet(key, greeting, out),
            Input::Came { frame, bytes } => {
                if self.is_syncing() {
                    self.bytes_in += bytes;
                }
                self.came(*frame, out);
            }
            Input::Quiet => self.write(out),
            Input::Committed(delivered) => self.committed(now_ms, delivered, out),
            Input::Written(delivered) => self.written(delivered),
            Input::Tick => self.tick(now_ms, out),
        }
    }

    fn greet(&mut self, key: Option<SyncKey>, kept: Option<Box<ServerHello>>, out: &mut Vec<Effect>) {
        if self.state != State::Opening {
            return;
        }
        // The key of another device came with a copied file: it is worth nothing here.
        let sent = key.filter(|key| key.device == self.device);
        self.kept = kept.filter(|kept| kept.account == self.me);
        let (form, frame) = self.greeting(sent);
        self.state = State::Greeted { sent, form };
        out.push(Effect::Send(frame));
    }

    fn came(&mut self, frame: ServerFrame, out: &mut Vec<Effect>) {
        if self.state == State::Over {
            return;
        }
        let relay = brief::relay(&frame);
        let frame = match self.at_length(frame) {
            Ok(frame) => frame,
            Err(why) => return self.mismatch(why, out),
        };
        match (frame.place(), &mut self.state) {
            (Place::Greeting, _) => {
                if let ServerFrame::Hello(hello) = frame {
                    self.hello(hello, relay, out);
                }
            }
            (Place::Part, State::Parts { .. }) => out.push(Effect::Keep(frame)),
            (Place::End, State::Parts { .. }) => {
                if let ServerFrame::SyncEnd { kind, key } = frame {
                    self.end(kind, key, out);
                }
            }
            (Place::Stored(txn), State::Live(live)) => {
                // What is on the disk already says nothing new.
                if txn >= live.durable.max(live.writing) {
                    live.batch.push(frame);
                    if live.batch.len() >= BATCH_MAX {
                        self.write(out);
                    }
                }
            }
            (Place::Passing, _) => self.pass(frame, out),
            (Place::Part | Place::End | Place::Stored(_), _) => {
                self.mismatch("a frame came where it does not belong", out);
            }
        }
    }

    fn pass(&mut self, frame: ServerFrame, out: &mut Vec<Effect>) {
        self.write(out);
        if let ServerFrame::Bye { error } = frame {
            let brief = matches!(self.state, State::Greeted { form: Form::Brief, .. });
            if brief && error.code == ErrorCode::BadRequest {
                // An older server has taken its place: the next greeting is one that it reads.
                out.push(Effect::KeepGreeting(None));
            }
            return self.over(error, out);
        }
        out.push(Effect::Pass(frame));
    }

    fn hello(&mut self, hello: ServerHello, relay: RelayNews, out: &mut Vec<Effect>) {
        let State::Greeted { sent, .. } = self.state else {
            return self.mismatch("a second greeting came", out);
        };
        if hello.account != self.me {
            let stranger = ErrorBody::new(ErrorCode::SignedOut, "the server knows this device as another");
            return self.over(stranger, out);
        }
        let knows = hello.capabilities.iter().any(|name| name == capability::SYNC_KEY);
        let keyed = if knows { Keyed::Yes } else { Keyed::No };
        let greeting = Greeting { connection: hello.connection, keyed };
        self.state = State::Parts { sent, hello: greeting };
        if relay == RelayNews::Told {
            self.keep(&hello, out);
        }
        out.push(Effect::Greeted(Box::new(Greeted { hello, relay })));
    }

    fn end(&mut self, kind: SyncKind, key: SyncKey, out: &mut Vec<Effect>) {
        let State::Parts { sent, hello } = self.state else { return };
        if let Some(why) = self.misfit(kind, key, sent, hello) {
            return self.mismatch(why, out);
        }
        let kept = (hello.keyed == Keyed::Yes).then_some(key);
        self.state = State::Settling { kind, end: key, keyed: hello.keyed };
        out.push(Effect::Commit { kind, key: kept });
    }

    /// Why the end of a sync cannot be that of what was asked.
    fn misfit(
        &self,
        kind: SyncKind,
        key: SyncKey,
        sent: Option<SyncKey>,
        hello: Greeting,
    ) -> Option<&'static str> {
        if key.device != self.device || key.session != hello.connection {
            return Some("the new key is not of this connection");
        }
        match (kind, sent) {
            (SyncKind::Full, _) => None,
            (SyncKind::Null | SyncKind::Delta, _) if hello.keyed == Keyed::No => {
                Some("a server without keys answered one")
            }
            (SyncKind::Null | SyncKind::Delta, None) => Some("a part of the whole came for who has nothing"),
            (SyncKind::Null | SyncKind::Delta, Some(sent)) => {
                let fits = sent.epoch == key.epoch && sent.txn <= key.txn;
                (!fits).then_some("the delta does not begin where this device stands")
            }
        }
    }

    fn committed(&mut self, now_ms: u64, delivered: BTreeMap<RoomId, Position>, out: &mut Vec<Effect>) {
        let State::Settling { kind, end, keyed } = self.state else { return };
        if keyed == Keyed::Yes {
            out.push(Effect::Send(ClientFrame::Applied { txn: end.txn }));
        }
        self.state = State::Live(Live {
            keyed,
            durable: end.txn,
            batch: Vec::new(),
            writing: end.txn,
            told: end.txn,
            delivered,
            applied_due_ms: now_ms + REPORT_EVERY_MS,
            delivered_due_ms: now_ms,
        });
        out.push(Effect::Synced(Cost { kind, bytes_in: self.bytes_in, round_trips: 1 }));
    }

    /// Gives what waits to the disk.
    fn write(&mut self, out: &mut Vec<Effect>) {
        let State::Live(live) = &mut self.state else { return };
        let batch = std::mem::take(&mut live.batch);
        let newest = batch.iter().filter_map(|frame| match frame.place() {
            Place::Stored(txn) => Some(txn),
            Place::Greeting | Place::Part | Place::End | Place::Passing => None,
        });
        let Some(newest) = newest.max() else { return };
        live.writing = live.writing.max(newest);
        out.push(Effect::Write(batch));
    }

    fn written(&mut self, delivered: BTreeMap<RoomId, Position>) {
        let State::Live(live) = &mut self.state else { return };
        live.durable = live.writing;
        for (room, pos) in delivered {
            let held = live.delivered.entry(room).or_default();
            *held = pos.max(*held);
        }
    }

    fn tick(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        let State::Live(live) = &mut self.state else { return };
        if live.keyed == Keyed::Yes && live.durable > live.told && now_ms >= live.applied_due_ms {
            live.told = live.durable;
            live.applied_due_ms = now_ms + REPORT_EVERY_MS;
            out.push(Effect::Send(ClientFrame::Applied { txn: live.durable }));
        }
        if !live.delivered.is_empty() && now_ms >= live.delivered_due_ms {
            live.delivered_due_ms = now_ms + REPORT_EVERY_MS;
            let mut rooms = Vec::new();
            while rooms.len() < limits::DELIVERED_ROOMS_MAX
                && let Some(room) = live.delivered.pop_first()
            {
                rooms.push(room);
            }
            out.push(Effect::Send(ClientFrame::Delivered { rooms }));
        }
    }

    /// Asking again with the same key would bring the same: the next exchange begins without.
    fn mismatch(&mut self, why: &str, out: &mut Vec<Effect>) {
        if self.kept.take().is_some() {
            out.push(Effect::KeepGreeting(None));
        }
        out.push(Effect::Forget);
        self.over(ErrorBody::new(ErrorCode::UnsupportedVersion, why), out);
    }

    fn over(&mut self, reason: ErrorBody, out: &mut Vec<Effect>) {
        self.state = State::Over;
        out.push(Effect::End(reason));
    }
}
