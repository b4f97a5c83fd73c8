//! Pieces, and what the largest forwarded file costs in digests.

use super::{PIECE_BYTES, PIECE_DIGEST_BYTES, pieces};
use crate::limits;

#[test]
fn a_file_has_as_many_pieces_as_it_has_begun() {
    for (size, expected) in [(0, 0), (1, 1), (PIECE_BYTES, 1), (PIECE_BYTES + 1, 2), (10 * PIECE_BYTES, 10)] {
        assert_eq!(pieces(size), expected, "{size}");
    }
}

#[test]
fn the_digests_of_the_largest_forwarded_file_fit_into_memory() {
    assert!(pieces(limits::FORWARD_BYTES_MAX) * PIECE_DIGEST_BYTES as u64 <= 2 * 1024 * 1024);
    const { assert!(limits::FORWARD_BYTES_MAX <= limits::FILE_BYTES_MAX) };
}
