//! What happened in a room's folder after a position.

use super::table::{activities, entries, groups, members, uploads};
use super::{ContentStore, UploadRow};
use crate::content::rules;
use crate::error::Refusal;
use pod_shared::content::Changes;
use pod_shared::{AccountId, ContentPosition, EntryId, RoomId};
use std::collections::BTreeSet;

impl ContentStore {
    /// A page of activities with the entries they concern, and the room's open uploads; how far those are, the caller
    /// adds.
    pub(crate) async fn changes(
        &self,
        account: AccountId,
        room: RoomId,
        after: ContentPosition,
        limit: u32,
    ) -> Result<(Changes, Vec<UploadRow>), Refusal> {
        self.db
            .read(move |conn| {
                rules::reader(members::role(conn, room, account)?)?;
                let head = groups::get(conn, room)?.ok_or_else(rules::not_found)?.head;
                let activities = activities::after(conn, room, after, limit)?;
                let position = activities.last().map_or(head, |last| last.position);
                let concerned: BTreeSet<EntryId> =
                    activities.iter().filter_map(|activity| activity.entry).collect();
                let mut found = Vec::with_capacity(concerned.len());
                for entry in concerned {
                    found.extend(entries::get(conn, entry)?);
                }
                let more = position < head;
                let changes = Changes { activities, entries: found, uploads: Vec::new(), position, more };
                Ok((changes, uploads::open_in(conn, room)?))
            })
            .await
    }
}
