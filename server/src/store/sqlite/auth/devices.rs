//! Devices: signed in with a token of their own, listed, asked for tokens.

use super::{AuthStore, account_id, device_id, revocations, seconds};
use crate::error::Refusal;
use crate::store::StoreError;
use crate::store::account::{Account, Holder, Issue, NewDevice, SecretHash};
use pod_shared::auth::SignInRow;
use pod_shared::interlock::Revocation;
use pod_shared::limits::DEVICES_PER_ACCOUNT_MAX;
use pod_shared::{AccountId, DeviceId, ErrorCode, TimeMs};
use rusqlite::{Connection, OptionalExtension, Row, params};

impl AuthStore {
    /// Signs a device in; its token before, if it had one, no longer counts.
    ///
    /// # Errors
    /// `wrong_password` (it was changed meanwhile), `too_many`, `signed_out` (the account is disabled) or `id_reused` (the
    /// device is another person's).
    pub async fn sign_in(&self, account: &Account, device: NewDevice, at: TimeMs) -> Result<(), Refusal> {
        let (id, password) = (account.id, account.password.clone());
        self.db
            .write(move |c| {
                // Comparing a password takes a while: a new one, given because of the old, must not be undone by it.
                let unchanged: bool = c.query_row(
                    "SELECT EXISTS (SELECT 1 FROM accounts WHERE id = ?1 AND password = ?2)",
                    params![id.as_bytes(), password],
                    |row| row.get(0),
                )?;
                if !unchanged {
                    return Err(Refusal::new(ErrorCode::WrongPassword, "name and password do not fit"));
                }
                put(c, id, &device, at)
            })
            .await
    }

    /// Whether the device is signed in for this account.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_signed_in(&self, account: AccountId, device: DeviceId) -> Result<bool, StoreError> {
        let ask =
            "SELECT EXISTS (SELECT 1 FROM devices WHERE id = ?1 AND account = ?2 AND signed_out_ms IS NULL)";
        self.db
            .read(move |c| Ok(c.query_row(ask, [device.as_bytes(), account.as_bytes()], |row| row.get(0))?))
            .await
    }

    /// Whose device token it is.
    ///
    /// # Errors
    /// `unauthorized` or `signed_out`.
    pub async fn holder(&self, token: SecretHash) -> Result<Holder, Refusal> {
        self.db.read(move |c| holder(c, &token)).await
    }

    /// Lets a token be made for the device with this device token.
    ///
    /// # Errors
    /// `unauthorized` or `signed_out`.
    pub async fn issue(&self, token: SecretHash, at: TimeMs) -> Result<Issue, Refusal> {
        self.db
            .write(move |c| {
                let holder = holder(c, &token)?;
                let now_s = at.0.unsigned_abs() / 1_000;
                let after_s = revocations::last_of(c, holder.device)?.map_or(0, |at_s| at_s + 1);
                let issued_at_s = now_s.max(after_s);
                c.prepare_cached(
                    "UPDATE devices SET seen_ms = ?2, issued_s = max(issued_s, ?3) WHERE id = ?1",
                )?
                .execute(params![holder.device.as_bytes(), at.0, seconds(issued_at_s)])?;
                Ok(Issue { account: holder.account, device: holder.device, issued_at_s })
            })
            .await
    }

    /// The signed-in devices of a person, oldest first; `current` is the one that asks.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sign_ins(
        &self,
        account: AccountId,
        current: DeviceId,
    ) -> Result<Vec<SignInRow>, StoreError> {
        let ask = "SELECT id, label, since_ms, seen_ms FROM devices
                   WHERE account = ?1 AND signed_out_ms IS NULL ORDER BY since_ms, id";
        self.db
            .read(move |c| {
                let line = |row: &Row<'_>| {
                    let device = device_id(row, 0)?;
                    let (since, seen) = (TimeMs(row.get(2)?), TimeMs(row.get(3)?));
                    Ok(SignInRow { device, label: row.get(1)?, since, seen, current: device == current })
                };
                let lines = c
                    .prepare_cached(ask)?
                    .query_map([account.as_bytes()], line)?
                    .collect::<rusqlite::Result<_>>()?;
                Ok(lines)
            })
            .await
    }

    /// Signs a device of this person out.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn sign_out(
        &self,
        account: AccountId,
        device: DeviceId,
        now_s: u64,
    ) -> Result<Revocation, Refusal> {
        let ask =
            "SELECT EXISTS (SELECT 1 FROM devices WHERE id = ?1 AND account = ?2 AND signed_out_ms IS NULL)";
        self.db
            .write(move |c| {
                let is_theirs: bool =
                    c.query_row(ask, [device.as_bytes(), account.as_bytes()], |row| row.get(0))?;
                if !is_theirs {
                    return Err(Refusal::new(ErrorCode::NotFound, "no such device is signed in"));
                }
                Ok(revocations::device(c, device, now_s)?)
            })
            .await
    }
}

/// Signs a device in, within a transaction.
pub(super) fn put(
    connection: &Connection,
    account: AccountId,
    device: &NewDevice,
    at: TimeMs,
) -> Result<(), Refusal> {
    let is_disabled: bool = connection.query_row(
        "SELECT is_disabled FROM accounts WHERE id = ?1",
        [account.as_bytes()],
        |row| row.get(0),
    )?;
    if is_disabled {
        return Err(Refusal::new(ErrorCode::SignedOut, "the account is disabled"));
    }
    let holder = connection
        .query_row(
            "SELECT account FROM devices WHERE id = ?1 AND signed_out_ms IS NULL",
            [device.id.as_bytes()],
            |row| account_id(row, 0),
        )
        .optional()?;
    if holder.is_some_and(|holder| holder != account) {
        return Err(Refusal::new(ErrorCode::IdReused, "the device is signed in for another account"));
    }
    let others: u32 = connection.query_row(
        "SELECT count(*) FROM devices WHERE account = ?1 AND id <> ?2 AND signed_out_ms IS NULL",
        [account.as_bytes(), device.id.as_bytes()],
        |row| row.get(0),
    )?;
    if others as usize >= DEVICES_PER_ACCOUNT_MAX {
        return Err(Refusal::new(ErrorCode::TooMany, "too many devices are signed in"));
    }
    connection.execute(
        "INSERT INTO devices (id, account, label, token, since_ms, seen_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
         ON CONFLICT (id) DO UPDATE SET
             since_ms = iif(signed_out_ms IS NULL, since_ms, excluded.since_ms),
             account = excluded.account, label = excluded.label, token = excluded.token,
             seen_ms = excluded.seen_ms, signed_out_ms = NULL",
        params![device.id.as_bytes(), account.as_bytes(), device.label, device.token, at.0],
    )?;
    Ok(())
}

fn holder(connection: &Connection, token: &SecretHash) -> Result<Holder, Refusal> {
    let found = connection
        .prepare_cached(
            "SELECT a.id, d.id, a.is_admin, a.is_disabled OR d.signed_out_ms IS NOT NULL
             FROM devices d JOIN accounts a ON a.id = d.account WHERE d.token = ?1",
        )?
        .query_row([token], |row| {
            let holder =
                Holder { account: account_id(row, 0)?, device: device_id(row, 1)?, is_admin: row.get(2)? };
            Ok((holder, row.get::<_, bool>(3)?))
        })
        .optional()?;
    match found {
        Some((holder, false)) => Ok(holder),
        Some((_, true)) => Err(Refusal::new(ErrorCode::SignedOut, "this device was signed out")),
        None => Err(Refusal::new(ErrorCode::Unauthorized, "no device has this token")),
    }
}
