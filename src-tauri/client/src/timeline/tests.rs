//! Pages and the items that come of them.

use super::{Around, items};
use crate::cache::{Mark, MemberRow, Page, PlacedActivity, RoomRow, Said};
use crate::view::{FileState, Item, ItemKind, MessageState, UploadPhase};
use pod_shared::content::{Activity, ActivityKind, Entry, EntryKind};
use pod_shared::envelope::{Content, Envelope};
use pod_shared::socket::{EventKind, RoomEvent};
use pod_shared::{
    AccountId, ActivityId, ContentPosition, EntryId, MessageId, Position, Role, RoomId, TimeMs, Txn, UploadId,
};
use std::collections::BTreeMap;

fn account(number: u8) -> AccountId {
    AccountId::from_slice(&[number; 16]).unwrap()
}

fn upload() -> UploadId {
    UploadId::from_slice(&[8; 16]).unwrap()
}

fn entry_id() -> EntryId {
    EntryId::from_slice(&[9; 16]).unwrap()
}

fn event(pos: u64, by: u8, kind: EventKind) -> RoomEvent {
    let room = RoomId::from_slice(&[1; 16]).unwrap();
    RoomEvent { room, pos: Position(pos), txn: Txn(pos), at: TimeMs(0), by: account(by), kind }
}

fn folder(pos: u64, at: u64) -> RoomEvent {
    event(pos, 2, EventKind::Folder { at: ContentPosition(at) })
}

fn activity(position: u64, kind: ActivityKind) -> Activity {
    Activity {
        id: ActivityId::from_slice(&[u8::try_from(position).unwrap(); 16]).unwrap(),
        position: ContentPosition(position),
        at: TimeMs(i64::try_from(position).unwrap()),
        by: account(2),
        entry: Some(entry_id()),
        name: "plan.pdf".into(),
        size: 100,
        version: 1,
        upload: None,
        comment: None,
        kind,
    }
}

fn placed(pos: u64, activity: Activity) -> PlacedActivity {
    PlacedActivity { pos: Position(pos), activity, end: None, told_before: false }
}

fn said_of(event: &RoomEvent) -> Option<(Position, Said)> {
    let EventKind::Message { body, .. } = &event.kind else { return None };
    let text = match Envelope::open(body).map(|held| held.content) {
        Some(Content::Text { text, .. }) => Some(text),
        Some(Content::Reaction { .. } | Content::Deleted {}) | None => None,
    };
    Some((event.pos, Said { text, ..Said::default() }))
}

fn page(events: Vec<RoomEvent>, activities: Vec<PlacedActivity>) -> Page {
    let room = RoomRow {
        id: RoomId::from_slice(&[1; 16]).unwrap(),
        title: "r".into(),
        created_by: None,
        created_at: TimeMs(0),
        has_folder: true,
        head: Position(99),
        oldest: Position(1),
        content_pos: ContentPosition(99),
        read: Position(0),
        last_at: TimeMs(0),
        picture: None,
        opened_told: true,
    };
    let member = |number: u8, name: &str, role| MemberRow {
        account: account(number),
        name: name.into(),
        display_name: String::new(),
        role,
    };
    let entry = Entry {
        id: entry_id(),
        room: room.id,
        parent: None,
        name: "plan.pdf".into(),
        kind: EntryKind::File,
        size: 100,
        digest: String::new(),
        version: 1,
        created_at: TimeMs(0),
        created_by: account(2),
        modified_at: TimeMs(0),
        modified_by: account(2),
        position: ContentPosition(1),
        deleted: false,
        lock: None,
        comments: 0,
        rating: None,
        permission: None,
        description: String::new(),
        tags: Vec::new(),
    };
    let mark = Mark { account: account(2), read: Position(5), delivered: Position(6) };
    let said = events.iter().filter_map(said_of).collect();
    Page {
        room,
        members: vec![
            member(1, "me", Some(Role::Editor)),
            member(2, "bea", Some(Role::Owner)),
            member(3, "gone", None),
        ],
        marks: BTreeMap::from([(account(2), mark)]),
        said,
        events,
        activities,
        entries: BTreeMap::from([(entry_id(), entry)]),
        uploads: BTreeMap::new(),
        whole: true,
    }
}

fn made(page: &Page, progress: &BTreeMap<UploadId, u64>) -> Vec<Item> {
    let files = BTreeMap::from([(entry_id(), FileState::Here)]);
    items(page, &Around { me: account(1), my_name: "me", uploads: &[], progress, files: &files })
}

