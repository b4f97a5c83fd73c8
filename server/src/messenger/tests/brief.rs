//! A device that was greeted before comes back with few bytes and gets few; whoever is not understood so is answered at length.

use super::pod::{Pod, Socket, get, goodbye, open, put};
use super::presence::{quick, until};
use super::world::{Stop, Who, World};
use futures_util::StreamExt;
use pod_shared::presence::{MyPresence, PersonPresence, PresenceChoice, PresenceState};
use pod_shared::socket::{
    Answer, ClientAgain, ClientFrame, Ended, Request, ServerAgain, ServerFrame, ServerHello,
};
use pod_shared::sync::{RoomDelta, SyncKey, SyncKind};
use pod_shared::{ErrorCode, Txn, capability, wire};
use tokio_tungstenite::tungstenite::Message;

/// A return in few bytes.
pub(super) struct Back {
    pub(super) socket: Socket,
    /// The answer to the greeting; nothing: it came at length.
    pub(super) again: Option<ServerAgain>,
    pub(super) kind: SyncKind,
    pub(super) key: SyncKey,
    pub(super) people: Vec<PersonPresence>,
    pub(super) rooms: Vec<RoomDelta>,
    /// Bytes of frames, each way, up to the end of the sync and the word that it is applied.
    pub(super) up: usize,
    pub(super) down: usize,
}

fn said(key: SyncKey, greeting: &ServerHello) -> ClientAgain {
    let SyncKey { epoch, session, txn, .. } = key;
    let capabilities = capability::bits(capability::ALL);
    ClientAgain { capabilities, greeting: greeting.mark(), epoch, session, txn }
}

/// Comes back as a device that keeps this key and this greeting, and applies what comes.
pub(super) async fn back(world: &World, who: Who, key: SyncKey, greeting: &ServerHello) -> Back {
    let mut socket = open(world, who).await;
    let first = ClientFrame::Again(said(key, greeting));
    put(&mut socket, &first).await;
    let (mut again, mut session) = (None, None);
    let (mut people, mut rooms, mut down) = (Vec::new(), Vec::new(), 0);
    let (kind, key) = loop {
        let Some(Ok(Message::Binary(bytes))) = socket.next().await else { panic!("the sync") };
        down += bytes.len();
        match wire::decode(&bytes).unwrap() {
            ServerFrame::Hello(hello) => session = Some(hello.connection),
            ServerFrame::Again(answer) => {
                (again, session) = (Some(answer), Some(answer.connection));
            }
            ServerFrame::SyncPresences(part) => people.extend(part.into_iter().map(|person| person.0)),
            ServerFrame::SyncPart { rooms: part } => rooms.extend(part),
            ServerFrame::SyncEnded(Ended(kind, txn)) => {
                assert!(again.is_some() && kind != SyncKind::Full);
                break (kind, SyncKey { session: session.unwrap(), txn, ..key });
            }
            ServerFrame::SyncEnd { kind, key } => {
                assert!(again.is_none() || kind == SyncKind::Full);
                break (kind, key);
            }
            _ => {}
        }
    };
    let applied = ClientFrame::Applied { txn: key.txn };
    put(&mut socket, &applied).await;
    let up = wire::encode(&first).unwrap().len() + wire::encode(&applied).unwrap().len();
    Back { socket, again, kind, key, people, rooms, up, down }
}

impl Back {
    /// A round trip: all that was sent before has been read by the server.
    pub(super) async fn settle(&mut self) {
        let body = Request::People { text: "-".into(), limit: 1 };
        put(&mut self.socket, &ClientFrame::Request { request: 1, body }).await;
        while !matches!(get(&mut self.socket).await, Some(ServerFrame::Answer { .. })) {}
    }

    /// Closes, and waits until the server has done so too.
    pub(super) async fn leave(mut self) -> SyncKey {
        self.settle().await;
        self.socket.close(None).await.unwrap();
        while let Some(Ok(_)) = self.socket.next().await {}
        self.key
    }
}

