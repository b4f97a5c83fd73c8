//! The relay of a server: which one, with which token, and by which certificate it is known.

use crate::trust::Pin;
use iroh::tls::CaTlsConfig;
use iroh::{RelayConfig, RelayUrl};
use pod_shared::offer::RelayInfo;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Rules for the endpoint that follow this pin; the endpoint is made before it is known.
pub(super) fn rules(pin: &Pin) -> CaTlsConfig {
    let pin = pin.clone();
    CaTlsConfig::custom_server_cert_verifier(Arc::new(move |provider| {
        let verifier = pin.verifier(provider).map_err(std::io::Error::other)?;
        Ok(verifier)
    }))
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
