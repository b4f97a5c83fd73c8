//! Wishes to edit: done once, when the file is here, and forgotten when the edit is over.

use super::{Editing, Fate, WISHES_MAX};
use crate::engine::refused;
use pod_client::view::{EditState, EditView};
use pod_shared::{EntryId, ErrorCode, RoomId};
use uuid::Uuid;

fn edit(entry: EntryId, ready: bool, state: EditState) -> EditView {
    EditView {
        entry,
        room: RoomId(Uuid::nil()),
        name: "plan.odt".into(),
        path: "/edits/1/plan.odt".into(),
        state,
        ready,
        sent: 0,
        unsent: false,
        linked: false,
        copy_of: None,
    }
}

#[test]
fn a_file_is_opened_once_when_it_is_here() {
    let (editing, entry) = (Editing::default(), EntryId(Uuid::now_v7()));
    assert!(editing.want(entry, "main".into()));
    assert!(editing.settled(&[edit(entry, false, EditState::Fetching)]).is_empty());
    let open = edit(entry, true, EditState::Open);
    let settled = editing.settled(std::slice::from_ref(&open));
    assert_eq!(settled, [("main".to_owned(), open.clone(), Fate::Opens("/edits/1/plan.odt".into()))]);
    assert!(editing.settled(&[open]).is_empty(), "no file opens by itself");
}

#[test]
fn who_waits_for_what_cannot_come_is_told_and_what_is_over_is_forgotten() {
    let (editing, entry) = (Editing::default(), EntryId(Uuid::now_v7()));
    let error = refused(ErrorCode::DiskFull, "full");
    assert!(editing.want(entry, "main".into()));
    let stuck = edit(entry, false, EditState::Stuck { error: error.clone() });
    assert_eq!(
        editing.settled(std::slice::from_ref(&stuck)),
        [("main".to_owned(), stuck, Fate::Fails(error))]
    );
    assert!(editing.want(entry, "main".into()));
    assert!(editing.settled(&[]).is_empty());
    assert!(editing.settled(&[edit(entry, true, EditState::Open)]).is_empty(), "the wish went with the edit");
}

#[test]
fn one_wish_too_many_is_refused() {
    let editing = Editing::default();
    for _ in 0..WISHES_MAX {
        assert!(editing.want(EntryId(Uuid::now_v7()), "main".into()));
    }
    assert!(!editing.want(EntryId(Uuid::now_v7()), "main".into()));
}
