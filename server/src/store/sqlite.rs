//! SQLite: one file for each service, one writer with group commit, several readers. The only module that knows SQL.

mod db;
#[cfg(test)]
mod tests;

pub use db::Db;
