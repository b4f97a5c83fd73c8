//! What every store of `auth` does, and that the first schema of `auth.db` still opens.

use crate::store::account::{FirstRight, Gate, NewAccount, NewDevice, NewInvite};
use crate::store::sqlite::auth::{AuthStore, FILE, MIGRATIONS};
use pod_shared::{AccountId, DeviceId, ErrorCode, TimeMs};
use std::path::Path;
use uuid::Uuid;

const NOW: TimeMs = TimeMs(1_000_000);

fn store() -> (tempfile::TempDir, AuthStore) {
    let dir = tempfile::tempdir().unwrap();
    let store = AuthStore::open(dir.path()).unwrap();
    (dir, store)
}

fn device(n: u8) -> NewDevice {
    NewDevice { id: DeviceId(Uuid::from_bytes([n; 16])), label: "pc".into(), token: [n; 32] }
}

fn account(name: &str, n: u8, gate: Gate) -> NewAccount {
    NewAccount {
        id: AccountId(Uuid::now_v7()),
        name: name.into(),
        name_key: name.to_lowercase(),
        display_name: format!("{name} Display"),
        display_key: format!("{name} Display").to_lowercase(),
        password: "$argon2id$fake".into(),
        device: device(n),
        gate,
        at: NOW,
    }
}

const FIRST: Gate = Gate { first: FirstRight::Granted, invite: None };

fn invited(code: u8) -> Gate {
    Gate { first: FirstRight::Missing, invite: Some([code; 32]) }
}

async fn invite(store: &AuthStore, code: u8, uses: u32, expires_at_s: u64) {
    store.put_invite(NewInvite { code: [code; 32], uses, expires_at_s, by: None }).await.unwrap();
}

#[tokio::test]
async fn a_refused_sign_up_leaves_the_invite_as_it_was() {
    let (_dir, store) = store();
    let refused = store.sign_up(account("ann", 1, invited(9))).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SetupCodeNeeded);
    store.sign_up(account("ann", 1, FIRST)).await.unwrap();
    invite(&store, 9, 1, 2_000).await;
    assert_eq!(store.sign_up(account("Ann", 2, invited(9))).await.unwrap_err().code(), ErrorCode::NameTaken);
    assert_eq!(store.sign_up(account("bob", 1, invited(9))).await.unwrap_err().code(), ErrorCode::IdReused);
    assert!(store.invite_is_good([9; 32], NOW).await.unwrap());
    assert!(!store.sign_up(account("bob", 2, invited(9))).await.unwrap().is_admin);
    assert!(!store.invite_is_good([9; 32], NOW).await.unwrap());
    assert_eq!(store.accounts().await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_invite_is_over_when_its_time_is() {
    let (_dir, store) = store();
    store.sign_up(account("ann", 1, FIRST)).await.unwrap();
    invite(&store, 9, 5, 1_000).await;
    let refused = store.sign_up(account("bob", 2, invited(9))).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::InviteInvalid);
}

#[tokio::test]
async fn a_revocation_lies_after_every_token_also_when_the_clock_was_set_back() {
    let (_dir, store) = store();
    let ann = store.sign_up(account("ann", 1, FIRST)).await.unwrap();
    let issued = store.issue([1; 32], NOW).await.unwrap();
    assert_eq!(issued.issued_at_s, 1_000);
    let revoked = store.sign_out(ann.id, device(1).id, 10).await.unwrap();
    assert!(revoked.at_s >= issued.issued_at_s);
    store.sign_in(&ann, device(1), TimeMs(20_000)).await.unwrap();
    let again = store.issue([1; 32], TimeMs(20_000)).await.unwrap();
    assert!(again.issued_at_s > revoked.at_s);
    let revoked_again = store.sign_out(ann.id, device(1).id, 20).await.unwrap();
    assert!(revoked_again.at_s >= again.issued_at_s && revoked_again.seq > revoked.seq);
}

