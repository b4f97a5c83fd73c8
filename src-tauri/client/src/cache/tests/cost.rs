//! What a return costs in the cache with 100,000 contacts and as many rooms that did not change: steps of the database, on
//! all its connections. They follow what changed, not what there is (issue 5, line 2).

use super::{ME, account, key};
use crate::cache::{Cache, Touched, pack};
use pod_shared::bytes::ByteString;
use pod_shared::contact::{ContactStanding, ContactState};
use pod_shared::presence::{PersonPresence, Presence, PresenceState};
use pod_shared::socket::{EventKind, RoomEvent, ServerFrame};
use pod_shared::sync::{RoomDelta, SyncKind};
use pod_shared::{AccountId, ContentPosition, MessageId, Position, RoomId, TimeMs, Txn};
use rusqlite::params;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

const SIZES: [u128; 2] = [200, 100_000];
const CHANGES: [u128; 4] = [0, 1, 10, 100];
/// Steps of a contact who is seen otherwise, and of a room with a new message and a folder that is behind.
const STEPS_A_CHANGE: u64 = 900;

fn person(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(1_000_000 + n))
}

fn room(n: u128) -> RoomId {
    RoomId(Uuid::from_u128(2_000_000 + n))
}

fn presence(n: u128, state: PresenceState) -> PersonPresence {
    PersonPresence { account: person(n), presence: Presence { state, ..Presence::default() } }
}

fn contact(n: u128) -> ContactState {
    ContactState {
        account: person(n),
        name: "n".into(),
        display_name: "N".into(),
        standing: ContactStanding::Contact,
        blocked: false,
        favourite: false,
        muted: false,
        nickname: String::new(),
        text: String::new(),
        mine: 0,
        theirs: 0,
        places: Vec::new(),
    }
}

/// So many contacts and rooms, written straight into the tables.
fn fill(profile: &Path, size: u128) {
    let mut connection = rusqlite::Connection::open(profile.join("cache.db")).unwrap();
    let tx = connection.transaction().unwrap();
    {
        let mut people =
            tx.prepare("INSERT INTO contacts (account, standing, body) VALUES (?1, 4, ?2)").unwrap();
        let mut presences = tx.prepare("INSERT INTO presences (account, body) VALUES (?1, ?2)").unwrap();
        let sql = "INSERT INTO rooms (id, title, head, oldest, last_at) VALUES (?1, 't', 1, 1, 1)";
        let mut rooms = tx.prepare(sql).unwrap();
        let sql = "INSERT INTO events (room, pos, by, body) VALUES (?1, 1, ?2, x'00')";
        let mut events = tx.prepare(sql).unwrap();
        let sql =
            "INSERT INTO members (room, account, name, display_name, role) VALUES (?1, ?2, 'n', 'N', 4)";
        let mut members = tx.prepare(sql).unwrap();
        let here = pack(&presence(0, PresenceState::Here).presence).unwrap();
        for n in 0..size {
            people.execute(params![person(n).as_bytes(), pack(&contact(n)).unwrap()]).unwrap();
            presences.execute(params![person(n).as_bytes(), here]).unwrap();
            rooms.execute([room(n).as_bytes()]).unwrap();
            events.execute(params![room(n).as_bytes(), account(ME).as_bytes()]).unwrap();
            members.execute(params![room(n).as_bytes(), account(ME).as_bytes()]).unwrap();
        }
    }
    tx.commit().unwrap();
}

/// What the messenger tells when these changed.
fn parts(changes: u128) -> Vec<ServerFrame> {
    if changes == 0 {
        return Vec::new();
    }
    let people = (0..changes).map(|n| presence(n, PresenceState::Busy)).collect();
    let rooms = (0..changes).map(|n| {
        let (id, body) = (MessageId(Uuid::from_u128(n)), ByteString(vec![1]));
        let kind = EventKind::Message { id, body, about: None };
        let (room, txn) = (room(n), Txn(60));
        let event = RoomEvent { room, pos: Position(2), txn, at: TimeMs(2), by: person(n), kind };
        let (head, content_at) = (Position(2), ContentPosition(1));
        RoomDelta { events: vec![event], head, content_at, ..RoomDelta::empty(room, txn) }
    });
    vec![
        ServerFrame::SyncPeople { people, mine: None },
        ServerFrame::SyncContacts {
            contacts: (0..changes).map(contact).collect(),
            groups: Vec::new(),
            all: false,
        },
        ServerFrame::SyncPart { rooms: rooms.collect() },
    ]
}

/// All that a return asks of the cache.
async fn back(cache: &Cache, changes: u128) -> Touched {
    assert_eq!(cache.belong_to(account(ME)).await.unwrap().unwrap().txn, Txn(50));
    cache.greeting().await.unwrap();
    for part in parts(changes) {
        cache.keep(&part).await.unwrap();
    }
    let (kind, new) = if changes == 0 { (SyncKind::Null, key(50)) } else { (SyncKind::Delta, key(60)) };
    let touched = cache.apply_sync(account(ME), kind, Some(new)).await.unwrap();
    cache.set_synced_at(TimeMs(9)).await.unwrap();
    cache.heads_of(vec![room(0)]).await.unwrap();
    assert_eq!(cache.folders_behind().await.unwrap().len() as u128, changes);
    touched
}

#[tokio::test]
async fn a_return_costs_what_changed_with_100_000_contacts_and_rooms() {
    let mut nulls = Vec::new();
    for size in SIZES {
        for changes in CHANGES {
            let profile = tempfile::tempdir().unwrap();
            let cache = Cache::open(profile.path()).unwrap();
            cache.belong_to(account(ME)).await.unwrap();
            cache.apply_sync(account(ME), SyncKind::Full, Some(key(50))).await.unwrap();
            fill(profile.path(), size);
            let steps = Arc::new(AtomicU64::new(0));
            for db in [&cache.db, &cache.reader, &cache.seeker] {
                db.count_steps(Arc::clone(&steps)).await;
            }
            let touched = back(&cache, changes).await;
            assert_eq!((touched.people.len() as u128, touched.rooms.len() as u128), (changes, changes));
            let steps = steps.load(Ordering::Relaxed);
            if changes == 0 {
                nulls.push(steps);
            }
            let most = nulls[nulls.len() - 1] + STEPS_A_CHANGE * changes as u64;
            assert!(steps <= most, "{changes} of {size}: {steps} steps, not {most}");
        }
    }
    assert!(nulls[0] > 0);
    assert_eq!(nulls[0], nulls[1], "a null sync does not see how much there is");
}
