//! After a restore the messenger's epoch changes, so that devices which know more than the backup ask for everything.
//!
//! A backup carries the file [`MARK`]. The first start on the unpacked folder writes a new epoch and removes the mark;
//! dying in between writes another one, which is as good.

use super::StartError;
use crate::store::StoreError;
use crate::store::sqlite::messenger;
use std::path::Path;

/// In the data folder: this data comes from a backup and no server has run on it since.
pub const MARK: &str = "restored";

/// Renews the epoch if the data folder was just restored.
pub(super) fn take_notice(data: &Path) -> Result<(), StartError> {
    let mark = data.join(MARK);
    if !mark.exists() {
        return Ok(());
    }
    let database = data.join(messenger::FILE);
    if database.exists() {
        let connection = rusqlite::Connection::open(&database).map_err(StoreError::from)?;
        messenger::renew_epoch(&connection)?;
    }
    std::fs::remove_file(&mark).map_err(|error| StartError::Io("data folder", error))?;
    tracing::info!("restored from a backup: a new epoch begins");
    Ok(())
}
