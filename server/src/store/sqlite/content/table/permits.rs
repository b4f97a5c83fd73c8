//! Offers that the messenger lets go through the content service.

use crate::store::StoreError;
use pod_shared::{AccountId, OfferId};
use rusqlite::{Connection, params};

pub(in super::super) fn put(
    conn: &Connection,
    offer: OfferId,
    sender: AccountId,
    receiver: AccountId,
) -> Result<(), StoreError> {
    conn.prepare_cached("INSERT OR REPLACE INTO permits (offer, sender, receiver) VALUES (?1, ?2, ?3)")?
        .execute(params![offer.as_bytes(), sender.as_bytes(), receiver.as_bytes()])?;
    Ok(())
}

/// Whether the messenger said that this person may send this offer to that one.
pub(in super::super) fn has(
    conn: &Connection,
    offer: OfferId,
    sender: AccountId,
    receiver: AccountId,
) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached("SELECT 1 FROM permits WHERE offer = ?1 AND sender = ?2 AND receiver = ?3")?
        .exists(params![offer.as_bytes(), sender.as_bytes(), receiver.as_bytes()])?)
}

pub(in super::super) fn delete(conn: &Connection, offer: OfferId) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM permits WHERE offer = ?1")?.execute([offer.as_bytes()])?;
    Ok(())
}
