//! The pure rules.

use super::naming::{key, numbered};
use super::rules::{MemberChange, Whom, member_change};
use pod_shared::{ErrorCode, Role};

#[test]
fn names_that_one_desktop_holds_as_one_have_one_key() {
    for (a, b) in [("A.TXT", "a.txt"), ("é", "e\u{301}"), ("STRASSE", "straße"), ("Σ", "ς"), ("한글", "한글")]
    {
        assert_eq!(key(a), key(b), "{a} {b}");
    }
    for (a, b) in [("a", "b"), ("a ", "a"), ("é", "e"), ("ı", "l")] {
        assert_ne!(key(a), key(b), "{a} {b}");
    }
}

#[test]
fn a_taken_name_gets_a_number_before_its_ending_and_stays_a_name() {
    use pod_shared::content::EntryKind::{File, Folder};
    for (name, kind, number, expected) in [
        ("a.txt", File, 1, "a.txt"),
        ("a.txt", File, 2, "a (2).txt"),
        ("v1.2", Folder, 3, "v1.2 (3)"),
        (".profile", File, 2, ".profile (2)"),
        ("보고서", File, 2, "보고서 (2)"),
    ] {
        assert_eq!(numbered(name, kind, number), expected);
    }
    for long in ["한".repeat(85), format!("{}.txt", "a".repeat(251)), format!("a.{}", "b".repeat(253))] {
        let name = numbered(&long, File, 12);
        assert_eq!(pod_shared::content::check_name(&name), Ok(()), "{name}");
        assert!(name.contains(" (12)"));
    }
}

#[test]
fn who_may_change_whom() {
    use Role::{Editor, Manager, Owner, Viewer};
    use Whom::{Another, Oneself};
    let low = Some(ErrorCode::RoleTooLow);
    let table = [
        (Some(Owner), Another, Some(Manager), None, 1, None),
        (Some(Owner), Another, Some(Owner), None, 2, None),
        (Some(Owner), Oneself, Some(Owner), None, 1, Some(ErrorCode::LastOwner)),
        (Some(Owner), Oneself, Some(Owner), Some(Viewer), 2, None),
        (Some(Manager), Another, None, Some(Editor), 1, None),
        (Some(Manager), Another, Some(Manager), None, 1, low),
        (Some(Manager), Another, None, Some(Owner), 1, low),
        (Some(Manager), Oneself, Some(Manager), None, 1, None),
        (Some(Editor), Oneself, Some(Editor), None, 1, None),
        (Some(Editor), Oneself, Some(Editor), Some(Manager), 1, low),
        (Some(Viewer), Another, None, Some(Viewer), 1, low),
        (None, Another, None, Some(Viewer), 1, Some(ErrorCode::NotFound)),
    ];
    for (actor, whom, from, to, owners, expected) in table {
        let change = MemberChange { actor, whom, from, to, owners };
        assert_eq!(member_change(change).err().map(|refusal| refusal.code()), expected, "{change:?}");
    }
}
