//! What a signed-in device asks: tokens, the list of sign-ins, signing out.

use super::{Auth, now};
use crate::access::now_s;
use crate::error::Refusal;
use crate::secret;
use crate::store::account::Holder;
use pod_shared::auth::{Audience, Claims, SignInRow, TokenAnswer};
use pod_shared::limits::TOKEN_S;
use pod_shared::{DeviceId, ErrorCode};

impl Auth {
    /// Whose device token it is.
    ///
    /// # Errors
    /// `unauthorized` or `signed_out`.
    pub async fn holder(&self, device_token: Option<&str>) -> Result<Holder, Refusal> {
        self.inner.store.holder(hash(device_token)?).await
    }

    /// A short-lived token for one audience.
    ///
    /// # Errors
    /// `unauthorized` or `signed_out`.
    pub async fn token(
        &self,
        device_token: Option<&str>,
        audience: Audience,
    ) -> Result<TokenAnswer, Refusal> {
        let issue = self.inner.store.issue(hash(device_token)?, now()).await?;
        let claims = Claims {
            sub: issue.account,
            device: issue.device,
            aud: audience,
            iat: issue.issued_at_s,
            exp: issue.issued_at_s + TOKEN_S,
        };
        let content = self.inner.about.content();
        Ok(TokenAnswer {
            token: self.inner.signer.sign(&claims)?,
            expires_in_s: TOKEN_S,
            content_url: content.url,
            content_fingerprint: content.fingerprint,
        })
    }

    /// The devices of the person who asks.
    ///
    /// # Errors
    /// `unauthorized` or `signed_out`.
    pub async fn sign_ins(&self, device_token: Option<&str>) -> Result<Vec<SignInRow>, Refusal> {
        let holder = self.holder(device_token).await?;
        Ok(self.inner.store.sign_ins(holder.account, holder.device).await?)
    }

    /// Signs a device of the person who asks out; nothing: the one that asks. Its streams end at once.
    ///
    /// # Errors
    /// `unauthorized`, `signed_out` or `not_found`.
    pub async fn sign_out(
        &self,
        device_token: Option<&str>,
        device: Option<DeviceId>,
    ) -> Result<(), Refusal> {
        let holder = self.holder(device_token).await?;
        let device = device.unwrap_or(holder.device);
        let revocation = self.inner.store.sign_out(holder.account, device, now_s()).await?;
        self.cut(&[revocation]);
        Ok(())
    }
}

fn hash(device_token: Option<&str>) -> Result<[u8; 32], Refusal> {
    let token =
        device_token.ok_or_else(|| Refusal::new(ErrorCode::Unauthorized, "the device token is needed"))?;
    Ok(secret::sha256(token.as_bytes()))
}
