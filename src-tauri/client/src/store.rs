//! One local database file behind one thread: callers send what to do and wait without blocking the run loop.
//!
//! Neighbours: `state` (never thrown away) and `cache` (may be) say what is in the files. It refuses files written by
//! a newer Pod. A job runs in one transaction: an error undoes all of it.

use crate::view::ErrorView;
use pod_shared::ErrorCode;
use rusqlite::config::DbConfig;
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
        Self::spawn(Self::connect(path, migrations, durability)?)
    }

    /// A connection as [`Db::open`] makes one. Blocks.
    pub(crate) fn connect(
        path: &Path,
        migrations: &[&str],
        durability: Durability,
    ) -> Result<Connection, ErrorView> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        // What somebody deleted is gone from the file too.
        connection.pragma_update(None, "secure_delete", "ON")?;
        keep_plans(&connection)?;
        let synchronous = match durability {
            Durability::PowerCut => "FULL",
            Durability::Crash => "NORMAL",
        };
        connection.pragma_update(None, "synchronous", synchronous)?;
        migrate(&mut connection, migrations)?;
        connection.set_transaction_behavior(TransactionBehavior::Immediate);
        Ok(connection)
    }

    /// A second connection to a file that is open already, for questions that must not wait behind a long change.
    /// Blocks.
    pub(crate) fn open_reader(path: &Path) -> Result<Self, ErrorView> {
        Self::spawn(Self::connect_reader(path)?)
    }

    /// A connection as [`Db::open_reader`] makes one. Blocks.
    pub(crate) fn connect_reader(path: &Path) -> Result<Connection, ErrorView> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.pragma_update(None, "query_only", "ON")?;
        keep_plans(&connection)?;
        Ok(connection)
    }

    fn spawn(mut connection: Connection) -> Result<Self, ErrorView> {
        let (jobs, mut queue) = mpsc::channel::<Job>(QUEUE_MAX);
        std::thread::Builder::new().name("pod-db".into()).spawn(move || {
            while let Some(job) = queue.blocking_recv() {
                job(&mut connection);
            }
        })?;
        Ok(Self { jobs })
    }

    /// From now on the steps that SQLite makes on this connection are counted.
    #[cfg(test)]
    pub(crate) async fn count_steps(&self, steps: std::sync::Arc<std::sync::atomic::AtomicU64>) {
        let job: Job = Box::new(move |connection| {
            let step = move || {
                steps.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                false
            };
            connection.progress_handler(1, Some(step)).unwrap();
        });
        assert!(self.jobs.send(job).await.is_ok());
    }

    /// Closes the file. Jobs wait until another one is opened in its place.
    pub(crate) async fn close(&self) -> Result<Closed, ErrorView> {
        let (closed, is_closed) = oneshot::channel();
        let (open, opened) = oneshot::channel::<Connection>();
        let job: Job = Box::new(move |connection| {
            let Ok(nothing) = Connection::open_in_memory() else { return };
            drop(std::mem::replace(connection, nothing));
            // Whoever asked may have gone; then nobody opens another one either.
            let _ = closed.send(());
            if let Ok(fresh) = opened.blocking_recv() {
                *connection = fresh;
            }
        });
        self.jobs.send(job).await.map_err(|_| ErrorView::stopped())?;
        is_closed.await.map_err(|_| ErrorView::stopped())?;
        Ok(Closed(open))
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

/// Statements are prepared once. Without the second line SQLite looks at the values that are bound and plans most
/// statements anew for each other value, which costs more than running them.
fn keep_plans(connection: &Connection) -> Result<(), ErrorView> {
    connection.set_prepared_statement_cache_capacity(128);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// A database whose file is closed. Dropped without another file, it answers every job with an error.
pub(crate) struct Closed(oneshot::Sender<Connection>);

impl Closed {
    /// Goes on with this.
    pub(crate) fn open(self, connection: Connection) {
        // The last handle may be gone.
        let _ = self.0.send(connection);
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
