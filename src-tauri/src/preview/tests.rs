//! Addresses, kinds of content, and who may see what.

use super::{
    PIXELS_MAX, WHOLE_BYTES_MAX, address::Wanted, address::read, bounded, content::Content, fit, may_see,
    respond,
};
use crate::player::Piece;
use pod_shared::{EntryId, RoomId};
use tauri::http::{StatusCode, header};
use uuid::Uuid;

const ID: &str = "018f0000-0000-7000-8000-00000000000a";

fn id() -> Uuid {
    ID.parse().unwrap()
}

#[test]
fn an_address_of_ours_is_read() {
    let digest = "a".repeat(64);
    let cases = [
        (format!("/entry/{ID}"), Some("v=12".to_owned()), Wanted::Entry(EntryId(id()))),
        (format!("/file/{ID}"), Some("v=1".to_owned()), Wanted::File(EntryId(id()))),
        (
            format!("/piece/{ID}/3/4096/100"),
            None,
            Wanted::Piece(Piece { entry: EntryId(id()), version: 3, from: 4_096, bytes: 100 }),
        ),
        (format!("/room/{ID}"), Some(format!("v={digest}")), Wanted::Room(RoomId(id()))),
        ("/held/3/0".to_owned(), None, Wanted::Held { number: 3, index: 0 }),
    ];
    for (path, query, expect) in cases {
        assert_eq!(read(&path, query.as_deref()), Some(expect), "{path}");
    }
}

#[test]
fn anything_else_is_no_address() {
    let upper = ID.to_uppercase();
    let wrong = [
        "".to_owned(),
        "/".to_owned(),
        format!("entry/{ID}"),
        format!("/entry/{ID}/"),
        format!("//entry/{ID}"),
        format!("/entry/{ID}/../x"),
        format!("/entry/{upper}"),
        format!("/entry/{}", ID.replace('-', "")),
        "/entry/../../etc/passwd".to_owned(),
        "/entry/%2e%2e".to_owned(),
        format!("/thing/{ID}"),
        format!("/piece/{ID}/3/4096"),
        format!("/piece/{ID}/3/4096/100/1"),
        format!("/piece/{ID}/3/-1/100"),
        format!("/piece/{ID}/3/04/100"),
        "/held/3".to_owned(),
        "/held/03/0".to_owned(),
        "/held/+3/0".to_owned(),
        "/held/-3/0".to_owned(),
        "/held/3/99999999999999999999999".to_owned(),
    ];
    for path in wrong {
        assert_eq!(read(&path, None), None, "{path}");
    }
    let long = format!("v={}", "a".repeat(65));
    for query in ["", "v=", "x=1", "v=1&w=2", "v=../x", long.as_str()] {
        assert_eq!(read(&format!("/entry/{ID}"), Some(query)), None, "{query}");
    }
}

#[test]
fn a_rooms_window_sees_its_room_and_the_main_window_all() {
    let (here, other) = (RoomId(id()), RoomId(Uuid::now_v7()));
    for window in [format!("room-{here}"), format!("folder-{here}")] {
        assert!(may_see(&window, here) && !may_see(&window, other));
    }
    assert!(may_see("main", here) && may_see("main", other));
    assert!(!may_see("elsewhere", here));
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes
}

const JPEG: &[u8] =
    &[0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc2, 0, 11, 8, 0x01, 0x00, 0x02, 0x00, 3];
const GIF: &[u8] = b"GIF89a\x10\0\x20\0";
const WEBP: &[u8] = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x3f\0\0\x1f\0\0";

#[test]
fn kind_and_size_are_told_by_the_bytes() {
    let cases: [(&[u8], &str, Option<u64>); 4] = [
        (&png(3, 5), "image/png", Some(15)),
        (JPEG, "image/jpeg", Some(256 * 512)),
        (GIF, "image/gif", Some(512)),
        (WEBP, "image/webp", Some(64 * 32)),
    ];
    for (bytes, mime, pixels) in cases {
        let content = Content::of(bytes).unwrap();
        assert_eq!((content.mime(), content.pixels(bytes)), (mime, pixels));
        // Cut anywhere, a header is refused or understood, and nothing breaks.
        for end in 0..bytes.len() {
            if let Some(content) = Content::of(&bytes[..end]) {
                content.pixels(&bytes[..end]);
            }
        }
    }
    for bytes in [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"<html>", b"%PDF-1.7", b"MZ", b""] {
        assert_eq!(Content::of(bytes), None);
    }
}

#[test]
fn a_picture_of_too_many_pixels_and_what_is_none_are_refused() {
    let side = u32::try_from(PIXELS_MAX).unwrap();
    assert!(fit(png(side, 1)).is_some());
    assert!(fit(png(side, 2)).is_none());
    assert!(fit(png(u32::MAX, u32::MAX)).is_none());
    assert!(fit(b"%PDF-1.7".to_vec()).is_none());
}

#[test]
fn a_file_that_is_too_large_or_no_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    std::fs::File::create(&path).unwrap().set_len(WHOLE_BYTES_MAX + 1).unwrap();
    assert!(bounded(&path, WHOLE_BYTES_MAX).is_err());
    assert!(bounded(folder.path(), WHOLE_BYTES_MAX).is_err());
    std::fs::write(&path, "12345").unwrap();
    assert!(bounded(&path, 4).is_err());
    assert_eq!(bounded(&path, 5).unwrap(), b"12345");
}

#[test]
fn an_answer_says_what_it_is_and_may_be_read_by_our_own_pages_only() {
    let found = respond(Some(("image/png", vec![1])), Some("tauri://localhost"));
    let header = |name| found.headers().get(name).and_then(|value| value.to_str().ok());
    assert_eq!(found.status(), StatusCode::OK);
    assert_eq!(header(header::CONTENT_TYPE), Some("image/png"));
    assert_eq!(header(header::X_CONTENT_TYPE_OPTIONS), Some("nosniff"));
    assert_eq!(header(header::ACCESS_CONTROL_ALLOW_ORIGIN), Some("tauri://localhost"));
    let missing = respond(None, Some("https://example.org"));
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert_eq!(missing.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN), None);
    assert!(missing.body().is_empty());
}
