//! One local database file behind one thread: callers send what to do and wait without blocking the run loop.
//!
//! Neighbours: `state` (never thrown away) and `cache` (may be) say what is in the files. It refuses files written by
//! a newer Pod. A job runs in one transaction: an error undoes all of it.

use crate::view::ErrorView;
use pod_shared::ErrorCode;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::Path;
use tokio::sync::{mpsc, oneshot};

#[cfg(test)]
mod tests;

/// Jobs that may wait for the thread.
const QUEUE_MAX: usize = 1_024;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// How much a commit must survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// A power cut: what was told as kept is synced to the disk.
    PowerCut,
    /// A crash of the program; a power cut may lose the newest, which is fetched again.
    Crash,
}

/// A handle to one database; cheap to clone. The file is closed when the last one is gone.
#[derive(Clone)]
pub(crate) struct Db {
    jobs: mpsc::Sender<Job>,
}

impl Db {
    /// Opens the file, makes it if it is not there, and brings it to the newest schema. Blocks.
    pub(crate) fn open(path: &Path, migrations: &[&str], durability: Durability) -> Result<Self, ErrorView> {
        Self::open_checked(path, migrations, durability, |_| Ok(()))
    }

    /// As [`Db::open`], with a look at the file before it is used. Blocks.
    pub(crate) fn open_checked(
        path: &Path,
        migrations: &[&str],
        durability: Durability,
        check: fn(&Connection) -> Result<(), ErrorView>,
    ) -> Result<Self, ErrorView> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        // What somebody deleted is gone from the file too.
        connection.pragma_update(None, "secure_delete", "ON")?;
        connection.set_prepared_statement_cache_capacity(128);
        let synchronous = match durability {
            Durability::PowerCut => "FULL",
            Durability::Crash => "NORMAL",
        };
        connection.pragma_update(None, "synchronous", synchronous)?;
        check(&connection)?;
        migrate(&mut connection, migrations)?;
        Self::spawn(connection, TransactionBehavior::Immediate)
    }

    /// A second connection to a file that is open already, for questions that must not wait behind a long change.
    /// Blocks.
    pub(crate) fn open_reader(path: &Path) -> Result<Self, ErrorView> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.pragma_update(None, "query_only", "ON")?;
        connection.set_prepared_statement_cache_capacity(128);
        Self::spawn(connection, TransactionBehavior::Deferred)
    }

    fn spawn(mut connection: Connection, behavior: TransactionBehavior) -> Result<Self, ErrorView> {
        connection.set_transaction_behavior(behavior);
        let (jobs, mut queue) = mpsc::channel::<Job>(QUEUE_MAX);
        std::thread::Builder::new().name("pod-db".into()).spawn(move || {
            while let Some(job) = queue.blocking_recv() {
                job(&mut connection);
            }
        })?;
        Ok(Self { jobs })
    }

    /// Runs a job in one transaction that is committed before the answer.
    pub(crate) async fn run<T, F>(&self, job: F) -> Result<T, ErrorView>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, ErrorView> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // The caller may have gone; the change stands all the same.
            let _ = answer.send(in_transaction(connection, job));
        });
        self.jobs.send(job).await.map_err(|_| ErrorView::stopped())?;
        answered.await.unwrap_or_else(|_| Err(ErrorView::stopped()))
    }
}

fn in_transaction<T>(
    connection: &mut Connection,
    job: impl FnOnce(&Transaction<'_>) -> Result<T, ErrorView>,
) -> Result<T, ErrorView> {
    let transaction = connection.transaction()?;
    let value = job(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

fn migrate(connection: &mut Connection, migrations: &[&str]) -> Result<(), ErrorView> {
    let known = u32::try_from(migrations.len()).unwrap_or(u32::MAX);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    let found: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > known {
        return Err(ErrorView::new(
            ErrorCode::NewerData,
            format!("the local data has version {found}, this Pod knows {known}"),
        ));
    }
    for migration in migrations.iter().skip(found as usize) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}
