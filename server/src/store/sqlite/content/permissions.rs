//! Setting who may see and change an entry, and what follows from it for who is just doing something there.

use super::sight::{end_what_is_closed, require_registrants, require_seen};
use super::table::activities::append;
use super::table::{entries, members, permissions};
use super::tree::{live, visible};
use super::{ContentStore, Doing, Loss, entries::about};
use crate::content::rules;
use crate::error::Refusal;
use pod_shared::content::{ActivityKind, Entry, Mark, Permission, SharedWith};
use pod_shared::{AccountId, EntryId, ErrorCode, RoomId, UploadId, limits};
use rusqlite::Connection;
use std::sync::Arc;

/// What a change came to that others may see more or less by.
pub(super) struct Shifted<T> {
    /// Its answer.
    pub(super) answer: T,
    /// Uploads that ended by it.
    pub(super) ended: Vec<UploadId>,
    /// The room in which others see something than before, if they do.
    pub(super) room: Option<RoomId>,
}

impl<T> Shifted<T> {
    /// Nobody sees anything else by it.
    pub(super) fn not(answer: T) -> Self {
        Self { answer, ended: Vec::new(), room: None }
    }
}

impl ContentStore {
    /// One change by which others may see something than before: streams ask for their right again. Answers the uploads
    /// that ended too.
    pub(super) async fn shift<T, F>(&self, change: F) -> Result<(T, Vec<UploadId>), Refusal>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<Shifted<T>, Refusal> + Send + 'static,
    {
        let (woken, losses) = (Arc::clone(&self.woken), self.losses.clone());
        let tell = move |shifted: &Shifted<T>| {
            if let Some(room) = shifted.room {
                // Nobody streams: nobody listens.
                let _ = losses.send(Loss { room, account: None });
            }
            woken.notify_one();
        };
        self.db.write_then(change, tell).await.map(|shifted| (shifted.answer, shifted.ended))
    }

    /// Sets who may see and change an entry. Repeatable. Answers the uploads that ended by it too.
    pub(crate) async fn set_permission(
        &self,
        doing: Doing,
        entry: EntryId,
        permission: Permission,
    ) -> Result<(Entry, Vec<UploadId>), Refusal> {
        self.shift(move |conn| set(conn, doing, entry, permission)).await
    }

    /// Whether a member sees an entry, deleted or not.
    ///
    /// # Errors
    /// `not_found` when they do not.
    pub(crate) async fn sees(&self, account: AccountId, entry: EntryId) -> Result<(), Refusal> {
        self.db.read(move |conn| visible(conn, account, entry).map(drop)).await
    }
}

fn set(
    conn: &Connection,
    doing: Doing,
    entry: EntryId,
    permission: Permission,
) -> Result<Shifted<Entry>, Refusal> {
    let mut entry = visible(conn, doing.by, entry).and_then(|entry| live(conn, entry))?;
    let role = require_seen(conn, doing.by, &entry)?;
    rules::permitter(doing.by, role, entry.created_by)?;
    let before = entry.permission.clone().unwrap_or_default();
    if before == permission {
        return Ok(Shifted::not(entry));
    }
    match &permission.shared_with {
        SharedWith::OnlyMe if before.shared_with != SharedWith::OnlyMe && entry.created_by != doing.by => {
            return Err(Refusal::new(
                ErrorCode::RoleTooLow,
                "only its registrant keeps an entry for themselves",
            ));
        }
        SharedWith::Some(people) => {
            for account in people {
                // Who is named must be there to see it.
                rules::reader(members::role(conn, entry.room, *account)?)?;
            }
        }
        SharedWith::Everyone | SharedWith::OnlyMe => {}
    }
    if entry.permission.is_none()
        && permissions::count_in(conn, entry.room)? >= limits::PERMISSIONS_PER_ROOM_MAX as u64
    {
        return Err(Refusal::new(
            ErrorCode::TooMany,
            "that many entries of a room cannot have a permission of their own",
        ));
    }
    if permission.hides() {
        require_registrants(conn, &entry, &[Mark { registrant: entry.created_by, permission: &permission }])?;
    }
    permissions::put(conn, entry.room, entry.id, &permission)?;
    entry.position = append(conn, entry.room, doing, &ActivityKind::PermissionChanged, about(&entry))?;
    entries::set_position(conn, entry.id, entry.position)?;
    if before.shared_with != permission.shared_with {
        permissions::put_sight(conn, entry.room, entry.position, entry.id)?;
    }
    let ended = end_what_is_closed(conn, doing, entry.room)?;
    let room = Some(entry.room);
    entry.permission = Some(permission).filter(|permission| !permission.is_everyone());
    Ok(Shifted { answer: entry, ended, room })
}
