//! Labels, pages and the list of open rooms.

use super::{
    Kind, OpenWindows,
    closing::{Around, Closing, closing},
    first::{FirstLook, FirstLooks},
    is_own_origin, is_own_page,
    remembered::WINDOWS_MAX,
    room_of,
};
use pod_shared::RoomId;
use uuid::Uuid;

#[test]
fn a_label_names_its_window_and_nothing_else_does() {
    let room = RoomId(Uuid::now_v7());
    for kind in [Kind::Main, Kind::Room(room), Kind::Folder(room), Kind::Transfers] {
        assert_eq!(Kind::of(&kind.label()), kind);
    }
    assert_eq!(room_of(&Kind::Folder(room).label()), Some(room));
    assert_eq!(room_of("main"), None);
    assert_eq!(room_of("room-x"), None);
}

#[test]
fn the_last_window_leaves_pod_in_the_tray_only_where_there_is_a_way_back() {
    let around = |others, wish, tray, pod| closing(Around { others, wish, tray, pod });
    assert_eq!(around(true, None, false, true), Closing::Window);
    assert_eq!(around(true, Some("quit"), true, true), Closing::Window);
    assert_eq!(around(false, None, true, true), Closing::IntoTray);
    assert_eq!(around(false, Some("hide"), true, true), Closing::IntoTray);
    assert_eq!(around(false, Some("quit"), true, true), Closing::Quit);
    assert_eq!(around(false, None, false, true), Closing::Quit);
    assert_eq!(around(false, None, true, false), Closing::Quit);
}

#[test]
fn a_window_is_told_once_what_to_show_first() {
    let looks = FirstLooks::default();
    let look = FirstLook { entry: None, goto: Some(pod_shared::Position(7)) };
    looks.set("room-1", look);
    assert_eq!(looks.take("main"), FirstLook::default());
    assert_eq!(looks.take("room-1"), look);
    assert_eq!(looks.take("room-1"), FirstLook::default());
}

#[test]
fn a_page_of_another_place_is_refused() {
    assert!(is_own_page("tauri", Some("localhost")));
    assert!(is_own_page("http", Some("tauri.localhost")));
    assert!(!is_own_page("https", Some("example.org")));
    assert!(!is_own_page("file", None));
    assert!(!is_own_page("tauri", Some("elsewhere")));
    assert!(is_own_origin("tauri://localhost") && is_own_origin("http://tauri.localhost"));
    assert!(!is_own_origin("null") && !is_own_origin("https://example.org"));
}

#[test]
fn open_windows_are_there_again_after_a_start() -> std::io::Result<()> {
    let folder = tempfile::tempdir()?;
    let (stays, goes) = (RoomId(Uuid::now_v7()), RoomId(Uuid::now_v7()));
    let open = OpenWindows::load(folder.path());
    for kind in [Kind::Folder(goes), Kind::Main, Kind::Folder(stays), Kind::Room(stays), Kind::Room(goes)] {
        open.add(kind);
    }
    open.add(Kind::Room(stays));
    open.remove(Kind::Folder(goes));
    open.remove(Kind::Main);
    let expect = vec![Kind::Folder(stays), Kind::Room(stays), Kind::Room(goes)];
    assert_eq!(OpenWindows::load(folder.path()).all(), expect);
    std::fs::write(folder.path().join("windows.json"), "[\"main\", 7]")?;
    assert_eq!(OpenWindows::load(folder.path()).all(), Vec::new());
    Ok(())
}

#[test]
fn only_so_many_windows_open_again() -> std::io::Result<()> {
    let folder = tempfile::tempdir()?;
    let open = OpenWindows::load(folder.path());
    let rooms = (0..=WINDOWS_MAX).map(|_| Kind::Room(RoomId(Uuid::now_v7()))).collect::<Vec<_>>();
    for kind in &rooms {
        open.add(*kind);
    }
    assert_eq!(OpenWindows::load(folder.path()).all(), rooms[..WINDOWS_MAX]);
    Ok(())
}
