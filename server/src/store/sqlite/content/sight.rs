//! What one person sees and changes in one room: the permissions of an entry and of the folders above it, asked in the
//! transaction that acts. The rule itself is `pod_shared::content`'s; refusals are those of `rules`.

use super::table::permissions::{self, Rung};
use super::table::{entries, members, uploads};
use super::{Doing, Ended, Goal, Spot, UploadRow, locks};
use crate::content::rules;
use crate::error::Refusal;
use pod_shared::content::{Activity, Entry, Mark, Permission};
use pod_shared::{AccountId, EntryId, Role, RoomId, UploadId, limits};
use rusqlite::Connection;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A permission that counts for an entry, and what it stands on.
pub(super) struct Standing {
    /// The entry, or a folder above it.
    pub(super) on: EntryId,
    registrant: AccountId,
    permission: Permission,
}

impl Standing {
    pub(super) fn mark(&self) -> Mark<'_> {
        Mark { registrant: self.registrant, permission: &self.permission }
    }
}

fn marks(standing: &[Standing]) -> Vec<Mark<'_>> {
    standing.iter().map(Standing::mark).collect()
}

/// The permissions that count for an entry: its own and those of the folders above it. Nothing: the top of a room.
pub(super) fn standing(conn: &Connection, entry: Option<EntryId>) -> Result<Vec<Standing>, Refusal> {
    let mut found = Vec::new();
    let mut next = entry;
    // No chain is longer; a longer one would be a circle, which `check` names.
    for _ in 0..=limits::FOLDER_DEPTH_MAX + 1 {
        let Some(on) = next else { break };
        let Some(Rung { parent, registrant, permission }) = permissions::rung(conn, on)? else { break };
        found.extend(permission.map(|permission| Standing { on, registrant, permission }));
        next = parent;
    }
    Ok(found)
}

/// The permissions that hide something, as what stands in a folder has them from there: what a move changes.
pub(super) fn hiding(conn: &Connection, folder: Option<EntryId>) -> Result<Vec<Standing>, Refusal> {
    Ok(standing(conn, folder)?.into_iter().filter(|standing| standing.permission.hides()).collect())
}

/// A member sees the entry, or learns nothing of it.
pub(super) fn require_seen(conn: &Connection, who: AccountId, entry: &Entry) -> Result<Role, Refusal> {
    let role = rules::reader(members::role(conn, entry.room, who)?)?;
    if permissions::any_in(conn, entry.room)? {
        rules::seer(who, &marks(&standing(conn, Some(entry.id))?))?;
    }
    Ok(role)
}

/// A member sees the entry and may change it.
pub(super) fn changer(conn: &Connection, who: AccountId, entry: &Entry) -> Result<Role, Refusal> {
    changer_in(conn, who, entry.room, Some(entry.id))
}

/// A member sees the folder and may change what lies in it; nothing: the top of the room.
pub(super) fn changer_in(
    conn: &Connection,
    who: AccountId,
    room: RoomId,
    folder: Option<EntryId>,
) -> Result<Role, Refusal> {
    let role = rules::reader(members::role(conn, room, who)?)?;
    let standing = if permissions::any_in(conn, room)? { standing(conn, folder)? } else { Vec::new() };
    let marks = marks(&standing);
    rules::seer(who, &marks)?;
    rules::changer(who, role, &marks)
}

/// Nothing in the entry that is not deleted is hidden from who changes it, or closed to them.
pub(super) fn require_all_below(conn: &Connection, who: AccountId, entry: &Entry) -> Result<(), Refusal> {
    for marked in permissions::marked_in(conn, entry.room)? {
        let path = entries::path_up(conn, Some(marked))?;
        let below = path.iter().skip(1).any(|step| step.id == entry.id);
        if !below || path.iter().any(|step| step.deleted) {
            continue;
        }
        if changer_in(conn, who, entry.room, Some(marked)).is_err() {
            return Err(rules::closed_below());
        }
    }
    Ok(())
}

