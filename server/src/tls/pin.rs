//! An HTTP client for the other half of the server: by the certificate's fingerprint where it is self-made.

use crate::secret;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use std::sync::Arc;
use std::time::Duration;

/// Time to reach the other half.
const CONNECT_MAX: Duration = Duration::from_secs(5);
/// Time for one answer of the other half.
const ANSWER_MAX: Duration = Duration::from_secs(30);

/// A client that accepts only the certificate with this fingerprint; without one, what public authorities signed.
///
/// # Errors
/// When TLS cannot be set up.
pub fn client(fingerprint: Option<&str>) -> Result<reqwest::Client, reqwest::Error> {
    super::install_provider();
    let builder = reqwest::Client::builder().connect_timeout(CONNECT_MAX).timeout(ANSWER_MAX).no_proxy();
    let Some(fingerprint) = fingerprint else { return builder.build() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let pin = pinning(fingerprint);
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map(|config| config.dangerous().with_custom_certificate_verifier(pin).with_no_client_auth());
    match config {
        Ok(config) => builder.tls_backend_preconfigured(config).build(),
        Err(error) => {
            tracing::error!(%error, "TLS cannot be set up");
            builder.build()
        }
    }
}

/// Accepts only the certificate with this fingerprint.
#[must_use]
pub fn pinning(fingerprint: &str) -> Arc<dyn ServerCertVerifier> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Arc::new(Pin { fingerprint: fingerprint.to_ascii_lowercase(), provider })
}

#[derive(Debug)]
struct Pin {
    fingerprint: String,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pin {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let found = secret::hex(&secret::sha256(end_entity));
        if found == self.fingerprint {
            return Ok(ServerCertVerified::assertion());
        }
        Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
