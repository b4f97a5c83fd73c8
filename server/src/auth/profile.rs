//! What a person changes of their own account: the password and the display name.

use super::{Auth, Origin, name};
use crate::access::now_s;
use crate::error::Refusal;
use pod_shared::ErrorCode;
use pod_shared::auth::{PasswordChange, Profile, ProfileChange};
use pod_shared::limits::PASSWORD_BYTES_MAX;

impl Auth {
    /// Another password, for who knows the present one. All other devices are signed out at once.
    ///
    /// # Errors
    /// `unauthorized`, `signed_out`, `wrong_password`, `weak_password`, `too_large` or `rate_limited`.
    pub async fn change_password(
        &self,
        device_token: Option<&str>,
        ask: PasswordChange,
        origin: Origin,
    ) -> Result<(), Refusal> {
        let holder = self.holder(device_token).await?;
        name::password(&ask.new)?;
        if ask.old.len() > PASSWORD_BYTES_MAX {
            return Err(Refusal::new(ErrorCode::TooLarge, "the password is too long"));
        }
        let wrong = || Refusal::new(ErrorCode::WrongPassword, "this is not the present password");
        let account = self.inner.store.account_of(holder.account).await?.ok_or_else(wrong)?;
        let attempt = self.inner.failures.attempt(origin.address, &name::fold(&account.name))?;
        let fits = self.inner.passwords.fits(ask.old, Some(account.password.clone())).await;
        if !matches!(fits, Ok(false)) {
            attempt.forgive();
        }
        if !fits? {
            return Err(wrong());
        }
        let hash = self.inner.passwords.hash(ask.new).await?;
        let cut = self.inner.store.change_password(&account, hash, holder.device, now_s()).await?;
        self.cut(&cut);
        Ok(())
    }

    /// Another display name.
    ///
    /// # Errors
    /// `unauthorized`, `signed_out` or `invalid_name`.
    pub async fn change_profile(
        &self,
        device_token: Option<&str>,
        ask: &ProfileChange,
    ) -> Result<Profile, Refusal> {
        let holder = self.holder(device_token).await?;
        let display_name = name::display(&ask.display_name)?;
        let key = name::fold(&display_name);
        self.inner.store.change_display_name(holder.account, display_name.clone(), key).await?;
        Ok(Profile { display_name })
    }
}
