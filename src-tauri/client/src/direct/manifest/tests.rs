//! Manifests of files of all sizes.

use super::*;
use std::cell::Cell;
use std::path::PathBuf;

const MIB: usize = 1024 * 1024;

fn file(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn pattern(size: usize) -> Vec<u8> {
    (0..size).map(|at| (at / 251 * 7 + at % 251) as u8).collect()
}

#[test]
fn a_file_is_read_once_for_both_digests() {
    for size in [0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB + 17] {
        let bytes = pattern(size);
        let (_folder, path) = file(&bytes);
        let (sha256, manifest, stamp) = read_through(&path, &|| false).unwrap();
        assert_eq!(sha256, disk::hex(&Sha256::digest(&bytes)));
        let expect: Vec<[u8; 32]> = bytes.chunks(MIB).map(|piece| *blake3::hash(piece).as_bytes()).collect();
        assert_eq!(manifest.pieces(), expect);
        assert_eq!(manifest.root(), *blake3::hash(&expect.concat()).as_bytes());
        assert_eq!((manifest.size(), stamp.size), (size as u64, size as u64));
    }
}

#[test]
fn a_manifest_goes_over_the_wire_and_comes_back() {
    let (_folder, path) = file(&pattern(2 * MIB + 5));
    let (_, manifest, _) = read_through(&path, &|| false).unwrap();
    let bytes = manifest.to_bytes();
    assert_eq!(Manifest::from_bytes(manifest.size(), &bytes), Some(manifest.clone()));
    assert_eq!(Manifest::from_bytes(manifest.size(), &bytes[1..]), None, "a digest has 32 bytes");
    assert_eq!(Manifest::from_bytes(manifest.size() + MIB as u64, &bytes), None, "one digest for each piece");
    assert_eq!(Manifest::from_bytes(limits::FILE_BYTES_MAX + 1, &bytes), None);
}

#[test]
fn pieces_have_their_places() {
    let manifest = Manifest { size: limits::OFFER_PIECE_BYTES + 5, pieces: vec![[0; 32]; 2] };
    assert_eq!(manifest.place(0), Some((0, MIB)));
    assert_eq!(manifest.place(1), Some((MIB as u64, 5)));
    assert_eq!(manifest.place(2), None);
    assert_eq!(manifest.place(u32::MAX), None);
    assert!(!manifest.is_piece(1, b"hello"), "not its digest");
}

#[test]
fn a_file_that_is_written_to_meanwhile_is_not_offered() {
    let (_folder, path) = file(&pattern(2 * MIB));
    let looked = Cell::new(0);
    let grow = || {
        if looked.replace(looked.get() + 1) == 2 {
            use std::io::Write;
            std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"more").unwrap();
        }
        false
    };
    let error = read_through(&path, &grow).unwrap_err();
    assert_eq!(error.code, ErrorCode::FileChanged);
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let (_folder, path) = file(b"");
    let sparse = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    if sparse.set_len(limits::FILE_BYTES_MAX + 1).is_ok() {
        assert_eq!(read_through(&path, &|| false).unwrap_err().code, ErrorCode::TooLarge);
    }
}

#[test]
fn reading_ends_when_it_is_told_to() {
    let (_folder, path) = file(&pattern(MIB));
    assert!(read_through(&path, &|| true).is_err());
    assert_eq!(
        read_through(&path.with_file_name("none"), &|| false).unwrap_err().code,
        ErrorCode::FileUnreadable
    );
    assert_eq!(read_through(path.parent().unwrap(), &|| false).unwrap_err().code, ErrorCode::FileUnreadable);
}
