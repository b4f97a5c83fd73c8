//! Part files: what is there is found again, what is wrong is not written.

use super::*;
use crate::direct::read_through;
use proptest::prelude::*;
use std::path::PathBuf;
use tempfile::TempDir;

const MIB: usize = 1024 * 1024;

/// A file of so many bytes, its manifest, and a place for the part file.
fn offered(size: usize) -> (TempDir, Vec<u8>, Arc<Manifest>, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let bytes: Vec<u8> = (0..size).map(|at| (at / MIB * 31 + at % 127) as u8).collect();
    let path = folder.path().join("source");
    fs::write(&path, &bytes).unwrap();
    let (_, manifest, _) = read_through(&path, &|| false).unwrap();
    let part = folder.path().join("deep/part");
    (folder, bytes, Arc::new(manifest), part)
}

fn open(part: &Path, manifest: &Arc<Manifest>) -> Part {
    Part::open(part, Arc::clone(manifest), &|| false).unwrap()
}

fn piece(bytes: &[u8], index: u32) -> &[u8] {
    bytes.chunks(MIB).nth(index as usize).unwrap()
}

#[test]
fn pieces_in_any_order_make_the_file() {
    let (_folder, bytes, manifest, path) = offered(3 * MIB + 9);
    let mut part = open(&path, &manifest);
    assert_eq!(part.missing(), [Run { first: 0, count: 4 }]);
    for index in [2, 0, 3, 1] {
        assert!(!part.is_whole());
        assert_eq!(part.put(index, piece(&bytes, index)).unwrap(), Put::Written);
    }
    part.sync().unwrap();
    assert_eq!((part.bytes(), part.durable()), (manifest.size(), manifest.size()));
    assert!(part.is_whole() && part.missing().is_empty());
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_wrong_piece_is_not_written() {
    let (_folder, bytes, manifest, path) = offered(2 * MIB);
    let mut part = open(&path, &manifest);
    let mut wrong = piece(&bytes, 0).to_vec();
    wrong[500] ^= 1;
    assert_eq!(part.put(0, &wrong).unwrap(), Put::Wrong);
    assert_eq!(part.put(0, &piece(&bytes, 0)[1..]).unwrap(), Put::Wrong);
    assert_eq!(part.put(7, piece(&bytes, 0)).unwrap(), Put::Wrong);
    assert_eq!((part.bytes(), fs::metadata(&path).unwrap().len()), (0, 0));
}

#[test]
fn three_damaged_bytes_cost_one_piece() {
    let (_folder, bytes, manifest, path) = offered(5 * MIB);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut damaged = bytes.clone();
    damaged[2 * MIB..2 * MIB + 3].copy_from_slice(b"bad");
    fs::write(&path, damaged).unwrap();
    let part = open(&path, &manifest);
    assert_eq!(part.missing(), [Run { first: 2, count: 1 }]);
    assert_eq!(part.bytes(), 4 * MIB as u64);
    assert_eq!(whole(&path, &manifest, &|| false).unwrap(), 2 * MIB as u64);
}

#[test]
fn what_hangs_behind_the_last_piece_is_cut_off() {
    let (_folder, mut bytes, manifest, path) = offered(MIB + 3);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    bytes.extend(b"and more");
    fs::write(&path, &bytes).unwrap();
    assert!(open(&path, &manifest).is_whole());
    assert_eq!(fs::metadata(&path).unwrap().len(), manifest.size());
}

#[test]
fn only_what_is_synced_counts_as_durable() {
    let pieces = (limits::DIRECT_UNSYNCED_BYTES_MAX / limits::OFFER_PIECE_BYTES) as u32;
    let (_folder, bytes, manifest, path) = offered((pieces as usize + 2) * MIB);
    let mut part = open(&path, &manifest);
    for index in 0..pieces {
        assert_eq!(part.durable(), 0, "before piece {index}");
        part.put(index, piece(&bytes, index)).unwrap();
        part.sync_at_times(Duration::ZERO).unwrap();
    }
    assert_eq!(part.durable(), limits::DIRECT_UNSYNCED_BYTES_MAX);
    part.put(pieces + 1, piece(&bytes, pieces + 1)).unwrap();
    part.sync().unwrap();
    assert_eq!(
        part.durable(),
        limits::DIRECT_UNSYNCED_BYTES_MAX,
        "a gap ends what is durable from the first byte on"
    );
}

#[test]
fn what_comes_slowly_is_durable_before_it_is_much() {
    let (_folder, bytes, manifest, path) = offered(3 * MIB);
    let mut part = open(&path, &manifest);
    let long = Duration::from_millis(limits::DIRECT_UNSYNCED_MS_MAX);
    part.put(0, piece(&bytes, 0)).unwrap();
    assert!(!part.sync_at_times(long / 2).unwrap());
    assert_eq!(part.durable(), 0);
    assert!(part.sync_at_times(long).unwrap());
    assert_eq!(part.durable(), MIB as u64);
}

#[test]
fn an_empty_file_is_whole_at_once() {
    let (_folder, _, manifest, path) = offered(0);
    let part = open(&path, &manifest);
    assert!(part.is_whole() && path.exists());
}

#[test]
fn reading_again_ends_when_it_is_told_to() {
    let (_folder, bytes, manifest, path) = offered(2 * MIB);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    assert!(Part::open(&path, Arc::clone(&manifest), &|| true).is_err());
    assert!(whole(&path, &manifest, &|| true).is_err());
    assert_eq!(whole(&path.with_file_name("none"), &manifest, &|| true).unwrap(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_as_one() {
    let (_folder, bytes, manifest, _) = offered(MIB);
    let mut part = open(Path::new("/dev/full"), &manifest);
    assert_eq!(part.put(0, &bytes).unwrap_err().code, pod_shared::ErrorCode::DiskFull);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever a kill left of the part file, the rest makes it whole, and nothing that was good is asked for again.
    #[test]
    fn whatever_was_left_is_made_whole(
        written in proptest::collection::vec(any::<bool>(), 4),
        cut in 0..(4 * MIB + 7),
        spoiled in proptest::option::of(0..(4 * MIB)),
    ) {
        let (_folder, bytes, manifest, path) = offered(4 * MIB + 7);
        let mut left = vec![0; cut];
        for (index, _) in written.iter().enumerate().filter(|(_, written)| **written) {
            let (from, to) = (index * MIB, (index * MIB + MIB).min(cut));
            if from < to {
                left[from..to].copy_from_slice(&bytes[from..to]);
            }
        }
        if let Some(byte) = spoiled.and_then(|at| left.get_mut(at)) {
            *byte ^= 0x55;
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &left).unwrap();
        let mut part = open(&path, &manifest);
        let missing: Vec<u32> = part.missing().iter().flat_map(|run| run.first..run.first + run.count).collect();
        for index in 0..5 {
            let (from, to) = (index * MIB, (index * MIB + MIB).min(bytes.len()));
            let good = left.get(from..to).is_some_and(|there| there == &bytes[from..to]);
            prop_assert_eq!(!good, missing.contains(&(index as u32)), "piece {}", index);
        }
        for index in missing {
            part.put(index, piece(&bytes, index)).unwrap();
        }
        prop_assert!(part.is_whole());
        prop_assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}
