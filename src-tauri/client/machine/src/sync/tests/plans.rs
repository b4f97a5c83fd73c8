//! Laws over plans by chance: whatever changes, whatever is cut, killed, copied or set back, a cache is never other than
//! what its key stands for, and when the network is back both sides say the same, at a cost that follows the changes.

use super::super::REPORT_EVERY_MS;
use super::cache::Cache;
use super::world::{Server, World};
use pod_shared::presence::PresenceState;
use pod_shared::sync::SyncKind;
use proptest::prelude::*;

/// Two devices, and a copy of the first one's profile.
const DEVICES: &[u8] = &[1, 2, 1];
/// Bytes of a sync with nothing in it: greeting and end; with a server that greets at length, and with one that need not.
const NULL_BYTES_MAX: u64 = 600;
const BRIEF_NULL_BYTES_MAX: u64 = 96;
/// Bytes of one changed room or person in the model.
const CHANGE_BYTES_MAX: u64 = 260;

#[derive(Clone, Debug)]
enum Deed {
    Title(u8, String),
    Member(u8, bool),
    Person(u8, PresenceState),
    Connect(usize),
    Deliver(usize, usize),
    /// A frame, and so many steps of what it wants, then the process dies.
    Crash(usize, usize),
    Cut(usize),
    HalfOpen(usize),
    Rest(usize, u64),
    RestAndCrash(usize, usize),
    Backup,
    Restore,
    SaveProfile(usize),
    RestoreProfile(usize),
    CopyProfile,
    ForgetDevices,
    /// Another version of the server, which reads greetings of few bytes or not.
    Version(bool),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let who = || 0..DEVICES.len();
    let state = prop_oneof![
        Just(PresenceState::Here),
        Just(PresenceState::Away),
        Just(PresenceState::Busy),
        Just(PresenceState::Offline)
    ];
    let deed = prop_oneof![
        8 => (1..6_u8, "[a-c]{1,3}").prop_map(|(room, title)| Deed::Title(room, title)),
        4 => (1..6_u8, any::<bool>()).prop_map(|(room, is)| Deed::Member(room, is)),
        6 => (2..6_u8, state).prop_map(|(who, state)| Deed::Person(who, state)),
        6 => who().prop_map(Deed::Connect),
        10 => (who(), 1..8_usize).prop_map(|(who, frames)| Deed::Deliver(who, frames)),
        4 => (who(), 0..4_usize).prop_map(|(who, steps)| Deed::Crash(who, steps)),
        2 => who().prop_map(Deed::Cut),
        2 => who().prop_map(Deed::HalfOpen),
        6 => (who(), 0..2 * REPORT_EVERY_MS).prop_map(|(who, ms)| Deed::Rest(who, ms)),
        2 => (who(), 0..2_usize).prop_map(|(who, steps)| Deed::RestAndCrash(who, steps)),
        1 => Just(Deed::Backup),
        1 => Just(Deed::Restore),
        1 => who().prop_map(Deed::SaveProfile),
        1 => who().prop_map(Deed::RestoreProfile),
        1 => Just(Deed::CopyProfile),
        1 => Just(Deed::ForgetDevices),
        2 => any::<bool>().prop_map(Deed::Version),
    ];
    prop::collection::vec(deed, 0..80)
}

struct Saved {
    server: Server,
    caches: Vec<Cache>,
}

fn perform(world: &mut World, saved: &mut Saved, deed: Deed) {
    match deed {
        Deed::Title(room, title) => world.title(room, &title),
        Deed::Member(room, is_member) => world.member(room, is_member),
        Deed::Person(who, state) => world.person(who, state),
        Deed::Connect(who) => world.connect(who),
        Deed::Deliver(who, frames) => (0..frames).for_each(|_| _ = world.deliver(who, usize::MAX)),
        Deed::Crash(who, steps) => {
            world.deliver(who, steps);
            world.cut(who);
        }
        Deed::Cut(who) => world.cut(who),
        Deed::HalfOpen(who) => world.half_open(who),
        Deed::Rest(who, ms) => world.rest(who, ms, usize::MAX),
        Deed::RestAndCrash(who, steps) => {
            world.rest(who, REPORT_EVERY_MS, steps);
            world.cut(who);
        }
        Deed::Backup => saved.server = world.server.clone(),
        Deed::Restore => world.restore(&saved.server),
        Deed::SaveProfile(who) => saved.caches[who] = world.clients[who].cache.clone(),
        Deed::RestoreProfile(who) => {
            world.cut(who);
            world.clients[who].cache = saved.caches[who].clone();
        }
        Deed::CopyProfile => {
            world.cut(2);
            world.clients[2].cache = world.clients[0].cache.clone();
        }
        Deed::ForgetDevices => world.forget_devices(),
        Deed::Version(brief) => {
            world.server.brief = brief;
            (0..DEVICES.len()).for_each(|who| world.half_open(who));
        }
    }
}

