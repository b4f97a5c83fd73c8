//! What a person changes of their own account.

use super::{AuthStore, accounts, revocations};
use crate::error::Refusal;
use crate::store::StoreError;
use crate::store::account::Account;
use pod_shared::interlock::Revocation;
use pod_shared::{AccountId, DeviceId, ErrorCode};
use rusqlite::params;

impl AuthStore {
    /// The account with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn account_of(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.db.read(move |c| Ok(accounts::by_id(c, id)?)).await
    }

    /// Another password in place of the one that was compared; signs all devices out except one.
    ///
    /// # Errors
    /// `wrong_password` when it was changed meanwhile.
    pub async fn change_password(
        &self,
        account: &Account,
        password: String,
        except: DeviceId,
        now_s: u64,
    ) -> Result<Vec<Revocation>, Refusal> {
        let (id, before) = (account.id, account.password.clone());
        self.db
            .write(move |c| {
                let changed = c.execute(
                    "UPDATE accounts SET password = ?3 WHERE id = ?1 AND password = ?2",
                    params![id.as_bytes(), before, password],
                )?;
                if changed == 0 {
                    return Err(Refusal::new(ErrorCode::WrongPassword, "the password was changed meanwhile"));
                }
                Ok(revocations::other_devices(c, id, except, now_s)?)
            })
            .await
    }

    /// Another display name, and how it is searched for.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn change_display_name(
        &self,
        id: AccountId,
        display_name: String,
        display_key: String,
    ) -> Result<(), Refusal> {
        self.db
            .write(move |c| {
                c.execute(
                    "UPDATE accounts SET display_name = ?2, display_key = ?3 WHERE id = ?1",
                    params![id.as_bytes(), display_name, display_key],
                )?;
                Ok(())
            })
            .await
    }
}
