//! The proof is that of the whole file and of this nonce.

use super::{bytes_of, proof};

#[test]
fn a_proof_is_of_all_bytes_and_of_one_nonce() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    let bytes: Vec<u8> = (0..700_000_u32).map(|at| (at % 251) as u8).collect();
    std::fs::write(&path, &bytes).unwrap();
    let nonce = bytes_of(&"0a".repeat(32)).unwrap();
    assert_eq!(nonce, [10; 32]);
    let made = proof(&path, &nonce, &|| false).unwrap();
    assert_eq!(made, blake3::keyed_hash(&nonce, &bytes).to_string());
    assert_ne!(made, proof(&path, &[11; 32], &|| false).unwrap());
    assert!(proof(&path, &nonce, &|| true).is_err(), "it can be stopped");
    assert!(bytes_of("0a").is_none() && bytes_of(&"zz".repeat(32)).is_none());
}
