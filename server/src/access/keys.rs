//! The small things about keys and clocks that signer and judge of tokens share.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Seconds since 1970.
#[must_use]
pub fn now_s() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A public key as [`super::Access::trust`] wants it.
#[must_use]
pub fn public_key(raw: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(raw)
}
