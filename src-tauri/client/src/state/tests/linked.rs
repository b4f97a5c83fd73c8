//! Linked folders: what is kept of them survives a crash, and is forgotten with them.

use super::{me, room};
use crate::state::linked::{self, Linked};
use crate::state::open;
use pod_machine::folder::{Base, Mark};
use pod_shared::content::EntryKind;
use pod_shared::{EntryId, ErrorCode, LinkedId, limits};
use std::collections::BTreeSet;

fn folder(number: u8) -> Linked {
    let id = LinkedId::from_slice(&[number; 16]).unwrap();
    Linked { id, room: room(1), entry: None, path: format!("/place/{number}").into(), paused: false }
}

fn base(number: u8) -> Base {
    let mark = Mark { size: 5, modified_ns: 1_700_000_000_123_456_789, changed_ns: -7, inode: u64::MAX };
    let (name, local) = ("name".to_owned(), "n\u{e4}me".to_owned());
    let entry = EntryId::from_slice(&[number; 16]).unwrap();
    Base { entry, parent: None, name, local, kind: EntryKind::File, digest: "d".into(), version: 3, mark }
}

#[tokio::test]
async fn what_both_sides_had_survives_a_crash_and_is_forgotten_with_the_folder() {
    let profile = tempfile::tempdir().unwrap();
    let state = open(profile.path()).unwrap();
    linked::add(&state, me(), folder(1)).await.unwrap();
    linked::pause(&state, folder(1).id, true).await.unwrap();
    linked::note(&state, folder(1).id, vec![base(1), base(2)], Vec::new()).await.unwrap();
    linked::allow(&state, folder(1).id, BTreeSet::from([base(1).entry, base(2).entry])).await.unwrap();
    linked::note(&state, folder(1).id, Vec::new(), vec![base(2).entry]).await.unwrap();
    drop(state);

    let state = open(profile.path()).unwrap();
    assert_eq!(linked::all(&state, me()).await.unwrap(), [Linked { paused: true, ..folder(1) }]);
    let known = linked::known(&state, folder(1).id).await.unwrap();
    assert_eq!(known, (vec![base(1)], BTreeSet::from([base(1).entry])), "a word is for one deletion only");
    linked::remove(&state, folder(1).id).await.unwrap();
    assert_eq!(linked::known(&state, folder(1).id).await.unwrap(), (Vec::new(), BTreeSet::new()));
}

#[tokio::test]
async fn more_linked_folders_than_are_allowed_are_refused() {
    let profile = tempfile::tempdir().unwrap();
    let state = open(profile.path()).unwrap();
    for number in 0..limits::LINKED_FOLDERS_MAX {
        linked::add(&state, me(), folder(u8::try_from(number).unwrap())).await.unwrap();
    }
    let refused = linked::add(&state, me(), folder(200)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::TooMany);
}
