//! How rooms are sorted, and what waits for the server, survive a crash; older files learn of them.

use super::{me, message, room};
use crate::state::{MIGRATIONS, open, outbox, prefs, settings, waiting};
use crate::store::{Db, Durability};
use crate::view::{MyPresence, PresenceChoice};
use pod_machine::notice::room_key;
use pod_shared::{AccountId, RoomId, TimeMs};

async fn ranks(state: &Db, rooms: &[RoomId]) -> Vec<Option<u32>> {
    let mut ranks = Vec::new();
    for room in rooms {
        ranks.push(prefs::of(state, me(), *room).await.unwrap().rank);
    }
    ranks
}

#[tokio::test]
async fn favourites_have_an_order_without_gaps() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(folder.path()).unwrap();
    let rooms = [room(1), room(2), room(3)];
    for room in rooms {
        assert_eq!(prefs::favour(&state, me(), room, true).await.unwrap(), [room]);
        assert!(prefs::favour(&state, me(), room, true).await.unwrap().is_empty(), "nothing changed");
    }
    assert_eq!(ranks(&state, &rooms).await, [Some(0), Some(1), Some(2)]);
    // Only those that moved are told; one that is no favourite and one that is named twice count for nothing.
    let order = vec![room(3), room(9), room(1), room(3)];
    assert_eq!(prefs::order(&state, me(), order).await.unwrap(), [room(1), room(2), room(3)]);
    assert_eq!(ranks(&state, &rooms).await, [Some(1), Some(2), Some(0)]);
    assert_eq!(prefs::favour(&state, me(), room(3), false).await.unwrap(), [room(1), room(2), room(3)]);
    drop(state);

    let state = open(folder.path()).unwrap();
    assert_eq!(ranks(&state, &rooms).await, [Some(0), Some(1), None]);
    let stranger = AccountId::from_slice(&[9; 16]).unwrap();
    assert_eq!(prefs::of(&state, stranger, room(2)).await.unwrap(), prefs::Prefs::default());
}

#[tokio::test]
async fn what_the_server_has_still_to_hear_is_kept_once_of_a_kind() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(folder.path()).unwrap();
    let chosen = |state| MyPresence { state, text: "t".into(), until: Some(TimeMs(9)) };
    for _ in 0..2 {
        waiting::add_join(&state, me(), "code".into()).await.unwrap();
    }
    waiting::wish_presence(&state, me(), &chosen(PresenceChoice::Busy)).await.unwrap();
    waiting::wish_presence(&state, me(), &chosen(PresenceChoice::Away)).await.unwrap();
    drop(state);

    let state = open(folder.path()).unwrap();
    assert_eq!(waiting::joins(&state, me()).await.unwrap(), ["code"]);
    // The server heard an older choice: the newer one still waits.
    waiting::drop_presence(&state, me(), &chosen(PresenceChoice::Busy)).await.unwrap();
    assert_eq!(waiting::presence(&state, me()).await.unwrap(), Some(chosen(PresenceChoice::Away)));
    waiting::drop_presence(&state, me(), &chosen(PresenceChoice::Away)).await.unwrap();
    assert_eq!(waiting::presence(&state, me()).await.unwrap(), None);
    waiting::drop_join(&state, me(), "code".into()).await.unwrap();
    assert!(waiting::joins(&state, me()).await.unwrap().is_empty());
}

#[tokio::test]
async fn rooms_that_were_muted_follow_their_person_from_then_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let muted = MIGRATIONS.iter().position(|migration| *migration == prefs::MUTED).unwrap();
    let old = Db::open(&path, &MIGRATIONS[..muted], Durability::PowerCut).unwrap();
    let fill = |tx: &rusqlite::Transaction<'_>| {
        let mut kept =
            tx.prepare("INSERT INTO room_prefs (account, room, muted, rank) VALUES (?1, ?2, ?3, ?4)")?;
        for (number, muted, rank) in [(1, true, Some(0)), (2, false, Some(1)), (3, true, None)] {
            kept.execute(rusqlite::params![me().as_bytes(), room(number).as_bytes(), muted, rank])?;
        }
        Ok(())
    };
    old.run(fill).await.unwrap();
    drop(old);
    let state = open(folder.path()).unwrap();
    let told = settings::wishes(&state, me()).await.unwrap();
    let told: Vec<(String, Option<String>)> = told.into_iter().map(|wish| (wish.key, wish.value)).collect();
    let none = |number| (room_key(room(number)), Some("none".to_owned()));
    assert_eq!(told, [none(1), none(3)]);
    assert_eq!(prefs::of(&state, me(), room(1)).await.unwrap().rank, Some(0));
}

#[tokio::test]
async fn a_file_of_the_first_release_keeps_what_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let old = Db::open(&path, &MIGRATIONS[..2], Durability::PowerCut).unwrap();
    outbox::add(&old, me(), room(1), message(1), TimeMs(1)).await.unwrap();
    drop(old);
    let state = open(folder.path()).unwrap();
    assert_eq!(outbox::all(&state, me()).await.unwrap().len(), 1);
    assert_eq!(prefs::favour(&state, me(), room(1), true).await.unwrap(), [room(1)]);
}
