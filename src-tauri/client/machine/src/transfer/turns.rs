//! Who may move now: a few at once, and a small file never waits behind large ones.

use super::{Direction, Phase, Transfer, Wait};
use pod_shared::TransferId;

/// Transfers of any size that move at once, in each direction.
pub const TURNS_BULK: usize = 2;
/// One more, for small files only, in each direction.
pub const TURNS_SMALL: usize = 1;
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

/// One transfer that may move now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Which.
    pub id: TransferId,
}

/// Whose turn it is, oldest first in each lane; `queue` is in the order in which the transfers were asked for.
pub fn turns<'a>(queue: impl Iterator<Item = &'a Transfer> + Clone) -> Vec<Turn> {
    [Direction::Up, Direction::Down]
        .into_iter()
        .flat_map(|direction| turns_of(direction, queue.clone()))
        .collect()
}

fn turns_of<'a>(direction: Direction, queue: impl Iterator<Item = &'a Transfer> + Clone) -> Vec<Turn> {
    let of_direction = queue.filter(|transfer| transfer.direction == direction);
    let working = |wanted: Lane| {
        of_direction
            .clone()
            .filter(|transfer| {
                matches!(transfer.phase, Phase::Working { .. }) && lane(transfer.total) == wanted
            })
            .count()
    };
    let mut bulk_free = TURNS_BULK.saturating_sub(working(Lane::Bulk));
    let mut free = (TURNS_BULK + TURNS_SMALL).saturating_sub(working(Lane::Bulk) + working(Lane::Small));
    let waiting = of_direction.filter(|transfer| transfer.phase == Phase::Waiting(Wait::Turn));
    // Many small files must not keep a large one waiting for ever.
    let kept_for_bulk = usize::from(
        bulk_free == TURNS_BULK && waiting.clone().any(|transfer| lane(transfer.total) == Lane::Bulk),
    );
    free = free.saturating_sub(kept_for_bulk);
    let mut chosen = Vec::new();
    for small in waiting.clone().filter(|transfer| lane(transfer.total) == Lane::Small) {
        if free == 0 {
            break;
        }
        free -= 1;
        chosen.push(Turn { id: small.id });
    }
    free += kept_for_bulk;
    for bulk in waiting.filter(|transfer| lane(transfer.total) == Lane::Bulk) {
        if bulk_free == 0 || free == 0 {
            break;
        }
        bulk_free -= 1;
        free -= 1;
        chosen.push(Turn { id: bulk.id });
    }
    chosen
}
