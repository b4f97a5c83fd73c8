//! Invites: kept as hashes of their codes, used up one person at a time.

use super::{AuthStore, seconds};
use crate::store::StoreError;
use crate::store::account::{NewInvite, SecretHash};
use pod_shared::TimeMs;
use rusqlite::{Connection, params};

impl AuthStore {
    /// Keeps an invite.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn put_invite(&self, invite: NewInvite) -> Result<(), StoreError> {
        self.db
            .write(move |c| {
                c.execute(
                    "INSERT INTO invites (code, uses_left, expires_s, by) VALUES (?1, ?2, ?3, ?4)",
                    params![
                        invite.code,
                        invite.uses,
                        seconds(invite.expires_at_s),
                        invite.by.map(|by| *by.as_bytes())
                    ],
                )?;
                Ok(())
            })
            .await
    }

    /// Whether the invite would let somebody in now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn invite_is_good(&self, code: SecretHash, at: TimeMs) -> Result<bool, StoreError> {
        let ask =
            "SELECT EXISTS (SELECT 1 FROM invites WHERE code = ?1 AND uses_left > 0 AND expires_s > ?2)";
        self.db.read(move |c| Ok(c.query_row(ask, params![code, at.0 / 1_000], |row| row.get(0))?)).await
    }
}

/// Takes one use of a good invite; answers whether there was one.
pub(super) fn use_up(connection: &Connection, code: &SecretHash, at: TimeMs) -> rusqlite::Result<bool> {
    let changed = connection.execute(
        "UPDATE invites SET uses_left = uses_left - 1 WHERE code = ?1 AND uses_left > 0 AND expires_s > ?2",
        params![code, at.0 / 1_000],
    )?;
    Ok(changed == 1)
}
