//! Which certificates are taken.

use super::*;
use rustls::crypto::ring::default_provider;

#[test]
fn only_the_certificate_that_was_vouched_for_is_taken() {
    let pin = Pin::default();
    let verifier = pin.verifier(Arc::new(default_provider())).unwrap();
    let certificate = CertificateDer::from(b"a certificate".to_vec());
    let name = ServerName::try_from("pod.example").unwrap();
    let takes = || verifier.verify_server_cert(&certificate, &[], &name, &[], UnixTime::now()).is_ok();
    assert!(!takes(), "it is no public one");
    let hex: Vec<String> =
        Sha256::digest(certificate.as_ref()).iter().map(|byte| format!("{byte:02X}")).collect();
    for fingerprint in [hex.concat(), hex.concat().to_ascii_lowercase(), hex.join(":")] {
        pin.set(Some(&fingerprint));
        assert!(takes(), "{fingerprint}");
    }
    for fingerprint in ["0".repeat(64), "no fingerprint".to_owned(), String::new()] {
        pin.set(Some(&fingerprint));
        assert!(!takes(), "{fingerprint:?} is another one, or none");
    }
}
