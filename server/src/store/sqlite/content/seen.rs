//! What a person may see: the one place where lists ask it. Rooms and folders that were looked at once are remembered for
//! as long as one question takes.

use super::sight::require_seen;
use super::table::{entries, members};
use crate::content::rules;
use crate::error::Refusal;
use pod_shared::content::Entry;
use pod_shared::{AccountId, EntryId, RoomId};
use rusqlite::Connection;
use std::collections::HashMap;

/// One person, in one question.
pub(super) struct Seeing<'a> {
    conn: &'a Connection,
    account: AccountId,
    rooms: HashMap<RoomId, bool>,
    folders: HashMap<EntryId, Option<Vec<String>>>,
}

impl<'a> Seeing<'a> {
    /// Nothing was looked at yet.
    pub(super) fn new(conn: &'a Connection, account: AccountId) -> Self {
        Self { conn, account, rooms: HashMap::new(), folders: HashMap::new() }
    }

    /// Refuses a room that is not this person's.
    pub(super) fn require_room(&mut self, room: RoomId) -> Result<(), Refusal> {
        rules::reader(members::role(self.conn, room, self.account)?)?;
        self.rooms.insert(room, true);
        Ok(())
    }

    /// Whether the person may see an entry that is there.
    pub(super) fn sees(&mut self, entry: &Entry) -> Result<bool, Refusal> {
        let may = match self.rooms.get(&entry.room) {
            Some(known) => *known,
            None => members::role(self.conn, entry.room, self.account)?.is_some(),
        };
        self.rooms.insert(entry.room, may);
        Ok(may && require_seen(self.conn, self.account, entry).is_ok())
    }

    /// Names of the folders above an entry, from the top down; nothing: one of them is deleted.
    pub(super) fn path(&mut self, parent: Option<EntryId>) -> Result<Option<Vec<String>>, Refusal> {
        let Some(parent) = parent else { return Ok(Some(Vec::new())) };
        if let Some(known) = self.folders.get(&parent) {
            return Ok(known.clone());
        }
        let steps = entries::path_up(self.conn, Some(parent))?;
        let mut names = None;
        if !steps.iter().any(|step| step.deleted) {
            let mut path = Vec::with_capacity(steps.len());
            for step in steps.iter().rev() {
                path.extend(entries::get(self.conn, step.id)?.map(|folder| folder.name));
            }
            names = Some(path);
        }
        self.folders.insert(parent, names.clone());
        Ok(names)
    }
}