#[tokio::test]
async fn a_password_that_was_changed_meanwhile_signs_nobody_in() {
    let (_dir, store) = store();
    let before = store.sign_up(account("ann", 1, FIRST)).await.unwrap();
    store.set_password("ann".into(), "$argon2id$other".into(), 5).await.unwrap();
    let refused = store.sign_in(&before, device(2), NOW).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::WrongPassword);
    let now = store.account("ann".into()).await.unwrap().unwrap();
    store.sign_in(&now, device(2), NOW).await.unwrap();
}

#[tokio::test]
async fn revocations_are_told_after_a_number_and_all_when_the_number_is_from_a_lost_future() {
    let (_dir, store) = store();
    store.sign_up(account("ann", 1, FIRST)).await.unwrap();
    let ann = store.account("ann".into()).await.unwrap().unwrap();
    store.sign_in(&ann, device(2), NOW).await.unwrap();
    let cut = store.disable("ann".into(), 5).await.unwrap();
    assert_eq!(cut.len(), 2);
    assert_eq!(store.revocations_after(0).await.unwrap(), cut);
    assert_eq!(store.revocations_after(1).await.unwrap(), cut[1..]);
    assert_eq!(store.revocations_after(2).await.unwrap(), []);
    assert_eq!(store.revocations_after(99).await.unwrap(), cut);
    assert_eq!(store.holder([1; 32]).await.unwrap_err().code(), ErrorCode::SignedOut);
    assert_eq!(store.sign_in(&ann, device(1), NOW).await.unwrap_err().code(), ErrorCode::SignedOut);
    assert_eq!(store.holder([7; 32]).await.unwrap_err().code(), ErrorCode::Unauthorized);
}

#[tokio::test]
async fn people_are_found_by_the_beginning_of_the_name_and_any_part_of_the_display_name() {
    let (_dir, store) = store();
    store.sign_up(account("ann", 1, FIRST)).await.unwrap();
    invite(&store, 9, 9, 2_000).await;
    for (n, name) in [(2, "bob"), (3, "bobby"), (4, "rob_%")] {
        store.sign_up(account(name, n, invited(9))).await.unwrap();
    }
    let find = async |text: &str, limit: u32| -> Vec<String> {
        store.find_people(text.into(), limit).await.unwrap().into_iter().map(|person| person.name).collect()
    };
    assert_eq!(find("bob", 50).await, ["bob", "bobby"]);
    assert_eq!(find("display", 2).await, ["ann", "bob"]);
    assert_eq!(find("b_% d", 50).await, ["rob_%"]);
    assert_eq!(find("%", 50).await, ["rob_%"]);
    store.disable("bob".into(), 5).await.unwrap();
    assert_eq!(find("bob", 50).await, ["bobby"]);
    let bob = store.account("bob".into()).await.unwrap().unwrap();
    assert_eq!(store.people(vec![bob.id, AccountId(Uuid::now_v7())]).await.unwrap().len(), 1);
}

/// The first schema as it was released, with a person in it.
const FIRST_SCHEMA: &str = include_str!("auth_first_schema.sql");

fn first_release(path: &Path) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.execute_batch(FIRST_SCHEMA).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
}

#[tokio::test]
async fn a_database_of_the_first_schema_opens_and_keeps_its_people() {
    let dir = tempfile::tempdir().unwrap();
    first_release(&dir.path().join(FILE));
    let store = AuthStore::open(dir.path()).unwrap();
    let ann = store.account("ann".into()).await.unwrap().unwrap();
    assert!(ann.is_admin);
    assert_eq!(store.holder([1; 32]).await.unwrap().account, ann.id);
    let connection = rusqlite::Connection::open(dir.path().join(FILE)).unwrap();
    assert_eq!(crate::store::sqlite::auth::check(&connection).unwrap(), Vec::<String>::new());
    let version: usize =
        connection.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0)).unwrap() as usize;
    assert_eq!(version, MIGRATIONS.len());
}
