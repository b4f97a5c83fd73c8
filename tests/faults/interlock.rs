//! Rooms made and members changed from either side, with a death at each step of the relay log (N1, N2, N4, N14).

use crate::deeds::{Ids, both_sides_agree, rooms_and_members};
use crate::life::{begin, go_on, people, ready_or_dead, until_death};
use pod_tests::{World, both_ways};

/// Deaths per fault: the first, second and third time a process comes by.
const LIVES: u32 = 3;

async fn survive(world: &mut World, fault: &str) {
    let people = people(world).await;
    let mut done = Vec::new();
    for nth in 1..=LIVES {
        begin(world, &format!("{fault}:{nth}")).await;
        ready_or_dead(world, &people.alice).await;
        let ids = Ids::new();
        let died = until_death(world, rooms_and_members(&people, ids)).await;
        assert!(died || nth > 1, "no process came by {fault}");
        go_on(world, &people.alice).await;
        rooms_and_members(&people, ids).await;
        done.push(ids);
        both_sides_agree(&people, &done).await;
    }
}

both_ways!(a_death_after_the_messengers_change_is_survived, async |world: &mut World| {
    survive(world, "messenger.relay.committed").await;
});
both_ways!(a_death_before_a_row_is_sent_is_survived, async |world: &mut World| {
    survive(world, "relay_send").await;
});
both_ways!(a_death_after_a_row_is_applied_is_survived, async |world: &mut World| {
    survive(world, "relay_applied").await;
});
both_ways!(a_death_after_content_applied_a_row_is_survived, async |world: &mut World| {
    survive(world, "content_row_applied").await;
});
both_ways!(a_death_after_the_messenger_applied_a_row_is_survived, async |world: &mut World| {
    survive(world, "messenger.relay.applied").await;
});
both_ways!(a_death_after_the_answer_is_survived, async |world: &mut World| {
    survive(world, "relay_answered").await;
});
both_ways!(a_death_after_a_row_is_settled_is_survived, async |world: &mut World| {
    survive(world, "relay_settled").await;
});
both_ways!(a_death_after_the_messenger_settled_a_row_is_survived, async |world: &mut World| {
    survive(world, "messenger.relay.settled").await;
});
