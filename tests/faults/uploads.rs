//! An upload with a death at each of its steps.

use crate::deeds::{Ids, file, the_file_is_there_once};
use crate::life::{begin, go_on, people, ready_or_dead, until_death};
use pod_tests::{World, both_ways};

async fn survive(world: &mut World, fault: &str) {
    let people = people(world).await;
    begin(world, fault).await;
    ready_or_dead(world, &people.alice).await;
    let ids = Ids::new();
    let died = until_death(world, file(&people, ids)).await;
    assert!(died, "no process came by {fault}");
    go_on(world, &people.alice).await;
    file(&people, ids).await;
    the_file_is_there_once(&people.alice, ids).await;
}

both_ways!(a_death_when_an_upload_has_begun_is_survived, async |world: &mut World| {
    survive(world, "upload_begun").await;
});
both_ways!(a_death_when_bytes_have_come_is_survived, async |world: &mut World| {
    survive(world, "upload_received").await;
});
both_ways!(a_death_when_the_digest_is_checked_is_survived, async |world: &mut World| {
    survive(world, "upload_verified").await;
});
both_ways!(a_death_when_the_content_is_kept_is_survived, async |world: &mut World| {
    survive(world, "upload_kept").await;
});
both_ways!(a_death_when_the_file_is_linked_is_survived, async |world: &mut World| {
    survive(world, "upload_linked").await;
});
