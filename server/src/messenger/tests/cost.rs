//! What a return costs with 100,000 contacts and as many rooms that did not change: steps of the database, on all its
//! connections, and bytes of frames. Both follow what changed, not what there is (issue 5, line 2).

use super::brief::{Back, back};
use super::pod::Pod;
use super::world::{Stop, Who, World};
use crate::store::sqlite::counted;
use crate::store::sqlite::messenger::Devices;
use pod_shared::bytes::ByteString;
use pod_shared::socket::{EventKind, SendMessage, ServerHello};
use pod_shared::sync::{SyncKey, SyncKind};
use pod_shared::{AccountId, ConnectionId, MessageId, RoomId, TimeMs, Txn, wire};
use rusqlite::{Connection, params};
use std::sync::atomic::Ordering;
use uuid::Uuid;

/// What the small world has, and the large one.
const SIZES: [usize; 2] = [200, 100_000];
/// What changes.
const CHANGES: [usize; 4] = [0, 1, 10, 100];
/// Steps of one changed contact or room, about which nothing but its own rows is read.
const STEPS_A_CHANGE: u64 = 600;
/// What connections that are opened anew read of the schema: as many as there happen to be.
const STEPS_OF_OPENING: u64 = 500;
/// Bytes of a null sync; of a changed contact; of a room with a new message of a few letters.
const NULL_BYTES: usize = 96;
const CONTACT_BYTES: usize = 40;
const ROOM_BYTES: usize = 320;

/// Alice, whose device applied everything and left; as many contacts and rooms as wished, written straight into the tables as
/// the store would write them. Bob is in all of the rooms.
struct Filled {
    world: World,
    alice: Who,
    bob: Who,
    contacts: Vec<AccountId>,
    rooms: Vec<RoomId>,
    key: SyncKey,
    greeting: ServerHello,
    steps: counted::Steps,
}

async fn filled(size: usize) -> Filled {
    let mut world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let greeting = Pod::fresh(&world, alice).await.hello.clone();
    let contacts: Vec<_> = (0..size).map(|_| AccountId(Uuid::now_v7())).collect();
    let rooms: Vec<_> = (0..size).map(|_| RoomId(Uuid::now_v7())).collect();
    world.about.stopping().cancel();
    let path = world.dir.path().join("messenger.db");
    let (epoch, txn) = fill(&mut Connection::open(path).unwrap(), alice, bob, &contacts, &rooms);
    let session = ConnectionId(Uuid::nil());
    let key = SyncKey { epoch, session, device: alice.device, txn };
    // What the former server still ends with is no cost of a return.
    let steps = counted::from_now_on();
    world.restart(Stop::Properly).await;
    Filled { world, alice, bob, contacts, rooms, key, greeting, steps }
}

fn fill(
    connection: &mut Connection,
    alice: Who,
    bob: Who,
    contacts: &[AccountId],
    rooms: &[RoomId],
) -> (u64, Txn) {
    let (me, other) = (alice.account, bob.account);
    let tx = connection.transaction().unwrap();
    let (epoch, before): (i64, i64) =
        tx.query_row("SELECT epoch, txn FROM meta", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let mut txn = before;
    {
        let sql = "INSERT INTO contacts (owner, other, standing, blocked, favourite, muted, nickname, text, asks, since_txn,
             veil_txn, veiled_at, gone_at, txn) VALUES (?1, ?2, 4, 0, 0, 0, '', '', 0, 1, 0, 0, NULL, 1)";
        let mut contact = tx.prepare(sql).unwrap();
        let sql = "INSERT INTO presence (account, choice, text, until, chosen_txn, state, shown_text, txn)
             VALUES (?1, 0, '', NULL, 0, 1, '', 1)";
        let mut presence = tx.prepare(sql).unwrap();
        for friend in contacts {
            contact.execute(params![me.as_bytes(), friend.as_bytes()]).unwrap();
            contact.execute(params![friend.as_bytes(), me.as_bytes()]).unwrap();
            presence.execute([friend.as_bytes()]).unwrap();
        }
        let sql = "INSERT INTO rooms (room, title, title_counter, title_txn, created_by, created_at, made_digest, folder,
                 folder_txn, content_at, head, members, last_txn) VALUES (?1, 't', 1, ?2, ?3, 1, x'00', 0, ?2, 0, 1, 2, ?2)";
        let mut room = tx.prepare(sql).unwrap();
        let sql = "INSERT INTO members (room, account, role, counter, changed_by, txn, since_txn, read_pos, read_txn)
             VALUES (?1, ?2, ?3, 1, ?4, ?5, ?5, 0, ?5)";
        let mut member = tx.prepare(sql).unwrap();
        let sql = "INSERT INTO events (txn, room, pos, at, by, kind, data) VALUES (?1, ?2, 1, 1, ?3, 1, ?4)";
        let mut event = tx.prepare(sql).unwrap();
        let made = wire::encode(&EventKind::Created { title: "t".into() }).unwrap();
        for id in rooms {
            txn += 1;
            room.execute(params![id.as_bytes(), txn, me.as_bytes()]).unwrap();
            member.execute(params![id.as_bytes(), me.as_bytes(), 4, me.as_bytes(), txn]).unwrap();
            member.execute(params![id.as_bytes(), other.as_bytes(), 2, me.as_bytes(), txn]).unwrap();
            event.execute(params![txn, id.as_bytes(), me.as_bytes(), made]).unwrap();
        }
    }
    for who in [me, other] {
        let sql = "INSERT INTO people (account, name, display_name, rooms) VALUES (?1, 'n', 'N', ?2)
             ON CONFLICT (account) DO UPDATE SET rooms = ?2";
        tx.execute(sql, params![who.as_bytes(), rooms.len() as i64]).unwrap();
    }
    let sql = "INSERT OR REPLACE INTO devices (device, account, session, previous, acked, online, seen)
         VALUES (?1, ?2, zeroblob(16), NULL, ?3, 0, ?4)";
    tx.execute(sql, params![alice.device.as_bytes(), me.as_bytes(), txn, super::super::now().0]).unwrap();
    tx.execute("UPDATE meta SET txn = ?1", [txn]).unwrap();
    tx.commit().unwrap();
    (epoch.cast_unsigned(), Txn(txn.cast_unsigned()))
}

