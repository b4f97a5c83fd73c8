//! Two people, any steps: what each keeps of the other always fits.

use super::*;
use proptest::prelude::*;

const STANDINGS: [ContactStanding; 6] = [
    ContactStanding::None,
    ContactStanding::Asked,
    ContactStanding::Asks,
    ContactStanding::Ignored,
    ContactStanding::Contact,
    ContactStanding::Declined,
];

const STEPS: [ContactStep; 6] = [
    ContactStep::Ask,
    ContactStep::Accept,
    ContactStep::Decline,
    ContactStep::Ignore,
    ContactStep::Remove,
    ContactStep::Block,
];

/// Both agreed or neither; who asked is asked by the other's rows.
fn fit(one: ContactStanding, other: ContactStanding) -> bool {
    use ContactStanding::{Asked, Asks, Contact, Declined, Ignored, None};
    match one {
        Contact => other == Contact,
        Asked => matches!(other, Asks | Ignored),
        Asks | Ignored => other == Asked,
        None | Declined => matches!(other, None | Declined),
    }
}

#[test]
fn a_stored_number_stands_for_the_standing_it_was_made_from() {
    for standing in STANDINGS {
        assert_eq!(ContactStanding::from_code(standing.code()), Some(standing));
    }
    assert_eq!(ContactStanding::from_code(6), None);
}

#[test]
fn a_step_done_twice_is_done_once() {
    for standing in STANDINGS {
        for step in STEPS {
            if let Some(after) = standing.after(step) {
                assert_eq!(after.after(step), Some(after), "{standing:?} {step:?}");
            }
        }
    }
}

proptest! {
    #[test]
    fn what_two_people_keep_of_each_other_fits_after_any_steps(
        steps in proptest::collection::vec((any::<bool>(), 0..STEPS.len()), 1..40),
    ) {
        let mut held = [ContactStanding::None; 2];
        let mut blocked = [false; 2];
        for (who, step) in steps {
            let (mine, theirs) = (usize::from(who), usize::from(!who));
            let step = STEPS[step];
            if blocked[mine] && matches!(step, ContactStep::Ask | ContactStep::Accept) {
                continue;
            }
            let Some(after) = held[mine].after(step) else { continue };
            held[theirs] = held[theirs].answering(held[mine], after, blocked[theirs]);
            held[mine] = after;
            blocked[mine] |= step == ContactStep::Block;
            prop_assert!(fit(held[0], held[1]) && fit(held[1], held[0]), "{held:?}");
            // Who blocks is asked in vain and hears of no request.
            for one in 0..2 {
                prop_assert!(!blocked[one] || !matches!(held[one], ContactStanding::Asks | ContactStanding::Asked));
            }
        }
    }
}
