//! One database file: one writing thread that commits many changes at once, and a few reading connections.
//!
//! The life of a change: it waits in a bounded queue, runs inside a savepoint of the open transaction (an error rolls
//! back only its own savepoint), the transaction is committed with whatever else was waiting, and only then is the
//! caller answered: what was told as done is on disk. `synchronous = FULL`: the WAL is synced at each commit, so a power
//! cut loses nothing that was told as done; group commit shares the price among all that wait.
//! After-commit callbacks run on the writing thread, in commit order: that order is the order of the log.

use crate::store::StoreError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, oneshot};

#[cfg(test)]
pub(crate) mod counted;

/// Changes that may wait for the writer.
const QUEUE_MAX: usize = 4_096;
/// Changes in one commit.
const GROUP_MAX: usize = 1_024;
/// Reading connections.
const READERS: usize = 4;

/// To be called with the outcome of the commit.
type Completion = Box<dyn FnOnce(Result<(), String>) + Send>;
type Change = Box<dyn FnOnce(&mut Transaction<'_>) -> Completion + Send>;

/// A handle to one database; cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    changes: SyncSender<Change>,
    idle_readers: Mutex<Vec<Connection>>,
    reader_permits: Arc<Semaphore>,
    #[cfg(test)]
    counted: Option<counted::Steps>,
}

impl Db {
    /// Opens the file, makes it if it is not there, and brings it to the newest schema.
    ///
    /// `migrations` are append-only: number `n` takes schema `n` to `n + 1`.
    ///
    /// # Errors
    /// When the file cannot be opened, or was written by a newer program.
    pub fn open(path: &Path, migrations: &[&str]) -> Result<Self, StoreError> {
        let mut connection = Connection::open(path)?;
        configure(&connection)?;
        migrate(&mut connection, migrations)?;
        #[cfg(test)]
        let counted = counted::wanted();
        #[cfg(test)]
        counted::count(&mut connection, counted.as_ref());
        let (changes, queue) = sync_channel(QUEUE_MAX);
        std::thread::Builder::new().name("db-writer".into()).spawn(move || write_loop(connection, &queue))?;
        Ok(Self {
            inner: Arc::new(Inner {
                path: path.to_owned(),
                changes,
                idle_readers: Mutex::new(Vec::new()),
                reader_permits: Arc::new(Semaphore::new(READERS)),
                #[cfg(test)]
                counted,
            }),
        })
    }

    /// Runs one change; answers after it is committed and synced.
    ///
    /// # Errors
    /// What `change` says (nothing is changed then), or that the commit failed.
    pub async fn write<T, E, F>(&self, change: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    {
        self.write_then(change, |_| ()).await
    }

    /// As [`Db::write`]; `after` runs after the commit, before any later change's, and must be quick.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_then<T, E, F, A>(&self, change: F, after: A) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        A: FnOnce(&T) + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let mut change: Change = Box::new(move |transaction| {
            let result = in_savepoint(transaction, change);
            Box::new(move |committed| {
                let result = match committed {
                    Ok(()) => result.inspect(|value| after(value)),
                    Err(reason) => Err(StoreError::Commit(reason).into()),
                };
                // The caller may have gone; the change stands all the same.
                let _ = answer.send(result);
            })
        });
        // A full queue makes the caller wait, not the thread it runs on.
        loop {
            match self.inner.changes.try_send(change) {
                Ok(()) => break,
                Err(std::sync::mpsc::TrySendError::Disconnected(_)) => return Err(StoreError::Closed.into()),
                Err(std::sync::mpsc::TrySendError::Full(back)) => {
                    change = back;
                    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                }
            }
        }
        answered.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Runs a question on a reading connection, in one read transaction: a consistent view.
    ///
    /// # Errors
    /// What `question` says, or that no connection could be opened.
    pub async fn read<T, E, F>(&self, question: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    {
        let permits = Arc::clone(&self.inner.reader_permits);
        let Ok(permit) = permits.acquire_owned().await else { return Err(StoreError::Closed.into()) };
        let inner = Arc::clone(&self.inner);
        let run = move || {
            let _permit = permit;
            let idle = inner.idle_readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut connection = match idle {
                Some(connection) => connection,
                None => open_reader(&inner.path)?,
            };
            #[cfg(test)]
            counted::count(&mut connection, inner.counted.as_ref());
            let transaction = connection.transaction().map_err(StoreError::from)?;
            let result = question(&transaction);
            drop(transaction);
            inner.idle_readers.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            result
        };
        tokio::task::spawn_blocking(run).await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }
}

fn in_savepoint<T, E: From<StoreError>>(
    transaction: &mut Transaction<'_>,
    change: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    let mut savepoint = transaction.savepoint().map_err(StoreError::from)?;
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| change(&savepoint)));
    match outcome {
        Ok(Ok(value)) => {
            savepoint.commit().map_err(StoreError::from)?;
            Ok(value)
        }
        Ok(Err(error)) => {
            savepoint.rollback().map_err(StoreError::from)?;
            Err(error)
        }
        Err(_) => {
            savepoint.rollback().map_err(StoreError::from)?;
            Err(StoreError::Closed.into())
        }
    }
}

fn write_loop(mut connection: Connection, queue: &Receiver<Change>) {
    while let Ok(first) = queue.recv() {
        let mut completions = Vec::new();
        let committed = match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
            Ok(mut transaction) => {
                completions.push(first(&mut transaction));
                while completions.len() < GROUP_MAX && !transaction.is_autocommit() {
                    let Ok(next) = queue.try_recv() else { break };
                    completions.push(next(&mut transaction));
                }
                // A full disk may end the whole transaction, not only the change that met it. What came behind it
                // would be kept, and told as failed.
                if transaction.is_autocommit() {
                    Err("the database took all of it back".to_owned())
                } else {
                    transaction.commit().map_err(|error| error.to_string())
                }
            }
            // Dropping the change answers its caller with `Closed`.
            Err(error) => Err(error.to_string()),
        };
        if let Err(reason) = &committed {
            tracing::error!(reason, "a group of changes was not committed");
        }
        for completion in completions {
            completion(committed.clone());
        }
    }
}

fn configure(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    // What is deleted is gone from the file too.
    connection.pragma_update(None, "secure_delete", "ON")?;
    keep_plans(connection)
}

/// Statements are prepared once. Without the second line SQLite looks at the values that are bound and plans most
/// statements anew for each other value, which costs more than running them.
fn keep_plans(connection: &Connection) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(256);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    keep_plans(&connection)?;
    Ok(connection)
}

fn migrate(connection: &mut Connection, migrations: &[&str]) -> Result<(), StoreError> {
    let known = u32::try_from(migrations.len()).unwrap_or(u32::MAX);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    let found: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for migration in migrations.iter().skip(found as usize) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}
