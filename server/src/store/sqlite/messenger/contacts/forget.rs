//! What has been gone for so long that every device has heard of it, or lost its key.

use crate::error::Refusal;
use crate::store::sqlite::messenger::work::Work;
use pod_shared::TimeMs;
use rusqlite::params;

/// Rows forgotten in one transaction.
const SOME: i64 = 256;

/// Forgets some; answers whether there may be more.
pub(super) fn some(work: &Work<'_>, before: TimeMs) -> Result<bool, Refusal> {
    let found = "SELECT owner, other, txn FROM contacts WHERE gone_at < ?1 LIMIT ?2";
    let contacts = forget(work, found, "DELETE FROM contacts WHERE owner = ?1 AND other = ?2", before)?;
    let found = "SELECT owner, grp, txn FROM contact_groups WHERE gone_at < ?1 LIMIT ?2";
    let groups = forget(work, found, "DELETE FROM contact_groups WHERE owner = ?1 AND grp = ?2", before)?;
    Ok(contacts || groups)
}

fn forget(work: &Work<'_>, found: &str, delete: &str, before: TimeMs) -> Result<bool, Refusal> {
    let rows = work
        .connection
        .prepare_cached(found)?
        .query_map(params![before.0, SOME], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, i64>(2)?))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for (owner, what, txn) in &rows {
        work.connection.prepare_cached(delete)?.execute(params![owner, what])?;
        work.connection
            .prepare_cached(
                "INSERT INTO contacts_forgotten (owner, txn) VALUES (?1, ?2)
                 ON CONFLICT (owner) DO UPDATE SET txn = max(txn, ?2)",
            )?
            .execute(params![owner, txn])?;
    }
    Ok(!rows.is_empty())
}
