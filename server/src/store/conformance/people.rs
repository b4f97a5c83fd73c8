//! What a store of the messenger must do for presence and links, whatever keeps it.

use super::messenger::{anybody, come, go, make, open};
use crate::store::sqlite::messenger::{Devices, MessengerStore, NewLink, check};
use pod_shared::limits::SYNC_PEOPLE_PER_PART_MAX;
use pod_shared::presence::PresenceState;
use pod_shared::sync::SyncKind;
use pod_shared::{AccountId, DeviceId, LinkId, Role, TimeMs};
use uuid::Uuid;

async fn show(store: &MessengerStore, accounts: Vec<AccountId>, devices: Devices) {
    store.show(accounts, move |_| devices, TimeMs(5)).await.unwrap();
}

#[tokio::test]
async fn a_reconnect_with_nothing_new_costs_the_same_with_any_number_of_contacts() {
    let (mut null, mut one) = (Vec::new(), Vec::new());
    for contacts in [10, 300] {
        let dir = tempfile::tempdir().unwrap();
        let (store, _) = open(dir.path());
        let (me, device) = (anybody(), DeviceId(Uuid::now_v7()));
        let others: Vec<AccountId> = (0..contacts).map(|_| anybody()).collect();
        let room: Vec<AccountId> = [me].into_iter().chain(others.iter().copied()).collect();
        make(&store, &room).await;
        show(&store, others.clone(), Devices::Here).await;
        let greeted = come(&store, me, device, None).await;
        let all = store.people_after(me, greeted.rooms.clone(), greeted.after).await.unwrap();
        assert_eq!(all.people.len(), contacts, "a snapshot holds everybody");
        let key = go(&store, me, &greeted).await;
        let greeted = come(&store, me, device, Some(key)).await;
        let none = store.people_after(me, greeted.rooms.clone(), greeted.after).await.unwrap();
        assert_eq!((greeted.kind, none.people.len(), none.mine), (SyncKind::Null, 0, None));
        null.push(none.steps);
        let key = go(&store, me, &greeted).await;
        show(&store, vec![others[0]], Devices::Idle).await;
        let greeted = come(&store, me, device, Some(key)).await;
        let news = store.people_after(me, greeted.rooms, greeted.after).await.unwrap();
        assert_eq!(news.people.len(), 1);
        assert_eq!(news.people[0].presence.state, PresenceState::Away);
        one.push(news.steps);
    }
    assert!(null[0] > 0 && null[0] == null[1], "{null:?}");
    assert_eq!(one[0], one[1]);
}

#[tokio::test]
async fn many_changes_are_found_through_ones_own_rooms_and_nobody_elses_people() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    let (me, friend, device) = (anybody(), anybody(), DeviceId(Uuid::now_v7()));
    make(&store, &[me, friend]).await;
    let strangers: Vec<AccountId> = (0..SYNC_PEOPLE_PER_PART_MAX).map(|_| anybody()).collect();
    make(&store, &strangers).await;
    let key = go(&store, me, &come(&store, me, device, None).await).await;
    let changed = strangers.iter().copied().chain([friend]).collect();
    show(&store, changed, Devices::Here).await;
    let greeted = come(&store, me, device, Some(key)).await;
    let news = store.people_after(me, greeted.rooms, greeted.after).await.unwrap();
    assert_eq!(news.people.iter().map(|person| person.account).collect::<Vec<_>>(), [friend]);
}

#[tokio::test]
async fn what_did_not_change_is_not_told_and_costs_no_transaction() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    let (me, device) = (anybody(), DeviceId(Uuid::now_v7()));
    make(&store, &[me]).await;
    show(&store, vec![me], Devices::Here).await;
    let before = come(&store, me, device, None).await.key.txn;
    show(&store, vec![me], Devices::Here).await;
    assert_eq!(come(&store, me, device, None).await.key.txn, before);
    assert_eq!(store.presumed().await.unwrap(), [me]);
}

#[tokio::test]
async fn a_link_that_counts_wrong_is_named_and_one_that_is_long_over_is_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    let me = anybody();
    let room = make(&store, &[me]).await;
    let link = LinkId(Uuid::now_v7());
    let (digest, at, expires_at) = ([3; 32], TimeMs(6), TimeMs(7));
    let new = NewLink { link, room, digest, by: me, role: Role::Editor, uses: 3, at, expires_at };
    store.create_link(new, |_, _| Ok(())).await.unwrap();
    let connection = rusqlite::Connection::open(dir.path().join("messenger.db")).unwrap();
    assert_eq!(check(&connection).unwrap(), Vec::<String>::new());
    connection.execute_batch("UPDATE links SET uses_left = 2").unwrap();
    assert_eq!(check(&connection).unwrap().len(), 1);
    connection.execute_batch("UPDATE links SET uses_left = 3").unwrap();
    assert_eq!(store.forget_links(TimeMs(8)).await.unwrap(), 0);
    assert_eq!(store.forget_links(TimeMs(i64::MAX / 2)).await.unwrap(), 1);
}
