//! The shelf: bounded, the oldest goes first, what was half written is nothing.

use super::{FILE_BYTES, Shelf};
use pod_shared::limits::PREVIEWS_HERE_BYTES_MAX;

#[test]
fn the_oldest_goes_when_there_is_too_much_also_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("previews");
    let shelf = Shelf::open(&folder, 3 * (100 + FILE_BYTES)).unwrap();
    for name in ["a", "b", "c", "d", "d"] {
        let path = shelf.put(name, &[7; 100]).unwrap();
        assert_eq!(std::fs::read(path).unwrap(), [7; 100]);
    }
    let held = |shelf: &Shelf| ["a", "b", "c", "d"].map(|name| shelf.path(name).is_some());
    assert_eq!(held(&shelf), [false, true, true, true]);

    std::fs::write(folder.join("x.draft"), b"half").unwrap();
    let shelf = Shelf::open(&folder, 2 * (100 + FILE_BYTES)).unwrap();
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2);
    std::fs::remove_file(folder.join("d")).unwrap();
    assert_eq!(shelf.path("d"), None, "somebody else dropped it");
    shelf.clear().unwrap();
    shelf.clear().unwrap();
    assert!(!folder.exists());
    let wide = Shelf::open(&folder, PREVIEWS_HERE_BYTES_MAX).unwrap();
    assert!(wide.put("e", b"").unwrap().exists());
}
