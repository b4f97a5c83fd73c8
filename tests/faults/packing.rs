//! A content that is packed in the background, with a death at each of the steps by which it changes its place.

use crate::life::{begin, death, go_on, people, ready_or_dead, until_death};
use pod_shared::content::EntryPage;
use pod_tests::device::taken;
use pod_tests::{World, both_ways};

async fn survive(world: &mut World, fault: &str) {
    let people = people(world).await;
    begin(world, fault).await;
    ready_or_dead(world, &people.alice).await;
    let room = people.alice.group("Attic", &[]).await;
    let minutes: Vec<u8> = b"A line of the minutes.\n".repeat(60_000);
    let put = async { drop(people.alice.put(room, "minutes.txt", &minutes).await) };
    // The bytes are taken first: packing begins when they are.
    until_death(world, put).await;
    death(world).await;
    go_on(world, &people.alice).await;
    let page: EntryPage = taken(people.alice.get(&format!("/v1/rooms/{room}/entries")).await).await;
    assert_eq!(page.entries.len(), 1);
    let content = people.alice.get(&format!("/v1/entries/{}/content", page.entries[0].id)).await;
    assert!(content.bytes().await.unwrap() == minutes);
}

both_ways!(a_death_when_a_packed_content_is_kept_is_survived, async |world: &mut World| {
    survive(world, "packing_kept").await;
});
both_ways!(a_death_when_a_packed_content_has_taken_over_is_survived, async |world: &mut World| {
    survive(world, "packing_taken_over").await;
});
