//! What every place for contents must do; each implementation runs all of it.

use super::{Blobs, CHUNK_BYTES, Digesting, DiskBlobs};
use sha2::{Digest, Sha256};
use std::io::ErrorKind;

const NAME: &str = "0193a1b2-0000-7000-8000-0000000000aa";
const OTHER: &str = "0193a1b2-0000-7000-8000-0000000000bb";

fn append_all(blobs: &dyn Blobs, name: &str, mut bytes: &[u8]) {
    let mut partial = blobs.partial(name).unwrap();
    while !bytes.is_empty() {
        let written = partial.append(bytes).unwrap();
        bytes = &bytes[written..];
    }
}

fn read_all(blobs: &dyn Blobs, object: &str) -> Vec<u8> {
    let mut from = blobs.open(object).unwrap();
    let mut bytes = vec![0; usize::try_from(from.size().unwrap()).unwrap()];
    let mut done = 0;
    while done < bytes.len() {
        done += from.read_at(done as u64, &mut bytes[done..]).unwrap();
    }
    bytes
}

fn a_partial_grows_at_its_end_and_survives_reopening(blobs: &dyn Blobs) {
    assert_eq!(blobs.partial_state(NAME).unwrap(), None);
    append_all(blobs, NAME, b"one ");
    append_all(blobs, NAME, b"two");
    let mut partial = blobs.partial(NAME).unwrap();
    assert_eq!(partial.length(), 7);
    let mut some = [0; 3];
    assert_eq!(partial.read_at(4, &mut some).unwrap(), 3);
    assert_eq!(&some, b"two");
    let syncing = partial.syncing().unwrap();
    partial.append(b"!").unwrap();
    syncing().unwrap();
    drop(partial);
    assert_eq!(blobs.partial_state(NAME).unwrap().unwrap().length, 8);
    blobs.discard(NAME).unwrap();
}

fn a_partial_is_cut_back_and_grows_again(blobs: &dyn Blobs) {
    append_all(blobs, NAME, b"good bad");
    let mut partial = blobs.partial(NAME).unwrap();
    partial.cut_to(5).unwrap();
    partial.append(b"again").unwrap();
    drop(partial);
    blobs.keep(NAME).unwrap();
    assert_eq!(read_all(blobs, NAME), b"good again");
    blobs.remove(NAME).unwrap();
}

fn keeping_moves_it_once_and_can_be_repeated(blobs: &dyn Blobs) {
    append_all(blobs, NAME, b"whole");
    blobs.keep(NAME).unwrap();
    blobs.keep(NAME).unwrap();
    assert_eq!(blobs.partial_state(NAME).unwrap(), None);
    assert_eq!(read_all(blobs, NAME), b"whole");
    assert_eq!((blobs.partials().unwrap().len(), blobs.objects().unwrap()), (0, vec![NAME.to_owned()]));
    blobs.remove(NAME).unwrap();
    blobs.remove(NAME).unwrap();
    assert!(blobs.objects().unwrap().is_empty());
}

fn what_is_here_as_a_whole_is_stored_once(blobs: &dyn Blobs) {
    blobs.store(NAME, b"whole").unwrap();
    assert_eq!(blobs.store(NAME, b"other").err().unwrap().kind(), ErrorKind::AlreadyExists);
    assert_eq!(read_all(blobs, NAME), b"whole");
    assert_eq!((blobs.partials().unwrap().len(), blobs.objects().unwrap()), (0, vec![NAME.to_owned()]));
    blobs.remove(NAME).unwrap();
}

fn an_empty_content_is_kept_too(blobs: &dyn Blobs) {
    drop(blobs.partial(NAME).unwrap());
    blobs.keep(NAME).unwrap();
    assert_eq!(read_all(blobs, NAME), b"");
    blobs.remove(NAME).unwrap();
}

