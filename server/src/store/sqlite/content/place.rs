//! Where a content that comes goes: into a new file, onto one that is there, or, when its writer did not see the newest
//! version of that one, beside it as a conflict copy.

use super::Spot;
use super::entries::{check_live, name_exists};
use super::locks::{Fenced, fenced};
use super::sight::{changer, changer_in, require_seen};
use super::table::{columns, entries};
use super::tree::{live, require_folder};
use crate::content::{naming, rules};
use crate::error::Refusal;
use pod_shared::content::{Entry, EntryKind};
use pod_shared::{AccountId, EntryId, ErrorCode};
use rusqlite::Connection;

/// Where a version goes.
pub(super) enum Place {
    /// Into a new file.
    New,
    /// Onto a file that is there.
    Onto(Entry),
    /// Into a new file in this folder, beside the file that it was written for.
    Beside {
        /// The folder.
        parent: Option<EntryId>,
        /// The name of that file.
        of: String,
    },
    /// Onto the file that had it before, as this version.
    Again(Entry, u32),
}

/// Where a content goes as things are; its digest, as far as it is known or promised.
pub(super) fn place_of(
    conn: &Connection,
    spot: &Spot,
    by: AccountId,
    digest: Option<&[u8; 32]>,
) -> Result<Place, Refusal> {
    if let Some(target) = target(conn, spot)? {
        require_seen(conn, by, &target)?;
        return onto_or_beside(conn, spot, by, target, digest);
    }
    require_folder(conn, spot.room, spot.parent)?;
    changer_in(conn, by, spot.room, spot.parent)?;
    match entries::at_place(conn, spot.room, spot.parent, &naming::key(&spot.name))? {
        // What is hidden from its writer is not written over: their file gets the next free name.
        Some(holder) if require_seen(conn, by, &holder).is_ok() => {
            onto_or_beside(conn, spot, by, holder, digest)
        }
        Some(_) | None => check_live(conn, spot.room).map(|()| Place::New),
    }
}

/// The same at the end of an upload, when what it was for may have changed.
pub(super) fn place_now(
    conn: &Connection,
    spot: &Spot,
    by: AccountId,
    digest: &[u8; 32],
) -> Result<Place, Refusal> {
    place_of(conn, spot, by, Some(digest)).map_err(|refusal| match refusal.code() == ErrorCode::NotFound {
        true => Refusal::new(ErrorCode::Conflict, "the folder was deleted meanwhile"),
        false => refusal,
    })
}

/// The file that the content is said to be a version of, unless that is gone.
fn target(conn: &Connection, spot: &Spot) -> Result<Option<Entry>, Refusal> {
    let Some(id) = spot.basis.entry else { return Ok(None) };
    let entry =
        entries::get(conn, id)?.filter(|entry| entry.room == spot.room).ok_or_else(rules::not_found)?;
    if entry.kind != EntryKind::File {
        return Err(Refusal::new(ErrorCode::BadRequest, "a folder has no versions"));
    }
    match live(conn, entry) {
        Ok(entry) => Ok(Some(entry)),
        Err(refusal) if refusal.code() == ErrorCode::NotFound => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

fn onto_or_beside(
    conn: &Connection,
    spot: &Spot,
    by: AccountId,
    holder: Entry,
    digest: Option<&[u8; 32]>,
) -> Result<Place, Refusal> {
    changer(conn, by, &holder)?;
    let basis = &spot.basis;
    if holder.kind != EntryKind::File && basis.version.is_none() {
        return Err(name_exists());
    }
    let knows = basis.version.is_none_or(|version| version == holder.version)
        && basis.entry.is_none_or(|entry| entry == holder.id || basis.version.is_none());
    let same = digest.is_some_and(|digest| columns::hex(digest) == holder.digest);
    let fenced = if holder.kind == EntryKind::File { fenced(conn, spot, by, &holder)? } else { Fenced::Open };
    if holder.kind == EntryKind::File && fenced == Fenced::Open && (knows || same) {
        return Ok(Place::Onto(holder));
    }
    check_live(conn, spot.room)?;
    Ok(Place::Beside { parent: holder.parent, of: holder.name })
}
