//! The table of roles: who may do what, and the stored numbers.

use super::Role;
use Role::{Editor, Manager, Owner, Viewer};

const ALL: [Role; 4] = [Viewer, Editor, Manager, Owner];

#[test]
fn roles_stand_in_order_and_each_adds_to_the_one_below() {
    assert!(ALL.is_sorted());
    assert_eq!(ALL.map(Role::writes), [false, true, true, true]);
    assert_eq!(ALL.map(Role::manages), [false, false, true, true]);
}

#[test]
fn an_owner_changes_everybody_and_a_manager_only_who_stands_below() {
    let states = [None, Some(Viewer), Some(Editor), Some(Manager), Some(Owner)];
    for from in states {
        for to in states {
            let below = from < Some(Manager) && to < Some(Manager);
            assert!(Owner.may_change(from, to));
            assert_eq!(Manager.may_change(from, to), below, "manager: {from:?} to {to:?}");
            assert!(!Editor.may_change(from, to) && !Viewer.may_change(from, to));
        }
    }
}

#[test]
fn stored_numbers_never_change_their_meaning() {
    assert_eq!(ALL.map(Role::code), [1, 2, 3, 4]);
    for code in 0..=u8::MAX {
        assert_eq!(Role::from_code(code).map(Role::code), (1..=4).contains(&code).then_some(code));
    }
}
