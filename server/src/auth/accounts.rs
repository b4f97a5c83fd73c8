//! Signing up and in; what an operator does to accounts.

use super::{Auth, name, now};
use crate::access::now_s;
use crate::error::Refusal;
use crate::secret;
use crate::store::account::{Account, AccountLine, FirstRight, Gate, NewAccount, NewDevice};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pod_shared::auth::{DeviceClaim, SignIn, SignUp, SignedIn};
use pod_shared::{AccountId, ErrorCode};
use std::net::IpAddr;
use std::sync::PoisonError;

/// Where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The address, for counting failures.
    pub address: IpAddr,
    /// Whether whoever asks sits at this computer.
    pub place: OriginPlace,
}

/// Here or elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginPlace {
    /// This computer.
    Here,
    /// Another one, or behind a proxy, where that cannot be known.
    Elsewhere,
}

impl Auth {
    /// Signs up. The first account is the admin's and needs this computer or the setup code; all others an invite.
    /// Repeating it with the same name, password and device signs that device in.
    ///
    /// # Errors
    /// `invalid_name`, `weak_password`, `too_large`, `setup_code_needed`, `invite_invalid`, `name_taken`, `id_reused`
    /// or `rate_limited`; nothing is changed then.
    pub async fn sign_up(&self, ask: SignUp, origin: Origin) -> Result<SignedIn, Refusal> {
        let name = name::account(&ask.name)?;
        let display_name = name::display(&ask.display_name)?;
        name::password(&ask.password)?;
        let (device, token) = new_device(&ask.device)?;
        let name_key = name::fold(&name);
        let attempt = self.inner.failures.attempt(origin.address, &name_key)?;
        let outcome = async {
            if let Some(account) = self.signed_up_before(&name_key, &ask).await? {
                self.inner.store.sign_in(&account, device, now()).await?;
                return Ok(account);
            }
            let gate = self.gate(&ask, origin).await?;
            let password = self.inner.passwords.hash(ask.password).await?;
            let new = NewAccount {
                id: AccountId(uuid::Uuid::now_v7()),
                display_key: name::fold(&display_name),
                name,
                name_key,
                display_name,
                password,
                device,
                gate,
                at: now(),
            };
            self.inner.store.sign_up(new).await
        };
        let outcome = outcome.await;
        if !matches!(&outcome, Err(refusal) if is_guess(refusal.code())) {
            attempt.forgive();
        }
        let account = outcome?;
        *self.inner.setup_code.write().unwrap_or_else(PoisonError::into_inner) = None;
        self.signed_in(account, token).await
    }

    /// Signs a device in.
    ///
    /// # Errors
    /// `wrong_password` (also for unknown names), `signed_out` (disabled), `too_many`, `invalid_name`, `id_reused` or
    /// `rate_limited`.
    pub async fn sign_in(&self, ask: SignIn, origin: Origin) -> Result<SignedIn, Refusal> {
        if ask.password.len() > pod_shared::limits::PASSWORD_BYTES_MAX {
            return Err(Refusal::new(ErrorCode::TooLarge, "the password is too long"));
        }
        let wrong = || Refusal::new(ErrorCode::WrongPassword, "name and password do not fit");
        let (device, token) = new_device(&ask.device)?;
        let name_key = name::fold(&name::account(&ask.name).map_err(|_| wrong())?);
        let attempt = self.inner.failures.attempt(origin.address, &name_key)?;
        let account = self.inner.store.account(name_key).await?;
        let kept = account.as_ref().map(|account| account.password.clone());
        let fits = self.inner.passwords.fits(ask.password, kept).await;
        if !matches!(fits, Ok(false)) {
            // Right, or not looked at.
            attempt.forgive();
        }
        let fits = fits?;
        let account = account.filter(|_| fits).ok_or_else(wrong)?;
        self.inner.store.sign_in(&account, device, now()).await?;
        self.signed_in(account, token).await
    }

    /// All accounts.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn accounts(&self) -> Result<Vec<AccountLine>, Refusal> {
        Ok(self.inner.store.accounts().await?)
    }

    /// Keeps a person out, at once.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn disable(&self, name: &str) -> Result<(), Refusal> {
        self.cut(&self.inner.store.disable(name::fold(name), now_s()).await?);
        Ok(())
    }

    /// Lets a person in again.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn enable(&self, name: &str) -> Result<(), Refusal> {
        self.inner.store.enable(name::fold(name)).await
    }

    /// Gives a person a new random password and signs all their devices out; answers the password.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn reset_password(&self, name: &str) -> Result<String, Refusal> {
        let password = secret::code();
        let hash = self.inner.passwords.hash(password.clone()).await?;
        self.cut(&self.inner.store.set_password(name::fold(name), hash, now_s()).await?);
        Ok(password)
    }

    /// The account of an earlier sign-up whose answer was lost: same name, same device, same password.
    async fn signed_up_before(&self, name_key: &str, ask: &SignUp) -> Result<Option<Account>, Refusal> {
        let Some(account) = self.inner.store.account(name_key.to_owned()).await? else { return Ok(None) };
        if !self.inner.store.is_signed_in(account.id, ask.device.id).await? {
            return Ok(None);
        }
        let fits = self.inner.passwords.fits(ask.password.clone(), Some(account.password.clone())).await?;
        Ok(fits.then_some(account))
    }

    /// What the person shows at the door; refuses before the costly hash where it is clear already.
    async fn gate(&self, ask: &SignUp, origin: Origin) -> Result<Gate, Refusal> {
        let at_home = origin.place == OriginPlace::Here || self.is_setup_code(ask.setup_code.as_deref());
        let first = if at_home { FirstRight::Granted } else { FirstRight::Missing };
        let invite = ask.invite.as_deref().map(|code| secret::sha256(secret::typed_code(code).as_bytes()));
        if self.inner.store.has_accounts().await? {
            let is_good = match invite {
                Some(code) => self.inner.store.invite_is_good(code, now()).await?,
                None => false,
            };
            if !is_good {
                return Err(Refusal::new(ErrorCode::InviteInvalid, "the invite is unknown, used up or over"));
            }
        } else if first == FirstRight::Missing {
            let sentence = "the first account needs this computer or the printed setup code";
            return Err(Refusal::new(ErrorCode::SetupCodeNeeded, sentence));
        }
        Ok(Gate { first, invite })
    }

    fn is_setup_code(&self, typed: Option<&str>) -> bool {
        let (Some(typed), Some(code)) = (typed, self.setup_code()) else { return false };
        secret::same(secret::typed_code(typed).as_bytes(), secret::typed_code(&code).as_bytes())
    }

    async fn signed_in(&self, account: Account, device_token: String) -> Result<SignedIn, Refusal> {
        Ok(SignedIn {
            account: account.id,
            name: account.name,
            display_name: account.display_name,
            is_admin: account.is_admin,
            device_token,
            server: self.server().await?,
        })
    }
}

/// A device with a fresh token: what is kept of it, and the token itself.
fn new_device(claim: &DeviceClaim) -> Result<(NewDevice, String), Refusal> {
    let label = name::device(&claim.label)?;
    let token = URL_SAFE_NO_PAD.encode(secret::random());
    let hash = secret::sha256(token.as_bytes());
    Ok((NewDevice { id: claim.id, label, token: hash }, token))
}

/// Refusals by which somebody could find out a secret.
fn is_guess(code: ErrorCode) -> bool {
    [ErrorCode::InviteInvalid, ErrorCode::SetupCodeNeeded, ErrorCode::WrongPassword, ErrorCode::NameTaken]
        .contains(&code)
}
