//! Each person at each permission.

use super::{Mark, Permission, SharedWith, may_change, may_permit, may_see};
use crate::{AccountId, Role};
use uuid::Uuid;

fn person(number: u128) -> AccountId {
    AccountId(Uuid::from_u128(number))
}

#[test]
fn each_permission_lets_each_person_do_what_it_says_and_no_more() {
    let (ann, bob, eve) = (person(1), person(2), person(3));
    let some = SharedWith::Some(vec![bob]);
    // What stands on Ann's file, who asks, their role; may they see, change, set who sees it.
    let rows = [
        (SharedWith::Everyone, false, ann, Role::Editor, true, true, true),
        (SharedWith::Everyone, false, bob, Role::Editor, true, true, false),
        (SharedWith::Everyone, false, bob, Role::Viewer, true, false, false),
        (SharedWith::Everyone, false, bob, Role::Manager, true, true, true),
        (SharedWith::Everyone, true, ann, Role::Editor, true, true, true),
        (SharedWith::Everyone, true, bob, Role::Editor, true, false, false),
        (SharedWith::Everyone, true, bob, Role::Manager, true, true, true),
        (SharedWith::Everyone, true, ann, Role::Viewer, true, false, false),
        (some.clone(), false, ann, Role::Editor, true, true, true),
        (some.clone(), false, bob, Role::Editor, true, true, false),
        (some.clone(), false, eve, Role::Editor, false, true, false),
        (some.clone(), false, eve, Role::Owner, false, true, true),
        (some, true, bob, Role::Editor, true, false, false),
        (SharedWith::OnlyMe, false, ann, Role::Editor, true, true, true),
        (SharedWith::OnlyMe, false, bob, Role::Owner, false, true, true),
        (SharedWith::OnlyMe, false, eve, Role::Editor, false, true, false),
    ];
    for (shared_with, view_only, who, role, sees, changes, permits) in rows {
        let permission = Permission { shared_with, view_only };
        let marks = [Mark { registrant: ann, permission: &permission }];
        assert_eq!(may_see(who, &marks), sees, "{permission:?} {who} {role:?}");
        assert_eq!(may_change(who, role, &marks), changes, "{permission:?} {who} {role:?}");
        assert_eq!(may_permit(who, role, ann), permits, "{permission:?} {who} {role:?}");
    }
}

#[test]
fn every_folder_above_must_be_passed_too() {
    let (ann, bob) = (person(1), person(2));
    let some = Permission { shared_with: SharedWith::Some(vec![bob]), view_only: false };
    let mine = Permission { shared_with: SharedWith::OnlyMe, view_only: false };
    let looked_at = Permission { shared_with: SharedWith::Everyone, view_only: true };
    let of = |registrant, permission| Mark { registrant, permission };
    // Bob's private file in a folder of Ann that is shared with Bob.
    let marks = [of(bob, &mine), of(ann, &some)];
    assert!(may_see(bob, &marks));
    assert!(!may_see(ann, &marks), "the folder's registrant does not see what is private in it");
    // Bob's file in a folder where only Ann changes things.
    let marks = [of(bob, &some), of(ann, &looked_at)];
    assert!(!may_change(bob, Role::Editor, &marks));
    assert!(may_change(ann, Role::Editor, &marks));
    assert!(may_see(bob, &[]) && may_change(bob, Role::Editor, &[]), "nothing is taken away");
    assert!(Permission::default().is_everyone() && !Permission::default().hides());
    assert!(!looked_at.is_everyone() && !looked_at.hides() && some.hides());
}
