//! Pages of a room's history, put before what is here.

use super::row::int;
use super::{Cache, log};
use crate::view::ErrorView;
use pod_shared::socket::RoomEvent;
use pod_shared::{Position, RoomId};
use rusqlite::params;

/// Whether older events exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum More {
    /// Yes.
    Yes,
    /// The log begins here.
    No,
}

impl Cache {
    /// Puts a page of history before what is here.
    pub(crate) async fn apply_history(
        &self,
        room: RoomId,
        before: Position,
        events: Vec<RoomEvent>,
        more: More,
    ) -> Result<(), ErrorView> {
        let run = move |tx: &rusqlite::Transaction<'_>| {
            // The stretch moved meanwhile: what came does not join it.
            if log::bounds(tx, room)?.is_none_or(|(oldest, _)| oldest != before.0) {
                return Ok(());
            }
            let me = super::said::owner(tx)?;
            let first = events.first().map(|event| event.pos.0);
            for event in &events {
                log::write(tx, me, event)?;
            }
            let start = match more {
                More::Yes => first.unwrap_or(before.0),
                More::No => 1,
            };
            tx.execute("UPDATE rooms SET oldest = ?2 WHERE id = ?1", params![room.as_bytes(), int(start)])?;
            Ok(())
        };
        self.db.run(run).await
    }
}
