//! What of a tree is closed, by the permissions above.

use super::Permits;
use pod_shared::content::{Entry, EntryKind, Permission, SharedWith};
use pod_shared::{AccountId, ContentPosition, EntryId, Role, RoomId, TimeMs};
use uuid::Uuid;

const ANN: u128 = 1;
const BOB: u128 = 2;

fn entry(id: u128, parent: Option<u128>, by: u128, view_only: bool) -> Entry {
    let account = AccountId(Uuid::from_u128(by));
    let permission = Permission { shared_with: SharedWith::Everyone, view_only };
    Entry {
        id: EntryId(Uuid::from_u128(id)),
        room: RoomId(Uuid::from_u128(9)),
        parent: parent.map(|parent| EntryId(Uuid::from_u128(parent))),
        name: id.to_string(),
        kind: EntryKind::Folder,
        size: 0,
        digest: String::new(),
        version: 0,
        created_at: TimeMs(0),
        created_by: account,
        modified_at: TimeMs(0),
        modified_by: account,
        position: ContentPosition(0),
        deleted: false,
        lock: None,
        comments: 0,
        rating: None,
        description: String::new(),
        tags: Vec::new(),
        permission: view_only.then_some(permission),
    }
}

#[test]
fn what_may_only_be_viewed_is_closed_with_all_that_lies_in_it() {
    let tree = [
        entry(10, None, ANN, false),
        entry(11, Some(10), ANN, true),
        entry(12, Some(11), BOB, false),
        entry(13, Some(12), BOB, false),
        entry(14, None, BOB, true),
    ];
    let closed = |me: u128, role| {
        let permits = Permits { me: AccountId(Uuid::from_u128(me)), role };
        permits.closed(&[], &tree).into_iter().map(|id| id.0.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(closed(BOB, Role::Editor), [11, 12, 13]);
    assert_eq!(closed(ANN, Role::Editor), [14]);
    assert_eq!(closed(BOB, Role::Manager), Vec::<u128>::new());
    let permits = Permits { me: AccountId(Uuid::from_u128(BOB)), role: Role::Editor };
    let [_, above, ..] = &tree;
    let below = [entry(12, Some(11), BOB, false)];
    assert_eq!(
        permits.closed(std::slice::from_ref(above), &below).len(),
        1,
        "closed from above what is linked"
    );
    assert!(!permits.may_change(std::slice::from_ref(above), None));
    assert!(permits.may_change(&[], Some(&below[0])));
}
