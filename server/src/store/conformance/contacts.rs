//! What a store of the messenger must do for contacts, whatever keeps it.

use super::messenger::{anybody, come, go, make, open};
use crate::store::sqlite::messenger::{
    ContactAfter, ContactAsk, ContactFacts, ContactSide, Devices, GroupAsk, MessengerStore, check,
};
use pod_shared::contact::ContactStanding;
use pod_shared::socket::Person;
use pod_shared::sync::SyncKind;
use pod_shared::{AccountId, ContactGroupId, DeviceId, TimeMs, Txn};
use rusqlite::{Connection, params};
use std::path::Path;
use uuid::Uuid;

fn db(dir: &Path) -> Connection {
    Connection::open(dir.join("messenger.db")).unwrap()
}

async fn befriend(store: &MessengerStore, me: AccountId, other: AccountId) {
    let person = |account| Person { account, name: "n".into(), display_name: "N".into() };
    let people = vec![person(me), person(other)];
    let ask = ContactAsk { me, other, people, text: String::new(), now: TimeMs(1) };
    let contact = |side| ContactSide { standing: ContactStanding::Contact, ..side };
    let agree = move |facts: ContactFacts| {
        Ok(Some(ContactAfter { mine: contact(facts.mine), theirs: contact(facts.theirs), forget: false }))
    };
    store.step_contact(ask, agree).await.unwrap();
}

/// So many contacts with a presence, in pairs as the store writes them, without the time of as many transactions.
fn fill(dir: &Path, me: AccountId, contacts: usize) {
    let mut connection = db(dir);
    let tx = connection.transaction().unwrap();
    {
        let sql = "INSERT INTO contacts (owner, other, standing, blocked, favourite, muted, nickname, text, asks, since_txn,
             veil_txn, veiled_at, gone_at, txn) VALUES (?1, ?2, 4, 0, 0, 0, '', '', 0, 1, 0, 0, NULL, 1)";
        let mut contact = tx.prepare(sql).unwrap();
        let sql = "INSERT INTO presence (account, choice, text, until, chosen_txn, state, shown_text, txn)
             VALUES (?1, 0, '', NULL, 0, 1, '', 1)";
        let mut presence = tx.prepare(sql).unwrap();
        for _ in 0..contacts {
            let other = anybody();
            contact.execute(params![me.as_bytes(), other.as_bytes()]).unwrap();
            contact.execute(params![other.as_bytes(), me.as_bytes()]).unwrap();
            presence.execute([other.as_bytes()]).unwrap();
        }
    }
    tx.commit().unwrap();
}

#[tokio::test]
async fn a_reconnect_costs_what_changed_with_ten_contacts_and_with_100_000() {
    let (mut null, mut one) = (Vec::new(), Vec::new());
    for contacts in [10, 100_000] {
        let dir = tempfile::tempdir().unwrap();
        let (store, _) = open(dir.path());
        let (me, friend, device) = (anybody(), anybody(), DeviceId(Uuid::now_v7()));
        befriend(&store, me, friend).await;
        fill(dir.path(), me, contacts);
        // A snapshot holds everybody; then the device is up to date.
        let greeted = come(&store, me, device, None).await;
        let all = store.contacts_after(me, greeted.after).await.unwrap();
        assert_eq!((all.contacts.len(), all.all), (contacts + 1, true));
        let key = go(&store, me, &greeted).await;
        let greeted = come(&store, me, device, Some(key)).await;
        let none = store.contacts_after(me, greeted.after).await.unwrap();
        let people = store.people_after(me, greeted.rooms.clone(), greeted.after).await.unwrap();
        assert_eq!((greeted.kind, none.contacts.len(), none.all), (SyncKind::Null, 0, false));
        assert_eq!(people.people.len(), 0);
        null.push(none.steps + people.steps);
        let key = go(&store, me, &greeted).await;
        // One contact gets another name here, and goes away.
        store.mark_contact(me, friend, Some("F".into()), None, None).await.unwrap();
        store.show(vec![friend], |_| Devices::Idle, TimeMs(5)).await.unwrap();
        let greeted = come(&store, me, device, Some(key)).await;
        let news = store.contacts_after(me, greeted.after).await.unwrap();
        let people = store.people_after(me, greeted.rooms, greeted.after).await.unwrap();
        assert_eq!((news.contacts.len(), people.people.len()), (1, 1));
        one.push(news.steps + people.steps);
        assert_eq!(check(&db(dir.path())).unwrap(), Vec::<String>::new());
    }
    assert!(null[0] > 0 && null[0] == null[1], "{null:?}");
    assert_eq!(one[0], one[1]);
}

