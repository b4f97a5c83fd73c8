//! The three options, case by case; `plans` lets chance play both sides against a messenger, a server and a disk.

mod messenger;
mod plans;
mod settle;
mod waits;
mod world;

use super::{CUTS_MAX, DIRECT_WAIT_MS, DownPhase, Happened, LOOK_MS, TransferOptions, UpPhase};
use crate::transfer::WAIT_MS;
use pod_shared::limits::OFFER_PIECE_BYTES as PIECE;
use pod_shared::offer::OfferStep;
use world::{Device, Side, World};

const ON: TransferOptions = TransferOptions { retransfer: true, receive: true, forward: true };
const NO_FORWARD: TransferOptions = TransferOptions { forward: false, ..ON };

/// Two people, a file that is accepted, and a third of it on the receiver's disk.
fn moving(sender: TransferOptions, receiver: TransferOptions) -> World {
    let mut world = World::new(sender, receiver);
    world.settle();
    world.person_accepts(Device::First);
    world.settle();
    world.straight(PIECE + 17);
    assert_eq!(world.up.phase, UpPhase::Serving { until_ms: None });
    world
}

#[test]
fn an_accepted_file_goes_straight() {
    let mut world = moving(ON, ON);
    world.straight(u64::MAX);
    world.settle();
    assert_eq!((world.up.phase, world.down().phase), (UpPhase::Done, DownPhase::Done));
    assert_eq!(world.told(Side::Up), [Happened::Asked, Happened::Accepted, Happened::Direct, Happened::Done]);
    assert_eq!(world.told(Side::Down), [Happened::Accepted, Happened::Direct, Happened::Done]);
    assert_eq!(world.kept.bytes, 0, "the server saw none of it");
}

#[test]
fn a_cut_with_both_options_on_asks_nobody() {
    let mut world = moving(NO_FORWARD, NO_FORWARD);
    world.cut();
    world.settle();
    assert_eq!(world.up.round, 2);
    world.straight(u64::MAX);
    world.settle();
    assert_eq!(world.up.phase, UpPhase::Done);
    assert_eq!((world.retries, world.accepts), (0, 1));
    assert!(world.told(Side::Down).contains(&Happened::Resumed));
    assert_eq!(world.straight_bytes, world.size, "no verified byte came twice");
}

#[test]
fn a_cut_with_receive_off_asks_the_receiver() {
    let receiver = TransferOptions { receive: false, ..NO_FORWARD };
    let mut world = moving(NO_FORWARD, receiver);
    world.cut();
    world.settle();
    assert_eq!(world.down().phase, DownPhase::Asking, "the receiver is told, with Accept");
    assert_eq!((world.up.round, world.messenger.step), (2, OfferStep::Asked), "the sender asked by itself");
    world.person_accepts(Device::First);
    world.settle();
    world.straight(u64::MAX);
    world.settle();
    assert_eq!((world.up.phase, world.retries), (UpPhase::Done, 0));
}

#[test]
fn a_cut_with_retransfer_off_asks_the_sender() {
    let sender = TransferOptions { retransfer: false, ..NO_FORWARD };
    let mut world = moving(sender, NO_FORWARD);
    world.cut();
    world.settle();
    assert_eq!(world.up.phase, UpPhase::Asking { until_ms: None }, "the sender is told, with Retry");
    assert_eq!(world.messenger.step, OfferStep::Interrupted, "the receiver is told too");
    assert!(world.told(Side::Down).contains(&Happened::Cut));
    assert!(matches!(world.down().phase, DownPhase::Away { .. }), "and waits: Receive is on");
    world.wait(3_600_000);
    assert_eq!(world.up.round, 1, "nothing is asked again by itself");
    world.person_retries();
    world.settle();
    world.straight(u64::MAX);
    world.settle();
    assert_eq!((world.up.phase, world.accepts), (UpPhase::Done, 1), "the receiver said yes by itself");
}

#[test]
fn a_cut_with_both_options_off_asks_both() {
    let off = TransferOptions { retransfer: false, receive: false, forward: false };
    for receiver_first in [true, false] {
        let mut world = moving(off, off);
        world.cut();
        world.settle();
        assert_eq!(world.up.phase, UpPhase::Asking { until_ms: None });
        assert_eq!(world.down().phase, DownPhase::Asking);
        if receiver_first {
            // A yes of the receiver is an answer by itself.
            world.person_accepts(Device::First);
        } else {
            world.person_retries();
            world.settle();
            assert_eq!(world.down().phase, DownPhase::Asking, "a renewed request is no yes");
            world.person_accepts(Device::First);
        }
        world.settle();
        world.straight(u64::MAX);
        world.settle();
        assert_eq!(world.up.phase, UpPhase::Done);
    }
}

