//! The database of the messenger: rooms, members, logs, read marks, devices with their sync keys, and what each device
//! that is away has still to learn (decisions 4 and 5).
//!
//! [`MessengerStore`] is the seam: its methods are whole transactions in words of the domain, and the suite in
//! `store::conformance` says what they must do. What a transaction tells (its [`Announcement`]s) is handed out after
//! the commit, in the order of the commits. Refuses to judge: who may do what comes in as a function of the facts.

use super::pairs::Pairs;
use super::{Db, relay};
use crate::error::Refusal;
use crate::store::StoreError;
use pod_shared::ErrorCode;
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// The name of the file in the data folder.
pub const FILE: &str = "messenger.db";

mod abouts;
mod check;
mod column;
mod contacts;
mod delivered_marks;
mod devices;
mod entitled;
mod links;
mod members;
mod messages;
mod offers;
mod people;
mod presence;
mod profiles;
mod read_marks;
mod rooms;
mod schema;
mod settings;
mod side;
mod sync;
#[cfg(test)]
mod tests;
mod told;
mod watchers;
mod work;

pub use abouts::Target;
pub use check::{check, pairs};
pub use contacts::{ContactAfter, ContactAsk, ContactFacts, ContactSide, Contacts, GroupAsk, PlaceFacts};
pub use devices::{Greeted, Greeting};
pub use links::{JoinAsk, JoinFacts, NewLink, Shown};
pub use members::{MemberAsk, MemberFacts, MemberOutcome};
pub use messages::{AboutFacts, NewMessage, Page, PostFacts, Posted};
pub use offers::{AskFacts, OfferPeer, Offers, Parties};
pub use presence::{Devices, People};
pub use read_marks::Known;
pub use rooms::NewRoom;
pub use schema::{MIGRATIONS, renew_epoch};
pub use side::{Applied, FolderNews};
pub use sync::Part;
pub use told::{Announce, Announcement, Told};

use watchers::Watchers;
use work::Work;

/// Changes of this store that may wait at once; below the queue of [`Db`], so that a change with a [`Turn`] is queued at
/// the first poll of its future.
const WAITING_MAX: usize = 3_000;

/// The messenger's data; cheap to clone.
#[derive(Clone)]
pub struct MessengerStore {
    db: Db,
    watchers: Arc<Watchers>,
    announce: Arc<dyn Announce>,
    woken: Arc<Notify>,
    waiting: Arc<Semaphore>,
    emptied: Arc<Notify>,
    epoch: u64,
}

/// The right to one place in the queue of changes. Whoever takes turns in order, and polls the changes they are for in
/// that order, has them committed in that order.
pub struct Turn(#[expect(dead_code, reason = "held until the change is done")] OwnedSemaphorePermit);

/// What a change came to, until it is committed.
struct Outcome<T> {
    value: T,
    told: Vec<Announcement>,
    relayed: bool,
}

impl MessengerStore {
    /// Opens `messenger.db` in the folder.
    ///
    /// # Errors
    /// When the file cannot be opened, or was written by a newer program.
    pub fn open(data: &Path, announce: Arc<dyn Announce>) -> Result<Self, StoreError> {
        let path = data.join(FILE);
        let db = Db::open(&path, &MIGRATIONS.each_ref().map(String::as_str))?;
        let (epoch, watchers) = {
            let connection = Connection::open(&path)?;
            connection.busy_timeout(std::time::Duration::from_secs(10))?;
            (schema::epoch(&connection)?, Watchers::load(&connection)?)
        };
        Ok(Self {
            db,
            watchers: Arc::new(watchers),
            announce,
            woken: Arc::default(),
            waiting: Arc::new(Semaphore::new(WAITING_MAX)),
            emptied: Arc::default(),
            epoch,
        })
    }

    /// Notified after the commit of each new relay row.
    #[must_use]
    pub fn relay_woken(&self) -> Arc<Notify> {
        Arc::clone(&self.woken)
    }

    /// Notified after the commit of each deletion of a message.
    #[must_use]
    pub fn emptied(&self) -> Arc<Notify> {
        Arc::clone(&self.emptied)
    }

    /// Brings the write-ahead log into the database and empties it: what was deleted stood there too. Does nothing
    /// while others read or write.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub async fn empty_log(&self) -> Result<(), StoreError> {
        let path = self.db.path().to_owned();
        let run = move || {
            let connection = Connection::open(path)?;
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            Ok(())
        };
        tokio::task::spawn_blocking(run).await.unwrap_or(Err(StoreError::Closed))
    }

    /// Waits until no change waits any more.
    pub async fn quiet(&self) {
        let all = u32::try_from(WAITING_MAX).unwrap_or(u32::MAX);
        // The semaphore is never closed.
        let _ = self.waiting.acquire_many(all).await;
    }

    /// One transaction. What it tells goes out after its commit, before any later one's.
    async fn change<T, F>(&self, change: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnOnce(&Work<'_>) -> Result<T, Refusal> + Send + 'static,
    {
        let turn = self.turn().await?;
        self.change_in(turn, change).await
    }

    /// A place in the queue, once there is one.
    ///
    /// # Errors
    /// When the store is closed.
    pub async fn turn(&self) -> Result<Turn, Refusal> {
        match Arc::clone(&self.waiting).acquire_owned().await {
            Ok(permit) => Ok(Turn(permit)),
            Err(_) => Err(StoreError::Closed.into()),
        }
    }

    async fn change_in<T, F>(&self, turn: Turn, change: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnOnce(&Work<'_>) -> Result<T, Refusal> + Send + 'static,
    {
        let (watchers, announce, woken) =
            (Arc::clone(&self.watchers), Arc::clone(&self.announce), Arc::clone(&self.woken));
        let doubt = watchers::Doubt::new(Arc::clone(&self.watchers));
        let touched = doubt.flag();
        let outcome = self.db.write_then(
            move |connection| {
                let work = Work::new(connection, &watchers, &touched);
                // What a refused change left in memory must not reach the next change of the same group.
                let value = change(&work).inspect_err(|_| work.distrust())?;
                let (told, relayed) = work.finish();
                Ok::<_, Refusal>(Outcome { value, told, relayed })
            },
            move |outcome: &Outcome<T>| {
                // Given back by the writer: a connection that waits for a place does not take the answers of its
                // other changes, and would keep theirs for ever.
                let _turn = turn;
                doubt.dispelled();
                for announcement in &outcome.told {
                    announce.announce(announcement);
                }
                if outcome.relayed {
                    crate::fault::point("messenger.relay.committed");
                    woken.notify_one();
                }
            },
        );
        outcome.await.map(|outcome| outcome.value)
    }

    async fn ask<T, F>(&self, question: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Refusal> + Send + 'static,
    {
        self.db.read(question).await
    }
}

/// What anybody hears of a room that is not there, or not for them.
fn no_such_room() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "no such room")
}

fn relay_schema() -> &'static str {
    relay::SCHEMA
}

/// Kept beside [`check`] for the pairs that both databases must agree on.
pub type RoomPairs = Pairs;
