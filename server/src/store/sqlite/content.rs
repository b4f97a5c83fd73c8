//! The database of the content service. [`ContentStore`]'s methods are whole transactions in words of the domain, a file
//! for each subject; the statements are in `table`.

use super::Db;
use super::pairs::Pairs;
use super::relay;
use crate::content::Quotas;
use crate::error::Refusal;
use crate::store::StoreError;
use pod_shared::{AccountId, RoomId};
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use tokio::sync::{Notify, broadcast};

mod at_rest;
mod changes;
mod check;
mod downloads;
mod entries;
mod finish;
mod forwards;
mod groups;
mod instant;
mod locks;
mod members;
mod opened;
mod permissions;
mod pictures;
mod place;
mod remarks;
mod search;
mod seen;
mod sides;
mod sight;
mod space;
mod table;
#[cfg(test)]
mod tests;
mod trash;
mod tree;
mod uploads;
mod versions;

pub(crate) use at_rest::Resting;
pub use check::check;
pub use check::{ExpectedFiles, expected_files};
pub(crate) use downloads::Stored;
pub(crate) use finish::Finished;
pub(crate) use instant::Asked;
pub(crate) use locks::Asked as LockAsked;
pub(crate) use search::{NextText, ToRead};
pub(crate) use sides::Applied;
pub(crate) use table::activities::Doing;
pub(crate) use table::blobs::Lying;
pub use table::blobs::{Form, StoredBlob};
pub(crate) use table::forwards::{ForwardRow, ForwardStep};
pub(crate) use table::pictures::Picture;
pub(crate) use table::spares::{Question, Spare};
pub(crate) use table::uploads::{Ended, Goal, Spot, UploadRow};
pub(crate) use trash::Part;
pub(crate) use uploads::Begun;

/// The name of the file in the data folder.
pub const FILE: &str = "content.db";
/// Append-only; number `n` takes schema `n` to `n + 1`.
pub static MIGRATIONS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let first = format!("{}{}", include_str!("content/schema_1.sql"), relay::SCHEMA);
    let later = [
        include_str!("content/schema_2.sql"),
        include_str!("content/schema_3.sql"),
        include_str!("content/schema_4.sql"),
        include_str!("content/schema_5.sql"),
        include_str!("content/schema_6.sql"),
        include_str!("content/schema_7.sql"),
        include_str!("content/schema_8.sql"),
        include_str!("content/schema_9.sql"),
        include_str!("content/schema_10.sql"),
        include_str!("content/schema_11.sql"),
        include_str!("content/schema_12.sql"),
    ];
    std::iter::once(first).chain(later.map(str::to_owned)).collect()
});
/// Losses of access that may wait for a stream; a stream that missed some asks the database.
const LOSSES_MAX: usize = 1_024;

/// Somebody lost a right in a room, or may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Loss {
    /// Where.
    pub(crate) room: RoomId,
    /// Who; nothing: anybody.
    pub(crate) account: Option<AccountId>,
}

/// The content service's data; cheap to clone.
#[derive(Clone)]
pub(crate) struct ContentStore {
    db: Db,
    woken: Arc<Notify>,
    words: Arc<Notify>,
    quotas: Quotas,
    losses: broadcast::Sender<Loss>,
}

impl ContentStore {
    /// Opens the database file, and brings it to the newest schema.
    pub(crate) fn open(file: &Path) -> Result<Self, StoreError> {
        let db = Db::open(file, &MIGRATIONS.iter().map(String::as_str).collect::<Vec<_>>())?;
        Ok(Self {
            db,
            woken: Arc::default(),
            words: Arc::default(),
            quotas: Quotas::default(),
            losses: broadcast::channel(LOSSES_MAX).0,
        })
    }

    /// The same, with limits on what is kept.
    pub(crate) fn with_quotas(self, quotas: Quotas) -> Self {
        Self { quotas, ..self }
    }

    /// Names of the contents that must not be cleared, at the start.
    pub(crate) fn names_at_start(file: &Path) -> Result<BTreeSet<String>, StoreError> {
        let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        at_rest::known(&conn)
    }

    /// Notified after each change that may have left rows for the other side.
    pub(crate) fn woken(&self) -> Arc<Notify> {
        Arc::clone(&self.woken)
    }

    /// Notified after each change that may have other words for the index.
    pub(crate) fn words_changed(&self) -> Arc<Notify> {
        Arc::clone(&self.words)
    }

    /// Who lost a right in which group, told right after the commit.
    pub(crate) fn losses(&self) -> broadcast::Receiver<Loss> {
        self.losses.subscribe()
    }

    /// One change, after which the interlock looks for rows.
    async fn change<T, F>(&self, change: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Refusal> + Send + 'static,
    {
        let (woken, words) = (Arc::clone(&self.woken), Arc::clone(&self.words));
        let tell = move |_: &T| {
            woken.notify_one();
            words.notify_one();
        };
        self.db.write_then(change, tell).await
    }
}

/// Rooms with a folder (groups), with their present members.
///
/// # Errors
/// When the database cannot be read.
pub fn pairs(connection: &Connection) -> Result<Pairs, StoreError> {
    groups::pairs(connection)
}
