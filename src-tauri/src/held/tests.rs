//! Bundles and who may use them.

use super::{BUNDLES_MAX, Files, Held, HeldFile, describe};
use std::path::PathBuf;

fn files(name: &str) -> Vec<PathBuf> {
    vec![PathBuf::from(name)]
}

/// As they are held: by number.
fn numbered(names: &[(usize, &str)]) -> Option<Files> {
    Some(names.iter().map(|(index, name)| (*index, PathBuf::from(name))).collect())
}

#[test]
fn a_bundle_is_used_once_and_only_by_its_own_window() {
    let mut held = Held::default();
    let (number, _) = held.keep("main", files("a"));
    assert_eq!(held.take("room-1", number), None);
    assert_eq!(held.files("room-1", number), None);
    assert_eq!(held.files("main", number), numbered(&[(0, "a")]));
    assert_eq!(held.take("main", number), numbered(&[(0, "a")]));
    assert_eq!(held.take("main", number), None);
}

#[test]
fn the_oldest_bundle_makes_room_for_the_newest_and_is_handed_out() {
    let mut held = Held::default();
    let (first, _) = held.keep("main", files("a"));
    for _ in 1..BUNDLES_MAX {
        assert_eq!(held.keep("main", files("b")).1, Vec::<PathBuf>::new());
    }
    assert_eq!(held.files("main", first), numbered(&[(0, "a")]));
    assert_eq!(held.keep("main", files("c")).1, files("a"));
    assert_eq!(held.files("main", first), None);
}

#[test]
fn files_that_could_not_be_sent_are_held_under_their_number_again() {
    let mut held = Held::default();
    let (number, _) = held.keep("main", files("a"));
    let taken = held.take("main", number).unwrap();
    held.restore("main", number, taken);
    assert_eq!(held.take("main", number), numbered(&[(0, "a")]));
}

#[test]
fn one_file_let_go_leaves_the_others_their_numbers() {
    let mut held = Held::default();
    let (number, _) = held.keep("main", ["a", "b", "c"].map(PathBuf::from).to_vec());
    assert_eq!(held.take_one("room-1", number, 1), None, "another window has no say");
    assert_eq!(held.take_one("main", number, 1), Some(PathBuf::from("b")));
    assert_eq!(held.take_one("main", number, 1), None);
    assert_eq!(held.take_one("main", number, 3), None);
    assert_eq!(held.files("main", number), numbered(&[(0, "a"), (2, "c")]));
    assert_eq!(held.path("main", number, 2), Some(PathBuf::from("c")));
    assert_eq!((held.path("main", number, 1), held.path("room-1", number, 2)), (None, None));
    assert_eq!(held.take_one("main", number, 0), Some(PathBuf::from("a")));
    assert_eq!(held.take_one("main", number, 2), Some(PathBuf::from("c")));
    assert_eq!(held.files("main", number), None, "nothing is left to hold");
}

#[test]
fn a_window_that_closes_gives_up_what_it_held() {
    let mut held = Held::default();
    let (hers, _) = held.keep("room-1", files("a"));
    let (his, _) = held.keep("main", files("b"));
    assert_eq!(held.forget("room-1"), files("a"));
    assert_eq!(held.files("room-1", hers), None);
    assert_eq!(held.files("main", his), numbered(&[(0, "b")]));
}

#[test]
fn a_page_learns_names_and_sizes_and_what_is_a_picture() -> std::io::Result<()> {
    let folder = tempfile::tempdir()?;
    let place = |name: &str| folder.path().join(name);
    std::fs::write(place("holiday.txt"), b"\x89PNG\r\n\x1a\nrest")?;
    std::fs::write(place("not.png"), b"text")?;
    std::fs::create_dir(place("album"))?;
    let paths = [(0, "holiday.txt"), (2, "not.png"), (3, "album"), (4, "gone")];
    let files = paths.into_iter().map(|(index, name)| (index, place(name))).collect();
    let file = |index, name: &str, bytes, image, folder| HeldFile {
        index,
        name: name.to_owned(),
        bytes,
        image,
        folder,
    };
    let expect = [
        file(0, "holiday.txt", 12, true, false),
        file(2, "not.png", 4, false, false),
        file(3, "album", 0, false, true),
        file(4, "gone", 0, false, false),
    ];
    assert_eq!(describe(&files), expect);
    Ok(())
}