fn what_is_not_there_is_said_to_be_missing(blobs: &dyn Blobs) {
    assert_eq!(blobs.open(OTHER).err().unwrap().kind(), ErrorKind::NotFound);
    assert_eq!(blobs.keep(OTHER).err().unwrap().kind(), ErrorKind::NotFound);
    blobs.discard(OTHER).unwrap();
}

fn a_name_never_leaves_the_place(blobs: &dyn Blobs) {
    for name in ["..", "../x", "a/b", "a\\b", "", "x", "a\0b", "/etc/passwd", "C:\\x", "a.b"] {
        assert_eq!(blobs.partial(name).err().unwrap().kind(), ErrorKind::InvalidInput, "{name:?}");
        assert_eq!(blobs.open(name).err().unwrap().kind(), ErrorKind::InvalidInput, "{name:?}");
        assert!(blobs.remove(name).is_err() && blobs.discard(name).is_err() && blobs.keep(name).is_err());
        assert!(blobs.store(name, b"").is_err());
    }
}

fn reading_begins_anywhere_and_ends_at_the_end(blobs: &dyn Blobs) {
    append_all(blobs, NAME, b"0123456789");
    blobs.keep(NAME).unwrap();
    let mut from = blobs.open(NAME).unwrap();
    let mut some = [0; 4];
    assert_eq!(from.read_at(8, &mut some).unwrap(), 2);
    assert_eq!(&some[..2], b"89");
    assert_eq!(from.read_at(10, &mut some).unwrap(), 0);
    assert_eq!(from.read_at(99, &mut some).unwrap(), 0);
    blobs.remove(NAME).unwrap();
}

/// Every law, on an empty place.
fn all(blobs: &dyn Blobs) {
    a_partial_grows_at_its_end_and_survives_reopening(blobs);
    a_partial_is_cut_back_and_grows_again(blobs);
    keeping_moves_it_once_and_can_be_repeated(blobs);
    what_is_here_as_a_whole_is_stored_once(blobs);
    an_empty_content_is_kept_too(blobs);
    what_is_not_there_is_said_to_be_missing(blobs);
    a_name_never_leaves_the_place(blobs);
    reading_begins_anywhere_and_ends_at_the_end(blobs);
}

#[test]
fn the_disk_keeps_every_law() {
    let dir = tempfile::tempdir().unwrap();
    all(&DiskBlobs::open(dir.path()).unwrap());
}

#[test]
fn hashing_in_any_portions_and_from_the_store_gives_the_same_content() {
    let bytes: Vec<u8> = (0..CHUNK_BYTES * 2 + 77).map(|n| (n % 251) as u8).collect();
    let mut at_once = Digesting::default();
    at_once.update(&bytes);
    let at_once = at_once.finish();
    let mut in_portions = Digesting::default();
    bytes.chunks(70_001).for_each(|some| in_portions.update(some));
    assert_eq!(in_portions.finish(), at_once);

    let dir = tempfile::tempdir().unwrap();
    let blobs = DiskBlobs::open(dir.path()).unwrap();
    append_all(&blobs, NAME, &bytes);
    let mut partial = blobs.partial(NAME).unwrap();
    let mut stored = Digesting::default();
    assert!(!stored.catch_up(&mut *partial, 1_000).unwrap());
    assert_eq!(stored.hashed(), 1_000);
    assert!(stored.catch_up(&mut *partial, u64::MAX).unwrap());
    assert_eq!(stored.finish(), at_once);

    assert_eq!(at_once.sha256, <[u8; 32]>::from(Sha256::digest(&bytes)));
    assert_eq!((at_once.size, at_once.chunks.len()), (bytes.len() as u64, 3));
    let last = usize::try_from(CHUNK_BYTES * 2).unwrap();
    assert_eq!(&at_once.chunks[2], blake3::hash(&bytes[last..]).as_bytes());
}

#[test]
fn nothing_has_no_pieces() {
    let nothing = Digesting::default().finish();
    assert_eq!((nothing.size, nothing.chunks.len()), (0, 0));
    assert_eq!(nothing.sha256, <[u8; 32]>::from(Sha256::digest(b"")));
}
