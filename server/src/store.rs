//! Where the services keep what they know. The seam: each service has a store type whose methods are whole
//! transactions in words of the domain; only [`sqlite`] knows SQL.

pub mod account;
#[cfg(test)]
mod conformance;
pub mod sqlite;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database said no; the detail goes to the log, never to a person.
    #[error("database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file could not be made or opened.
    #[error("file: {0}")]
    Io(#[from] std::io::Error),
    /// The data was written by a newer version of the program.
    #[error("the data has schema {found}, this program knows {known}: start the newer program")]
    Newer {
        /// In the file.
        found: u32,
        /// In this program.
        known: u32,
    },
    /// The group of changes this one was in could not be committed.
    #[error("commit failed: {0}")]
    Commit(String),
    /// The writer is gone: the program is stopping, or a change panicked.
    #[error("the store is closed")]
    Closed,
}
