//! The secret key of this device for meeting others: made once, kept beside the sign-in, never sent anywhere.

use crate::command::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tokio::sync::watch;

#[cfg(test)]
mod tests;

/// A key that the place of secrets is still asked for; it ends without one where there is none.
pub type LateKey = watch::Receiver<Option<DeviceKey>>;

/// 32 random bytes. Debug output hides them.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceKey([u8; 32]);

impl std::fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeviceKey(..)")
    }
}

impl DeviceKey {
    /// A new one.
    #[must_use]
    pub fn fresh() -> Self {
        Self(rand::random())
    }

    /// There never is one.
    pub(crate) fn never() -> LateKey {
        watch::channel(None).1
    }

    /// As it was kept. Nothing: this is no key.
    #[must_use]
    pub fn from_secret(secret: &Secret) -> Option<Self> {
        STANDARD_NO_PAD.decode(&secret.0).ok()?.try_into().ok().map(Self)
    }

    /// For the place of secrets.
    #[must_use]
    pub fn to_secret(&self) -> Secret {
        Secret(STANDARD_NO_PAD.encode(self.0))
    }

    /// The bytes, for the transport alone.
    #[cfg(feature = "direct")]
    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}
