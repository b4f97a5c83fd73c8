//! Places of windows, on real and on vanished screens.

use super::{OLD_SIZES_MAX, Place, Places, Rect, Seen, WINDOWS_MAX, beside, on_screen, resized, screen_of};

const fn rect(x: i32, y: i32, width: u32, height: u32) -> Rect {
    Rect { x, y, width, height }
}

/// Seen on a screen where a pixel of the page is one of the screen.
fn at(rect: Rect) -> Seen {
    Seen::At(rect, f64::from(rect.width))
}

const LEFT: Rect = rect(0, 0, 1920, 1080);
const RIGHT: Rect = rect(1920, 0, 1280, 1024);

#[test]
fn a_window_comes_back_where_it_can_be_seen() {
    let both = &[LEFT, RIGHT][..];
    let cases = [
        ("as it was", rect(100, 100, 800, 600), both, rect(100, 100, 800, 600)),
        ("across two screens", rect(1800, 100, 400, 300), both, rect(1800, 100, 400, 300)),
        ("its screen is gone", rect(2000, 100, 800, 600), &[LEFT], rect(1120, 100, 800, 600)),
        ("half outside", rect(-300, 900, 800, 600), both, rect(0, 480, 800, 600)),
        ("far away", rect(9000, -9000, 800, 600), both, rect(1120, 0, 800, 600)),
        ("larger than the screen", rect(10, 10, 4000, 3000), &[RIGHT], rect(1920, 0, 1280, 1024)),
        ("no screen is known", rect(5, 6, 7, 8), &[], rect(5, 6, 7, 8)),
    ];
    for (what, window, screens, expect) in cases {
        assert_eq!(on_screen(window, screens), expect, "{what}");
    }
}

#[test]
fn a_folding_window_keeps_the_edge_nearest_to_the_screens_edge() {
    let cases = [
        ("upper left", rect(20, 30, 1000, 800), rect(20, 30, 320, 560)),
        ("upper right", rect(900, 0, 1000, 800), rect(1580, 0, 320, 560)),
        ("lower right", rect(900, 270, 1000, 800), rect(1580, 510, 320, 560)),
        ("exactly in the middle", rect(460, 140, 1000, 800), rect(460, 140, 320, 560)),
        ("lower left, half outside", rect(-50, 600, 1000, 800), rect(0, 520, 320, 560)),
    ];
    for (what, window, expect) in cases {
        assert_eq!(resized(window, 320, 560, LEFT), expect, "{what}");
    }
}

#[test]
fn a_window_belongs_to_the_screen_that_shows_most_of_it() {
    let screens = [LEFT, RIGHT];
    assert_eq!(screen_of(rect(1800, 0, 400, 300), &screens), Some(RIGHT));
    assert_eq!(screen_of(rect(1600, 0, 400, 300), &screens), Some(LEFT));
    assert_eq!(screen_of(rect(9000, 0, 400, 300), &screens), Some(LEFT));
    assert_eq!(screen_of(rect(0, 0, 1, 1), &[]), None);
}

#[test]
fn folding_remembers_both_sizes_and_whether_it_was_maximised() {
    let folder = tempfile::tempdir().unwrap();
    let places = Places::load(folder.path());
    let (large, small) = (rect(0, 0, 1000, 800), rect(0, 0, 320, 560));
    places.saw("main", at(large));
    places.saw("main", Seen::Maximised);
    assert_eq!(places.of("main").now(), Some(large));
    places.fold("main", true);
    places.saw("main", at(small));
    let folded = places.of("main");
    assert_eq!((folded.now(), folded.expanded, folded.maximised), (Some(small), Some(large), true));
    places.fold("main", false);
    places.saw("main", at(large));
    let back = places.of("main");
    assert_eq!((back.now(), back.compact, back.maximised), (Some(large), Some(small), false));
}

