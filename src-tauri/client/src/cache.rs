//! `cache.db`: what the server said, kept with the sync key that stands for it; may be thrown away at any time.

use crate::store::{Db, Durability};
use crate::view::ErrorView;
use pod_shared::content::Entry;
use pod_shared::{EntryId, RoomId};
use std::path::Path;

/// A handle to the cache; cheap to clone.
#[derive(Clone)]
pub(crate) struct Cache {
    db: Db,
}

impl Cache {
    /// Opens the file in the profile's folder. Blocks.
    pub(crate) fn open(profile: &Path) -> Result<Self, ErrorView> {
        Ok(Self { db: Db::open(&profile.join("cache.db"), &[""], Durability::Crash)? })
    }

    /// A file or folder as last told by the server.
    pub(crate) async fn entry(&self, id: EntryId) -> Result<Option<Entry>, ErrorView> {
        self.db
            .run(move |_| {
                let _ = id;
                Ok(None)
            })
            .await
    }

    /// Entries in a folder (nothing: the top) of a room, deleted ones left out.
    pub(crate) async fn children(
        &self,
        room: RoomId,
        parent: Option<EntryId>,
    ) -> Result<Vec<Entry>, ErrorView> {
        self.db
            .run(move |_| {
                let _ = (room, parent);
                Ok(Vec::new())
            })
            .await
    }

    /// What to call a room: its title, or the other's name; empty when it is not known.
    pub(crate) async fn room_title(&self, room: RoomId) -> Result<String, ErrorView> {
        self.db
            .run(move |_| {
                let _ = room;
                Ok(String::new())
            })
            .await
    }
}
