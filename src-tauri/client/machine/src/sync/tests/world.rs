//! A model of the messenger and of devices with their caches, between them lines that are cut at any frame. The server
//! keeps its rows with the transaction that changed each, as the real one does, and remembers what was true at every
//! transaction, so that each write of a cache is compared with it.

use super::super::{Effect, Input, Sync};
use super::cache::{Cache, View, present};
use super::{account, connection, device, hello, room};
use pod_shared::presence::PresenceState;
use pod_shared::socket::{BriefPresence, ClientFrame, Ended, EventKind, RoomEvent, ServerAgain, ServerFrame};
use pod_shared::sync::{RoomDelta, SyncKey, SyncKind};
use pod_shared::{
    AccountId, ConnectionId, DeviceId, ErrorBody, ErrorCode, Position, RoomId, TimeMs, Txn, capability, wire,
};
use std::collections::{BTreeMap, VecDeque};

#[derive(Clone)]
struct Room {
    title: String,
    is_member: bool,
    txn: u64,
}

#[derive(Clone)]
struct Known {
    session: ConnectionId,
    previous: Option<ConnectionId>,
}

/// The server.
#[derive(Clone)]
pub(super) struct Server {
    epoch: u64,
    head: u64,
    rooms: BTreeMap<RoomId, Room>,
    people: BTreeMap<AccountId, (PresenceState, u64)>,
    devices: BTreeMap<DeviceId, Known>,
    /// What was true after each transaction of this epoch.
    history: BTreeMap<u64, View>,
    pub(super) keyed: bool,
    /// It reads greetings of few bytes.
    pub(super) brief: bool,
}

/// A line between one client and the server.
struct Line {
    session: ConnectionId,
    down: VecDeque<ServerFrame>,
    /// The server still writes to it.
    is_open: bool,
}

/// A program on a profile.
#[derive(Default)]
pub(super) struct Client {
    pub(super) cache: Cache,
    life: Option<(Sync, Line)>,
    /// Of the last whole sync: what it was, its bytes, and how many rows had changed.
    pub(super) last: Option<(SyncKind, u64, usize)>,
    changed: usize,
    /// Connections ended because an answer did not fit.
    pub(super) mismatches: usize,
}

/// Everything.
pub(super) struct World {
    pub(super) server: Server,
    pub(super) clients: Vec<Client>,
    devices: Vec<DeviceId>,
    sessions: u8,
    now_ms: u64,
}

impl World {
    /// One client for each of these devices; two of one device are copies of a profile.
    pub(super) fn new(devices: &[u8]) -> Self {
        let server = Server {
            epoch: 1,
            head: 0,
            rooms: BTreeMap::new(),
            people: BTreeMap::new(),
            devices: BTreeMap::new(),
            history: BTreeMap::from([(0, View::default())]),
            keyed: true,
            brief: true,
        };
        let clients = devices.iter().map(|_| Client::default()).collect();
        let devices = devices.iter().map(|n| device(*n)).collect();
        Self { server, clients, devices, sessions: 0, now_ms: 0 }
    }

    fn tell(&mut self, frame: &ServerFrame) {
        for client in &mut self.clients {
            if let Some((_, line)) = &mut client.life
                && line.is_open
            {
                line.down.push_back(frame.clone());
            }
        }
    }

    /// A room gets a title; the first makes it.
    pub(super) fn title(&mut self, n: u8, title: &str) {
        let txn = self.server.next();
        let id = room(n);
        let known = self.server.rooms.get(&id).is_some_and(|held| held.is_member);
        let held = self.server.rooms.entry(id);
        let held = held.or_insert(Room { title: String::new(), is_member: true, txn });
        (held.title, held.txn) = (title.to_owned(), txn);
        let is_member = held.is_member;
        let frame = match known {
            true => ServerFrame::Event(RoomEvent {
                room: id,
                pos: Position(txn),
                txn: Txn(txn),
                at: TimeMs(0),
                by: account(1),
                kind: EventKind::Renamed { title: title.to_owned() },
            }),
            false => ServerFrame::Room(self.server.delta(id, 0)),
        };
        self.server.remember();
        if is_member {
            self.tell(&frame);
        }
    }

    /// The person leaves a room, or comes back to it.
    pub(super) fn member(&mut self, n: u8, is_member: bool) {
        let id = room(n);
        if self.server.rooms.get(&id).is_none_or(|held| held.is_member == is_member) {
            return;
        }
        let txn = self.server.next();
        let held = self.server.rooms.get_mut(&id).unwrap();
        (held.is_member, held.txn) = (is_member, txn);
        let frame = ServerFrame::Room(self.server.delta(id, 0));
        self.server.remember();
        self.tell(&frame);
    }