/// Nobody whose own entries these are would see them no more.
pub(super) fn require_registrants(
    conn: &Connection,
    entry: &Entry,
    hiding: &[Mark<'_>],
) -> Result<(), Refusal> {
    if hiding.is_empty() {
        return Ok(());
    }
    for registrant in permissions::registrants(conn, entry.room, entry.id)? {
        rules::keeps_sight(registrant, hiding)?;
    }
    Ok(())
}

/// Whether the sender of an upload may still send it there.
pub(super) fn sender(conn: &Connection, spot: &Spot, by: AccountId) -> Result<(), Refusal> {
    changer_in(conn, by, spot.room, goes_to(spot)).map(drop)
}

/// Where the right to an upload is asked: the file that it is for, else the folder.
fn goes_to(spot: &Spot) -> Option<EntryId> {
    spot.basis.entry.or(spot.parent)
}

/// Ends what people do in a room who may do it no longer: uploads on their way, and locks. Answers the uploads.
pub(super) fn end_what_is_closed(
    conn: &Connection,
    doing: Doing,
    room: RoomId,
) -> Result<Vec<UploadId>, Refusal> {
    let mut ended = Vec::new();
    for upload in uploads::open_in(conn, room)? {
        if upload.goal.spot().is_some_and(|spot| sender(conn, spot, upload.by).is_err()) {
            super::uploads::cancel(conn, doing, &upload)?;
            ended.push(upload.id);
        }
    }
    locks::drop_closed(conn, doing, room)?;
    Ok(ended)
}

/// One person looking at much of one room within one transaction.
pub(super) struct Sight<'a> {
    conn: &'a Connection,
    who: AccountId,
    /// Anything in the room has a permission.
    any: bool,
    /// What was asked before.
    known: RefCell<BTreeMap<EntryId, bool>>,
}

impl<'a> Sight<'a> {
    /// For a member.
    pub(super) fn of(conn: &'a Connection, room: RoomId, who: AccountId) -> Result<Self, Refusal> {
        rules::reader(members::role(conn, room, who)?)?;
        Ok(Self { conn, who, any: permissions::any_in(conn, room)?, known: RefCell::default() })
    }

    /// Whether they see it; nothing: the top of the room.
    pub(super) fn sees(&self, entry: Option<EntryId>) -> Result<bool, Refusal> {
        let mut path = Vec::new();
        let mut next = entry.filter(|_| self.any);
        let mut seen = true;
        while let Some(id) = next
            && path.len() <= limits::FOLDER_DEPTH_MAX
        {
            if let Some(known) = self.known.borrow().get(&id).copied() {
                seen = known;
                break;
            }
            let Some(rung) = permissions::rung(self.conn, id)? else { break };
            next = rung.parent;
            path.push((id, rung));
        }
        for (id, rung) in path.into_iter().rev() {
            let mark = |permission| Mark { registrant: rung.registrant, permission }.shows(self.who);
            seen = seen && rung.permission.as_ref().is_none_or(mark);
            self.known.borrow_mut().insert(id, seen);
        }
        Ok(seen)
    }

    /// Whether they see an upload on its way, or what it became.
    pub(super) fn sees_upload(&self, upload: &UploadRow) -> Result<bool, Refusal> {
        match (&upload.goal, upload.ended) {
            (Goal::Folder(_), Ended::Done { entry, .. }) => self.sees(Some(entry)),
            (Goal::Folder(spot), _) => self.sees(goes_to(spot)),
            (Goal::Offer(_), _) => Ok(false),
        }
    }

    /// Whether they see that something was done.
    pub(super) fn sees_activity(&self, activity: &Activity) -> Result<bool, Refusal> {
        match (activity.entry, activity.upload) {
            _ if !self.any => Ok(true),
            (Some(entry), _) => self.sees(Some(entry)),
            (None, Some(upload)) => match uploads::get(self.conn, upload)? {
                Some(upload) => self.sees_upload(&upload),
                None => Ok(true),
            },
            (None, None) => Ok(true),
        }
    }
}
