//! Who may move now: a few at once, and a small file never waits behind large ones.

use super::Direction;
use pod_shared::TransferId;

#[cfg(test)]
mod tests;

/// Transfers of any size that move at once, in each direction.
pub const TURNS_BULK: usize = 2;
/// More, for small files only, in each direction: what they cost is waiting, for the network and for disks that store
/// many at once as quickly as one.
pub const TURNS_SMALL: usize = 30;
/// A small file, in bytes.
pub const SMALL_BYTES: u64 = 1024 * 1024;

/// The lane that a file belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Moves within a moment.
    Small,
    /// Takes its time.
    Bulk,
}

/// The lane for a size.
#[must_use]
pub fn lane(bytes: u64) -> Lane {
    if bytes <= SMALL_BYTES { Lane::Small } else { Lane::Bulk }
}

/// How a transfer of the queue stands with its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It waits for its turn.
    Waits,
    /// It has one.
    Works,
}

/// A place in the queue: all that the order looks at, whatever moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which transfer.
    pub id: TransferId,
    /// Up or down.
    pub direction: Direction,
    /// Bytes of the whole.
    pub bytes: u64,
    /// How it stands.
    pub standing: Standing,
}

/// Whose turn it is, first in the order first in each lane; `queue` is in the order that holds.
pub fn turns(queue: &[Place]) -> Vec<TransferId> {
    [Direction::Up, Direction::Down].into_iter().flat_map(|direction| turns_of(direction, queue)).collect()
}

fn turns_of(direction: Direction, queue: &[Place]) -> Vec<TransferId> {
    let of_direction = || queue.iter().filter(move |place| place.direction == direction);
    let working = |wanted: Lane| {
        let of_lane = |place: &&Place| place.standing == Standing::Works && lane(place.bytes) == wanted;
        of_direction().filter(of_lane).count()
    };
    let waiting = |wanted: Lane| {
        let of_lane = move |place: &&Place| place.standing == Standing::Waits && lane(place.bytes) == wanted;
        of_direction().filter(of_lane)
    };
    let mut bulk_free = TURNS_BULK.saturating_sub(working(Lane::Bulk));
    let mut free = (TURNS_BULK + TURNS_SMALL).saturating_sub(working(Lane::Bulk) + working(Lane::Small));
    // Many small files must not keep a large one waiting for ever.
    let kept_for_bulk = usize::from(bulk_free == TURNS_BULK && waiting(Lane::Bulk).next().is_some());
    free = free.saturating_sub(kept_for_bulk);
    let mut chosen = Vec::new();
    for small in waiting(Lane::Small).take(free) {
        free -= 1;
        chosen.push(small.id);
    }
    free += kept_for_bulk;
    for bulk in waiting(Lane::Bulk) {
        if bulk_free == 0 || free == 0 {
            break;
        }
        bulk_free -= 1;
        free -= 1;
        chosen.push(bulk.id);
    }
    chosen
}
