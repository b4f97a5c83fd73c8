//! What the endpoint is told of a server's relay, and which certificates it takes.

use super::*;
use rustls::crypto::ring::default_provider;

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

#[test]
fn only_the_certificate_that_the_server_vouched_for_is_taken() {
    let pin = Pin::default();
    let verifier = pin.rules().server_cert_verifier(Arc::new(default_provider())).unwrap();
    let certificate = CertificateDer::from(b"a certificate".to_vec());
    let name = ServerName::try_from("pod.example").unwrap();
    let takes = || verifier.verify_server_cert(&certificate, &[], &name, &[], UnixTime::now()).is_ok();
    assert!(!takes(), "it is no public one");
    let digest = super::super::disk::hex(&Sha256::digest(certificate.as_ref()));
    pin.set(Some(&digest.to_ascii_uppercase()));
    assert!(takes());
    pin.set(Some(&"0".repeat(64)));
    assert!(!takes());
}
