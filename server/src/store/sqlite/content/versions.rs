//! The versions of a file: told, and brought back.

use super::finish::link;
use super::place::Place;
use super::sight::changer;
use super::table::{uploads, versions};
use super::tree::{live, visible};
use super::{ContentStore, Doing, Ended, Goal, Spot, UploadRow};
use super::{locks, space};
use crate::content::rules;
use crate::error::Refusal;
use crate::secret;
use pod_shared::content::{Basis, Entry, EntryKind, VersionPage, VersionRestore};
use pod_shared::{AccountId, EntryId, ErrorCode};
use rusqlite::Connection;

impl ContentStore {
    /// Versions of a file before a number, the newest first.
    pub(crate) async fn versions(
        &self,
        account: AccountId,
        entry: EntryId,
        before: u32,
        limit: u32,
    ) -> Result<VersionPage, Refusal> {
        self.db
            .read(move |conn| {
                let entry = file(conn, account, entry)?;
                let mut versions = versions::before(conn, entry.id, before, limit + 1)?;
                let more = versions.len() > limit as usize;
                versions.truncate(limit as usize);
                Ok(VersionPage { versions, more })
            })
            .await
    }

    /// Makes an old version the newest one again. Repeatable by the id.
    pub(crate) async fn restore_version(
        &self,
        doing: Doing,
        entry: EntryId,
        version: u32,
        restore: VersionRestore,
    ) -> Result<Entry, Refusal> {
        let quotas = self.quotas;
        self.change(move |conn| {
            let entry = file(conn, doing.by, entry)?;
            changer(conn, doing.by, &entry)?;
            if let Some(there) = uploads::get(conn, restore.id)? {
                return if brought_back(conn, &there, &entry, version)? && there.by == doing.by {
                    Ok(entry)
                } else {
                    Err(super::entries::id_reused())
                };
            }
            if restore.if_version.is_some_and(|known| known != entry.version) {
                return Err(Refusal::new(ErrorCode::Conflict, "the file has a newer version meanwhile"));
            }
            locks::require_free(conn, doing, &entry)?;
            let (old, blob) = versions::get(conn, entry.id, version)?.ok_or_else(rules::not_found)?;
            if version == entry.version {
                return Ok(entry);
            }
            space::require(conn, quotas, entry.room, doing.by, old.size)?;
            let digest = secret::unhex(&old.digest).unwrap_or_default();
            let basis = Basis { entry: Some(entry.id), ..Basis::default() };
            let spot = Spot { room: entry.room, parent: entry.parent, name: entry.name.clone(), basis };
            let upload = UploadRow {
                id: restore.id,
                goal: Goal::Folder(spot),
                by: doing.by,
                length: old.size,
                promised: Some(digest),
                modified_ms: old.modified_ms,
                created_at: doing.at,
                ended: Ended::Not,
                unproven_from: None,
            };
            uploads::insert(conn, &upload)?;
            let id = entry.id;
            link(conn, doing, &upload, Place::Again(entry, version), blob, &digest)?;
            file(conn, doing.by, id)
        })
        .await
    }
}

/// Whether an upload is the bringing back of this version.
fn brought_back(conn: &Connection, upload: &UploadRow, entry: &Entry, version: u32) -> Result<bool, Refusal> {
    let Ended::Done { entry: of, version: made } = upload.ended else { return Ok(false) };
    let made = versions::get(conn, of, made)?;
    Ok(of == entry.id && made.is_none_or(|(made, _)| made.restores == Some(version)))
}

/// A file that is there, for a member.
pub(super) fn file(conn: &Connection, account: AccountId, entry: EntryId) -> Result<Entry, Refusal> {
    let entry = visible(conn, account, entry).and_then(|entry| live(conn, entry))?;
    if entry.kind == EntryKind::File { Ok(entry) } else { Err(rules::not_found()) }
}
