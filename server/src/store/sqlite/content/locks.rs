//! Edit locks (N10): taken, renewed, given back, broken, run out; and what they refuse to everybody else.
//!
//! A lock counts until its lease is over, whether that was told or not; each change asks in its own transaction.

use super::sight::{changer, changer_in};
use super::table::activities::append;
use super::table::locks::{self, LockRow};
use super::table::{entries, members};
use super::tree::visible;
use super::versions::file;
use super::{ContentStore, Doing, Spot};
use crate::content::rules;
use crate::error::Refusal;
use crate::monotonic::now_ms;
use pod_shared::content::{ActivityKind, Entry, Lock, LockGrant};
use pod_shared::{AccountId, EntryId, ErrorCode, Role, RoomId, limits};
use rusqlite::Connection;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    /// Only this lock, which this device has.
    pub(crate) fence: Option<u64>,
    /// For how long, in milliseconds.
    pub(crate) lasts_ms: u64,
}

impl ContentStore {
    /// Takes the lock of a file, or renews it. Repeatable.
    pub(crate) async fn lock(
        &self,
        doing: Doing,
        entry: EntryId,
        asked: Asked,
    ) -> Result<LockGrant, Refusal> {
        self.change(move |conn| {
            let entry = file(conn, doing.by, entry)?;
            changer(conn, doing.by, &entry)?;
            let device = doing.device.ok_or_else(|| Refusal::internal(&"a lock for no device"))?;
            let held = standing(conn, entry.id)?;
            let lock = match held {
                Some(held) if is_mine(&held.lock, doing) => held.lock,
                Some(_) => return Err(locked()),
                None if asked.fence.is_some() => return Err(lost()),
                None => {
                    if locks::count_of(conn, doing.by)? >= limits::LOCKS_PER_ACCOUNT_MAX as u64 {
                        return Err(Refusal::new(
                            ErrorCode::TooMany,
                            "that many files cannot be locked at once",
                        ));
                    }
                    let fence = locks::next_fence(conn, entry.id)?;
                    tell(conn, doing, &entry, &ActivityKind::Locked)?;
                    Lock { by: doing.by, device, since: doing.at, fence }
                }
            };
            if asked.fence.is_some_and(|fence| fence != lock.fence) {
                return Err(lost());
            }
            let (fence, lasts_ms) = (lock.fence, asked.lasts_ms);
            let until_ms = now_ms().saturating_add(lasts_ms);
            locks::put(conn, &LockRow { entry: entry.id, room: entry.room, lock, lasts_ms, until_ms })?;
            Ok(LockGrant { fence, lasts_s: lasts_ms / 1_000, version: entry.version })
        })
        .await
    }

    /// Gives the lock of a file back, by the person who has it. Repeatable.
    pub(crate) async fn unlock(&self, doing: Doing, entry: EntryId) -> Result<(), Refusal> {
        self.change(move |conn| {
            let entry = visible(conn, doing.by, entry)?;
            let Some(held) = locks::get(conn, entry.id)? else { return Ok(()) };
            match held.lock.by == doing.by {
                true => end(conn, doing, &held, &ActivityKind::Unlocked),
                false if held.stands() => Err(locked()),
                false => Ok(()),
            }
        })
        .await
    }

    /// Ends somebody's lock, by who manages the room. Repeatable.
    pub(crate) async fn break_lock(
        &self,
        doing: Doing,
        entry: EntryId,
        reason: String,
    ) -> Result<(), Refusal> {
        self.change(move |conn| {
            let entry = visible(conn, doing.by, entry)?;
            rules::manager(members::role(conn, entry.room, doing.by)?)?;
            match standing(conn, entry.id)? {
                Some(held) => end(conn, doing, &held, &ActivityKind::LockBroken { reason }),
                None => Ok(()),
            }
        })
        .await
    }

    /// Ends the leases that are over, and tells it; answers when the next one will be, in milliseconds from now.
    pub(crate) async fn expire_locks(&self, at: pod_shared::TimeMs) -> Result<Option<u64>, Refusal> {
        let next = |rows: &[LockRow]| rows.iter().map(|row| row.until_ms.saturating_sub(now_ms())).min();
        let rows = self.db.read(|conn| Ok::<_, Refusal>(locks::all(conn)?)).await?;
        if rows.iter().all(LockRow::stands) {
            return Ok(next(&rows));
        }
        self.change(move |conn| {
            for row in locks::all(conn)?.into_iter().filter(|row| !row.stands()) {
                let doing = Doing { by: row.lock.by, at, device: Some(row.lock.device) };
                end(conn, doing, &row, &ActivityKind::LockExpired)?;
            }
            Ok(next(&locks::all(conn)?))
        })
        .await
    }
}

