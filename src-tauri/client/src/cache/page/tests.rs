//! A stretch costs what is in it, also when very much came into the folder at once.

use super::super::Cache;
use super::super::tests::{account, room};
use super::{ACTIVITIES_MAX, Stretch};
use pod_shared::content::{Activity, ActivityKind, Changes};
use pod_shared::socket::{EventKind, RoomEvent, ServerFrame};
use pod_shared::{ActivityId, ContentPosition, Position, TimeMs, Txn};

#[tokio::test]
async fn a_burst_of_activities_shows_its_newest_and_holds_nobody_up() {
    let dir = tempfile::tempdir().unwrap();
    let cache = Cache::open(dir.path()).unwrap();
    cache.belong_to(account(1)).await.unwrap();
    let many = u64::from(ACTIVITIES_MAX) * 3;
    let kind = EventKind::Folder { at: ContentPosition(many) };
    let (pos, txn, at) = (Position(1), Txn(1), TimeMs(1));
    let event = RoomEvent { room: room(1), pos, txn, at, by: account(2), kind };
    cache.apply_live(account(1), vec![ServerFrame::Event(event)]).await.unwrap();
    let activity = |position: u64| Activity {
        id: ActivityId::from_slice(&u128::from(position).to_be_bytes()).unwrap(),
        position: ContentPosition(position),
        at: TimeMs(1),
        by: account(2),
        kind: ActivityKind::FolderCreated,
        entry: None,
        name: "x".into(),
        size: 0,
        version: 0,
        upload: None,
        comment: None,
    };
    let activities = (1..=many).map(activity).collect();
    let position = ContentPosition(many);
    let (entries, hidden, shown, uploads) = Default::default();
    let changes = Changes { activities, entries, hidden, shown, uploads, position, more: false };
    cache.apply_changes(account(1), room(1), ContentPosition(0), changes).await.unwrap();
    let page = cache.page(room(1), Stretch::Newest, 8).await.unwrap().unwrap();
    let shown: Vec<u64> = page.activities.iter().map(|placed| placed.activity.position.0).collect();
    assert_eq!(shown, (many - u64::from(ACTIVITIES_MAX) + 1..=many).collect::<Vec<_>>());
}
