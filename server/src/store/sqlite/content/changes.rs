//! What happened in a room's folder after a position.

use super::sight::Sight;
use super::table::{activities, entries, groups, permissions, uploads};
use super::{ContentStore, UploadRow};
use crate::content::rules;
use crate::error::Refusal;
use pod_shared::content::{Changes, Entry, EntryKind};
use pod_shared::{AccountId, ContentPosition, EntryId, RoomId};
use std::collections::BTreeSet;

impl ContentStore {
    /// A page of activities with the entries they concern, and the room's open uploads, all as far as this person sees
    /// them; how far the uploads are, the caller adds.
    pub(crate) async fn changes(
        &self,
        account: AccountId,
        room: RoomId,
        after: ContentPosition,
        limit: u32,
    ) -> Result<(Changes, Vec<UploadRow>), Refusal> {
        self.db
            .read(move |conn| {
                let sight = Sight::of(conn, room, account)?;
                let head = groups::get(conn, room)?.ok_or_else(rules::not_found)?.head;
                let page = activities::after(conn, room, after, limit)?;
                let position = page.last().map_or(head, |last| last.position);
                let mut activities = Vec::with_capacity(page.len());
                for activity in page {
                    if sight.sees_activity(&activity)? {
                        activities.push(activity);
                    }
                }
                let (mut hidden, mut shown) = (Vec::new(), Vec::new());
                let mut concerned: BTreeSet<EntryId> =
                    activities.iter().filter_map(|activity| activity.entry).collect();
                for entry in permissions::sights(conn, room, after, position)? {
                    if sight.sees(Some(entry))? {
                        concerned.insert(entry);
                        shown.push(entry);
                    } else {
                        hidden.push(entry);
                    }
                }
                let mut found = Vec::with_capacity(concerned.len());
                for entry in concerned {
                    found.extend(entries::get(conn, entry)?);
                }
                shown.retain(|id| found.iter().any(|entry| entry.id == *id && is_open_folder(entry)));
                let mut open = Vec::new();
                for upload in uploads::open_in(conn, room)? {
                    if sight.sees_upload(&upload)? {
                        open.push(upload);
                    }
                }
                let (entries, uploads, more) = (found, Vec::new(), position < head);
                Ok((Changes { activities, entries, hidden, shown, uploads, position, more }, open))
            })
            .await
    }
}

/// What lies in it can be listed.
fn is_open_folder(entry: &Entry) -> bool {
    entry.kind == EntryKind::Folder && !entry.deleted
}