#[test]
fn an_upload_is_one_item_from_its_first_byte_to_its_card() {
    let mut started = activity(1, ActivityKind::UploadStarted);
    (started.upload, started.entry) = (Some(upload()), None);
    let live = page(vec![folder(1, 1)], vec![placed(1, started.clone())]);
    let items = made(&live, &BTreeMap::from([(upload(), 40)]));
    let ItemKind::Upload(first) = &items[0].kind else { panic!("{items:?}") };
    assert_eq!(first.phase, UploadPhase::Moving { offset: 40, rate: None });
    assert!(!first.may_cancel, "an editor does not cancel what another sends");
    let key = items[0].key.clone();

    let mut ended = activity(2, ActivityKind::Uploaded);
    ended.upload = Some(upload());
    let begun = PlacedActivity { end: Some(ended.clone()), ..placed(1, started) };
    let told = PlacedActivity { told_before: true, ..placed(2, ended) };
    let items = made(&page(vec![folder(1, 1), folder(2, 2)], vec![begun, told]), &BTreeMap::new());
    assert_eq!(items.len(), 1, "its end is not told a second time");
    assert_eq!((items[0].key.as_str(), items[0].pos), (key.as_str(), Some(Position(1))));
    let ItemKind::Upload(card) = &items[0].kind else { panic!("{items:?}") };
    assert_eq!(card.phase, UploadPhase::Stored { file: FileState::Here });
    assert_eq!(card.entry, Some(entry_id()));
}

#[test]
fn a_file_that_was_deleted_says_so_on_its_card() {
    let mut stored = activity(1, ActivityKind::Uploaded);
    stored.upload = Some(upload());
    let mut page = page(vec![folder(1, 1)], vec![placed(1, stored)]);
    page.entries.get_mut(&entry_id()).unwrap().deleted = true;
    let items = made(&page, &BTreeMap::new());
    assert!(matches!(&items[0].kind, ItemKind::Upload(card) if card.phase == UploadPhase::Deleted));
}

#[test]
fn the_same_done_in_a_row_is_counted_and_speech_in_between_ends_the_row() {
    let id = MessageId::from_slice(&[5; 16]).unwrap();
    let body = Envelope::text("hm").seal().unwrap();
    let events = vec![folder(1, 2), event(2, 1, EventKind::Message { id, body, about: None }), folder(3, 3)];
    let moved = |position| activity(position, ActivityKind::Moved);
    let items = made(
        &page(events, vec![placed(1, moved(1)), placed(1, moved(2)), placed(3, moved(3))]),
        &BTreeMap::new(),
    );
    let counts: Vec<Option<u32>> = items
        .iter()
        .map(|item| match &item.kind {
            ItemKind::Activity(line) => Some(line.count),
            ItemKind::Message { .. }
            | ItemKind::Upload(_)
            | ItemKind::Created { .. }
            | ItemKind::Member { .. }
            | ItemKind::Renamed { .. }
            | ItemKind::FolderMade => None,
        })
        .collect();
    assert_eq!(counts, [Some(2), None, Some(1)]);
}

#[test]
fn who_left_keeps_the_name_and_who_read_is_told() {
    let message = |pos: u64, by| {
        let id = MessageId::from_slice(&[u8::try_from(pos).unwrap(); 16]).unwrap();
        event(pos, by, EventKind::Message { id, body: Envelope::text("x").seal().unwrap(), about: None })
    };
    let items = made(
        &page(vec![message(4, 3), message(5, 1), message(6, 1), message(7, 1)], Vec::new()),
        &BTreeMap::new(),
    );
    assert_eq!(items[0].by_name, "gone");
    let states: Vec<MessageState> = items
        .iter()
        .filter_map(|item| match &item.kind {
            ItemKind::Message { state, .. } => Some(state.clone()),
            ItemKind::Activity(_)
            | ItemKind::Upload(_)
            | ItemKind::Created { .. }
            | ItemKind::Member { .. }
            | ItemKind::Renamed { .. }
            | ItemKind::FolderMade => None,
        })
        .collect();
    assert_eq!(states, [MessageState::Sent, MessageState::Read, MessageState::Delivered, MessageState::Sent]);
}

#[test]
fn a_text_of_a_newer_pod_keeps_its_place() {
    let id = MessageId::from_slice(&[5; 16]).unwrap();
    let body = pod_shared::bytes::ByteString(vec![0xff, 0x00]);
    let items = made(
        &page(vec![event(1, 2, EventKind::Message { id, body, about: None })], Vec::new()),
        &BTreeMap::new(),
    );
    assert!(matches!(&items[0].kind, ItemKind::Message { text: None, .. }));
}