/// A client connects, hears everything and applies it. A server that does not read its greeting costs it another try.
fn settle(world: &mut World, who: usize) {
    world.connect(who);
    while world.deliver(who, usize::MAX) {}
    if !world.is_connected(who) {
        world.connect(who);
        while world.deliver(who, usize::MAX) {}
    }
    world.rest(who, REPORT_EVERY_MS, usize::MAX);
}

fn run(plan: Vec<Deed>) -> World {
    let mut world = World::new(DEVICES);
    let mut saved = Saved { server: world.server.clone(), caches: vec![Cache::default(); DEVICES.len()] };
    for deed in plan {
        perform(&mut world, &mut saved, deed);
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happened_both_sides_say_the_same_in_the_end(plan in deeds()) {
        let mut world = run(plan);
        for who in 0..DEVICES.len() {
            settle(&mut world, who);
            prop_assert_eq!(&world.clients[who].cache.view, &world.truth());
        }
        prop_assert_eq!(world.clients.iter().map(|client| client.mismatches).sum::<usize>(), 0);
    }

    #[test]
    fn a_return_costs_what_changed_and_nothing_twice(plan in deeds(), after in deeds()) {
        let mut world = run(plan);
        settle(&mut world, 0);
        world.cut(0);
        // Others change the world meanwhile; this device is away, its profile untouched.
        let mut saved = Saved { server: world.server.clone(), caches: vec![Cache::default(); DEVICES.len()] };
        for deed in after {
            if matches!(deed, Deed::Title(..) | Deed::Member(..) | Deed::Person(..)) {
                perform(&mut world, &mut saved, deed);
            }
        }
        settle(&mut world, 0);
        let (kind, bytes, changed) = world.clients[0].last.unwrap();
        prop_assert_eq!(kind, if changed == 0 { SyncKind::Null } else { SyncKind::Delta });
        let null = if world.server.brief { BRIEF_NULL_BYTES_MAX } else { NULL_BYTES_MAX };
        prop_assert!(bytes <= null + CHANGE_BYTES_MAX * changed as u64, "{} for {}", bytes, changed);
        settle(&mut world, 0);
        prop_assert_eq!(world.clients[0].last.map(|(kind, _, _)| kind), Some(SyncKind::Null));
    }

    #[test]
    fn an_unknown_key_costs_one_full_sync_and_no_more(plan in deeds()) {
        let mut world = run(plan);
        settle(&mut world, 0);
        let backup = world.server.clone();
        world.title(1, "lost by the restore");
        world.restore(&backup);
        settle(&mut world, 0);
        prop_assert_eq!(world.clients[0].last.map(|(kind, _, _)| kind), Some(SyncKind::Full));
        prop_assert_eq!(&world.clients[0].cache.view, &world.truth());
        settle(&mut world, 0);
        prop_assert_eq!(world.clients[0].last.map(|(kind, _, _)| kind), Some(SyncKind::Null));
    }

    #[test]
    fn with_a_server_without_keys_every_sync_is_full_and_right(plan in deeds()) {
        let mut world = run(plan);
        world.server.keyed = false;
        for _ in 0..2 {
            settle(&mut world, 1);
            prop_assert_eq!(world.clients[1].last.map(|(kind, _, _)| kind), Some(SyncKind::Full));
            prop_assert_eq!(&world.clients[1].cache.view, &world.truth());
            prop_assert_eq!(world.clients[1].cache.key, None);
        }
    }
}
