//! A room's folder as an engine shows it: a large one, an undone deletion, looks into files, the picture of a room.
#![expect(clippy::wildcard_enum_match_arm, reason = "a story picks the one answer it waits for")]

use crate::window::Engine;
use pod_client::command::{Answer, Command, Side};
use pod_client::view::{EntryView, FolderView, Item, ItemKind, Sort, SortBy};
use pod_shared::content::{ActivityKind, EntryKind, PreviewKind};
use pod_shared::{EntryId, ErrorCode, RoomId, limits};
use pod_tests::world::tell;
use pod_tests::{Arrangement, World, wait};
use rusqlite::Connection;
use std::path::PathBuf;
use std::time::Duration;

/// A folder that takes many pages of the changes feed.
const MANY: u32 = 6_000;

async fn page(engine: &Engine, room: RoomId, parent: Option<EntryId>, sort: Sort, offset: u32) -> FolderView {
    let command = Command::Folder { room, parent, sort: Some(sort), offset, limit: 100 };
    match engine.ask(command).await {
        Answer::Folder(view) => view,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn named(engine: &Engine, room: RoomId, name: &str) -> EntryView {
    wait::until(name, async || {
        let view = page(engine, room, None, Sort::NAME, 0).await;
        view.entries.into_iter().find(|entry| entry.name == name)
    })
    .await
}

pub(crate) async fn make(engine: &Engine, room: RoomId, name: &str) -> EntryId {
    let command = Command::FolderCreate { room, parent: None, name: name.into() };
    wait::until("the folder can be used", async || match engine.run(command.clone()).await {
        Ok(Answer::EntryId(id)) => Some(id),
        Ok(other) => panic!("{other:?}"),
        Err(_) => None,
    })
    .await
}

pub(crate) async fn details(engine: &Engine, entry: EntryId) -> (Vec<String>, Vec<Item>) {
    match engine.ask(Command::EntryDetails { entry }).await {
        Answer::Details(details) => {
            (details.holders.into_iter().map(|holder| holder.name).collect(), details.activities)
        }
        other => panic!("{other:?}"),
    }
}

/// As if many had come into a folder before: rows of the server's database, told with the next change.
fn plant(world: &mut World, room: RoomId, below: EntryId) {
    let file = world.content_server().data().join("content.db");
    let mut database = Connection::open(file).unwrap();
    database.busy_timeout(Duration::from_secs(20)).unwrap();
    let change = database.transaction().unwrap();
    let ids = (room.as_bytes(), below.as_bytes(), MANY);
    let rows = "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?3),
         g AS (SELECT head, created_by AS by FROM groups WHERE room = ?1)";
    let entries = format!(
        "{rows} INSERT INTO entries (id, room, parent, name, name_key, kind, version, size, digest, created_at,
             created_by, modified_at, modified_by, position, deleted_at)
         SELECT randomblob(16), ?1, ?2, 'Item ' || i, 'item ' || i, 2, 0, 0, NULL, 1, g.by, i, g.by, g.head + i, NULL
         FROM n, g"
    );
    change.execute(&entries, ids).unwrap();
    let lines = "INSERT INTO activities (room, position, id, at, by, kind, entry, name, size, version)
         SELECT room, position, randomblob(16), 1, created_by, 7, id, name, 0, 0 FROM entries
         WHERE room = ?1 AND parent = ?2";
    change.execute(lines, (room.as_bytes(), below.as_bytes())).unwrap();
    let sums = "UPDATE groups SET head = head + ?2, live = live + ?2 WHERE room = ?1";
    change.execute(sums, (room.as_bytes(), MANY)).unwrap();
    change.execute("UPDATE entries SET below = ?2 WHERE id = ?1", (below.as_bytes(), MANY)).unwrap();
    change.commit().unwrap();
}

async fn a_large_folder_comes_in_pages_and_goes_and_comes_back_at_once(world: &mut World) {
    let alice = Engine::sign_up(world, "alice").await;
    let bob = Engine::sign_up(world, "bob").await;
    let room = alice.create("archive", vec![bob.me().await], Side::Chat).await;
    bob.room(room).await;
    let folder = make(&alice, room, "many").await;
    named(&bob, room, "many").await;
    plant(world, room, folder);
    make(&alice, room, "told").await;
    alice.send(room, "while it comes").await;
    bob.hears(room, &["while it comes"]).await;
    for engine in [&alice, &bob] {
        let whole =
            async || (page(engine, room, Some(folder), Sort::NAME, 0).await.total == MANY).then_some(());
        wait::until("all of it", whole).await;
    }
    let first = page(&bob, room, Some(folder), Sort::NAME, 0).await;
    let names: Vec<&str> = first.entries.iter().take(11).map(|entry| entry.name.as_str()).collect();
    assert_eq!((names[1], names[9], names[10], first.entries.len()), ("Item 2", "Item 10", "Item 11", 100));
    let newest = Sort { by: SortBy::Modified, descending: true };
    let last = page(&bob, room, Some(folder), newest, MANY - 1).await;
    assert_eq!(last.entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["Item 1"]);
    let find = Command::EntriesFind { text: "ITEM 600".into(), room: None, limit: 9 };
    let Answer::EntriesFound(found) = bob.ask(find.clone()).await else { panic!("found") };
    assert_eq!(
        (found[0].entry.name.as_str(), found[0].path.as_slice()),
        ("Item 600", ["many".into()].as_slice())
    );
    assert_eq!(found[0].room_title, "archive");

    let all = Command::EntriesFind { text: "item".into(), room: Some(room), limit: u32::MAX };
    let Answer::EntriesFound(most) = bob.ask(all).await else { panic!("found") };
    assert_eq!(most.len(), limits::ENTRIES_FOUND_MAX as usize);

    alice.ask(Command::EntryDelete { entry: folder }).await;
    let gone = async || (page(&bob, room, None, Sort::NAME, 0).await.total == 1).then_some(());
    wait::until("bob sees it gone", gone).await;
    let inside = Command::Folder { room, parent: Some(folder), sort: None, offset: 0, limit: 1 };
    assert_eq!(bob.run(inside).await.unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(
        bob.run(Command::Entry { entry: found[0].entry.id }).await.unwrap_err().code,
        ErrorCode::NotFound
    );
    let Answer::EntriesFound(none) = bob.ask(find).await else { panic!("found") };
    assert!(none.is_empty());

    let taken = make(&bob, room, "MANY").await;
    assert!(matches!(bob.ask(Command::EntryRestore { entry: folder }).await, Answer::Done));
    assert!(matches!(bob.ask(Command::EntryRestore { entry: folder }).await, Answer::Done));
    let back = named(&alice, room, "many (2)").await;
    assert_eq!((back.id, back.count), (folder, MANY));
    assert_eq!(named(&alice, room, "MANY").await.id, taken);
    wait::until("its history tells it", async || {
        let (_, lines) = details(&alice, folder).await;
        let restored = |item: &Item| matches!(&item.kind, ItemKind::Activity(line) if line.kind == ActivityKind::Restored);
        lines.first().is_some_and(restored).then_some(())
    })
    .await;
    drop((alice, bob));
}

/// A picture of this size in one colour, as an uncompressed BMP.
fn bmp(width: u32, height: u32) -> Vec<u8> {
    let row = (width * 3).div_ceil(4) * 4;
    let mut bytes = b"BM".to_vec();
    for number in [54 + row * height, 0, 54, 40, width, height, 1 | (24 << 16), 0, row * height, 0, 0, 0, 0] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.resize((54 + row * height) as usize, 0x5a);
    bytes
}

async fn path(engine: &Engine, command: Command) -> Option<PathBuf> {
    match engine.ask(command).await {
        Answer::Path(path) => path,
        other => panic!("{other:?}"),
    }
}

async fn a_look_into_a_file_tells_nobody_and_a_room_gets_its_picture(world: &mut World) {
    let alice = Engine::sign_up(world, "alice").await;
    let bob = Engine::sign_up(world, "bob").await;
    let room = alice.create("photos", vec![bob.me().await], Side::Chat).await;
    bob.room(room).await;
    make(&alice, room, "ready").await;
    let here = world.folder().join("sent");
    std::fs::create_dir_all(&here).unwrap();
    let files = [
        ("사진.bmp", bmp(1_280, 320)),
        ("fake.png", b"this is no picture".to_vec()),
        ("읽기.md", "# 제목\n본문".as_bytes().to_vec()),
        ("data.bin", vec![0; 9]),
    ];
    let paths = files.iter().map(|(name, bytes)| {
        std::fs::write(here.join(name), bytes).unwrap();
        here.join(name)
    });
    alice.ask(Command::Put { room, parent: None, paths: paths.collect() }).await;
    let picture = named(&bob, room, "사진.bmp").await;
    assert_eq!(picture.preview, Some(PreviewKind::Image));
    let look = || Command::PreviewFile { entry: picture.id };
    let (one, two) = tokio::join!(path(&bob, look()), path(&bob, look()));
    let small = one.clone().unwrap();
    assert_eq!(one, two);
    assert!(small.starts_with(world.folder()) && std::fs::metadata(&small).unwrap().len() < 100_000);
    assert_eq!(&std::fs::read(&small).unwrap()[..2], b"\xff\xd8", "a JPEG");
    for name in ["fake.png", "data.bin"] {
        let entry = named(&bob, room, name).await.id;
        assert_eq!(path(&bob, Command::PreviewFile { entry }).await, None, "{name}");
    }
    let text = named(&bob, room, "읽기.md").await.id;
    let Answer::PreviewText(shown) = bob.ask(Command::PreviewText { entry: text }).await else {
        panic!("text")
    };
    assert_eq!((shown.text.as_str(), shown.truncated, shown.markdown), ("# 제목\n본문", false, true));
    let refused = bob.run(Command::PreviewText { entry: picture.id }).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::BadRequest);
    assert_eq!(details(&alice, picture.id).await.0, ["ALICE"], "who looked has not downloaded");
    assert_eq!(picture.kind, EntryKind::File);

    let set = Command::RoomPictureSet { room, path: here.join("사진.bmp") };
    assert_eq!(bob.run(set.clone()).await.unwrap_err().code, ErrorCode::RoleTooLow);
    assert!(matches!(alice.ask(set).await, Answer::Done));
    let digest = wait::until("bob sees the picture", async || bob.room(room).await.picture).await;
    let shown = path(&bob, Command::RoomPictureFile { room }).await.unwrap();
    assert!(shown.file_name().unwrap().to_string_lossy().starts_with(&digest));
    let bob = bob.again().await;
    assert_eq!(bob.room(room).await.picture, Some(digest), "kept");
    bob.online().await;
    alice.ask(Command::RoomPictureClear { room }).await;
    wait::until("none any more", async || bob.room(room).await.picture.is_none().then_some(())).await;
    assert_eq!(path(&bob, Command::RoomPictureFile { room }).await, None);
    bob.ask(Command::SignOut).await;
    assert!(!small.exists(), "what one account saw is gone with it");
    drop((alice, bob));
}

macro_rules! both_ways {
    ($($name:ident)+) => {$(
        mod $name {
            use super::*;
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_one_process() {
                tell(Arrangement::One, stringify!($name), super::$name).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_two_processes() {
                tell(Arrangement::Two, stringify!($name), super::$name).await;
            }
        }
    )+};
}

both_ways! {
    a_large_folder_comes_in_pages_and_goes_and_comes_back_at_once
    a_look_into_a_file_tells_nobody_and_a_room_gets_its_picture
}
