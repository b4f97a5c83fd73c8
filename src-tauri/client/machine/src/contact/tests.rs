//! What waits is seen as the server will tell it, and whatever is put somewhere stands there.

use super::*;
use pod_shared::contact::ContactAnswer;
use proptest::prelude::*;

fn account(n: u8) -> AccountId {
    AccountId::from_slice(&[n; 16]).unwrap()
}

fn group(n: u8) -> ContactGroupId {
    ContactGroupId::from_slice(&[n; 16]).unwrap()
}

fn laid(wishes: &[ContactRequest]) -> Contacts {
    let mut contacts = Contacts::default();
    for wish in wishes {
        contacts.lay(wish);
    }
    contacts
}

#[test]
fn a_request_that_waits_is_asked_and_in_its_group() {
    let bob = account(1);
    let ask = ContactRequest::Ask { account: bob, text: "hello".into(), round: 1 };
    let make = ContactRequest::Group { group: group(1), name: Some("Band".into()), rank: None };
    let place = ContactRequest::Place { account: bob, group: group(1), rank: Some(4) };
    let contacts = laid(&[ask.clone(), make, place, ask]);
    let held = &contacts.people[&bob];
    assert_eq!((held.standing, held.mine, held.text.as_str()), (ContactStanding::Asked, 1, "hello"));
    assert_eq!(contacts.members(group(1)), [(bob, 4)]);
    let mut contacts = contacts;
    contacts.lay(&ContactRequest::GroupDelete { group: group(1) });
    assert!(contacts.groups.is_empty() && contacts.people[&bob].places.is_empty());
    contacts.lay(&ContactRequest::Remove { account: bob });
    assert!(contacts.people[&bob].is_gone());
}

#[test]
fn an_answer_to_another_request_is_none_to_this() {
    let bob = account(1);
    let asks = ContactState { standing: ContactStanding::Asks, theirs: 2, ..nobody(bob) };
    let mut contacts = Contacts { people: [(bob, asks)].into(), ..Contacts::default() };
    let answer = |round| ContactRequest::Answer { account: bob, round, how: ContactAnswer::Accept };
    contacts.lay(&answer(1));
    assert_eq!(contacts.people[&bob].standing, ContactStanding::Asks);
    contacts.lay(&answer(2));
    assert_eq!(contacts.people[&bob].standing, ContactStanding::Contact);
}

proptest! {
    #[test]
    fn whatever_is_put_somewhere_stands_there_and_the_others_as_before(
        moves in proptest::collection::vec((0..12_u8, proptest::option::of(0..12_u8)), 1..200),
    ) {
        let mut order: Vec<(u8, i64)> = Vec::new();
        for (this, before) in moves {
            let mut expected: Vec<u8> = order.iter().map(|(id, _)| *id).filter(|id| *id != this).collect();
            let at = before.and_then(|before| expected.iter().position(|id| *id == before)).unwrap_or(expected.len());
            expected.insert(at, this);
            let places = put_before(&order, this, before.filter(|before| *before != this));
            if before == Some(this) {
                continue;
            }
            for (id, rank) in places {
                prop_assert!((-CONTACT_RANK_MAX..=CONTACT_RANK_MAX).contains(&rank));
                order.retain(|(held, _)| *held != id);
                order.push((id, rank));
            }
            order.sort_unstable_by_key(|(id, rank)| (*rank, *id));
            prop_assert_eq!(order.iter().map(|(id, _)| *id).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn a_place_between_two_is_found_however_often_it_is_asked_for(times in 1..200_usize) {
        let mut order = vec![(0, 0), (1, STEP)];
        for this in 2..times + 2 {
            for (id, rank) in put_before(&order, this, Some(1)) {
                order.retain(|(held, _)| *held != id);
                order.push((id, rank));
            }
            order.sort_unstable_by_key(|(_, rank)| *rank);
            let at = order.iter().position(|(id, _)| *id == this).unwrap();
            prop_assert_eq!(order[at + 1].0, 1);
        }
    }
}
