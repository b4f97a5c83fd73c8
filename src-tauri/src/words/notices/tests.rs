//! What notifications say.

use super::super::Language::{Chinese, English, Korean};
use super::notice;
use pod_client::view::{ActivityItem, Item, ItemKind, NoticeAbout, NoticeKind, NoticeView, RoomName};
use pod_shared::content::ActivityKind;
use pod_shared::{AccountId, EntryId, RoomId, TimeMs};
use uuid::Uuid;

fn room(title: &str) -> RoomName {
    RoomName { id: RoomId(Uuid::nil()), title: title.into() }
}

fn summary(counts: [u32; 6], rooms: Vec<RoomName>, room_count: u32) -> NoticeView {
    let [messages, mentions, files, changes, requests, offers] = counts;
    let about =
        NoticeAbout::Summary { messages, mentions, files, changes, requests, offers, rooms, room_count };
    NoticeView { id: 1, kind: NoticeKind::Messages, about }
}

#[test]
fn a_summary_says_how_much_came_and_where() {
    let much = summary([12, 2, 1, 3, 1, 2], vec![room("Fair"), room("Shed")], 4);
    let few = summary([1, 1, 0, 0, 0, 0], vec![room("Fair")], 1);
    let none = summary([0, 0, 0, 0, 2, 0], Vec::new(), 0);
    for (said, language, title, body) in [
        (
            &much,
            English,
            "While you were away",
            "12 messages, 2 naming you, 1 new file, 3 changed files, 1 contact request, 2 offered files\nFair, Shed and 2 other rooms",
        ),
        (
            &much,
            Korean,
            "자리를 비운 동안",
            "메시지 12개, 나를 언급함 2개, 새 파일 1개, 바뀐 파일 3개, 연락처 요청 1개, 보내려는 파일 2개\nFair, Shed 외 방 2개",
        ),
        (
            &much,
            Chinese,
            "您离开期间",
            "12 条消息，2 条提到您，1 个新文件，3 个文件有变动，1 个联系人请求，2 个待接收的文件\nFair、Shed 等另外 2 个房间",
        ),
        (&few, English, "While you were away", "1 naming you\nFair"),
        (&none, English, "While you were away", "2 contact requests"),
    ] {
        assert_eq!(notice(said, language), Some((title.to_owned(), body.to_owned())));
    }
}

#[test]
fn a_change_in_a_folder_is_told_with_who_where_and_what() {
    let line = |kind| ActivityItem {
        kind,
        entry: Some(EntryId(Uuid::nil())),
        name: "Budget.xlsx".into(),
        name_now: None,
        folder: false,
        count: 1,
        said: None,
    };
    let told = |kind, more, language| {
        let item = Item {
            key: "activity".into(),
            pos: None,
            at: TimeMs(0),
            by: AccountId(Uuid::nil()),
            by_name: "Aiko".into(),
            mine: false,
            kind: ItemKind::Activity(line(kind)),
        };
        let room = RoomId(Uuid::nil());
        let about = NoticeAbout::Item { room, title: "Fair".into(), item: Box::new(item), more };
        notice(&NoticeView { id: 1, kind: NoticeKind::Changes, about }, language)
    };
    let title = || "Aiko · Fair".to_owned();
    assert_eq!(told(ActivityKind::Deleted, 0, English), Some((title(), "Deleted: Budget.xlsx".into())));
    assert_eq!(
        told(ActivityKind::Moved, 2, Korean),
        Some((title(), "옮김: Budget.xlsx\n그 전에 2개 더".into()))
    );
    assert_eq!(told(ActivityKind::Restored, 0, Chinese), Some((title(), "恢复了：Budget.xlsx".into())));
    assert_eq!(told(ActivityKind::Downloaded, 0, English), None);
}
