//! What the endpoint is told of a server's relay.

use super::*;

fn info(url: &str) -> RelayInfo {
    RelayInfo { url: url.to_owned(), token: "secret".to_owned(), fingerprint: None }
}

#[test]
fn a_relay_over_tls_tells_addresses_on_its_own_port() {
    let config = config(&info("https://pod.example:7843")).unwrap();
    assert_eq!(config.quic.unwrap().port, 7843);
    assert_eq!(config.auth_token.as_deref(), Some("secret"));
}

#[test]
fn a_plain_relay_tells_none_and_nonsense_is_no_relay() {
    assert!(config(&info("http://127.0.0.1:7843")).unwrap().quic.is_none());
    assert!(config(&info("no address")).is_none());
}
