//! Who looked at a file, and whether the room is told.

use super::entries::about;
use super::table::activities::{About, append};
use super::table::{groups, members, openings};
use super::versions::file;
use super::{ContentStore, Doing};
use crate::content::rules;
use crate::error::Refusal;
use pod_shared::content::ActivityKind;
use pod_shared::{EntryId, RoomId};

impl ContentStore {
    /// A person looked at a version. Told the first time, where the room wants to know; a version that is no more is not.
    pub(crate) async fn opened(&self, doing: Doing, entry: EntryId, version: u32) -> Result<(), Refusal> {
        self.change(move |conn| {
            let mut entry = file(conn, doing.by, entry)?;
            if version == 0 || version > entry.version || groups::opened_untold(conn, entry.room)? {
                return Ok(());
            }
            if openings::keep(conn, entry.id, version, doing.by, doing.at)? {
                entry.version = version;
                append(conn, entry.room, doing, &ActivityKind::Opened, about(&entry))?;
            }
            Ok(())
        })
        .await
    }

    /// Whether the room is told who opened what, by who manages it. Told unless it is so already.
    pub(crate) async fn tell_opened(&self, doing: Doing, room: RoomId, on: bool) -> Result<(), Refusal> {
        self.change(move |conn| {
            rules::manager(members::role(conn, room, doing.by)?)?;
            if groups::opened_untold(conn, room)? != on {
                return Ok(());
            }
            groups::set_opened_untold(conn, room, !on)?;
            append(conn, room, doing, &ActivityKind::OpenedTold { on }, About::default())?;
            Ok(())
        })
        .await
    }
}
