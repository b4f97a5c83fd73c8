//! Copies are found by their bytes as long as they are held.

use super::{Copies, Copy};
use pod_shared::{EntryId, RoomId};
use uuid::Uuid;

fn copy(entry: EntryId, path: &str, digest: &str) -> Copy {
    Copy {
        entry,
        room: RoomId(Uuid::nil()),
        path: path.into(),
        digest: digest.to_owned(),
        size: 1,
        modified_ns: 0,
        ours: false,
    }
}

#[test]
fn a_copy_is_found_by_its_bytes_until_it_is_another_file_or_gone() {
    let (copies, one, two) = (Copies::default(), EntryId(Uuid::from_u128(1)), EntryId(Uuid::from_u128(2)));
    // Alike in the beginning by which they are found.
    let (red, rose) = ("ab".repeat(32), format!("{}cd", "ab".repeat(31)));
    let found =
        |digest: &str| copies.with_digest(digest).into_iter().map(|copy| copy.path).collect::<Vec<_>>();
    copies.put(copy(one, "/a", &red));
    copies.put(copy(one, "/b", &red));
    copies.put(copy(two, "/c", &rose));
    assert_eq!(found(&red).len(), 2);
    assert_eq!(found(&rose).len(), 1);
    copies.drop(&copy(one, "/a", &red));
    assert_eq!(found(&red).len(), 1, "another copy with the same bytes is left");
    copies.put(copy(one, "/b", &"12".repeat(32)));
    assert_eq!((found(&red).len(), found(&rose).len()), (0, 1));
    copies.drop(&copy(two, "/c", &rose));
    assert_eq!((found(&rose).len(), copies.all().len()), (0, 1));
    copies.replace(vec![copy(two, "/c", &rose)]);
    assert_eq!((found(&rose).len(), copies.all().len()), (1, 1));
}
