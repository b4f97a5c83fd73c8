//! What is packed already, by its name or its first bytes: nobody tries to pack it again.

use crate::blobs::{ReadAt, read_all};
use std::io;

/// Endings of names.
const ENDINGS: &[&str] = &[
    "7z", "aac", "apk", "avi", "avif", "br", "bz2", "cab", "deb", "docx", "epub", "flac", "gif", "gz",
    "heic", "jar", "jpeg", "jpg", "jxl", "lz4", "m4a", "m4v", "mkv", "mov", "mp3", "mp4", "mpeg", "mpg",
    "odp", "ods", "odt", "ogg", "opus", "png", "pptx", "rar", "rpm", "tgz", "txz", "webm", "webp", "whl",
    "wma", "wmv", "xlsx", "xz", "zip", "zst",
];

/// First bytes, and where they stand.
const MARKS: &[(usize, &[u8])] = &[
    (0, b"\x1f\x8b"),
    (0, b"PK\x03\x04"),
    (0, b"\x89PNG"),
    (0, b"\xff\xd8\xff"),
    (0, b"GIF8"),
    (8, b"WEBP"),
    (4, b"ftyp"),
    (0, b"\x1a\x45\xdf\xa3"),
    (0, b"OggS"),
    (0, b"fLaC"),
    (0, b"ID3"),
    (0, b"7z\xbc\xaf"),
    (0, b"\xfd7zXZ"),
    (0, b"BZh"),
    (0, b"\x28\xb5\x2f\xfd"),
    (0, b"Rar!"),
];

/// Bytes looked at.
const HEAD_BYTES: u64 = 16;

/// Whether it is.
pub(super) fn is_already(name: &str, content: &mut dyn ReadAt) -> io::Result<bool> {
    if name.rsplit_once('.').is_some_and(|(_, ending)| is_one(ending)) {
        return Ok(true);
    }
    let mut head = vec![0; usize::try_from(content.size()?.min(HEAD_BYTES)).unwrap_or_default()];
    read_all(content, 0, &mut head)?;
    Ok(MARKS.iter().any(|(at, mark)| head.get(*at..).is_some_and(|rest| rest.starts_with(mark))))
}

fn is_one(ending: &str) -> bool {
    ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending))
}
