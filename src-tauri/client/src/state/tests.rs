//! What must never be thrown away survives a crash: dropped and opened again.

use super::outbox::{self, Wish};
use super::{account, drafts, open, reads};
use crate::net::Endpoint;
use crate::state::settings;
use pod_shared::envelope::Envelope;
use pod_shared::limits::OUTBOX_MESSAGES_MAX;
use pod_shared::{AccountId, DeviceId, ErrorBody, ErrorCode, MessageId, Position, RoomId, TimeMs};

mod contacts;
mod edits;
mod following;
mod linked;
mod offers;
mod openings;
mod people;
mod queue;

fn me() -> AccountId {
    AccountId::from_slice(&[1; 16]).unwrap()
}

fn room(number: u8) -> RoomId {
    RoomId::from_slice(&[number; 16]).unwrap()
}

fn message(number: u8) -> Wish {
    let id = MessageId::from_slice(&[number; 16]).unwrap();
    Wish::Message { id, body: Envelope::text(format!("text {number}")).seal().unwrap(), about: None }
}

#[tokio::test]
async fn the_outbox_keeps_its_order_and_its_reasons_through_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(folder.path()).unwrap();
    let first = outbox::add(&state, me(), room(1), message(1), TimeMs(10)).await.unwrap();
    let second = outbox::add(&state, me(), room(2), message(2), TimeMs(5)).await.unwrap();
    assert!(first < second);
    let why = ErrorBody::new(ErrorCode::RoleTooLow, "viewers read only");
    outbox::set_failed(&state, first, Some(why.clone())).await.unwrap();
    drop(state);

    let state = open(folder.path()).unwrap();
    let rows = outbox::all(&state, me()).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [first, second]);
    assert_eq!(rows[0].failed, Some(why));
    assert_eq!(rows[1].wish, message(2));
    let stranger = AccountId::from_slice(&[9; 16]).unwrap();
    assert!(
        outbox::all(&state, stranger).await.unwrap().is_empty(),
        "another account has an outbox of its own"
    );
    let ids = vec![MessageId::from_slice(&[1; 16]).unwrap()];
    assert_eq!(outbox::remove_messages(&state, ids).await.unwrap(), [(room(1), first)]);
    assert_eq!(outbox::of_room(&state, me(), room(2)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_row_number_is_never_used_again() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(folder.path()).unwrap();
    let first = outbox::add(&state, me(), room(1), message(1), TimeMs(1)).await.unwrap();
    outbox::remove(&state, first).await.unwrap();
    let second = outbox::add(&state, me(), room(1), message(2), TimeMs(2)).await.unwrap();
    assert!(second > first, "a late answer for the old row must not hit the new one");
}

#[tokio::test]
async fn drafts_marks_settings_and_the_account_survive_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(folder.path()).unwrap();
    let device = DeviceId::from_slice(&[7; 16]).unwrap();
    assert_eq!(account::device(&state, device).await.unwrap(), device);
    let signed_in = account::Account {
        id: me(),
        name: "amy".into(),
        display_name: "에이미".into(),
        is_admin: true,
        server_name: "home".into(),
        endpoint: Endpoint { url: "https://h:1".into(), fingerprint: Some("ab".into()) },
    };
    account::save(&state, signed_in.clone()).await.unwrap();
    drafts::set(&state, me(), room(1), "half a sen".into()).await.unwrap();
    reads::set(&state, me(), room(1), Position(9)).await.unwrap();
    reads::set(&state, me(), room(1), Position(4)).await.unwrap();
    settings::set(&state, settings::ROOMS_OPEN, Some("list".into())).await.unwrap();
    drop(state);

    let state = open(folder.path()).unwrap();
    let other = DeviceId::from_slice(&[8; 16]).unwrap();
    assert_eq!(account::device(&state, other).await.unwrap(), device, "the device keeps its id");
    assert_eq!(account::load(&state).await.unwrap(), Some(signed_in));
    assert_eq!(drafts::get(&state, me(), room(1)).await.unwrap().as_deref(), Some("half a sen"));
    assert_eq!(reads::all(&state, me()).await.unwrap(), [(room(1), Position(9))], "a mark never goes back");
    assert_eq!(settings::get(&state, settings::ROOMS_OPEN).await.unwrap().as_deref(), Some("list"));
    reads::confirm(&state, me(), room(1), Position(9)).await.unwrap();
    drafts::set(&state, me(), room(1), String::new()).await.unwrap();
    account::forget(&state).await.unwrap();
    assert!(reads::all(&state, me()).await.unwrap().is_empty());
    assert_eq!(drafts::get(&state, me(), room(1)).await.unwrap(), None);
    assert_eq!(account::load(&state).await.unwrap(), None);
}

