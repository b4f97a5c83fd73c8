//! The picture of a room. What a person sends is drawn anew: what is kept and served was written by this server.

use super::Content;
use super::previews::{no_picture, shrink};
use crate::access::Caller;
use crate::error::Refusal;
use crate::store::sqlite::content::Picture;
use bytes::Bytes;
use pod_shared::{RoomId, limits};
use sha2::{Digest, Sha256};
use std::io::Cursor;

impl Content {
    /// The picture of a room.
    pub(crate) async fn room_picture(&self, caller: Caller, room: RoomId) -> Result<Picture, Refusal> {
        self.store().picture(caller.account, room).await
    }

    /// Whether this person may change it, asked before anything of theirs is read.
    pub(crate) async fn may_change_picture(&self, caller: Caller, room: RoomId) -> Result<(), Refusal> {
        self.store().may_change_picture(caller.account, room).await
    }

    /// Another picture.
    pub(crate) async fn set_room_picture(
        &self,
        caller: Caller,
        room: RoomId,
        sent: Bytes,
    ) -> Result<(), Refusal> {
        let draw = move || shrink(Cursor::new(sent), limits::ROOM_PICTURE_SIDE_PX);
        let drawn = self.inner.studio.work(draw).await?;
        let drawn = drawn.map_err(|error| Refusal::internal(&error))?.ok_or_else(no_picture)?;
        let picture = Picture { digest: Sha256::digest(&drawn.bytes).into(), drawn };
        self.store().set_picture(Self::doing(caller.account), room, Some(picture)).await
    }

    /// No picture any more.
    pub(crate) async fn clear_room_picture(&self, caller: Caller, room: RoomId) -> Result<(), Refusal> {
        self.store().set_picture(Self::doing(caller.account), room, None).await
    }
}
