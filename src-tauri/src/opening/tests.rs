//! Wishes, and what is never opened.

use super::{Act, Openings, WISHES_MAX, Wish, safe};
use pod_shared::EntryId;
use std::path::Path;
use uuid::Uuid;

fn wish(act: Act) -> Wish {
    Wish { window: "main".to_owned(), act }
}

#[test]
fn the_newest_wish_for_a_file_counts_and_is_taken_once() {
    let (openings, entry) = (Openings::default(), EntryId(Uuid::now_v7()));
    assert!(openings.want(entry, wish(Act::Open)));
    assert!(openings.want(entry, wish(Act::Show)));
    assert_eq!(openings.ended(entry), Some(wish(Act::Show)));
    assert_eq!(openings.ended(entry), None);
}

#[test]
fn one_wish_too_many_is_refused() {
    let openings = Openings::default();
    for _ in 0..WISHES_MAX {
        assert!(openings.want(EntryId(Uuid::now_v7()), wish(Act::Open)));
    }
    assert!(!openings.want(EntryId(Uuid::now_v7()), wish(Act::Open)));
}

#[test]
fn a_program_from_somebody_else_is_shown_and_never_run() {
    assert_eq!(safe(Path::new("a/Setup.EXE"), Act::Open), Act::Show);
    assert_eq!(safe(Path::new("a/notes.desktop"), Act::Open), Act::Show);
    assert_eq!(safe(Path::new("a/Budget.xlsx"), Act::Open), Act::Open);
    assert_eq!(safe(Path::new("a/README"), Act::Open), Act::Open);
}
