//! Plans by chance: whatever happens in whatever order, the file arrives whole, once, and nobody was passed over.

use super::world::{Device, Side, World};
use crate::offer::{DownInput, DownPhase, TransferOptions, UpInput, UpPhase};
use crate::transfer::{Disk, Trouble};
use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
enum Deed {
    Turns,
    Speak(bool, bool),
    Hear(bool),
    Straight(u64),
    ToServer(u64),
    FromServer(u64),
    Cut,
    Link(bool),
    Online(bool, bool),
    Kill(bool),
    Wait(u64),
    Pause(bool),
    Resume(bool),
    Retry,
    Accept,
    Forward,
    SourceChanges,
    Trouble(bool),
    Full(u64),
    Free(u64),
    Stands(bool),
    Options(bool, bool, bool),
    Cancel(bool),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let piece = 1_700_000_u64;
    let any = any::<bool>;
    let deed = prop_oneof![
        8 => Just(Deed::Turns),
        8 => (any(), prop::bool::weighted(0.8)).prop_map(|(up, answered)| Deed::Speak(up, answered)),
        8 => any().prop_map(Deed::Hear),
        8 => (1..piece).prop_map(Deed::Straight),
        4 => (1..2 * piece).prop_map(Deed::ToServer),
        4 => (1..2 * piece).prop_map(Deed::FromServer),
        3 => Just(Deed::Cut),
        2 => any().prop_map(Deed::Link),
        3 => (any(), prop::bool::weighted(0.7)).prop_map(|(up, on)| Deed::Online(up, on)),
        3 => any().prop_map(Deed::Kill),
        4 => (1..20_000_u64).prop_map(Deed::Wait),
        1 => any().prop_map(Deed::Pause),
        2 => any().prop_map(Deed::Resume),
        2 => Just(Deed::Retry),
        4 => Just(Deed::Accept),
        1 => Just(Deed::Forward),
        1 => Just(Deed::SourceChanges),
        2 => any().prop_map(Deed::Trouble),
        1 => (0..piece).prop_map(Deed::Full),
        2 => (0..8 * piece).prop_map(Deed::Free),
        1 => any().prop_map(Deed::Stands),
        2 => (any(), any(), any()).prop_map(|(a, b, c)| Deed::Options(a, b, c)),
        1 => any().prop_map(Deed::Cancel),
    ];
    prop::collection::vec(deed, 0..120)
}

fn side(up: bool) -> Side {
    if up { Side::Up } else { Side::Down }
}

fn act(world: &mut World, deed: Deed) {
    match deed {
        Deed::Turns => {
            world.turns();
            world.look();
        }
        Deed::Speak(up, answered) => world.speak(side(up), answered),
        Deed::Hear(up) => world.hear(side(up)),
        Deed::Straight(bytes) => world.straight(bytes),
        Deed::ToServer(bytes) => world.reaches_server(bytes),
        Deed::FromServer(bytes) => world.leaves_server(bytes),
        Deed::Cut => world.cut(),
        Deed::Link(up) => world.link = up,
        Deed::Online(true, on) => world.sender_online = on,
        Deed::Online(false, on) => world.receiver_online = on,
        Deed::Kill(up) => world.kill(side(up)),
        Deed::Wait(ms) => world.wait(ms),
        Deed::Pause(true) => world.up_step(UpInput::Pause),
        Deed::Pause(false) => world.let_go(DownInput::Pause),
        Deed::Resume(true) => world.up_step(UpInput::Resume),
        Deed::Resume(false) => world.down_step(DownInput::Resume),
        Deed::Retry => world.person_retries(),
        Deed::Accept => world.person_accepts(Device::First),
        Deed::Forward => world.up_step(UpInput::Forward),
        Deed::SourceChanges => world.change_source(),
        Deed::Trouble(true) => {
            world.up_step(UpInput::Trouble { trouble: Trouble::Network { pause_ms: 0 }, jitter: 1_000 });
        }
        Deed::Trouble(false) => {
            world.down_step(DownInput::Trouble { trouble: Trouble::Network { pause_ms: 0 }, jitter: 1_000 });
        }
        Deed::Full(free) => {
            world.free = free;
            let trouble = Trouble::NoSpace { disk: Disk::Here, free };
            world.let_go(DownInput::Trouble { trouble, jitter: 0 });
        }
        Deed::Free(free) => world.free = free,
        Deed::Stands(stands) => world.let_go(DownInput::Stands(stands)),
        Deed::Options(retransfer, receive, forward) => {
            let options = TransferOptions { retransfer, receive, forward };
            world.up_step(UpInput::Options(options));
            world.down_step(DownInput::Options(options));
        }
        Deed::Cancel(up) => world.cancel(side(up)),
    }
}

fn options() -> impl Strategy<Value = TransferOptions> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(retransfer, receive, forward)| TransferOptions {
        retransfer,
        receive,
        forward,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_it_arrives_or_was_given_up(
        sender in options(), receiver in options(), plan in deeds()
    ) {
        let mut world = World::new(sender, receiver);
        let mut changes = 0;
        let mut cancelled = false;
        for deed in plan {
            act(&mut world, deed);
            changes += u32::from(matches!(deed, Deed::SourceChanges));
            cancelled |= matches!(deed, Deed::Cancel(_));
        }
        world.heal();
        prop_assert!(world.messenger.is_over_or_unknown(), "nobody is left waiting: {:?}", world.messenger);
        let down = world.down.as_ref().map(|down| down.phase);
        if cancelled || changes > 3 {
            prop_assert!(world.up.is_over());
        } else {
            prop_assert_eq!(world.up.phase, UpPhase::Done);
            prop_assert_eq!(down, Some(DownPhase::Done));
            prop_assert_eq!(world.part(Device::First), world.size);
        }
        prop_assert!(down.is_none() || world.accepts > 0, "nothing comes without a yes");
    }
}