impl Filled {
    /// Alice comes back, applies, and leaves again: what it cost.
    async fn cost(&mut self) -> (Back, u64) {
        let before = self.steps.load(Ordering::Relaxed);
        let mut back = back(&self.world, self.alice, self.key, &self.greeting).await;
        back.settle().await;
        let steps = self.steps.load(Ordering::Relaxed) - before;
        (back, steps)
    }

    async fn contacts_change(&self, changes: usize) {
        let whom = self.contacts[changes..2 * changes].to_vec();
        self.world.messenger.inner.store.show(whom, |_| Devices::Idle, TimeMs(5)).await.unwrap();
    }

    async fn rooms_change(&self, changes: usize) {
        let inner = &self.world.messenger.inner;
        for room in self.rooms[..changes].iter().copied() {
            let (id, body) = (MessageId(Uuid::now_v7()), ByteString(b"hello".to_vec()));
            let turn = inner.store.turn().await.unwrap();
            let message = SendMessage { id, room, body, about: None };
            inner.post(turn, self.bob.account, message).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_return_costs_what_changed_with_100_000_contacts_and_rooms() {
    let mut nulls = Vec::new();
    for size in SIZES {
        let mut filled = filled(size).await;
        let mut null = 0;
        for changes in CHANGES {
            filled.contacts_change(changes).await;
            let (back, steps) = filled.cost().await;
            if changes == 0 {
                null = steps;
            }
            assert_eq!((back.kind, back.people.len(), back.rooms.len()), (kind(changes), changes, 0));
            assert!(back.up <= NULL_BYTES, "{} up", back.up);
            assert!(
                back.down <= NULL_BYTES + CONTACT_BYTES * changes,
                "{changes} contacts: {} bytes",
                back.down
            );
            let most = null + STEPS_OF_OPENING + STEPS_A_CHANGE * changes as u64;
            assert!(steps <= most, "{changes} of {size} contacts: {steps} steps, not {most}");
            filled.key = back.leave().await;
        }
        nulls.push(null);
        for changes in CHANGES {
            filled.rooms_change(changes).await;
            let (back, steps) = filled.cost().await;
            assert_eq!((back.kind, back.people.len(), back.rooms.len()), (kind(changes), 0, changes));
            assert!(back.up <= NULL_BYTES, "{} up", back.up);
            assert!(back.down <= NULL_BYTES + ROOM_BYTES * changes, "{changes} rooms: {} bytes", back.down);
            let most = null + STEPS_OF_OPENING + STEPS_A_CHANGE * changes as u64;
            assert!(steps <= most, "{changes} of {size} rooms: {steps} steps, not {most}");
            filled.key = back.leave().await;
        }
        filled.world.check();
    }
    let apart = nulls[0].abs_diff(nulls[1]);
    assert!(apart <= STEPS_OF_OPENING, "a null sync sees how much there is: {nulls:?}");
}

fn kind(changes: usize) -> SyncKind {
    if changes == 0 { SyncKind::Null } else { SyncKind::Delta }
}