#[test]
fn without_an_answer_the_rest_goes_through_the_server() {
    for retransfer in [true, false] {
        let mut world = moving(TransferOptions { retransfer, ..ON }, ON);
        world.receiver_online = false;
        world.cut();
        world.settle();
        world.wait(WAIT_MS - 1);
        assert_eq!(world.up.from, None, "not before the wait is over");
        world.wait(1);
        world.settle();
        assert_eq!(
            (world.up.phase, world.up.from),
            (UpPhase::Stored, Some(PIECE)),
            "whole pieces stay there"
        );
        world.up_gone = true;
        world.receiver_online = true;
        world.settle();
        assert_eq!(world.down().phase, DownPhase::Done, "the sender is gone and it arrives");
        assert_eq!(world.kept.bytes, world.size - PIECE, "the server got the rest only");
    }
}

#[test]
fn the_wait_begins_when_the_messenger_has_the_request() {
    let mut world = moving(ON, ON);
    world.sender_online = false;
    world.receiver_online = false;
    world.cut();
    world.wait(10 * WAIT_MS);
    assert_eq!(world.up.phase, UpPhase::Asked { until_ms: None });
    world.sender_online = true;
    world.settle();
    assert_eq!(world.up.phase, UpPhase::Asked { until_ms: Some(world.now + WAIT_MS) });
}

#[test]
fn nobody_who_answers_at_first_has_the_file_at_the_server_and_must_still_say_yes() {
    let mut world = World::new(ON, ON);
    world.settle();
    world.wait(WAIT_MS);
    world.settle();
    assert_eq!((world.up.phase, world.up.from), (UpPhase::Stored, Some(0)));
    assert!(world.down.is_none(), "nothing comes without a yes");
    world.person_accepts(Device::Second);
    world.settle();
    assert_eq!((world.up.phase, world.straight_bytes), (UpPhase::Done, 0));
}

#[test]
fn where_there_is_no_straight_way_the_server_is_taken_without_a_question() {
    let off = TransferOptions { retransfer: false, receive: false, forward: false };
    let mut world = World::new(off, off);
    world.link = false;
    world.settle();
    world.person_accepts(Device::First);
    world.settle();
    world.wait(DIRECT_WAIT_MS);
    world.settle();
    assert_eq!((world.up.phase, world.down().phase), (UpPhase::Done, DownPhase::Done));
    assert_eq!((world.retries, world.accepts), (0, 1));
}

#[test]
fn a_way_that_breaks_at_once_again_and_again_is_none() {
    let mut world = moving(ON, ON);
    for _ in 0..CUTS_MAX {
        world.cut();
        world.settle_straight_once();
    }
    world.settle();
    assert_eq!(world.up.phase, UpPhase::Done);
    assert!(world.kept.bytes > 0, "the server took the rest");
}

#[test]
fn from_straight_to_the_server_and_back_keeps_every_verified_piece() {
    let mut world = moving(ON, ON);
    world.receiver_online = false;
    world.cut();
    world.settle();
    world.wait(WAIT_MS);
    world.settle_without_bytes();
    world.reaches_server(PIECE / 2);
    let (stored, part) = (world.kept.bytes, world.part(Device::First));
    world.receiver_online = true;
    world.person_retries();
    world.settle();
    world.straight(PIECE);
    assert_eq!(world.kept.bytes, stored, "what the server has stays");
    assert_eq!(world.part(Device::First), part + PIECE, "what the receiver has stays");
    world.receiver_online = false;
    world.cut();
    world.settle();
    world.wait(WAIT_MS);
    world.receiver_online = true;
    world.settle();
    assert_eq!(world.up.phase, UpPhase::Done);
    assert_eq!(world.kept.bytes, world.size - PIECE, "its upload went on where it stood");
}

#[test]
fn a_receiver_who_is_back_gets_it_straight_again_without_retry() {
    for retransfer in [true, false] {
        let mut world = moving(TransferOptions { retransfer, ..ON }, ON);
        world.receiver_online = false;
        world.cut();
        world.settle();
        world.wait(WAIT_MS);
        world.settle_without_bytes();
        world.reaches_server(PIECE / 2);
        world.receiver_online = true;
        world.settle_without_bytes();
        assert_eq!(world.up.phase, UpPhase::Sending, "nobody looked yet");
        world.wait(LOOK_MS);
        world.settle_without_bytes();
        if !retransfer {
            assert_eq!(world.up.phase, UpPhase::Sending, "nothing is asked by itself");
            continue;
        }
        assert!(matches!(world.up.phase, UpPhase::Serving { .. }), "{:?}", world.up.phase);
        let part = world.part(Device::First);
        world.straight(u64::MAX);
        world.settle();
        assert_eq!((world.up.phase, world.retries, world.accepts), (UpPhase::Done, 0, 1));
        assert_eq!(world.straight_bytes, world.size, "no verified byte came twice");
        assert!(part > 0 && world.told(Side::Up).contains(&Happened::Resumed));
    }
}

