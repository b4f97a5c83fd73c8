//! Names and what they promise.

use super::PreviewKind::{self, Audio, Image, Markdown, Pdf, Text, Video};
use crate::limits::PREVIEW_SOURCE_BYTES_MAX;

#[test]
fn a_name_says_what_a_look_into_the_file_shows() {
    let table = [
        ("사진.JPG", 9, Some(Image)),
        ("a.b.png", 9, Some(Image)),
        ("big.png", PREVIEW_SOURCE_BYTES_MAX, Some(Image)),
        ("too-big.png", PREVIEW_SOURCE_BYTES_MAX + 1, None),
        ("empty.png", 0, None),
        ("README.md", 9, Some(Markdown)),
        ("main.rs", 9, Some(Text)),
        ("계약.pdf", u64::MAX, Some(Pdf)),
        ("소리.FLAC", 9, Some(Audio)),
        ("film.MKV", u64::MAX, Some(Video)),
        ("empty.mp4", 0, None),
        ("png", 9, None),
        ("a.exe", 9, None),
        ("a.svg", 9, None),
    ];
    for (name, size, kind) in table {
        assert_eq!(PreviewKind::of(name, size), kind, "{name}");
    }
}
