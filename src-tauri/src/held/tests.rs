//! Bundles and who may use them.

use super::{BUNDLES_MAX, Held, HeldFile, describe};
use std::path::PathBuf;

fn files(name: &str) -> Vec<PathBuf> {
    vec![PathBuf::from(name)]
}

#[test]
fn a_bundle_is_used_once_and_only_by_its_own_window() {
    let mut held = Held::default();
    let (number, _) = held.keep("main", files("a"));
    assert_eq!(held.take("room-1", number), None);
    assert_eq!(held.paths("room-1", number), None);
    assert_eq!(held.paths("main", number), Some(files("a")));
    assert_eq!(held.take("main", number), Some(files("a")));
    assert_eq!(held.take("main", number), None);
}

#[test]
fn the_oldest_bundle_makes_room_for_the_newest_and_is_handed_out() {
    let mut held = Held::default();
    let (first, _) = held.keep("main", files("a"));
    for _ in 1..BUNDLES_MAX {
        assert_eq!(held.keep("main", files("b")).1, Vec::<PathBuf>::new());
    }
    assert_eq!(held.paths("main", first), Some(files("a")));
    assert_eq!(held.keep("main", files("c")).1, files("a"));
    assert_eq!(held.paths("main", first), None);
}

#[test]
fn files_that_could_not_be_sent_are_held_under_their_number_again() {
    let mut held = Held::default();
    let (number, _) = held.keep("main", files("a"));
    let taken = held.take("main", number).unwrap();
    held.restore("main", number, taken);
    assert_eq!(held.take("main", number), Some(files("a")));
}

#[test]
fn a_window_that_closes_gives_up_what_it_held() {
    let mut held = Held::default();
    let (hers, _) = held.keep("room-1", files("a"));
    let (his, _) = held.keep("main", files("b"));
    assert_eq!(held.forget("room-1"), files("a"));
    assert_eq!(held.paths("room-1", hers), None);
    assert_eq!(held.paths("main", his), Some(files("b")));
}

#[test]
fn a_page_learns_names_and_sizes_and_what_is_a_picture() -> std::io::Result<()> {
    let folder = tempfile::tempdir()?;
    let place = |name: &str| folder.path().join(name);
    std::fs::write(place("holiday.txt"), b"\x89PNG\r\n\x1a\nrest")?;
    std::fs::write(place("not.png"), b"text")?;
    std::fs::create_dir(place("album"))?;
    let paths = ["holiday.txt", "not.png", "album", "gone"].map(place);
    let file = |name: &str, bytes, image, folder| HeldFile { name: name.to_owned(), bytes, image, folder };
    let expect = [
        file("holiday.txt", 12, true, false),
        file("not.png", 4, false, false),
        file("album", 0, false, true),
        file("gone", 0, false, false),
    ];
    assert_eq!(describe(&paths), expect);
    Ok(())
}
