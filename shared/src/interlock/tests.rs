//! Two sides that change one member at once end with the same state, in whatever order they hear of it.

use super::MemberVersion;
use crate::{AccountId, Role};
use proptest::prelude::*;
use uuid::Uuid;

fn version(counter: u64, role: Option<Role>) -> MemberVersion {
    let nobody = AccountId(Uuid::nil());
    MemberVersion { account: nobody, role, counter, by: nobody }
}

/// What a side holds after it heard of these changes in this order.
fn after(versions: impl IntoIterator<Item = MemberVersion>) -> Option<MemberVersion> {
    versions.into_iter().fold(None, |held, heard| match held {
        Some(held) if !heard.supersedes(&held) => Some(held),
        Some(_) | None => Some(heard),
    })
}

fn any_version() -> impl Strategy<Value = MemberVersion> {
    (0_u64..4, 0_u8..5).prop_map(|(counter, role)| version(counter, Role::from_code(role)))
}

#[test]
fn the_higher_counter_holds_and_on_a_tie_removal() {
    let removed = version(2, None);
    let promoted = version(2, Some(Role::Owner));
    assert!(removed.supersedes(&promoted) && !promoted.supersedes(&removed));
    assert!(version(3, Some(Role::Viewer)).supersedes(&removed));
    assert!(!version(1, None).supersedes(&promoted));
    assert!(version(2, Some(Role::Viewer)).supersedes(&promoted), "on a tie the lower role holds");
}

proptest! {
    #[test]
    fn a_change_never_supersedes_itself(a in any_version()) {
        prop_assert!(!a.supersedes(&a));
    }

    #[test]
    fn of_two_different_changes_exactly_one_supersedes(a in any_version(), b in any_version()) {
        prop_assume!(a != b);
        prop_assert_ne!(a.supersedes(&b), b.supersedes(&a));
    }

    #[test]
    fn superseding_carries_over(a in any_version(), b in any_version(), c in any_version()) {
        prop_assert!(!(a.supersedes(&b) && b.supersedes(&c)) || a.supersedes(&c));
    }

    #[test]
    fn the_order_of_hearing_does_not_matter(mut heard in prop::collection::vec(any_version(), 1..8), seed: u64) {
        let first = after(heard.clone());
        let turn = usize::try_from(seed % heard.len() as u64).unwrap();
        heard.rotate_left(turn);
        prop_assert_eq!(after(heard.clone()), first);
        heard.reverse();
        prop_assert_eq!(after(heard), first);
    }
}
