//! Folders and entries: names, places, repeats, deletion, and what changes say of it.

use super::world::{Meta, World, good, refused};
use pod_shared::content::{ActivityKind, Entry, EntryChange, EntryPage, FolderNew, NewParent};
use pod_shared::{ContentPosition, EntryId, ErrorCode, limits};
use reqwest::Method;
use uuid::Uuid;

fn to_name(name: &str) -> EntryChange {
    EntryChange { name: Some(name.into()), ..EntryChange::default() }
}

fn into(folder: EntryId) -> EntryChange {
    EntryChange { parent: Some(NewParent::Folder(folder)), ..EntryChange::default() }
}

#[tokio::test]
async fn a_folder_is_made_once_and_names_are_compared_as_desktops_do() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let new = FolderNew { id: EntryId(Uuid::now_v7()), parent: None, name: "Fotos é".into() };
    let path = format!("/v1/rooms/{room}/folders");
    let made: Entry = good(ann.send(Method::POST, &path, &new).await).await;
    let again: Entry = good(ann.send(Method::POST, &path, &new).await).await;
    assert_eq!((made.id, &made), (new.id, &again));
    for same in ["Fotos é", "FOTOS É", "fotos e\u{301}"] {
        assert_eq!(refused(ann.folder(room, None, same).await).await, ErrorCode::NameExists, "{same}");
    }
    let elsewhere = ann.folder(ann.group(&[]).await, None, "Fotos é").await;
    assert_eq!(elsewhere.status(), 200);
    let other: Entry = good(ann.folder(room, None, "other").await).await;
    let clash = ann.send(Method::PATCH, &format!("/v1/entries/{}", other.id), &to_name("fotos É")).await;
    assert_eq!(refused(clash).await, ErrorCode::NameExists);
    let recased: Entry =
        good(ann.send(Method::PATCH, &format!("/v1/entries/{}", made.id), &to_name("FOTOS é")).await).await;
    assert_eq!(recased.name, "FOTOS é", "its own name in another case is free");
}

#[tokio::test]
async fn tricks_in_names_are_refused_and_change_nothing() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let folder: Entry = good(ann.folder(room, None, "in").await).await;
    let long = "x".repeat(limits::ENTRY_NAME_BYTES_MAX + 1);
    let tricks = [
        "",
        ".",
        "..",
        "../up",
        "a/b",
        "a\\b",
        "/etc/passwd",
        "C:\\x",
        "nul\0byte",
        "CON",
        "con.txt",
        "LPT1",
        "NUL",
        "a\u{202e}gpj.exe",
        "\u{200f}x",
        "dot.",
        " space",
        "space ",
        "tab\t",
        &long,
        "a:b",
        "what?",
        "new\nline",
    ];
    for name in tricks {
        assert_eq!(refused(ann.folder(room, None, name).await).await, ErrorCode::InvalidName, "{name:?}");
        let renamed = ann.send(Method::PATCH, &format!("/v1/entries/{}", folder.id), &to_name(name)).await;
        assert_eq!(refused(renamed).await, ErrorCode::InvalidName, "{name:?}");
        let meta = Meta::new(room, name);
        assert_eq!(refused(ann.create(&meta, 1).await).await, ErrorCode::InvalidName, "{name:?}");
    }
    assert_eq!(ann.changes(room, 0).await.position, ContentPosition(2));
    let longest = "한".repeat(85);
    assert_eq!(ann.folder(room, None, &longest).await.status(), 200);
}

