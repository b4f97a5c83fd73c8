//! Who waits for whom: a receiver who paused, a queue that stands, a disk that is full, a device that is gone.

use super::world::{Side, World};
use super::{NO_FORWARD, ON, moving};
use crate::offer::{DownInput, DownPhase, Happened, QUIET_MS, TransferOptions, UpInput, UpPhase};
use crate::transfer::{Disk, SPACE_LOOK_MS, Trouble, Wait};
use pod_shared::offer::OfferStep;

#[test]
fn a_pause_of_the_receiver_is_an_answer_and_the_sender_waits() {
    for retransfer in [true, false] {
        let mut world = moving(TransferOptions { retransfer, ..ON }, ON);
        world.let_go(DownInput::Pause);
        world.settle();
        assert_eq!((world.up.phase, world.messenger.step), (UpPhase::Held, OfferStep::Paused));
        world.wait(3_600_000);
        world.settle();
        assert_eq!((world.up.phase, world.up.from), (UpPhase::Held, None), "nothing is asked or forwarded");
        assert_eq!((world.kept.bytes, world.down().phase), (0, DownPhase::Paused));
        assert!(!world.told(Side::Up).contains(&Happened::Cut), "{:?}", world.told(Side::Up));
        world.kill(Side::Up);
        world.kill(Side::Down);
        world.settle();
        assert_eq!(world.up.phase, UpPhase::Held, "also after a restart of both");
        world.down_step(DownInput::Resume);
        world.settle();
        world.straight(u64::MAX);
        world.settle();
        assert_eq!((world.up.phase, world.retries, world.accepts), (UpPhase::Done, 0, 1));
        assert_eq!(world.straight_bytes, world.size, "no verified byte came twice");
        let once = |side, what| world.told(side).iter().filter(|told| **told == what).count() == 1;
        for (side, what) in [Side::Up, Side::Down]
            .into_iter()
            .flat_map(|side| [(side, Happened::Accepted), (side, Happened::Held)])
        {
            assert!(once(side, what), "{what:?} of {side:?}: {:?}", world.told(side));
        }
    }
}

#[test]
fn a_receiver_who_paused_while_away_answers_the_next_request_so() {
    let mut world = moving(ON, ON);
    world.receiver_online = false;
    world.down_step(DownInput::Pause);
    world.cut();
    world.settle();
    assert_eq!(world.up.round, 2);
    world.receiver_online = true;
    world.settle();
    assert_eq!((world.up.phase, world.messenger.step), (UpPhase::Held, OfferStep::Paused));
    assert_eq!(world.messenger.round, 2, "and nobody asks in a circle");
    // The sender may still not want to wait.
    world.up_step(UpInput::Forward);
    world.settle();
    assert_eq!((world.up.phase, world.down().phase), (UpPhase::Stored, DownPhase::Paused));
    world.down_step(DownInput::Resume);
    world.settle();
    assert_eq!(world.up.phase, UpPhase::Done);
}

#[test]
fn a_queue_that_stands_is_a_pause_to_the_sender() {
    let mut world = moving(ON, ON);
    world.let_go(DownInput::Stands(true));
    world.down_step(DownInput::Woke);
    world.settle_without_bytes();
    assert_eq!(world.up.phase, UpPhase::Held);
    world.down_step(DownInput::Stands(false));
    world.settle();
    world.straight(u64::MAX);
    world.settle();
    assert_eq!((world.up.phase, world.kept.bytes, world.accepts), (UpPhase::Done, 0, 1));
}

#[test]
fn a_full_disk_says_what_is_missing_and_goes_on_when_there_is_room() {
    let mut world = moving(ON, ON);
    world.free = 1_000;
    let trouble = Trouble::NoSpace { disk: Disk::Here, free: 1_000 };
    world.let_go(DownInput::Trouble { trouble, jitter: 0 });
    world.settle();
    assert_eq!(world.up.phase, UpPhase::Held, "the sender waits for the room");
    let left = world.size - world.down().done;
    let missing = |world: &World| {
        let phase = world.down().phase;
        let DownPhase::Waiting(Wait::Space { disk: Disk::Here, missing, .. }) = phase else {
            panic!("it does not wait for room: {phase:?}");
        };
        missing
    };
    assert_eq!(missing(&world), left - 1_000);
    world.wait(SPACE_LOOK_MS - 1);
    world.free = 2_000;
    world.settle();
    assert_eq!(missing(&world), left - 1_000, "nobody looked yet");
    for _ in 0..40 {
        world.wait(SPACE_LOOK_MS);
        world.settle();
        assert_eq!(missing(&world), left - 2_000);
    }
    world.free = left;
    world.wait(SPACE_LOOK_MS);
    world.settle();
    world.straight(u64::MAX);
    world.settle();
    assert_eq!((world.up.phase, world.accepts, world.retries), (UpPhase::Done, 1, 0));
    assert_eq!(world.straight_bytes, world.size, "no verified byte came twice");
}

#[test]
fn a_disk_that_says_it_has_room_and_takes_nothing_is_tried_ever_more_seldom() {
    let mut world = moving(ON, ON);
    let mut tries = 0;
    for second in 0..3_600 {
        if second == 0 || world.down().phase == DownPhase::Moving {
            tries += 1;
            let trouble = Trouble::NoSpace { disk: Disk::Here, free: u64::MAX };
            world.let_go(DownInput::Trouble { trouble, jitter: 0 });
        }
        world.wait(1_000);
        world.settle_without_bytes();
    }
    assert!((4..16).contains(&tries), "tried {tries} times in an hour");
}

#[test]
fn a_device_that_is_gone_is_noticed_by_the_other_within_seconds() {
    let mut world = moving(NO_FORWARD, ON);
    world.receiver_online = false;
    world.wait(QUIET_MS);
    world.look();
    assert_eq!(world.up.round, 2, "the sender asks again");
    let mut world = moving(NO_FORWARD, ON);
    world.up_gone = true;
    world.wait(QUIET_MS);
    world.look();
    assert!(matches!(world.down().phase, DownPhase::Away { .. }), "{:?}", world.down().phase);
}

#[test]
fn who_is_slow_but_there_is_not_given_up() {
    let mut world = moving(ON, ON);
    for _ in 0..100 {
        world.wait(QUIET_MS);
        world.settle_without_bytes();
    }
    assert_eq!(world.up.phase, UpPhase::Serving { until_ms: None });
    assert_eq!((world.up.round, world.down().phase), (1, DownPhase::Moving));
}

#[test]
fn who_lets_go_without_a_word_was_cut_off() {
    let mut world = moving(ON, ON);
    world.up_step(UpInput::LetGo);
    assert_eq!(world.up.round, 1, "the messenger may say why");
    world.wait(3_000);
    assert_eq!(world.up.round, 2);
}
