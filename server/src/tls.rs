//! TLS: the server's own certificate, made once and known by its fingerprint, or the operator's.

use crate::config::Tls;
use crate::secret;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::io;
use std::path::Path;
use std::sync::Arc;

mod pin;
#[cfg(test)]
mod tests;

pub use pin::{client, pinning};

const KEY_FILE: &str = "tls-key.der";
const CERT_FILE: &str = "tls-cert.der";

/// What clients check the server by.
#[derive(Clone)]
pub struct Identity {
    /// For accepting connections.
    pub config: Arc<ServerConfig>,
    /// SHA-256 of the certificate (DER) in hex.
    pub fingerprint: String,
    /// Whether clients must know the fingerprint.
    pub trust: Trust,
}

/// Why a client believes the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// It knows the fingerprint from the invite link.
    Pinned,
    /// Authorities that everybody trusts signed it.
    Public,
}

/// Chooses ring as the one provider of cryptography in this process.
pub fn install_provider() {
    // Whoever was first has chosen the same.
    _ = rustls::crypto::ring::default_provider().install_default();
}

/// The identity for this mode, made at the first start; nothing for plain HTTP.
///
/// # Errors
/// When a file cannot be read or written, or does not hold what it should.
pub fn identity(mode: &Tls, data: &Path, names: &[String]) -> io::Result<Option<Identity>> {
    let (chain, key, trust) = match mode {
        Tls::Plain => return Ok(None),
        Tls::SelfMade => {
            let (certificate, key) = self_made(data, names)?;
            (vec![certificate], key, Trust::Pinned)
        }
        Tls::Given(certificates, key) => {
            let chain: Result<Vec<_>, _> =
                CertificateDer::pem_file_iter(certificates).map_err(invalid)?.collect();
            let key = PrivateKeyDer::from_pem_file(key).map_err(invalid)?;
            (chain.map_err(invalid)?, key, Trust::Public)
        }
    };
    let first = chain.first().ok_or_else(|| invalid("the certificate file is empty"))?;
    let fingerprint = secret::hex(&secret::sha256(first));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(invalid)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(invalid)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(Identity { config: Arc::new(config), fingerprint, trust }))
}

fn self_made(data: &Path, names: &[String]) -> io::Result<(CertificateDer<'static>, PrivateKeyDer<'static>)> {
    let make_key = || Ok(rcgen::KeyPair::generate().map_err(io::Error::other)?.serialize_der());
    let key = secret::file(&data.join(KEY_FILE), make_key)?;
    let make_certificate = || {
        let pair = rcgen::KeyPair::try_from(key.as_slice()).map_err(invalid)?;
        let params = rcgen::CertificateParams::new(names).map_err(invalid)?;
        Ok(params.self_signed(&pair).map_err(invalid)?.der().to_vec())
    };
    let certificate = secret::file(&data.join(CERT_FILE), make_certificate)?;
    let key = PrivateKeyDer::try_from(key).map_err(invalid)?;
    Ok((certificate.into(), key))
}

fn invalid(error: impl ToString) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error.to_string())
}