#[tokio::test]
async fn moving_and_renaming_are_told_and_a_folder_never_lies_in_itself() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let a: Entry = good(ann.folder(room, None, "a").await).await;
    let b: Entry = good(ann.folder(room, Some(a.id), "b").await).await;
    let c: Entry = good(ann.folder(room, None, "c").await).await;
    for target in [a.id, b.id] {
        let circle = ann.send(Method::PATCH, &format!("/v1/entries/{}", a.id), &into(target)).await;
        assert_eq!(refused(circle).await, ErrorCode::BadRequest);
    }
    let both =
        EntryChange { name: Some("C2".into()), parent: Some(NewParent::Folder(b.id)), if_position: None };
    let path = format!("/v1/entries/{}", c.id);
    let moved: Entry = good(ann.send(Method::PATCH, &path, &both).await).await;
    let again: Entry = good(ann.send(Method::PATCH, &path, &both).await).await;
    assert_eq!((moved.parent, &moved), (Some(b.id), &again));
    let late =
        EntryChange { name: Some("late".into()), if_position: Some(c.position), ..EntryChange::default() };
    assert_eq!(refused(ann.send(Method::PATCH, &path, &late).await).await, ErrorCode::Conflict);
    let top =
        EntryChange { parent: Some(NewParent::Top), if_position: Some(moved.position), ..Default::default() };
    good::<Entry>(ann.send(Method::PATCH, &path, &top).await).await;
    let kinds: Vec<_> = ann.changes(room, 4).await.activities.into_iter().map(|line| line.kind).collect();
    assert_eq!(kinds, [ActivityKind::Renamed { from: "c".into() }, ActivityKind::Moved, ActivityKind::Moved]);
}

#[tokio::test]
async fn deleting_a_folder_takes_all_in_it_and_can_be_repeated() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let a: Entry = good(ann.folder(room, None, "a").await).await;
    let b: Entry = good(ann.folder(room, Some(a.id), "b").await).await;
    let file = ann.upload_as(&Meta::new(room, "f").with("parent", b.id), b"bytes").await;
    let before = ann.changes(room, 0).await.position;
    for _ in 0..2 {
        let gone = ann.ask(Method::DELETE, &format!("/v1/entries/{}", a.id)).send().await.unwrap();
        assert_eq!(gone.status(), 204);
    }
    let changes = ann.changes(room, before.0).await;
    assert_eq!(changes.activities.len(), 1);
    assert_eq!((changes.entries[0].id, changes.entries[0].deleted), (a.id, true));
    for gone in [a.id, b.id, file] {
        assert_eq!(refused(ann.get(&format!("/v1/entries/{gone}")).await).await, ErrorCode::NotFound);
    }
    assert_eq!(refused(ann.get(&format!("/v1/entries/{file}/content")).await).await, ErrorCode::NotFound);
    assert!(ann.list(room).await.is_empty());
    assert_eq!(ann.folder(room, None, "a").await.status(), 200, "the name is free again");
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_long_folder_and_a_long_log_come_in_pages_without_a_gap() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    for n in 0..12 {
        ann.folder(room, None, &format!("f{n:02}")).await;
    }
    let (mut names, mut after) = (Vec::new(), String::new());
    loop {
        let page: EntryPage =
            good(ann.get(&format!("/v1/rooms/{room}/entries?limit=5&after={after}")).await).await;
        names.extend(page.entries.iter().map(|entry| entry.name.clone()));
        after = names.last().cloned().unwrap();
        if !page.more {
            break;
        }
    }
    assert_eq!(names, (0..12).map(|n| format!("f{n:02}")).collect::<Vec<_>>());
    let (mut positions, mut after) = (Vec::new(), 0);
    loop {
        let path = format!("/v1/rooms/{room}/changes?limit=5&after={after}");
        let page: pod_shared::content::Changes = good(ann.get(&path).await).await;
        positions.extend(page.activities.iter().map(|line| line.position.0));
        assert!(page.entries.len() <= 5);
        after = page.position.0;
        if !page.more {
            break;
        }
    }
    assert_eq!(positions, (1..=13).collect::<Vec<_>>());
    assert_eq!(ann.changes(room, 99).await.position, ContentPosition(13), "beyond the head: the head");
    let many = limits::CONTENT_PAGE_MAX + 1;
    for n in 12..many {
        ann.folder(room, None, &format!("f{n:03}")).await;
    }
    let page: EntryPage = good(ann.get(&format!("/v1/rooms/{room}/entries?limit={many}")).await).await;
    assert_eq!((page.entries.len(), page.more), (limits::CONTENT_PAGE_MAX as usize, true));
}
