//! Two people, any steps: the rules never leave two rows that do not fit, and a step that is repeated changes nothing.

use super::rules::{Act, step};
use crate::store::sqlite::messenger::{ContactFacts, ContactSide};
use pod_shared::AccountId;
use pod_shared::ErrorCode;
use pod_shared::contact::{ContactStanding, ContactStep};
use pod_shared::limits::{
    CONTACT_CHANGES_PER_MINUTE_MAX, CONTACT_REQUESTS_WAITING_MAX, CONTACTS_PER_ACCOUNT_MAX,
};
use proptest::prelude::*;
use tokio::time::Instant;
use uuid::Uuid;

fn facts(mine: ContactSide, theirs: ContactSide) -> ContactFacts {
    ContactFacts { mine, theirs, contacts: 0, waiting: 0 }
}

/// Both, after what the first of them does.
fn done(mine: ContactSide, theirs: ContactSide, act: Act) -> (ContactSide, ContactSide) {
    let after = step(facts(mine, theirs), act).unwrap();
    after.map_or((mine, theirs), |after| (after.mine, after.theirs))
}

fn sides() -> (ContactSide, ContactSide) {
    (ContactSide::default(), ContactSide::default())
}

#[test]
fn a_request_is_asked_answered_and_asked_again_only_by_another_round() {
    let (a, b) = sides();
    let (a, b) = done(a, b, Act::Ask { round: 1 });
    assert_eq!((a.standing, b.standing, a.asks), (ContactStanding::Asked, ContactStanding::Asks, 1));
    let (b, a) = done(b, a, Act::Answer { round: 1, how: ContactStep::Decline });
    assert_eq!((a.standing, b.standing), (ContactStanding::Declined, ContactStanding::None));
    assert_eq!(
        step(facts(a, b), Act::Ask { round: 1 }),
        Ok(None),
        "a repeated first request is no second one"
    );
    let (a, b) = done(a, b, Act::Ask { round: 2 });
    assert_eq!((a.standing, b.standing), (ContactStanding::Asked, ContactStanding::Asks));
    let late = step(facts(b, a), Act::Answer { round: 1, how: ContactStep::Accept });
    assert_eq!(late.map_err(|refusal| refusal.code()), Err(ErrorCode::Conflict));
    let (b, a) = done(b, a, Act::Answer { round: 2, how: ContactStep::Accept });
    assert_eq!((a.standing, b.standing), (ContactStanding::Contact, ContactStanding::Contact));
    assert_eq!(step(facts(b, a), Act::Answer { round: 2, how: ContactStep::Accept }), Ok(None));
}

#[test]
fn two_who_ask_each_other_are_contacts() {
    let (a, b) = sides();
    let (a, b) = done(a, b, Act::Ask { round: 1 });
    let (b, a) = done(b, a, Act::Ask { round: 1 });
    assert_eq!((a.standing, b.standing), (ContactStanding::Contact, ContactStanding::Contact));
}

#[test]
fn who_is_blocked_asks_as_if_nobody_answered() {
    let (a, b) = sides();
    let (b, a) = done(b, a, Act::Plain(ContactStep::Block));
    assert_eq!(a, ContactSide::default(), "nothing tells of a block");
    let (a, b) = done(a, b, Act::Ask { round: 1 });
    assert_eq!((a.standing, b.standing), (ContactStanding::Asked, ContactStanding::Ignored));
    let refused = step(facts(b, a), Act::Answer { round: 1, how: ContactStep::Accept });
    assert_eq!(refused.map_err(|refusal| refusal.code()), Err(ErrorCode::Conflict));
    let (b, a) = done(b, a, Act::Unblock);
    assert_eq!(
        (a.standing, b.standing, b.blocked),
        (ContactStanding::Asked, ContactStanding::Ignored, false)
    );
}

#[test]
fn contacts_and_waiting_requests_are_limited() {
    let (a, b) = sides();
    let refused = |facts| step(facts, Act::Ask { round: 1 }).map_err(|refusal| refusal.code());
    let full = ContactFacts { contacts: CONTACTS_PER_ACCOUNT_MAX as u64, ..facts(a, b) };
    assert_eq!(refused(full), Err(ErrorCode::TooMany));
    let crowded = ContactFacts { waiting: CONTACT_REQUESTS_WAITING_MAX as u64, ..facts(a, b) };
    assert_eq!(refused(crowded), Err(ErrorCode::TooMany));
}

#[test]
fn changes_in_a_circle_are_slowed_down_for_who_makes_them() {
    let (rates, now) = (crate::messenger::Rates::default(), Instant::now());
    let (busy, other) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
    for _ in 0..CONTACT_CHANGES_PER_MINUTE_MAX {
        assert!(rates.contacts.count(busy, now).is_ok());
    }
    let slowed = rates.contacts.count(busy, now).map_err(|refusal| refusal.code());
    assert_eq!(slowed, Err(ErrorCode::RateLimited));
    assert!(rates.contacts.count(other, now).is_ok());
}

fn fit(one: ContactSide, other: ContactSide) -> bool {
    match one.standing {
        ContactStanding::Contact => other.standing == ContactStanding::Contact,
        ContactStanding::Asked => {
            matches!(other.standing, ContactStanding::Asks | ContactStanding::Ignored) && !one.blocked
        }
        ContactStanding::Asks => other.standing == ContactStanding::Asked && !one.blocked,
        ContactStanding::Ignored => other.standing == ContactStanding::Asked,
        ContactStanding::None | ContactStanding::Declined => {
            matches!(other.standing, ContactStanding::None | ContactStanding::Declined)
        }
    }
}

proptest! {
    #[test]
    fn any_acts_leave_two_sides_that_fit_and_count_once(
        acts in proptest::collection::vec((any::<bool>(), 0..7_u8), 1..60),
    ) {
        let mut held = [ContactSide::default(); 2];
        for (who, act) in acts {
            let (mine, theirs) = (usize::from(who), usize::from(!who));
            let round = held[theirs].asks;
            let act = match act {
                0 => Act::Ask { round: held[mine].asks + 1 },
                1 => Act::Answer { round, how: ContactStep::Accept },
                2 => Act::Answer { round, how: ContactStep::Decline },
                3 => Act::Answer { round, how: ContactStep::Ignore },
                4 => Act::Plain(ContactStep::Remove),
                5 => Act::Plain(ContactStep::Block),
                _ => Act::Unblock,
            };
            let Ok(Some(after)) = step(facts(held[mine], held[theirs]), act) else { continue };
            (held[mine], held[theirs]) = (after.mine, after.theirs);
            prop_assert!(fit(held[0], held[1]) && fit(held[1], held[0]), "{held:?} after {act:?}");
            let again = step(facts(held[mine], held[theirs]), act);
            prop_assert!(!matches!(again, Ok(Some(_))), "{act:?} counted twice: {again:?}");
        }
    }
}
