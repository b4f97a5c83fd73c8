//! `cache.db`: what the server said, kept with the sync key that stands for it; may be thrown away at any time.
//!
//! Rows and key are written in one transaction (P2), so that a crash can never leave a key that promises more than is
//! there. A file that is damaged or of another version is set aside and everything is fetched anew. Neighbours:
//! `net::socket` brings frames, `engine::folders` the changes of folders; `state` keeps what nobody can fetch again.

mod apply;
mod check;
mod concerning;
mod contacts;
mod content;
mod entries;
mod finding;
mod folder_tables;
mod hiding;
mod history;
mod listing;
mod log;
mod notices;
mod offers;
mod older;
mod order;
mod page;
mod parts;
mod people;
mod profiles;
mod roamed;
mod rooms;
mod row;
mod said;
mod search;
mod tables;

#[cfg(test)]
mod tests;

pub(crate) use apply::{Span, Touched};
pub(crate) use concerning::Concerning;
pub(crate) use content::{Deed, DeedKind};
pub(crate) use entries::EntriesNow;
pub(crate) use history::History;
pub(crate) use older::More;
pub(crate) use page::{Page, PlacedActivity, Stretch};
pub(crate) use rooms::{MemberRow, RoomRow};
pub(crate) use said::{Answered, Mark, Reacted, Said};
pub(crate) use search::Found;
pub use tables::MIGRATIONS;

use crate::store::{Db, Durability};
use crate::view::ErrorView;
use listing::Marks;
use pod_shared::socket::ServerHello;
use pod_shared::sync::SyncKey;
use pod_shared::{AccountId, Position, RoomId, TimeMs, wire};
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Mutex;

/// A handle to the cache; cheap to clone.
#[derive(Clone)]
pub(crate) struct Cache {
    db: Db,
    reader: Db,
    /// For searches, which may look at much: nobody waits behind one.
    seeker: Db,
    marks: Arc<Marks>,
    path: Arc<Path>,
    looked: Arc<Mutex<check::Looked>>,
}

impl Cache {
    /// Opens the file in the profile's folder; one that cannot be used is set aside. Whether it is sound as a whole is
    /// asked by [`Cache::check`]. Blocks.
    pub(crate) fn open(profile: &Path) -> Result<Self, ErrorView> {
        let path = profile.join("cache.db");
        match Self::open_sound(&path) {
            Ok(cache) => Ok(cache),
            Err(error) => {
                tracing::warn!(code = %error.code, "the cache cannot be used and is set aside");
                check::set_aside(&path)?;
                Self::open_sound(&path)
            }
        }
    }

    fn open_sound(path: &Path) -> Result<Self, ErrorView> {
        let db = Db::open(path, MIGRATIONS, Durability::Crash)?;
        let (reader, seeker) = (Db::open_reader(path)?, Db::open_reader(path)?);
        Ok(Self { db, reader, seeker, marks: Arc::default(), path: path.into(), looked: Arc::default() })
    }

    /// Makes the cache that of this account: what belongs to another is dropped. Gives the key to sync from.
    pub(crate) async fn belong_to(&self, account: AccountId) -> Result<Option<SyncKey>, ErrorView> {
        let run = move |tx: &rusqlite::Transaction<'_>| {
            let owner: Option<Vec<u8>> =
                tx.query_row("SELECT account FROM owner", [], |row| row.get(0)).optional()?;
            if owner.as_deref() != Some(account.as_bytes().as_slice()) {
                tables::clear(tx)?;
                tx.execute("DELETE FROM owner", [])?;
                tx.execute("INSERT INTO owner (one, account) VALUES (1, ?1)", params![account.as_bytes()])?;
            }
            // Parts of a sync that was cut short stand for nothing.
            parts::drop_all(tx)?;
            row::key(tx)
        };
        self.db.run(run).await
    }

    /// How the server greeted last, as far as it was kept; one that cannot be read any more was not.
    pub(crate) async fn greeting(&self) -> Result<Option<Box<ServerHello>>, ErrorView> {
        let run = |tx: &rusqlite::Transaction<'_>| {
            let kept: Option<Option<Vec<u8>>> =
                tx.query_row("SELECT greeting FROM owner", [], |row| row.get(0)).optional()?;
            Ok(kept.flatten().and_then(|bytes| wire::decode(&bytes).ok()))
        };
        self.db.run(run).await
    }

    /// Keeps how the server greets; nothing: it is to be said at length.
    pub(crate) async fn keep_greeting(&self, greeting: Option<&ServerHello>) -> Result<(), ErrorView> {
        let bytes = greeting.map(pack).transpose()?;
        let run = move |tx: &rusqlite::Transaction<'_>| {
            tx.execute("UPDATE owner SET greeting = ?1", params![bytes])?;
            Ok(())
        };
        self.db.run(run).await
    }

    /// Where the logs of these rooms end, of those that are here.
    pub(crate) async fn heads_of(
        &self,
        wanted: Vec<RoomId>,
    ) -> Result<BTreeMap<RoomId, Position>, ErrorView> {
        self.read(move |tx| rooms::heads_of(tx, &wanted)).await
    }

    /// Drops the key alone: what is here is shown on, and the next sync brings everything.
    pub(crate) async fn forget_key(&self) -> Result<(), ErrorView> {
        let run = |tx: &rusqlite::Transaction<'_>| {
            tx.execute("UPDATE owner SET sync_key = NULL", [])?;
            Ok(())
        };
        self.db.run(run).await
    }

    /// Drops everything, for signing out.
    pub(crate) async fn clear(&self) -> Result<(), ErrorView> {
        let run = |tx: &rusqlite::Transaction<'_>| {
            tables::clear(tx)?;
            tx.execute("DELETE FROM owner", [])?;
            Ok(())
        };
        self.db.run(run).await
    }

    /// When the data was last known to be current.
    pub(crate) async fn synced_at(&self) -> Result<Option<TimeMs>, ErrorView> {
        let run = |tx: &rusqlite::Transaction<'_>| {
            let at: Option<Option<i64>> =
                tx.query_row("SELECT synced_at FROM owner", [], |row| row.get(0)).optional()?;
            Ok(at.flatten().map(TimeMs))
        };
        self.read(run).await
    }

    /// Notes that the data is current now.
    pub(crate) async fn set_synced_at(&self, at: TimeMs) -> Result<(), ErrorView> {
        let run = move |tx: &rusqlite::Transaction<'_>| {
            tx.execute("UPDATE owner SET synced_at = ?1", params![at.0])?;
            Ok(())
        };
        self.db.run(run).await
    }
}

/// The bytes of a value in a column.
fn pack<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, ErrorView> {
    wire::encode(value).map_err(|error| ErrorView::new(pod_shared::ErrorCode::Internal, error.to_string()))
}
