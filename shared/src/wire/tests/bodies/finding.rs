//! Bodies of the trash, of searches and of what is said of an entry.

use super::super::samples::room;
use super::{Book, amy, file, folder};
use crate::content::{
    AboutNew, Entry, EntryKind, SearchAsk, SearchHit, SearchPage, Space, TrashItem, TrashPage,
};
use crate::{ContentPosition, TimeMs};

pub(super) fn searches(book: &mut Book) {
    let described = Entry { description: "봄의 계획".into(), tags: vec!["봄".into()], ..file() };
    book.body("entry", &described);
    book.body("about_new", &AboutNew { description: "봄의 계획".into(), tags: vec!["봄".into()] });
    book.body("search_ask", &SearchAsk { rooms: vec![room()], ..SearchAsk::default() });
    let ask = SearchAsk {
        rooms: vec![room()],
        text: "봄".into(),
        by: Some(amy()),
        kind: Some(EntryKind::File),
        endings: vec!["txt".into()],
        since: Some(TimeMs(1)),
        until: Some(TimeMs(2)),
        size_min: Some(3),
        size_max: Some(4),
        halves_min: Some(8),
        tag: Some("봄".into()),
        after: Some(9),
        limit: Some(5),
    };
    book.body("search_ask", &ask);
    let hit = SearchHit { entry: folder(), path: vec!["겨울".into()] };
    book.body("search_page", &SearchPage { found: vec![hit], next: Some(7) });
    book.body("search_page", &SearchPage { found: Vec::new(), next: None });
}

pub(super) fn trash(book: &mut Book) {
    let item = TrashItem {
        entry: Entry { deleted: true, ..file() },
        at: ContentPosition(9),
        path: vec!["봄".into()],
        below: 3,
        until: TimeMs(4),
    };
    let space = Space { room_used: 1, room_max: Some(2), own_used: 3, own_max: None };
    book.body("space", &space);
    book.body("trash_page", &TrashPage { items: vec![item], more: true, days: 90 });
}