#[tokio::test]
async fn what_is_said_twice_costs_no_transaction() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    let (me, friend, device) = (anybody(), anybody(), DeviceId(Uuid::now_v7()));
    befriend(&store, me, friend).await;
    let group = ContactGroupId(Uuid::now_v7());
    let mut heads = Vec::new();
    for _ in 0..2 {
        let ask = GroupAsk { me, group, name: Some("g".into()), rank: Some(4) };
        store.put_contact_group(ask, |_| Ok(())).await.unwrap();
        store.place_contact(me, (friend, group), Some(4), |_| Ok(())).await.unwrap();
        store.mark_contact(me, friend, None, Some(true), None).await.unwrap();
        heads.push(come(&store, me, device, None).await.key.txn);
    }
    assert_eq!(heads[0], heads[1]);
    store.place_contact(me, (friend, group), None, |_| Ok(())).await.unwrap();
    store.delete_contact_group(me, group, TimeMs(1)).await.unwrap();
    let changed = store.contacts_after(me, heads[1]).await.unwrap();
    assert!(changed.contacts[0].places.is_empty() && changed.groups[0].gone);
    assert_eq!(check(&db(dir.path())).unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn many_changes_are_found_through_ones_own_contacts_and_nobody_elses() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    let (me, friend, stranger) = (anybody(), anybody(), anybody());
    befriend(&store, me, friend).await;
    make(&store, &[stranger]).await;
    let others: Vec<AccountId> = (0..200).map(|_| anybody()).collect();
    let changed = others.into_iter().chain([friend, stranger]).collect();
    store.show(changed, |_| Devices::Here, TimeMs(5)).await.unwrap();
    let news = store.people_after(me, Vec::new(), Txn(1)).await.unwrap();
    assert_eq!(news.people.iter().map(|person| person.account).collect::<Vec<_>>(), [friend]);
}

#[tokio::test]
async fn rows_that_do_not_fit_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    let (me, friend) = (anybody(), anybody());
    befriend(&store, me, friend).await;
    let connection = db(dir.path());
    assert_eq!(check(&connection).unwrap(), Vec::<String>::new());
    for (break_it, mend_it, lines) in [
        (
            "UPDATE contacts SET standing = 1 WHERE owner = ?1",
            "UPDATE contacts SET standing = 4 WHERE owner = ?1",
            2,
        ),
        (
            "UPDATE contacts SET text = 'x' WHERE owner = ?1",
            "UPDATE contacts SET text = '' WHERE owner = ?1",
            1,
        ),
        ("UPDATE contacts SET txn = 99 WHERE owner = ?1", "UPDATE contacts SET txn = 1 WHERE owner = ?1", 1),
        (
            "UPDATE contacts SET blocked = 1 WHERE owner = ?1",
            "UPDATE contacts SET blocked = 0 WHERE owner = ?1",
            1,
        ),
        (
            "INSERT INTO contact_places (owner, other, grp, rank) VALUES (?1, x'00', x'00', 1)",
            "DELETE FROM contact_places WHERE owner = ?1",
            1,
        ),
    ] {
        assert_eq!(connection.execute(break_it, [me.as_bytes()]).unwrap(), 1);
        assert_eq!(check(&connection).unwrap().len(), lines, "{break_it}");
        assert_eq!(connection.execute(mend_it, [me.as_bytes()]).unwrap(), 1);
    }
    assert_eq!(check(&connection).unwrap(), Vec::<String>::new());
}
