//! Folders and entries: the rules that need no data, before the transaction that asks the others.

use super::{Content, naming};
use crate::access::Caller;
use crate::error::Refusal;
use pod_shared::content::{Entry, EntryChange, EntryPage, FolderNew, VersionPage, VersionRestore};
use pod_shared::{EntryId, RoomId};

impl Content {
    /// One folder, a page of it.
    pub(crate) async fn folder(
        &self,
        caller: Caller,
        room: RoomId,
        parent: Option<EntryId>,
        after: Option<String>,
        limit: u32,
    ) -> Result<EntryPage, Refusal> {
        self.store().folder(caller.account, room, parent, after, limit).await
    }

    /// One entry.
    pub(crate) async fn entry(&self, caller: Caller, entry: EntryId) -> Result<Entry, Refusal> {
        self.store().entry(caller.account, entry).await
    }

    /// A new folder.
    pub(crate) async fn create_folder(
        &self,
        caller: Caller,
        room: RoomId,
        new: FolderNew,
    ) -> Result<Entry, Refusal> {
        naming::entry(&new.name)?;
        self.store().create_folder(Self::doing(caller.account), room, new).await
    }

    /// Another name, another folder, or both.
    pub(crate) async fn change_entry(
        &self,
        caller: Caller,
        entry: EntryId,
        change: EntryChange,
    ) -> Result<Entry, Refusal> {
        if let Some(name) = &change.name {
            naming::entry(name)?;
        }
        let (entry, ended) = self.store().change_entry(Self::doing_at(caller), entry, change).await?;
        self.discard_uploads(ended);
        Ok(entry)
    }

    /// Deletes an entry and all that lies in it.
    pub(crate) async fn delete_entry(&self, caller: Caller, entry: EntryId) -> Result<(), Refusal> {
        self.store().delete_entry(Self::doing_at(caller), entry).await
    }

    /// Undoes a deletion.
    pub(crate) async fn restore_entry(&self, caller: Caller, entry: EntryId) -> Result<Entry, Refusal> {
        self.store().restore_entry(Self::doing(caller.account), entry).await
    }

    /// Versions of a file before a number, the newest first.
    pub(crate) async fn versions(
        &self,
        caller: Caller,
        entry: EntryId,
        before: u32,
        limit: u32,
    ) -> Result<VersionPage, Refusal> {
        self.store().versions(caller.account, entry, before, limit).await
    }

    /// Makes an old version the newest one again.
    pub(crate) async fn restore_version(
        &self,
        caller: Caller,
        entry: EntryId,
        version: u32,
        restore: VersionRestore,
    ) -> Result<Entry, Refusal> {
        self.store().restore_version(Self::doing_at(caller), entry, version, restore).await
    }
}
