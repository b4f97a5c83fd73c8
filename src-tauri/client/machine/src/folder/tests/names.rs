//! Names that some desktop cannot hold, and the names of copies.

use crate::folder::{conflict_name, from_server, to_server};
use pod_shared::content::{EntryKind, check_name};
use pod_shared::limits;
use proptest::prelude::*;

#[test]
fn what_every_desktop_can_hold_keeps_its_name() {
    for name in ["a.txt", "한국어 문서.hwp", "会议：记录.docx", ".hidden", "a．b", "\u{201b}n"] {
        assert_eq!(to_server(name).as_deref(), Some(name));
        assert_eq!(from_server(name), name);
    }
}

#[test]
fn other_names_are_written_in_twins_and_read_back() {
    for (local, server) in [
        ("what?.txt", "what\u{201b}？.txt"),
        ("a:b", "a\u{201b}：b"),
        ("end.", "end\u{201b}．"),
        (" x", "\u{201b}␠x"),
        ("con.txt", "\u{201b}＿con.txt"),
        ("\u{201b}：", "\u{201b}\u{201b}："),
    ] {
        assert_eq!(to_server(local).as_deref(), Some(server), "{local:?}");
        assert_eq!(from_server(server), local);
    }
}

#[test]
fn names_taken_apart_are_sent_composed() {
    assert_eq!(to_server("e\u{301}.txt").as_deref(), Some("\u{e9}.txt"));
}

#[test]
fn names_that_lie_are_not_sent() {
    assert_eq!(to_server("gpj\u{202e}exe"), None);
    assert_eq!(to_server(&"?".repeat(200)), None);
}

#[test]
fn a_name_of_the_server_never_leads_elsewhere() {
    for name in ["\u{201b}．\u{201b}．", "\u{201b}．", "a"] {
        let read = from_server(name);
        assert!(!read.contains('/') && read != "." && read != "..", "{read:?}");
    }
}

#[test]
fn a_copy_is_named_after_its_file_its_person_and_the_day() {
    let name = |name: &str, person: &str| conflict_name(name, EntryKind::File, person, "2026-11-29");
    assert_eq!(name("report.pdf", "Amy"), "report (conflict, Amy, 2026-11-29).pdf");
    assert_eq!(name(".profile", "Amy"), ".profile (conflict, Amy, 2026-11-29)");
    assert_eq!(name("a.txt", "a/b:c"), "a (conflict, abc, 2026-11-29).txt");
    let long = name(&"가".repeat(85), &"나".repeat(60));
    assert!(long.len() <= limits::ENTRY_NAME_BYTES_MAX && check_name(&long).is_ok(), "{long}");
}

proptest! {
    #[test]
    fn whatever_the_server_takes_is_read_back_as_it_was(name in "[a-c\u{201b}：:?. ＿．\\\\]{1,8}|(con|nul|com1)[.:]?[a-c]?") {
        if let Some(sent) = to_server(&name) {
            prop_assert!(check_name(&sent).is_ok());
            prop_assert_eq!(from_server(&sent), name);
        }
    }
}