#[test]
fn where_the_straight_way_is_of_no_use_it_is_tried_ever_more_seldom_and_the_server_gets_it() {
    let mut world = moving(ON, ON);
    world.link = false;
    for _ in 0..CUTS_MAX {
        world.cut();
        world.settle_without_bytes();
    }
    assert_eq!(world.up.phase, UpPhase::Sending);
    let mut asked = 0;
    for _ in 0..600 {
        let before = world.up.round;
        world.wait(1_000);
        world.settle_without_bytes();
        world.straight(1);
        asked += world.up.round - before;
    }
    assert!((1..6).contains(&asked), "asked {asked} times in ten minutes");
    world.settle();
    world.wait(DIRECT_WAIT_MS);
    world.settle();
    assert_eq!(world.up.phase, UpPhase::Done);
}

#[test]
fn who_says_yes_while_it_goes_to_the_server_gets_the_rest_straight() {
    let mut world = World::new(ON, ON);
    world.settle_without_bytes();
    world.wait(WAIT_MS);
    world.settle_without_bytes();
    world.reaches_server(PIECE);
    assert_eq!(world.up.phase, UpPhase::Sending);
    world.person_accepts(Device::First);
    world.settle_without_bytes();
    assert!(matches!(world.up.phase, UpPhase::Serving { .. }), "{:?}", world.up.phase);
    world.straight(u64::MAX);
    world.settle();
    assert_eq!((world.up.phase, world.straight_bytes), (UpPhase::Done, world.size));
}

#[test]
fn a_beginning_that_is_lost_after_a_forward_is_sent_again_and_both_are_told() {
    let mut world = moving(ON, ON);
    world.receiver_online = false;
    world.cut();
    world.settle();
    world.wait(WAIT_MS);
    world.settle();
    assert_eq!((world.up.phase, world.up.from), (UpPhase::Stored, Some(PIECE)));
    world.lose_part();
    world.sender_online = false;
    world.receiver_online = true;
    world.settle();
    assert!(matches!(world.down().phase, DownPhase::Away { .. }), "{:?}", world.down().phase);
    world.sender_online = true;
    world.settle();
    world.straight(u64::MAX);
    world.settle();
    assert_eq!((world.up.phase, world.down().phase), (UpPhase::Done, DownPhase::Done));
    assert_eq!((world.part(Device::First), world.accepts), (world.size, 1));
    for side in [Side::Up, Side::Down] {
        assert!(world.told(side).contains(&Happened::Lost), "{:?}", world.told(side));
    }
}

#[test]
fn another_device_of_the_receiver_gets_the_whole() {
    let mut world = moving(ON, ON);
    world.receiver_online = false;
    world.cut();
    world.settle();
    world.person_accepts(Device::Second);
    world.receiver_online = true;
    world.settle();
    assert_eq!(world.up.acked, 0, "this one has nothing yet");
    world.straight(u64::MAX);
    world.settle();
    assert_eq!((world.up.phase, world.part(Device::Second)), (UpPhase::Done, world.size));
}

#[test]
fn a_source_that_changed_begins_anew_and_says_so() {
    let mut world = moving(ON, ON);
    world.change_source();
    world.straight(1);
    world.settle();
    world.straight(u64::MAX);
    world.settle();
    assert_eq!((world.up.phase, world.down().phase), (UpPhase::Done, DownPhase::Done));
    for side in [Side::Up, Side::Down] {
        assert!(world.told(side).contains(&Happened::Changed));
    }
    assert_eq!(world.down().offered.content, world.up.offered.as_ref().unwrap().content);
}

#[test]
fn either_side_ends_it_at_any_point() {
    for at in 0..6 {
        for side in [Side::Up, Side::Down] {
            let mut world = World::new(ON, ON);
            world.go_to(at);
            world.cancel(side);
            world.settle();
            world.settle();
            assert_eq!(world.up.phase, UpPhase::Cancelled, "at {at}, by {side:?}");
            assert!(world.down.as_ref().is_none_or(|down| down.phase == DownPhase::Cancelled), "at {at}");
            assert!(world.messenger.is_over_or_unknown());
            assert_eq!(world.part(Device::First), 0, "nothing half stays behind");
        }
    }
}
