//! Which bytes move of a file that changed.

use super::{Changed, Next};
use pod_shared::content::{Chunk, cut};
use pod_shared::limits;

fn chunk(number: u8, bytes: u32) -> Chunk {
    Chunk { bytes, digest: [number; 16] }
}

/// Puts the newer content together from the older one and what moves; gives how many bytes moved.
fn put_together(older: &[u8], newer: &[u8]) -> usize {
    let chunks = |bytes: &[u8]| cut(bytes).collect::<Result<Vec<_>, _>>().unwrap();
    let changed = Changed::between(&chunks(older), &chunks(newer)).unwrap();
    let (mut whole, mut moved) = (Vec::new(), 0);
    while let Some(next) = changed.at(whole.len() as u64) {
        let at = whole.len();
        match next {
            Next::Older { from, bytes } => {
                whole.extend_from_slice(&older[from as usize..(from + bytes) as usize]);
            }
            // Killed in the middle: it goes on where it stands.
            Next::New { bytes } => {
                let now = (bytes as usize).div_ceil(2);
                whole.extend_from_slice(&newer[at..at + now]);
                moved += now;
            }
        }
    }
    assert!(whole == newer);
    moved
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn what_changed_moves_and_nothing_else() {
    let older = noise(6_000_000);
    let mut newer = older.clone();
    newer[2_000_000..2_100_000].iter_mut().for_each(|byte| *byte ^= 0x55);
    newer.splice(4_000_000..4_000_000, *b"inserted");
    newer.drain(5_000_000..5_000_100);
    let moved = put_together(&older, &newer);
    assert!((100_008..2_000_000).contains(&moved), "{moved} bytes moved");
    assert_eq!(put_together(&older, &older), 0);
}

#[test]
fn pieces_that_follow_one_another_are_one_and_a_long_one_is_copied_in_parts() {
    let long = u32::try_from(limits::UPLOAD_COPY_BYTES_MAX).unwrap();
    let older = [chunk(1, 10), chunk(2, long), chunk(3, 20), chunk(4, 5)];
    let newer = [chunk(9, 7), chunk(1, 10), chunk(2, long), chunk(4, 5), chunk(8, 3), chunk(7, 4)];
    let changed = Changed::between(&older, &newer).unwrap();
    let whole = u64::from(long) + 10;
    assert_eq!(changed.at(0), Some(Next::New { bytes: 7 }));
    assert_eq!(changed.at(5), Some(Next::New { bytes: 2 }));
    assert_eq!(changed.at(7), Some(Next::Older { from: 0, bytes: u64::from(long) }));
    assert_eq!(changed.at(7 + u64::from(long)), Some(Next::Older { from: u64::from(long), bytes: 10 }));
    assert_eq!(changed.at(7 + whole), Some(Next::Older { from: whole + 20, bytes: 5 }));
    assert_eq!(changed.at(12 + whole), Some(Next::New { bytes: 7 }));
    assert_eq!(changed.at(19 + whole), None);
}

#[test]
fn where_little_is_alike_the_file_moves_whole() {
    let older = [chunk(1, 10), chunk(2, 10)];
    assert_eq!(Changed::between(&older, &[chunk(3, 10), chunk(1, 2)]), None);
    assert_eq!(Changed::between(&older, &[]), None);
    assert!(Changed::between(&older, &[chunk(3, 29), chunk(1, 10)]).is_some());
}

#[test]
fn very_large_and_small_files_move_whole() {
    let sizes = [super::CHANGED_BYTES_MIN - 1, super::CHANGED_BYTES_MIN, limits::CHUNKED_BYTES_MAX];
    assert_eq!(sizes.map(super::is_worth_it), [false, true, true]);
    assert!(!super::is_worth_it(limits::CHUNKED_BYTES_MAX + 1));
}