/// Ends a lock and tells it.
fn end(conn: &Connection, doing: Doing, held: &LockRow, kind: &ActivityKind) -> Result<(), Refusal> {
    locks::remove(conn, held.entry)?;
    let Some(entry) = entries::get(conn, held.entry)? else { return Ok(()) };
    tell(conn, doing, &entry, kind)
}

fn tell(conn: &Connection, doing: Doing, entry: &Entry, kind: &ActivityKind) -> Result<(), Refusal> {
    let position = append(conn, entry.room, doing, kind, super::entries::about(entry))?;
    entries::set_position(conn, entry.id, position)?;
    Ok(())
}

/// The lock of a file, if it counts.
fn standing(conn: &Connection, entry: EntryId) -> Result<Option<LockRow>, Refusal> {
    Ok(locks::get(conn, entry)?.filter(LockRow::stands))
}

fn is_mine(lock: &Lock, doing: Doing) -> bool {
    lock.by == doing.by && Some(lock.device) == doing.device
}

/// Refuses to change an entry, or the place of what lies in it, while another device edits that.
pub(super) fn require_free(conn: &Connection, doing: Doing, entry: &Entry) -> Result<(), Refusal> {
    for held in locks::of_room(conn, entry.room)? {
        if held.stands() && !is_mine(&held.lock, doing) && lies_in(conn, held.entry, entry.id)? {
            return Err(locked());
        }
    }
    Ok(())
}

/// What is deleted is not edited any more.
pub(super) fn drop_below(conn: &Connection, entry: &Entry) -> Result<(), Refusal> {
    for held in locks::of_room(conn, entry.room)? {
        if lies_in(conn, held.entry, entry.id)? {
            locks::remove(conn, held.entry)?;
        }
    }
    Ok(())
}

/// Who may not write any more edits nothing either.
pub(super) fn drop_of_member(
    conn: &Connection,
    doing: Doing,
    room: RoomId,
    account: AccountId,
    role: Option<Role>,
) -> Result<(), Refusal> {
    if role.is_some_and(Role::writes) {
        return Ok(());
    }
    for held in locks::of_room(conn, room)?.into_iter().filter(|held| held.lock.by == account) {
        end(conn, doing, &held, &ActivityKind::Unlocked)?;
    }
    Ok(())
}

/// Who may not see or change a file any more edits it no longer either.
pub(super) fn drop_closed(conn: &Connection, doing: Doing, room: RoomId) -> Result<(), Refusal> {
    for held in locks::of_room(conn, room)? {
        if changer_in(conn, held.lock.by, room, Some(held.entry)).is_err() {
            end(conn, doing, &held, &ActivityKind::Unlocked)?;
        }
    }
    Ok(())
}

fn lies_in(conn: &Connection, file: EntryId, entry: EntryId) -> Result<bool, Refusal> {
    Ok(entries::path_up(conn, Some(file))?.iter().any(|step| step.id == entry))
}

/// Whether a content may go onto a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fenced {
    /// It may.
    Open,
    /// It was written with a lock that is not the newest any more.
    Stale,
}

/// Refuses a content for a file that somebody else edits.
pub(super) fn fenced(conn: &Connection, spot: &Spot, by: AccountId, file: &Entry) -> Result<Fenced, Refusal> {
    let fence = spot.basis.fence;
    match standing(conn, file.id)? {
        Some(held) if fence == Some(held.lock.fence) && held.lock.by == by => Ok(Fenced::Open),
        Some(_) if fence.is_some() => Ok(Fenced::Stale),
        Some(_) => Err(locked()),
        None if fence.is_some_and(|fence| fence > 0) && fence != Some(locks::fence(conn, file.id)?) => {
            Ok(Fenced::Stale)
        }
        None => Ok(Fenced::Open),
    }
}

fn locked() -> Refusal {
    Refusal::new(ErrorCode::Locked, "somebody else is editing the file")
}

fn lost() -> Refusal {
    Refusal::new(ErrorCode::Conflict, "this device does not have the lock any more")
}