#[tokio::test]
async fn a_null_sync_takes_few_bytes_each_way_also_after_a_restart() {
    let mut world = World::new().await;
    let alice = world.person("alice");
    let mut a = Pod::fresh(&world, alice).await;
    let room = a.make_room("r", &[]).await;
    let (greeting, txn) = (a.hello.clone(), a.history(room).await.unwrap().0[0].txn);
    a.applied(txn).await;
    let mut key = a.leave().await;
    for restart in [false, true, false] {
        if restart {
            world.restart(Stop::Properly).await;
        }
        let back = back(&world, alice, key, &greeting).await;
        assert!(back.again.is_some_and(|again| again.relay == 0), "there is no relay here");
        assert_eq!((back.kind, back.key.epoch, back.key.txn), (SyncKind::Null, key.epoch, txn));
        assert!(back.up <= 96 && back.down <= 96, "{} up, {} down", back.up, back.down);
        key = back.leave().await;
    }
    world.check();
}

#[tokio::test]
async fn who_is_answered_at_length_keeps_the_key_all_the_same() {
    let world = World::new().await;
    let alice = world.person("alice");
    let mut a = Pod::fresh(&world, alice).await;
    let room = a.make_room("r", &[]).await;
    let txn = a.history(room).await.unwrap().0[0].txn;
    a.applied(txn).await;
    let greeting = ServerHello { server: "as it was called before".into(), ..a.hello.clone() };
    let key = a.leave().await;
    let answered = back(&world, alice, key, &greeting).await;
    assert!(answered.again.is_none());
    assert_eq!((answered.kind, answered.key.epoch), (SyncKind::Null, key.epoch));
    answered.leave().await;
    world.check();
}

#[tokio::test]
async fn an_unknown_key_in_few_bytes_brings_everything_with_a_whole_key() {
    let world = World::new().await;
    let alice = world.person("alice");
    let mut a = Pod::fresh(&world, alice).await;
    a.make_room("r", &[]).await;
    let greeting = a.hello.clone();
    let key = a.leave().await;
    for wrong in [SyncKey { epoch: key.epoch + 1, ..key }, SyncKey { txn: Txn(1 << 40), ..key }] {
        let back = back(&world, alice, wrong, &greeting).await;
        assert_eq!((back.kind, back.rooms.len(), back.key.epoch), (SyncKind::Full, 1, key.epoch));
        assert!(back.again.is_some(), "of the greeting nothing changed");
        back.leave().await;
    }
}

#[tokio::test]
async fn a_changed_contact_takes_few_bytes() {
    let world = World::paced(quick(60_000)).await;
    world.watch();
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let mut a = Pod::fresh(&world, alice).await;
    a.make_room("r", &[bob]).await;
    let mut b = Pod::fresh(&world, bob).await;
    until(&mut a, bob, PresenceState::Here).await;
    let mut a = Pod::fresh(&world, alice).await;
    let greeting = a.hello.clone();
    a.applied(a.key.txn).await;
    let key = a.leave().await;
    let busy = MyPresence { state: PresenceChoice::Busy, ..MyPresence::default() };
    assert_eq!(b.ask(Request::Presence(busy)).await, Ok(Answer::Done {}));
    let back = loop {
        let back = back(&world, alice, key, &greeting).await;
        if back.kind == SyncKind::Delta {
            break back;
        }
        // It is told in batches; what a sync leaves out comes live.
        drop(back);
    };
    let told: Vec<_> = back.people.iter().map(|person| (person.account, person.presence.state)).collect();
    assert_eq!(told, [(bob.account, PresenceState::Busy)]);
    assert!(back.down <= 96 + 40, "{}", back.down);
    world.check();
}

#[tokio::test]
async fn a_greeting_counts_once_in_either_form_and_the_relay_is_told_to_who_asks() {
    let world = World::new().await;
    let alice = world.person("alice");
    let mut a = Pod::fresh(&world, alice).await;
    assert_eq!(a.ask(Request::Relay {}).await, Ok(Answer::Relay { relay: None }));
    let (key, greeting) = (a.key, a.hello.clone());
    a.put(ClientFrame::Again(said(key, &greeting))).await;
    assert_eq!(goodbye(&mut a.socket).await, ErrorCode::BadRequest);
}