#[test]
fn a_window_dragged_narrow_or_wide_is_folded_or_expanded_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let places = Places::load(folder.path());
    let of_width = |width| at(rect(10, 10, width, 700));
    assert_eq!(places.saw("main", of_width(1000)), None);
    // Between the two it is remembered as neither.
    assert_eq!(places.saw("main", of_width(520)), None);
    assert_eq!(places.of("main").now(), Some(rect(10, 10, 1000, 700)));
    assert_eq!(places.saw("main", of_width(420)), Some(true));
    assert_eq!(places.saw("main", of_width(421)), None);
    assert_eq!(places.of("main").now(), Some(rect(10, 10, 420, 700)));
    assert_eq!(places.saw("main", of_width(640)), Some(false));
    let place = places.of("main");
    assert!(place.is(false, 640.0) && !place.is(false, 639.0) && !place.is(true, 640.0));
    // Pixels of the page count: this screen has two for each.
    assert_eq!(places.saw("main", Seen::At(rect(0, 0, 800, 900), 400.0)), Some(true));
}

#[test]
fn an_old_size_told_late_does_not_undo_a_folding() {
    let folder = tempfile::tempdir().unwrap();
    let places = Places::load(folder.path());
    let (large, small) = (rect(0, 0, 1000, 800), rect(0, 0, 320, 560));
    places.saw("main", at(large));
    places.fold("main", true);
    assert_eq!(places.saw("main", at(rect(5, 5, 1000, 800))), None);
    assert_eq!(places.saw("main", at(small)), None);
    assert_eq!((places.of("main").folded, places.of("main").expanded), (true, Some(large)));
    // A desktop that does not follow is believed in the end.
    places.fold("main", false);
    for _ in 0..OLD_SIZES_MAX {
        assert_eq!(places.saw("main", at(small)), None);
    }
    assert_eq!(places.saw("main", at(small)), Some(true));
}

#[test]
fn places_are_there_again_after_a_start() {
    let folder = tempfile::tempdir().unwrap();
    let places = Places::load(folder.path());
    places.saw("room-1", at(LEFT));
    places.top("room-1", true);
    places.save();
    let again = Places::load(folder.path());
    assert_eq!(again.of("room-1"), places.of("room-1"));
    assert_eq!(again.of("room-2"), Place::default());
    std::fs::write(folder.path().join("places.json"), "no json").unwrap();
    assert_eq!(Places::load(folder.path()).of("room-1"), Place::default());
}

#[test]
fn one_window_too_many_makes_the_oldest_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let places = Places::load(folder.path());
    for number in 0..=WINDOWS_MAX {
        places.saw(&format!("room-{number}"), at(LEFT));
    }
    assert_eq!(places.of("room-0").now(), None);
    assert_eq!(places.of("room-1").now(), Some(LEFT));
}

#[test]
fn a_new_window_stands_beside_the_one_it_was_opened_from() {
    let cases = [
        ("on its right", rect(40, 30, 320, 560), (780, 860), rect(372, 30, 780, 860)),
        ("on its left", rect(1600, 30, 320, 560), (780, 860), rect(808, 30, 780, 860)),
        ("low down", rect(40, 600, 320, 480), (780, 860), rect(372, 220, 780, 860)),
        ("no room on either side", rect(300, 100, 1280, 800), (780, 860), rect(332, 132, 780, 860)),
        ("larger than the screen", rect(0, 0, 320, 560), (4000, 3000), rect(0, 0, 1920, 1080)),
    ];
    for (what, window, (width, height), expect) in cases {
        assert_eq!(beside(window, width, height, LEFT, &[window]), expect, "{what}");
    }
    let pod = rect(40, 30, 320, 560);
    let first = beside(pod, 600, 500, LEFT, &[pod]);
    let second = beside(pod, 600, 500, LEFT, &[pod, first]);
    assert_eq!((second.x - first.x, second.y - first.y), (32, 32), "a second one does not hide the first");
}
