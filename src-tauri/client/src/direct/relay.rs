//! The relay of a server: which one, with which token, and by which certificate it is known.

use iroh::tls::CaTlsConfig;
use iroh::{RelayConfig, RelayUrl};
use pod_shared::offer::RelayInfo;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, RootCertStore, SignatureScheme};
use sha2::{Digest, Sha256};
use std::sync::{Arc, PoisonError, RwLock};

#[cfg(test)]
mod tests;

/// The certificate that the server vouched for; the endpoint is made before it is known.
#[derive(Clone, Default)]
pub(super) struct Pin(Arc<RwLock<Option<String>>>);

impl Pin {
    /// From now on this one; nothing: any public one.
    pub(super) fn set(&self, fingerprint: Option<&str>) {
        let plain = fingerprint.map(|text| text.replace(':', "").to_ascii_lowercase());
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = plain;
    }

    /// Rules for the endpoint that follow this pin.
    pub(super) fn rules(&self) -> CaTlsConfig {
        let pin = self.clone();
        CaTlsConfig::custom_server_cert_verifier(Arc::new(move |provider| {
            let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
            let public = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
                .build()
                .map_err(std::io::Error::other)?;
            Ok(Arc::new(Vouched { pin: pin.clone(), public }))
        }))
    }
}

/// What the endpoint is told of a relay. Nothing: its address cannot be used.
pub(super) fn config(info: &RelayInfo) -> Option<RelayConfig> {
    let url: RelayUrl = info.url.parse().ok()?;
    let port = (url.scheme() == "https").then(|| url.port_or_known_default()).flatten();
    let mut config = RelayConfig::from(url);
    // Over TLS the relay also tells devices how they look from outside: over UDP, on the same port.
    match (port, &mut config.quic) {
        (Some(port), Some(quic)) => quic.port = port,
        _ => config.quic = None,
    }
    Some(config.with_auth_token(info.token.clone()))
}

/// Accepts the pinned certificate, whatever stands in it; without a pin, public ones.
#[derive(Debug)]
struct Vouched {
    pin: Pin,
    public: Arc<WebPkiServerVerifier>,
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin")
    }
}

impl ServerCertVerifier for Vouched {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let pinned = self.pin.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        match pinned {
            Some(pinned) if super::disk::hex(&Sha256::digest(end_entity.as_ref())) == pinned => {
                Ok(ServerCertVerified::assertion())
            }
            Some(_) => Err(CertificateError::ApplicationVerificationFailure.into()),
            None => {
                self.public.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
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
