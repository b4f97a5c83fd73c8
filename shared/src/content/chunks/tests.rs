//! Cut points do not move: an older Pod on the other side cuts the same.

use super::{CHUNK_RECORD_BYTES, CUT_BYTES_MAX, CUT_BYTES_MIN, Chunk, chunks_of, cut};
use std::collections::BTreeSet;

/// Bytes without any order, the same on every machine (xorshift64*).
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d).to_be_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}

fn chunks(bytes: &[u8]) -> Vec<Chunk> {
    cut(bytes).collect::<Result<_, _>>().unwrap()
}

#[test]
fn the_cut_points_are_those_that_were_agreed_on() {
    let found = chunks(&noise(1_500_000, 7));
    let lengths: Vec<usize> = found.iter().map(|chunk| chunk.bytes as usize).collect();
    let first: String = found[0].digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let agreed = [231_118, 219_791, 175_881, 86_428, 93_538, 187_313, 66_325, 285_744, 144_138, 9_724];
    assert_eq!((lengths, first.as_str()), (agreed.to_vec(), "b9df9c3eb599422146c1ba5849581dcb"));
    let even: Vec<usize> = chunks(&vec![0; 1_200_000]).iter().map(|chunk| chunk.bytes as usize).collect();
    assert_eq!(even, [CUT_BYTES_MAX, CUT_BYTES_MAX, 1_200_000 - 2 * CUT_BYTES_MAX]);
}

#[test]
fn what_lies_behind_an_insertion_is_cut_as_before() {
    let before = noise(3_000_000, 1);
    let mut after = before.clone();
    after.splice(1_000_000..1_000_000, *b"seventeen letters");
    let known: BTreeSet<Chunk> = chunks(&before).into_iter().collect();
    let cut = chunks(&after);
    let new: usize =
        cut.iter().filter(|chunk| !known.contains(chunk)).map(|chunk| chunk.bytes as usize).sum();
    assert!((17..2 * CUT_BYTES_MAX).contains(&new), "{new} bytes are new");
}

#[test]
fn a_list_is_read_as_it_was_written_and_a_torn_one_not_at_all() {
    let all = chunks(&noise(700_000, 3));
    assert!(all.iter().rev().skip(1).all(|chunk| chunk.bytes as usize >= CUT_BYTES_MIN));
    let list: Vec<u8> = all.iter().flat_map(Chunk::record).collect();
    assert_eq!((list.len(), chunks_of(&list)), (all.len() * CHUNK_RECORD_BYTES, Some(all)));
    assert_eq!(chunks_of(&list[1..]), None);
    assert_eq!(chunks_of(&[0; CHUNK_RECORD_BYTES]), None, "a chunk without bytes");
    assert_eq!(chunks_of(&[255; CHUNK_RECORD_BYTES]), None, "a chunk that is too long");
    assert_eq!(chunks(&[]), []);
}
