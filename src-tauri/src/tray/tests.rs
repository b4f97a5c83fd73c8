//! The number in the icon.

use super::{badge, icon};

fn red(rgba: &[u8]) -> usize {
    rgba.chunks_exact(4).filter(|pixel| *pixel == [0xd9, 0x2d, 0x20, 0xff]).count()
}

fn white(rgba: &[u8]) -> usize {
    rgba.chunks_exact(4).filter(|pixel| *pixel == [0xff; 4]).count()
}

#[test]
fn more_than_ninety_nine_are_told_as_more() {
    let labels = [0, 1, 42, 99, 100, u32::MAX].map(badge::label);
    let expect = [None, Some("1"), Some("42"), Some("99"), Some("99+"), Some("99+")];
    assert_eq!(labels, expect.map(|label| label.map(str::to_owned)));
}

#[test]
fn each_number_looks_different_and_stays_in_its_corner() {
    let plain = icon(0);
    let mut seen = vec![plain.rgba().to_vec()];
    for unread in [1, 2, 8, 10, 42, 99, 100] {
        let drawn = icon(unread);
        assert_eq!((drawn.width(), drawn.height()), (plain.width(), plain.height()));
        let quarter = (plain.width() * plain.height() / 4) as usize * 4;
        assert_eq!(drawn.rgba()[..quarter], plain.rgba()[..quarter], "{unread}: the upper part changed");
        assert!(red(drawn.rgba()) > 1_000 && white(drawn.rgba()) > 100, "{unread}: no pill");
        assert!(!seen.contains(&drawn.rgba().to_vec()), "{unread} looks like another");
        seen.push(drawn.rgba().to_vec());
    }
}

#[test]
fn the_smallest_icon_can_be_drawn_into_as_well() {
    for size in [1_u32, 16, 22] {
        let drawn = badge::draw(&vec![0; (size * size * 4) as usize], size, size, "99+");
        assert_eq!(drawn.len(), (size * size * 4) as usize);
    }
}
