//! Labels, pages and the list of open rooms.

use super::{OpenRooms, is_own_page, room_label, room_of};
use pod_shared::RoomId;
use uuid::Uuid;

#[test]
fn a_label_names_its_room_and_nothing_else_does() {
    let room = RoomId(Uuid::now_v7());
    assert_eq!(room_of(&room_label(room)), Some(room));
    assert_eq!(room_of("main"), None);
    assert_eq!(room_of("room-x"), None);
}

#[test]
fn a_page_of_another_place_is_refused() {
    assert!(is_own_page("tauri", Some("localhost")));
    assert!(is_own_page("http", Some("tauri.localhost")));
    assert!(!is_own_page("https", Some("example.org")));
    assert!(!is_own_page("file", None));
    assert!(!is_own_page("tauri", Some("elsewhere")));
}

#[test]
fn open_rooms_are_there_again_after_a_start() -> std::io::Result<()> {
    let folder = tempfile::tempdir()?;
    let (stays, goes) = (RoomId(Uuid::now_v7()), RoomId(Uuid::now_v7()));
    let rooms = OpenRooms::load(folder.path());
    rooms.add(stays);
    rooms.add(goes);
    rooms.remove(goes);
    assert_eq!(OpenRooms::load(folder.path()).all(), vec![stays]);
    Ok(())
}
