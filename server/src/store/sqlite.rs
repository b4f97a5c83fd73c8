//! SQLite: one file for each service, one writer with group commit, several readers. The only module that knows SQL.
//!
//! Each service's module here has `check(&Connection) -> Result<Vec<String>, StoreError>`: one line for each invariant
//! of the stored data that does not hold, with ids only.

pub mod auth;
pub mod content;
mod db;
pub mod messenger;
pub mod pairs;
pub mod relay;
#[cfg(test)]
mod tests;

pub use db::Db;
#[cfg(test)]
pub(crate) use db::counted;
