//! Edits: how each stands survives a crash, also when it goes on in a copy.

use super::{me, room};
use crate::state::edits::{self, EditRow};
use crate::state::open;
use pod_machine::edit::{Edit, News, Site};
use pod_shared::{EntryId, ErrorCode, limits};

fn row(number: u8) -> EditRow {
    let entry = EntryId::from_slice(&[number; 16]).unwrap();
    let path = format!("/edits/{number}/계획.txt").into();
    EditRow { room: room(1), name: "계획.txt".into(), path, edit: Edit::of(entry, Site::Own) }
}

#[tokio::test]
async fn an_edit_survives_a_crash_and_moves_to_the_copy_that_it_goes_on_in() {
    let profile = tempfile::tempdir().unwrap();
    let state = open(profile.path()).unwrap();
    let mut one = row(1);
    edits::add(&state, me(), one.clone()).await.unwrap();
    assert_eq!(edits::add(&state, me(), one.clone()).await.unwrap_err().code, ErrorCode::Conflict);
    let before = one.edit.entry;
    one.edit.hear(News::Granted { fence: 7, version: 3 });
    edits::save(&state, me(), before, one.clone()).await.unwrap();
    drop(state);

    let state = open(profile.path()).unwrap();
    assert_eq!(edits::all(&state, me()).await.unwrap(), [one.clone()]);
    one.edit.entry = row(2).edit.entry;
    edits::save(&state, me(), before, one.clone()).await.unwrap();
    assert_eq!(edits::all(&state, me()).await.unwrap(), [one.clone()]);
    edits::forget(&state, me(), one.edit.entry).await.unwrap();
    assert!(edits::all(&state, me()).await.unwrap().is_empty());
}

#[tokio::test]
async fn more_edits_than_are_allowed_are_refused() {
    let profile = tempfile::tempdir().unwrap();
    let state = open(profile.path()).unwrap();
    for number in 0..limits::EDITS_MAX {
        edits::add(&state, me(), row(u8::try_from(number).unwrap())).await.unwrap();
    }
    assert_eq!(edits::add(&state, me(), row(250)).await.unwrap_err().code, ErrorCode::TooMany);
}
