//! What is hidden leaves nothing behind, and comes back as if it were new.

use super::super::tests::{account, room};
use super::super::{Cache, entries};
use crate::cache::Stretch;
use pod_shared::content::{Activity, ActivityKind, Changes, Entry, EntryKind};
use pod_shared::socket::{EventKind, RoomEvent, ServerFrame};
use pod_shared::{ActivityId, ContentPosition, EntryId, Position, TimeMs, Txn, UploadId};

fn id(number: u8) -> EntryId {
    // Another range than rooms have: what lies at the top has the room as its place.
    EntryId::from_slice(&[100 + number; 16]).unwrap()
}

fn entry(number: u8, parent: Option<u8>, kind: EntryKind) -> Entry {
    Entry {
        id: id(number),
        room: room(1),
        parent: parent.map(id),
        name: format!("secret {number}"),
        kind,
        size: 5,
        digest: String::new(),
        version: 1,
        created_at: TimeMs(1),
        created_by: account(2),
        modified_at: TimeMs(1),
        modified_by: account(2),
        position: ContentPosition(1),
        deleted: false,
        lock: None,
        comments: 0,
        rating: None,
        description: String::new(),
        tags: Vec::new(),
        permission: None,
    }
}

fn told(position: u64, kind: ActivityKind, entry: Option<u8>, upload: Option<u8>) -> Activity {
    Activity {
        id: ActivityId::from_slice(&[u8::try_from(position).unwrap(); 16]).unwrap(),
        position: ContentPosition(position),
        at: TimeMs(1),
        by: account(2),
        kind,
        entry: entry.map(id),
        name: "secret".into(),
        size: 5,
        version: 1,
        upload: upload.map(|upload| UploadId::from_slice(&[upload; 16]).unwrap()),
        comment: None,
    }
}

#[tokio::test]
async fn a_hidden_folder_leaves_with_all_that_lay_in_it_and_was_told_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(folder.path()).unwrap();
    cache.belong_to(account(1)).await.unwrap();
    let kind = EventKind::Folder { at: ContentPosition(9) };
    let (pos, txn, at) = (Position(1), Txn(1), TimeMs(1));
    let event = RoomEvent { room: room(1), pos, txn, at, by: account(2), kind };
    cache.apply_live(account(1), vec![ServerFrame::Event(event)]).await.unwrap();
    let kept = entry(9, None, EntryKind::File);
    let gone = Entry { deleted: true, ..entry(4, Some(2), EntryKind::File) };
    let inside = [
        entry(1, None, EntryKind::Folder),
        entry(2, Some(1), EntryKind::Folder),
        entry(3, Some(2), EntryKind::File),
        gone,
        entry(5, Some(4), EntryKind::File),
    ];
    let page = Changes {
        activities: vec![
            told(1, ActivityKind::FolderCreated, Some(1), None),
            told(2, ActivityKind::UploadStarted, None, Some(7)),
            told(3, ActivityKind::Uploaded, Some(3), Some(7)),
            told(4, ActivityKind::Uploaded, Some(9), Some(8)),
        ],
        entries: inside.iter().cloned().chain([kept.clone()]).collect(),
        hidden: Vec::new(),
        shown: Vec::new(),
        uploads: Vec::new(),
        position: ContentPosition(4),
        more: false,
    };
    let me = account(1);
    cache.apply_changes(me, room(1), ContentPosition(0), page.clone()).await.unwrap();
    assert_eq!(cache.folder_size(room(1)).await.unwrap(), (4, 20));
    let hidden = Changes {
        activities: Vec::new(),
        entries: Vec::new(),
        hidden: vec![id(1)],
        position: ContentPosition(5),
        ..page.clone()
    };
    let touched = cache.apply_changes(me, room(1), ContentPosition(4), hidden).await.unwrap();
    assert_eq!(touched.entries.len(), 5);
    assert_eq!(cache.folder_size(room(1)).await.unwrap(), (1, 5));
    let all: Vec<_> = inside.iter().map(|entry| entry.id).chain([kept.id]).collect();
    assert_eq!(cache.unknown(all).await.unwrap().len(), 5, "not even that they were deleted");
    assert!(cache.find("secret", None, 9).await.unwrap().iter().all(|found| found.entry.id == kept.id));
    let page_of_chat = cache.page(room(1), Stretch::Newest, 8).await.unwrap().unwrap();
    let left: Vec<u64> = page_of_chat.activities.iter().map(|one| one.activity.position.0).collect();
    assert_eq!(left, [4]);
    // Shown again.
    let shown = Changes { activities: Vec::new(), position: ContentPosition(6), ..page };
    cache.apply_changes(me, room(1), ContentPosition(5), shown).await.unwrap();
    assert_eq!(cache.folder_size(room(1)).await.unwrap(), (4, 20));
    assert!(cache.db.run(|tx| entries::read(tx, id(3))).await.unwrap().is_some());
}
