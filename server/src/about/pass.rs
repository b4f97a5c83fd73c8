//! Passes for the relay: each names one device, and is signed with a secret of this life of the process.

use crate::secret::{hex, random};
use hmac::{Hmac, KeyInit, Mac};
use pod_shared::DeviceId;
use sha2::Sha256;
use std::sync::Arc;

/// What a pass is signed for, so that the signature is good for nothing else.
const PURPOSE: &[u8] = b"pod relay pass";

/// Makes passes and knows them again; cheap to clone.
#[derive(Clone)]
pub struct Passes(Arc<[u8; 32]>);

impl std::fmt::Debug for Passes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passes(..)")
    }
}

impl Default for Passes {
    fn default() -> Self {
        Self(Arc::new(random()))
    }
}

impl Passes {
    /// The pass of a device. A secret.
    #[must_use]
    pub fn of(&self, device: DeviceId) -> String {
        format!("{}{}", device.0.simple(), hex(&self.mac(device).finalize().into_bytes()))
    }

    /// Whose pass it is; nothing: it is none.
    #[must_use]
    pub fn device(&self, pass: &str) -> Option<DeviceId> {
        let (device, signature) = pass.split_at_checked(32)?;
        let device = DeviceId(uuid::Uuid::try_parse(device).ok()?);
        let signature = unhex(signature)?;
        self.mac(device).verify_slice(&signature).ok().map(|()| device)
    }

    fn mac(&self, device: DeviceId) -> Hmac<Sha256> {
        // Any length of key will do.
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&*self.0).unwrap_or_else(|_| Hmac::new(&Default::default()));
        mac.update(PURPOSE);
        mac.update(device.as_bytes());
        mac
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    (0..32).map(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).ok()).collect()
}
