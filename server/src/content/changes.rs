//! What happened in a room's folder, with how far its open uploads are.

use super::Content;
use crate::access::Caller;
use crate::error::Refusal;
use crate::store::sqlite::content::{Goal, Spot};
use pod_shared::content::{Changes, UploadState};
use pod_shared::{ContentPosition, RoomId};

impl Content {
    /// A page of changes after a position.
    pub(crate) async fn changes(
        &self,
        caller: Caller,
        room: RoomId,
        after: ContentPosition,
        limit: u32,
    ) -> Result<Changes, Refusal> {
        let (mut changes, open) = self.store().changes(caller.account, room, after, limit).await?;
        for upload in open {
            // One that ends just now is in a later page; its offset is not asked for any more.
            let offset = self.offset(&upload).await.unwrap_or_default();
            let (id, by, length) = (upload.id, upload.by, upload.length);
            let Goal::Folder(Spot { room, name, .. }) = upload.goal else { continue };
            changes.uploads.push(UploadState { id, room, by, name, offset, length });
        }
        Ok(changes)
    }
}
