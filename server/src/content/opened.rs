//! Who looked at a file, as far as the room wants to know.

use super::Content;
use crate::access::Caller;
use crate::error::Refusal;
use pod_shared::{EntryId, RoomId};

impl Content {
    /// A person looked at a version of a file.
    pub(crate) async fn opened(&self, caller: Caller, entry: EntryId, version: u32) -> Result<(), Refusal> {
        self.store().opened(Self::doing_at(caller), entry, version).await
    }

    /// Whether the room is told who opened what.
    pub(crate) async fn tell_opened(&self, caller: Caller, room: RoomId, on: bool) -> Result<(), Refusal> {
        self.store().tell_opened(Self::doing_at(caller), room, on).await
    }
}
