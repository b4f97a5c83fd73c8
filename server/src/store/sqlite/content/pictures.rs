//! The picture of a room: set and cleared by who manages it, told in the folder's log, seen by members.

use super::table::activities::{About, append};
use super::table::{columns, members, pictures};
use super::{ContentStore, Doing, Picture};
use crate::content::rules;
use crate::error::Refusal;
use pod_shared::content::ActivityKind;
use pod_shared::{AccountId, RoomId};

impl ContentStore {
    /// The picture of a room, for a member.
    pub(crate) async fn picture(&self, account: AccountId, room: RoomId) -> Result<Picture, Refusal> {
        self.db
            .read(move |conn| {
                rules::reader(members::role(conn, room, account)?)?;
                pictures::get(conn, room)?.ok_or_else(rules::not_found)
            })
            .await
    }

    /// Whether this person may change the picture of a room.
    pub(crate) async fn may_change_picture(&self, account: AccountId, room: RoomId) -> Result<(), Refusal> {
        self.db.read(move |conn| rules::manager(members::role(conn, room, account)?).map(drop)).await
    }

    /// Another picture, or none. Told unless it is the same as before.
    pub(crate) async fn set_picture(
        &self,
        doing: Doing,
        room: RoomId,
        picture: Option<Picture>,
    ) -> Result<(), Refusal> {
        self.change(move |conn| {
            rules::manager(members::role(conn, room, doing.by)?)?;
            let before = pictures::get(conn, room)?.map(|picture| picture.digest);
            let digest = picture.as_ref().map(|picture| picture.digest);
            if before == digest {
                return Ok(());
            }
            pictures::put(conn, room, picture.as_ref())?;
            let name = digest.map(|digest| columns::hex(&digest)).unwrap_or_default();
            let about = About { name: &name, ..About::default() };
            append(conn, room, doing, &ActivityKind::RoomPicture, about)?;
            Ok(())
        })
        .await
    }
}
