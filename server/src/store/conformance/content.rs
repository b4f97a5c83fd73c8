//! What every store of `content` does: relay rows with their change, positions without a gap, uploads that end once.

use crate::blobs::Digesting;
use crate::store::sqlite::content::{Applied, ContentStore, Doing, Ended, FILE, Goal, Loss, Spot, UploadRow};
use pod_shared::content::{Basis, Group, GroupMember, GroupNew};
use pod_shared::interlock::{MemberVersion, RelayBody, RelayRow, RowsApplied};
use pod_shared::{AccountId, ContentPosition, ErrorCode, RelayId, Role, RoomId, TimeMs, UploadId};
use uuid::Uuid;

const NOW: TimeMs = TimeMs(1_000);

fn store() -> (tempfile::TempDir, ContentStore) {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(&dir.path().join(FILE)).unwrap();
    (dir, store)
}

fn somebody() -> Doing {
    Doing { by: AccountId(Uuid::now_v7()), at: NOW, device: None }
}

async fn group(store: &ContentStore, maker: Doing, members: Vec<AccountId>) -> Group {
    let new = GroupNew { id: RoomId(Uuid::now_v7()), title: "x".into(), members };
    store.create_group(maker, new).await.unwrap()
}

fn upload(room: RoomId, by: Doing) -> UploadRow {
    UploadRow {
        id: UploadId(Uuid::now_v7()),
        goal: Goal::Folder(Spot { room, parent: None, name: "f".into(), basis: Basis::default() }),
        by: by.by,
        length: 3,
        promised: None,
        modified_ms: None,
        created_at: NOW,
        ended: Ended::Not,
        unproven_from: None,
    }
}

#[tokio::test]
async fn a_refused_change_leaves_neither_activity_nor_row() {
    let (_dir, store) = store();
    let (ann, eve) = (somebody(), somebody());
    let group = group(&store, ann, Vec::new()).await;
    let rows = store.pending(64, Vec::new()).await.unwrap();
    let refused = store.begin_upload(eve, upload(group.id, eve)).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NotFound);
    assert_eq!(store.pending(64, Vec::new()).await.unwrap(), rows);
    assert_eq!(store.group(ann.by, group.id).await.unwrap().position, ContentPosition(1));
    let all = RowsApplied { applied: rows.iter().map(|row| row.id).collect(), refused: Vec::new() };
    store.settled(all.clone()).await.unwrap();
    store.settled(all).await.unwrap();
    assert!(store.pending(64, Vec::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_upload_ends_once_however_often_it_is_ended() {
    let (_dir, store) = store();
    let ann = somebody();
    let group = group(&store, ann, Vec::new()).await;
    let row = store.begin_upload(ann, upload(group.id, ann)).await.unwrap().upload;
    let mut digesting = Digesting::default();
    digesting.update(b"abc");
    let content = digesting.finish();
    let object = row.id.to_string();
    let first = store.finish_upload(ann, row.id, object.clone(), content.clone(), NOW).await.unwrap();
    let again = store.finish_upload(ann, row.id, object, content.clone(), NOW).await.unwrap();
    assert_eq!(first, again);
    assert_eq!(store.cancel_upload(ann, row.id).await.unwrap_err().code(), ErrorCode::Conflict);
    store.drop_upload(ann, row.id).await.unwrap();
    assert_eq!(store.group(ann.by, group.id).await.unwrap().position, ContentPosition(3));

    let other = store.begin_upload(ann, upload(group.id, ann)).await.unwrap().upload;
    store.cancel_upload(ann, other.id).await.unwrap();
    store.cancel_upload(ann, other.id).await.unwrap();
    let late = store.finish_upload(ann, other.id, other.id.to_string(), content, NOW).await.unwrap_err();
    assert_eq!(late.code(), ErrorCode::Gone);
    assert_eq!(store.group(ann.by, group.id).await.unwrap().position, ContentPosition(5));
}

#[tokio::test]
async fn a_row_of_the_other_side_counts_once_and_a_loss_ends_uploads() {
    let (_dir, store) = store();
    let (ann, bob) = (somebody(), somebody());
    let group = group(&store, ann, vec![bob.by]).await;
    let open = store.begin_upload(bob, upload(group.id, bob)).await.unwrap().upload;
    let mut losses = store.losses();
    let member = MemberVersion { account: bob.by, role: Some(Role::Viewer), counter: 2, by: ann.by };
    let row =
        RelayRow { id: RelayId(Uuid::now_v7()), room: group.id, seq: 1, body: RelayBody::Member { member } };
    assert_eq!(store.apply(NOW, row.clone()).await.unwrap(), Applied::Yes(vec![open.id]));
    assert_eq!(store.apply(NOW, row).await.unwrap(), Applied::Yes(Vec::new()));
    assert_eq!(losses.try_recv().unwrap(), Loss { room: group.id, account: Some(bob.by) });
    assert!(losses.try_recv().is_err());
    assert_eq!(store.ended(open.id).await.unwrap(), Some(Ended::Cancelled));
    let member = GroupMember { account: bob.by, role: Role::Viewer };
    assert!(store.group(bob.by, group.id).await.unwrap().members.contains(&member));
}

#[tokio::test]
async fn who_knows_the_id_of_a_group_does_not_join_it_by_making_its_room() {
    let (_dir, store) = store();
    let (ann, eve) = (somebody(), somebody());
    let group = group(&store, ann, Vec::new()).await;
    let owner = MemberVersion { account: eve.by, role: Some(Role::Owner), counter: 1, by: eve.by };
    let body = RelayBody::Pair { title: "x".into(), creator: eve.by, at: NOW, members: vec![owner] };
    let row = RelayRow { id: RelayId(Uuid::now_v7()), room: group.id, seq: 1, body };
    assert!(matches!(store.apply(NOW, row).await.unwrap(), Applied::Never(_)));
    assert_eq!(store.group(eve.by, group.id).await.unwrap_err().code(), ErrorCode::NotFound);
    assert_eq!(store.group(ann.by, group.id).await.unwrap().members.len(), 1);
}