#[tokio::test]
async fn a_setting_takes_only_what_it_can_mean() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(folder.path()).unwrap();
    for (key, value) in [("", "x"), ("a b", "x"), (settings::ROOMS_OPEN, "always"), ("k", &"x".repeat(5_000))]
    {
        let refused = settings::set(&state, key, Some(value.to_owned())).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::BadRequest, "{key}");
    }
}

#[tokio::test]
async fn a_full_outbox_takes_no_more_and_keeps_what_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(folder.path()).unwrap();
    let first = outbox::add(&state, me(), room(1), message(1), TimeMs(1)).await.unwrap();
    // All but one, in one transaction.
    let more = OUTBOX_MESSAGES_MAX as i64 - 2;
    let fill = move |tx: &rusqlite::Transaction<'_>| {
        let sql = "INSERT INTO outbox (account, room, body, at)
                   WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
                   SELECT account, room, body, at FROM outbox, n";
        Ok(tx.execute(sql, [more])?)
    };
    assert_eq!(state.run(fill).await.unwrap(), OUTBOX_MESSAGES_MAX - 2);
    outbox::add(&state, me(), room(1), message(2), TimeMs(2)).await.unwrap();
    let full = outbox::all(&state, me()).await.unwrap();
    assert_eq!(full.len(), OUTBOX_MESSAGES_MAX);
    let refused = outbox::add(&state, me(), room(1), message(3), TimeMs(3)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::TooMany);
    assert_eq!(outbox::all(&state, me()).await.unwrap(), full, "nothing changed");
    let stranger = AccountId::from_slice(&[9; 16]).unwrap();
    outbox::add(&state, stranger, room(1), message(4), TimeMs(4)).await.unwrap();
    outbox::remove(&state, first).await.unwrap();
    outbox::add(&state, me(), room(1), message(3), TimeMs(5)).await.unwrap();
}

/// The file as the first release wrote it.
pub(crate) const FIRST_SCHEMA: &str = include_str!("first_schema.sql");

/// Puts the file of the first release into a profile.
pub(crate) fn first_release(profile: &std::path::Path) {
    let connection = rusqlite::Connection::open(profile.join("state.db")).unwrap();
    connection.execute_batch(FIRST_SCHEMA).unwrap();
    connection.pragma_update(None, "user_version", 2).unwrap();
}

#[tokio::test]
async fn a_file_of_the_first_schema_opens_and_keeps_what_waits() {
    let folder = tempfile::tempdir().unwrap();
    first_release(folder.path());
    let state = open(folder.path()).unwrap();
    let amy = account::load(&state).await.unwrap().unwrap();
    assert_eq!((amy.name.as_str(), amy.is_admin), ("amy", true));
    let rows = outbox::all(&state, amy.id).await.unwrap();
    assert_eq!((rows.len(), rows[0].seq), (1, 3));
    let Wish::Message { body, .. } = &rows[0].wish else { panic!("not a message: {:?}", rows[0].wish) };
    assert!(String::from_utf8_lossy(&body.0).contains("waits for the server"));
    let attic = rows[0].room;
    assert_eq!(drafts::get(&state, amy.id, attic).await.unwrap().as_deref(), Some("half a sen"));
    assert_eq!(reads::all(&state, amy.id).await.unwrap(), [(attic, Position(6))]);
    assert_eq!(settings::get(&state, settings::ROOMS_OPEN).await.unwrap().as_deref(), Some("list"));
}
