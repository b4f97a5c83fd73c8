//! Certificates: the own one and the operator's.

use super::{Trust, identity};
use crate::config::Tls;

#[test]
fn the_own_certificate_is_made_once_and_its_key_is_private() {
    let dir = tempfile::tempdir().unwrap();
    let names = vec!["localhost".to_owned()];
    let first = identity(&Tls::SelfMade, dir.path(), &names).unwrap().unwrap();
    let second = identity(&Tls::SelfMade, dir.path(), &names).unwrap().unwrap();
    assert_eq!(first.fingerprint, second.fingerprint);
    assert_eq!((first.fingerprint.len(), first.trust), (64, Trust::Pinned));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(dir.path().join("tls-key.der")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_given_certificate_is_used_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["pod.example".to_owned()]).unwrap();
    let (cert, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let given = identity(&Tls::Given(cert.clone(), key), dir.path(), &[]).unwrap().unwrap();
    assert_eq!(given.trust, Trust::Public);
    assert_eq!(given.fingerprint, crate::secret::hex(&crate::secret::sha256(made.cert.der())));
    assert!(identity(&Tls::Given(cert.clone(), cert), dir.path(), &[]).is_err());
}
