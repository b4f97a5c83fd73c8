//! Activities as they are kept: what a comment said goes with it, the switch of a room, what others said to this person.

use super::{ME, OTHER, account, delta, room, synced};
use crate::cache::{Deed, DeedKind};
use pod_shared::content::{Activity, ActivityKind, Changes, CommentLine, Entry, EntryKind};
use pod_shared::{ActivityId, CommentId, ContentPosition, EntryId, TimeMs};

fn file() -> Entry {
    Entry {
        id: EntryId::from_slice(&[9; 16]).unwrap(),
        room: room(1),
        parent: None,
        name: "계획.txt".into(),
        kind: EntryKind::File,
        size: 3,
        digest: "d".into(),
        version: 1,
        created_at: TimeMs(1),
        created_by: account(ME),
        modified_at: TimeMs(1),
        modified_by: account(ME),
        position: ContentPosition(1),
        deleted: false,
        lock: None,
        comments: 1,
        rating: None,
        permission: None,
        description: String::new(),
        tags: Vec::new(),
    }
}

fn said(text: Option<&str>) -> CommentLine {
    let (id, mentions) = (CommentId::from_slice(&[5; 16]).unwrap(), vec![account(ME)]);
    CommentLine { id, text: text.map(str::to_owned), mentions, answers: None }
}

fn line(position: u64, kind: ActivityKind, comment: Option<CommentLine>) -> Activity {
    Activity {
        id: ActivityId::from_slice(&[u8::try_from(position).unwrap(); 16]).unwrap(),
        position: ContentPosition(position),
        at: TimeMs(i64::try_from(position).unwrap()),
        by: account(OTHER),
        kind,
        entry: Some(file().id),
        name: "계획.txt".into(),
        size: 3,
        version: 1,
        upload: None,
        comment,
    }
}

fn page(activities: Vec<Activity>) -> Changes {
    let position = activities.last().unwrap().position;
    let (hidden, shown, uploads) = Default::default();
    Changes { activities, entries: vec![file()], hidden, shown, uploads, position, more: false }
}

#[tokio::test]
async fn what_a_deleted_comment_said_is_not_kept_in_the_line_that_told_it() {
    let folder = tempfile::tempdir().unwrap();
    let cache = synced(folder.path(), vec![delta(1, 9, Vec::new())]).await;
    let first = page(vec![line(1, ActivityKind::Commented, Some(said(Some("a secret"))))]);
    let touched = cache.apply_changes(account(ME), room(1), ContentPosition(0), first).await.unwrap();
    let deed = Deed { at: ContentPosition(1), by: account(OTHER), kind: DeedKind::Said { to_me: true } };
    assert_eq!(touched.deeds, [deed]);
    let shared = vec![room(1)];
    let found = cache.concerning(account(ME), account(OTHER), shared.clone(), 10).await.unwrap();
    assert_eq!(found.len(), 1);
    assert!(cache.concerning(account(OTHER), account(ME), shared, 10).await.unwrap().is_empty());
    let second = page(vec![line(2, ActivityKind::CommentDeleted, Some(said(None)))]);
    cache.apply_changes(account(ME), room(1), ContentPosition(1), second).await.unwrap();
    let history = cache.history_of(file(), 10).await.unwrap();
    let told: Vec<_> = history.lines.iter().map(|line| line.activity.comment.clone().unwrap()).collect();
    assert!(told.iter().all(|comment| comment.text.is_none()), "{told:?}");
}

#[tokio::test]
async fn a_room_may_stop_telling_who_opened_what_and_unknown_kinds_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let cache = synced(folder.path(), vec![delta(1, 9, Vec::new())]).await;
    let told = async || cache.room(room(1)).await.unwrap().unwrap().opened_told;
    assert!(told().await);
    let later = ActivityKind::Unknown { was: "painted".into() };
    let first = page(vec![
        line(1, ActivityKind::Opened, None),
        line(2, ActivityKind::OpenedTold { on: false }, None),
        line(3, later.clone(), None),
    ]);
    cache.apply_changes(account(ME), room(1), ContentPosition(0), first).await.unwrap();
    assert!(!told().await);
    let history = cache.history_of(file(), 10).await.unwrap();
    assert_eq!(history.openers, [account(OTHER)]);
    assert_eq!(history.lines[0].activity.kind, later);
}
