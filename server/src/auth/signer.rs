//! The key that signs tokens: made once, kept in the data folder where only the server's user reads it.

use crate::access::public_key;
use crate::error::Refusal;
use crate::{secret, store::StoreError};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use pod_shared::auth::Claims;
use std::io;
use std::path::Path;

/// Ed25519, PKCS#8.
const FILE: &str = "token-key.der";

/// Signs the claims of tokens.
pub(super) struct Signer {
    key: EncodingKey,
    kid: String,
    public: String,
}

impl Signer {
    /// Opens the key, or makes it.
    pub(super) fn open(data: &Path) -> Result<Self, StoreError> {
        let make = || {
            let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).map_err(io::Error::other)?;
            Ok(pair.serialize_der())
        };
        let der = secret::file(&data.join(FILE), make)?;
        let pair = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&der.clone().into(), &rcgen::PKCS_ED25519)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "token-key.der is not an Ed25519 key"))?;
        let raw = pair.public_key_raw();
        let kid = secret::hex(&secret::sha256(raw)[..8]);
        Ok(Self { key: EncodingKey::from_ed_der(&der), kid, public: public_key(raw) })
    }

    /// Id and public key.
    pub(super) fn public(&self) -> (String, String) {
        (self.kid.clone(), self.public.clone())
    }

    /// The token with these claims.
    pub(super) fn sign(&self, claims: &Claims) -> Result<String, Refusal> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, claims, &self.key).map_err(|error| Refusal::internal(&error))
    }
}
