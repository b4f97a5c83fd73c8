//! What is kept of a password, and what happens when too many ask at once.

use super::*;
use argon2::password_hash::PasswordHasher;
use futures_util::future::join_all;

#[tokio::test]
async fn only_the_password_itself_fits() {
    let passwords = Passwords::start().unwrap();
    let kept = passwords.hash("correct horse".into()).await.unwrap();
    assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
    assert_ne!(kept, passwords.hash("correct horse".into()).await.unwrap(), "each has a salt of its own");
    assert!(passwords.fits("correct horse".into(), Some(kept.clone())).await.unwrap());
    assert!(!passwords.fits("correct house".into(), Some(kept)).await.unwrap());
    assert!(!passwords.fits("correct horse".into(), None).await.unwrap());
    assert!(!passwords.fits("correct horse".into(), Some("not a hash".into())).await.unwrap());
}

#[test]
fn a_hash_of_another_cost_or_another_hand_still_fits() {
    let mut memory = Memory::default();
    let params = Params::new(4_096, 3, 2, None).unwrap();
    let costs = [Argon2::default(), Argon2::new(Algorithm::Argon2id, Version::V0x13, params)];
    for argon2 in costs {
        let kept = argon2.hash_password(b"correct horse").unwrap().to_string();
        assert!(memory.fits("correct horse", Some(&kept)), "{kept}");
        assert!(!memory.fits("correct house", Some(&kept)), "{kept}");
    }
    assert_eq!(memory.blocks.len(), Params::DEFAULT.block_count(), "one memory serves all");
}

#[tokio::test]
async fn whoever_finds_the_queue_full_is_told_to_come_again() {
    let passwords = Passwords::start().unwrap();
    // One is being hashed, the queue is full; the thread cannot empty it while these are handed in.
    let asked = (0..PASSWORDS_WAITING_MAX * 2).map(|n| passwords.hash(format!("password {n}")));
    let (hashed, refused): (Vec<_>, Vec<_>) = join_all(asked).await.into_iter().partition(Result::is_ok);
    assert!(hashed.len() >= PASSWORDS_WAITING_MAX, "the queue holds {PASSWORDS_WAITING_MAX}");
    assert!(!refused.is_empty());
    for refusal in refused.into_iter().filter_map(Result::err) {
        assert_eq!(refusal.code(), ErrorCode::Unavailable);
        assert_eq!(refusal.0.retry_after_ms, Some(RETRY_AFTER_MS));
    }
    assert!(passwords.hash("there is room again".into()).await.is_ok());
}