    /// Somebody is seen otherwise: invisible people are offline to others.
    pub(super) fn person(&mut self, n: u8, state: PresenceState) {
        let txn = self.server.next();
        self.server.people.insert(account(n), (state, txn));
        self.server.remember();
        self.tell(&ServerFrame::Presence { txn: Txn(txn), people: vec![present(account(n), state)] });
    }

    /// The server is set back to what it was: another epoch, no line lives on.
    pub(super) fn restore(&mut self, backup: &Server) {
        let epoch = self.server.epoch + 1;
        self.server = Server { epoch, ..backup.clone() };
        for client in 0..self.clients.len() {
            self.half_open(client);
        }
    }

    /// Devices that were silent for too long lose their keys.
    pub(super) fn forget_devices(&mut self) {
        self.server.devices.clear();
    }

    /// The server lost the line; the client did not notice.
    pub(super) fn half_open(&mut self, client: usize) {
        if let Some((_, line)) = &mut self.clients[client].life {
            line.is_open = false;
        }
    }

    /// The client's process dies, or its line is cut: what was not written is lost.
    pub(super) fn cut(&mut self, client: usize) {
        self.clients[client].life = None;
    }

    /// Whether the client has a line, as far as it knows.
    pub(super) fn is_connected(&self, client: usize) -> bool {
        self.clients[client].life.is_some()
    }

    /// The client connects anew and greets with what its cache stands for.
    pub(super) fn connect(&mut self, client: usize) {
        self.sessions += 1;
        let session = connection(self.sessions);
        let line = Line { session, down: VecDeque::new(), is_open: true };
        let machine = Sync::new(account(1), self.devices[client], "model");
        let held = &mut self.clients[client];
        held.life = Some((machine, line));
        held.cache.parts.clear();
        let (key, greeting) = (held.cache.key, held.cache.greeting.clone());
        self.step(client, Input::Cached { key, greeting }, usize::MAX);
    }

    /// One frame comes through. Of what the machine wants then, so many steps are done before the process dies.
    pub(super) fn deliver(&mut self, client: usize, steps: usize) -> bool {
        let Some((_, line)) = &mut self.clients[client].life else { return false };
        let Some(frame) = line.down.pop_front() else { return false };
        let bytes = wire::encode(&frame).unwrap().len() as u64;
        self.step(client, Input::Came { frame: Box::new(frame), bytes }, steps);
        true
    }

    /// Time passes for a client, and it has read what there was.
    pub(super) fn rest(&mut self, client: usize, ms: u64, steps: usize) {
        self.now_ms += ms;
        self.step(client, Input::Quiet, steps);
        self.step(client, Input::Tick, steps);
    }

