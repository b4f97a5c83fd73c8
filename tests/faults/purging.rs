//! A tree that is deleted for good, with a death at each of the steps by which it goes.

use crate::life::{begin, death, go_on, people, ready_or_dead, until_death};
use pod_shared::content::{Entry, EntryPage, TrashPage};
use pod_tests::device::taken;
use pod_tests::{World, both_ways, wait};
use reqwest::Method;

async fn survive(world: &mut World, fault: &str) {
    let people = people(world).await;
    let alice = &people.alice;
    let room = alice.group("Attic", &[]).await;
    wait::until("the group to be there", async || {
        alice.get(&format!("/v1/rooms/{room}/entries")).await.status().is_success().then_some(())
    })
    .await;
    alice.put(room, "kept.txt", b"kept").await;
    let mut parent = None;
    let mut top = None;
    for name in ["a", "b", "c", "d"] {
        let made = taken::<Entry>(alice.new_folder(room, parent, name).await).await.id;
        top = top.or(Some(made));
        parent = Some(made);
    }
    let top = top.unwrap();
    begin(world, fault).await;
    ready_or_dead(world, alice).await;
    alice.request(Method::DELETE, &format!("/v1/entries/{top}")).send().await.unwrap();
    let purge = async {
        let asked = alice.request(Method::DELETE, &format!("/v1/entries/{top}/trash")).send().await;
        assert!(asked.unwrap().status().is_success());
    };
    until_death(world, purge).await;
    death(world).await;
    go_on(world, alice).await;
    let trash: TrashPage = taken(alice.get(&format!("/v1/rooms/{room}/trash")).await).await;
    assert_eq!(trash.items, [], "what is marked stays so");
    let page: EntryPage = taken(alice.get(&format!("/v1/rooms/{room}/entries")).await).await;
    assert_eq!(page.entries.len(), 1);
    let content = alice.get(&format!("/v1/entries/{}/content", page.entries[0].id)).await;
    assert_eq!(content.bytes().await.unwrap(), "kept");
    wait::until("all of it to be removed", async || {
        let file = world.content.as_ref().unwrap_or(&world.messenger).data().join("content.db");
        let database = rusqlite::Connection::open(file).unwrap();
        let left: i64 = database.query_row("SELECT count(*) FROM purges", [], |row| row.get(0)).unwrap();
        (left == 0).then_some(())
    })
    .await;
}

both_ways!(a_death_when_a_tree_is_marked_is_survived, async |world: &mut World| {
    survive(world, "purge_marked").await;
});
both_ways!(a_death_between_two_steps_of_removing_is_survived, async |world: &mut World| {
    survive(world, "purge_step:2").await;
});
