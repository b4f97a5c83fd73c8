//! The shelf: bounded, the oldest goes first, what was half written is nothing.

use super::super::draw::{Drawn, Form};
use super::{FILE_BYTES, Shelf};

fn drawn(bytes: usize) -> Drawn {
    Drawn { form: Form::Jpeg, bytes: vec![7; bytes] }
}

#[test]
fn the_oldest_goes_when_there_is_too_much_also_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let room_for_three = 3 * (100 + FILE_BYTES);
    let shelf = Shelf::open(dir.path(), room_for_three).unwrap();
    for digest in ["a", "b", "c", "d"] {
        shelf.put(digest, Some(&drawn(100))).unwrap();
    }
    shelf.put("d", Some(&drawn(100))).unwrap();
    let held = |shelf: &Shelf| ["a", "b", "c", "d"].map(|digest| shelf.get(digest).is_some());
    assert_eq!(held(&shelf), [false, true, true, true]);
    assert_eq!(shelf.get("c"), Some(Some(drawn(100))));
    shelf.put("none", None).unwrap();
    assert_eq!(shelf.get("none"), Some(None), "that there is no picture is kept too");

    std::fs::write(dir.path().join("x.jpg.draft"), b"half").unwrap();
    let shelf = Shelf::open(dir.path(), 2 * (100 + FILE_BYTES)).unwrap();
    assert!(!dir.path().join("x.jpg.draft").exists());
    assert!(std::fs::read_dir(dir.path()).unwrap().count() <= 2);
    assert_eq!(shelf.get("a"), None);
    // What the server itself allows: one that is larger than all of it does not stay.
    let (file, most) = ("x.jpg".to_owned(), pod_shared::limits::PREVIEWS_BYTES_MAX);
    let shelf = Shelf::open(dir.path(), most).unwrap();
    shelf.put("b", Some(&drawn(100))).unwrap();
    shelf.count(file, most + 1).unwrap();
    assert_eq!(shelf.get("b"), None);
}