    fn step(&mut self, client: usize, input: Input, steps: usize) {
        let now_ms = self.now_ms;
        let mut left = steps;
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let Some((machine, _)) = &mut self.clients[client].life else { return };
            let mut out = Vec::new();
            machine.step(now_ms, input, &mut out);
            for effect in out {
                if left == 0 {
                    return self.cut(client);
                }
                left -= 1;
                inputs.extend(self.perform(client, effect));
            }
        }
    }

    fn perform(&mut self, client: usize, effect: Effect) -> Option<Input> {
        let held = &mut self.clients[client];
        let mut next = None;
        match effect {
            Effect::Send(ClientFrame::Hello(greeting)) => self.greeted(client, greeting.key, None),
            Effect::Send(ClientFrame::Again(again)) => {
                let key = again.key(self.devices[client]);
                self.greeted(client, Some(key), Some(again.greeting));
            }
            Effect::KeepGreeting(greeting) => held.cache.greeting = greeting,
            Effect::Send(ClientFrame::Applied { txn }) => {
                let key = held.cache.key.expect("a key is there before it is told");
                assert!(txn <= key.txn, "told ahead of the disk");
                let (session, is_open) =
                    held.life.as_ref().map(|(_, line)| (line.session, line.is_open)).unwrap();
                let known = self.server.devices.get_mut(&self.devices[client]);
                if let Some(known) = known.filter(|known| is_open && known.session == session) {
                    known.previous = None;
                }
            }
            Effect::Keep(part) => held.cache.parts.push(part),
            Effect::Commit { kind, key } => {
                let parts = std::mem::take(&mut held.cache.parts);
                if kind == SyncKind::Full {
                    held.cache.view = View::default();
                }
                parts.into_iter().for_each(|part| held.cache.apply(part));
                held.cache.key = key;
                next = Some(Input::Committed(BTreeMap::new()));
            }
            Effect::Write(frames) => {
                frames.into_iter().for_each(|frame| held.cache.apply(frame));
                next = Some(Input::Written(BTreeMap::new()));
            }
            Effect::Forget => {
                held.cache.key = None;
                held.mismatches += 1;
            }
            Effect::Synced(cost) => held.last = Some((cost.kind, cost.bytes_in, held.changed)),
            Effect::End(_) => self.cut(client),
            Effect::Send(_) | Effect::Greeted(_) | Effect::Pass(_) => {}
        }
        self.keeps_its_promise(client);
        next
    }

    /// The rows of a cache are exactly those that its key stands for.
    fn keeps_its_promise(&self, client: usize) {
        let Cache { key, view, .. } = &self.clients[client].cache;
        if let Some(key) = key.filter(|key| key.epoch == self.server.epoch) {
            assert_eq!(Some(view), self.server.history.get(&key.txn.0), "the rows of {key:?}");
        }
    }

    fn greeted(&mut self, client: usize, key: Option<SyncKey>, kept: Option<u64>) {
        let device = self.devices[client];
        let (keyed, reads) = (self.server.keyed, self.server.brief);
        let held = &mut self.clients[client];
        let Some((_, line)) = &mut held.life else { return };
        if kept.is_some() && !reads {
            let error = ErrorBody::new(ErrorCode::BadRequest, "the first frame is the greeting");
            return line.down.push_back(ServerFrame::Bye { error });
        }
        let session = line.session;
        let known = key.filter(|key| keyed && self.server.knows(device, key));
        let after = known.map_or(0, |key| key.txn.0);
        let known_at = |txn: u64| known.is_none() || txn > after;
        held.changed = self.server.rooms.values().filter(|room| known_at(room.txn)).count()
            + self.server.people.values().filter(|(_, txn)| known_at(*txn)).count();
        let all = capability::ALL.iter().copied();
        let all: Vec<&str> = all.filter(|name| keyed && (reads || *name != capability::BRIEF)).collect();
        let greeting = hello(self.sessions, &all);
        let mark = if let ServerFrame::Hello(hello) = &greeting { hello.mark() } else { 0 };
        let again = kept == Some(mark);
        let few = ServerFrame::Again(ServerAgain { connection: session, now: TimeMs(0), relay: 0 });
        line.down.push_back(if again { few } else { greeting });
        let parts = self.server.parts(known.map(|key| key.txn.0), again);
        let kind = match (known, parts.is_empty()) {
            (None, _) => SyncKind::Full,
            (Some(_), true) => SyncKind::Null,
            (Some(_), false) => SyncKind::Delta,
        };
        line.down.extend(parts);
        let next = SyncKey { epoch: self.server.epoch, session, device, txn: Txn(self.server.head) };
        line.down.push_back(match again && kind != SyncKind::Full {
            true => ServerFrame::SyncEnded(Ended(kind, next.txn)),
            false => ServerFrame::SyncEnd { kind, key: next },
        });
        let previous = known.map(|key| key.session);
        self.server.devices.insert(device, Known { session, previous });
    }

    /// What is true now.
    pub(super) fn truth(&self) -> View {
        self.server.view()
    }
}

impl Server {
    fn next(&mut self) -> u64 {
        self.head += 1;
        self.head
    }

    fn remember(&mut self) {
        let view = self.view();
        self.history.insert(self.head, view);
    }

    fn view(&self) -> View {
        let rooms = self.rooms.iter().filter(|(_, held)| held.is_member);
        View {
            rooms: rooms.map(|(id, held)| (*id, held.title.clone())).collect(),
            people: self.people.iter().map(|(id, (state, _))| (*id, *state)).collect(),
        }
    }

    fn knows(&self, device: DeviceId, key: &SyncKey) -> bool {
        self.devices.get(&device).is_some_and(|known| {
            key.epoch == self.epoch
                && key.txn.0 <= self.head
                && (key.session == known.session || Some(key.session) == known.previous)
        })
    }

    /// The parts of a delta after a transaction, or of everything, one subject in each: cut anywhere.
    fn parts(&self, after: Option<u64>, brief: bool) -> Vec<ServerFrame> {
        let rooms =
            self.rooms.iter().filter(|(_, held)| after.map_or(held.is_member, |after| held.txn > after));
        let rooms =
            rooms.map(|(id, _)| ServerFrame::SyncPart { rooms: vec![self.delta(*id, after.unwrap_or(0))] });
        let people = self.people.iter().filter(|(_, (_, txn))| *txn > after.unwrap_or(0));
        let people = people.map(|(id, (state, _))| {
            let person = present(*id, *state);
            if brief {
                return ServerFrame::SyncPresences(vec![BriefPresence(person)]);
            }
            ServerFrame::SyncPeople { people: vec![person], mine: None }
        });
        rooms.chain(people).collect()
    }

    fn delta(&self, id: RoomId, after: u64) -> RoomDelta {
        let held = &self.rooms[&id];
        let title = (held.is_member && held.txn > after).then(|| held.title.clone());
        RoomDelta { gone: !held.is_member, title, ..RoomDelta::empty(id, Txn(held.txn)) }
    }
}
