//! The TLS rules of a connection to a server, and how distrust shows in its errors.

use crate::trust::{Pin, digest};
use crate::view::ErrorView;
use pod_shared::ErrorCode;
use rustls::ClientConfig;
use std::sync::Arc;

/// The TLS rules for an endpoint with or without a pinned certificate.
pub(super) fn config(fingerprint: Option<&str>) -> Result<ClientConfig, ErrorView> {
    let internal = |error: rustls::Error| ErrorView::new(ErrorCode::Internal, error.to_string());
    if fingerprint.is_some_and(|text| digest(text).is_none()) {
        return Err(ErrorView::new(ErrorCode::BadRequest, "the fingerprint is not a SHA-256 in hex"));
    }
    let pin = Pin::default();
    pin.set(fingerprint);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = pin.verifier(Arc::clone(&provider)).map_err(internal)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(internal)?;
    Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

/// Whether an error, or one below it, is that the certificate was not accepted.
pub(super) fn is_distrust(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let inner = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
            .and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if let Some(rustls::Error::InvalidCertificate(_)) =
            inner.or_else(|| error.downcast_ref::<rustls::Error>())
        {
            return true;
        }
        next = error.source();
    }
    false
}
