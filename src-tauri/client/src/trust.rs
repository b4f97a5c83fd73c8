//! By which certificate a server is trusted: the pinned one, else a public one. One rule for its HTTP, its socket and its
//! relay.

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, RootCertStore, SignatureScheme};
use sha2::{Digest, Sha256};
use std::sync::{Arc, PoisonError, RwLock};

#[cfg(test)]
mod tests;

/// Which certificate is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Pinned {
    /// Any that is publicly valid.
    #[default]
    None,
    /// Exactly the one with this SHA-256, whatever names and dates stand in it: the invite link vouches for it.
    This([u8; 32]),
    /// What was named is no fingerprint: no certificate is taken.
    Nonsense,
}

/// The certificate that somebody vouched for; it may become known after the connections that ask for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pin(Arc<RwLock<Pinned>>);

impl Pin {
    /// From now on the one with this fingerprint (SHA-256 in hex, colons allowed); nothing: any public one.
    pub(crate) fn set(&self, fingerprint: Option<&str>) {
        let pinned = match fingerprint {
            None => Pinned::None,
            Some(text) => digest(text).map_or(Pinned::Nonsense, Pinned::This),
        };
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = pinned;
    }

    /// What asks this pin about each certificate.
    ///
    /// # Errors
    /// The library takes no public certificates.
    pub(crate) fn verifier(&self, provider: Arc<CryptoProvider>) -> Result<Arc<Verifier>, rustls::Error> {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let public = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
        let public = public.map_err(|error| rustls::Error::General(error.to_string()))?;
        Ok(Arc::new(Verifier { pin: self.clone(), public }))
    }
}

/// The SHA-256 that a fingerprint stands for; nothing: it is none.
pub(crate) fn digest(fingerprint: &str) -> Option<[u8; 32]> {
    let text: Vec<u8> = fingerprint.bytes().filter(|byte| *byte != b':').collect();
    if text.len() != 64 {
        return None;
    }
    let mut digest = [0; 32];
    for (byte, pair) in digest.iter_mut().zip(text.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(digest)
}

/// The rule, as the library asks it.
#[derive(Debug)]
pub(crate) struct Verifier {
    pin: Pin,
    public: Arc<WebPkiServerVerifier>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let pinned = *self.pin.0.read().unwrap_or_else(PoisonError::into_inner);
        match pinned {
            Pinned::None => {
                self.public.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            }
            Pinned::This(digest) if Sha256::digest(end_entity.as_ref()).as_slice() == digest => {
                Ok(ServerCertVerified::assertion())
            }
            Pinned::This(_) | Pinned::Nonsense => {
                Err(CertificateError::ApplicationVerificationFailure.into())
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.public.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.public.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.public.supported_verify_schemes()
    }
}
