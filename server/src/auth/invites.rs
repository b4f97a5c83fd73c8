//! Invites: a code to type, within limits.

use super::Auth;
use crate::access::now_s;
use crate::error::Refusal;
use crate::secret;
use crate::store::account::NewInvite;
use pod_shared::auth::InviteRequest;
use pod_shared::limits::{INVITE_DAYS_MAX, INVITE_USES_MAX};
use pod_shared::{AccountId, ErrorCode};

/// A code just made.
pub struct Invited {
    /// The code, to type; nobody can be told it again.
    pub code: String,
    /// When it is over, in seconds since 1970.
    pub expires_at_s: u64,
}

impl Auth {
    /// An invite by the person who asks.
    ///
    /// # Errors
    /// `unauthorized`, `signed_out`, `role_too_low` (not an admin), `bad_request` or `too_many`.
    pub async fn invite_by(
        &self,
        device_token: Option<&str>,
        ask: &InviteRequest,
    ) -> Result<Invited, Refusal> {
        let holder = self.holder(device_token).await?;
        if !holder.is_admin {
            return Err(Refusal::new(ErrorCode::RoleTooLow, "only an admin invites people"));
        }
        self.invite(ask, Some(holder.account)).await
    }

    /// An invite by whoever may run commands on the server.
    ///
    /// # Errors
    /// `bad_request` or `too_many`.
    pub async fn invite(&self, ask: &InviteRequest, by: Option<AccountId>) -> Result<Invited, Refusal> {
        if ask.uses == 0 || ask.days == 0 {
            return Err(Refusal::new(
                ErrorCode::BadRequest,
                "an invite is for at least one person and one day",
            ));
        }
        if ask.uses > INVITE_USES_MAX || ask.days > INVITE_DAYS_MAX {
            return Err(Refusal::new(ErrorCode::TooMany, "an invite is for fewer people and days"));
        }
        let code = secret::code();
        let expires_at_s = now_s() + u64::from(ask.days) * 24 * 3_600;
        let kept = secret::sha256(secret::typed_code(&code).as_bytes());
        self.inner.store.put_invite(NewInvite { code: kept, uses: ask.uses, expires_at_s, by }).await?;
        Ok(Invited { code, expires_at_s })
    }
}
