//! Revocations: which device was signed out when. Counted, so that the content service asks for the rest only.

use super::{AuthStore, device_id, seconds};
use crate::store::StoreError;
use pod_shared::interlock::Revocation;
use pod_shared::{AccountId, DeviceId};
use rusqlite::{Connection, Row, params};

/// In one answer; the rest comes with the next question.
const PAGE_MAX: u32 = 10_000;

impl AuthStore {
    /// Revocations after this one, oldest first; all of them when the number is from before a restore.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn revocations_after(&self, seq: u64) -> Result<Vec<Revocation>, StoreError> {
        let ask = "SELECT seq, device, at_s FROM revocations WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        self.db
            .read(move |c| {
                let newest: i64 =
                    c.query_row("SELECT coalesce(max(seq), 0) FROM revocations", [], |row| row.get(0))?;
                let after = if seconds(seq) > newest { 0 } else { seconds(seq) };
                let rows = c
                    .prepare_cached(ask)?
                    .query_map(params![after, PAGE_MAX], revocation)?
                    .collect::<rusqlite::Result<_>>()?;
                Ok(rows)
            })
            .await
    }
}

/// Signs one device out, within a transaction.
///
/// The time lies at or after every token the device ever got, also when the clock was set back meanwhile.
pub(super) fn device(connection: &Connection, device: DeviceId, now_s: u64) -> rusqlite::Result<Revocation> {
    let issued: i64 =
        connection
            .query_row("SELECT issued_s FROM devices WHERE id = ?1", [device.as_bytes()], |row| row.get(0))?;
    let after = last_of(connection, device)?.map_or(0, |at_s| at_s + 1);
    let at_s = now_s.max(after).max(issued.unsigned_abs());
    connection.execute(
        "UPDATE devices SET signed_out_ms = ?2 WHERE id = ?1",
        params![device.as_bytes(), seconds(now_s).saturating_mul(1_000)],
    )?;
    connection.execute(
        "INSERT INTO revocations (device, at_s) VALUES (?1, ?2)",
        params![device.as_bytes(), seconds(at_s)],
    )?;
    Ok(Revocation { seq: connection.last_insert_rowid().unsigned_abs(), device, at_s })
}

/// Signs all devices of an account out, within a transaction.
pub(super) fn all_devices(
    connection: &Connection,
    account: AccountId,
    now_s: u64,
) -> rusqlite::Result<Vec<Revocation>> {
    let devices = connection
        .prepare("SELECT id FROM devices WHERE account = ?1 AND signed_out_ms IS NULL")?
        .query_map([account.as_bytes()], |row| device_id(row, 0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    devices.into_iter().map(|id| device(connection, id, now_s)).collect()
}

/// Signs all devices of an account out except one, within a transaction.
pub(super) fn other_devices(
    connection: &Connection,
    account: AccountId,
    except: DeviceId,
    now_s: u64,
) -> rusqlite::Result<Vec<Revocation>> {
    let devices = connection
        .prepare("SELECT id FROM devices WHERE account = ?1 AND id <> ?2 AND signed_out_ms IS NULL")?
        .query_map([account.as_bytes(), except.as_bytes()], |row| device_id(row, 0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    devices.into_iter().map(|id| device(connection, id, now_s)).collect()
}

/// The time of the device's last revocation.
pub(super) fn last_of(connection: &Connection, device: DeviceId) -> rusqlite::Result<Option<u64>> {
    let at_s: Option<i64> = connection
        .prepare_cached("SELECT max(at_s) FROM revocations WHERE device = ?1")?
        .query_row([device.as_bytes()], |row| row.get(0))?;
    Ok(at_s.map(i64::unsigned_abs))
}

fn revocation(row: &Row<'_>) -> rusqlite::Result<Revocation> {
    let (seq, at_s): (i64, i64) = (row.get(0)?, row.get(2)?);
    Ok(Revocation { seq: seq.unsigned_abs(), device: device_id(row, 1)?, at_s: at_s.unsigned_abs() })
}
