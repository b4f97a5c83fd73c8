//! Tokens: whose, for whom, until when, and the end of them.

use super::{Access, CLOCK_SKEW_S, Caller, KNOWN_MAX, Sha256, now_s, public_key};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use pod_shared::auth::{Audience, Claims};
use pod_shared::interlock::Revocation;
use pod_shared::{AccountId, DeviceId, ErrorCode};
use sha2::Digest;
use std::time::Duration;
use uuid::Uuid;

struct Signer {
    key: EncodingKey,
    public: String,
}

fn signer() -> Signer {
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
    Signer { key: EncodingKey::from_ed_der(pair.serialized_der()), public: public_key(pair.public_key_raw()) }
}

impl Signer {
    fn sign(&self, claims: &Claims) -> String {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some("k".into());
        jsonwebtoken::encode(&header, claims, &self.key).unwrap()
    }

    fn access(&self) -> Access {
        let access = Access::local();
        access.trust(&[("k".into(), self.public.clone())]);
        access
    }
}

fn claims() -> Claims {
    let (sub, device) = (AccountId(Uuid::now_v7()), DeviceId(Uuid::now_v7()));
    Claims { sub, device, aud: Audience::Messenger, iat: now_s(), exp: now_s() + 300 }
}

fn code(result: Result<Caller, crate::error::Refusal>) -> ErrorCode {
    result.unwrap_err().code()
}

#[test]
fn a_good_token_names_its_caller() {
    let (signer, claims) = (signer(), claims());
    let caller = signer.access().verify(Some(&signer.sign(&claims)), Audience::Messenger).unwrap();
    assert_eq!((caller.account, caller.device, caller.expires_at_s), (claims.sub, claims.device, claims.exp));
}

#[test]
fn each_defect_of_a_token_has_its_code() {
    let (signer, stranger, good) = (signer(), signer(), claims());
    let access = signer.access();
    let old = Claims { iat: now_s() - 900, exp: now_s() - 600, ..good.clone() };
    let token = signer.sign(&good);
    let tampered = format!("{}A", &token[..token.len() - 1]);
    assert_eq!(code(access.verify(None, Audience::Messenger)), ErrorCode::Unauthorized);
    assert_eq!(code(access.verify(Some("x.y.z"), Audience::Messenger)), ErrorCode::Unauthorized);
    assert_eq!(
        code(access.verify(Some(&stranger.sign(&good)), Audience::Messenger)),
        ErrorCode::Unauthorized
    );
    if tampered != token {
        assert_eq!(code(access.verify(Some(&tampered), Audience::Messenger)), ErrorCode::Unauthorized);
    }
    assert_eq!(code(access.verify(Some(&token), Audience::Content)), ErrorCode::WrongAudience);
    assert_eq!(code(access.verify(Some(&signer.sign(&old)), Audience::Messenger)), ErrorCode::TokenExpired);
}

#[test]
fn a_token_signed_with_another_algorithm_is_refused() {
    let signer = signer();
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("k".into());
    // The public key as a shared secret: the classic confusion.
    let secret = EncodingKey::from_secret(signer.public.as_bytes());
    let token = jsonwebtoken::encode(&header, &claims(), &secret).unwrap();
    assert_eq!(code(signer.access().verify(Some(&token), Audience::Messenger)), ErrorCode::Unauthorized);
}

#[tokio::test]
async fn a_revocation_voids_tokens_and_ends_streams_of_that_device_only() {
    let (signer, mine, other) = (signer(), claims(), claims());
    let access = signer.access();
    let caller = access.verify(Some(&signer.sign(&mine)), Audience::Messenger).unwrap();
    let bystander = access.verify(Some(&signer.sign(&other)), Audience::Messenger).unwrap();
    let cut = tokio::spawn({
        let access = access.clone();
        async move { access.revoked(&caller).await }
    });
    access.learn(&[Revocation { seq: 7, device: mine.device, at_s: mine.iat }]);
    cut.await.unwrap();
    assert_eq!(code(access.verify(Some(&signer.sign(&mine)), Audience::Messenger)), ErrorCode::SignedOut);
    assert!(!access.is_revoked(&bystander));
    assert_eq!(access.revocations_after(), 7);
    let later = Claims { iat: mine.iat + 1, ..mine };
    access.verify(Some(&signer.sign(&later)), Audience::Messenger).unwrap();
}

#[test]
fn without_news_from_the_messenger_nobody_is_let_in() {
    let (signer, claims) = (signer(), claims());
    let token = signer.sign(&claims);
    let access = Access::remote(Duration::from_millis(200));
    access.trust(&[("k".into(), signer.public.clone())]);
    let verify = || access.verify(Some(&token), Audience::Messenger);
    assert_eq!(code(verify()), ErrorCode::InterlockStale);
    access.heard();
    verify().unwrap();
    let deadline = std::time::Instant::now() + Duration::from_secs(20);
    while verify().is_ok() {
        assert!(std::time::Instant::now() < deadline, "never stale");
        std::thread::yield_now();
    }
    assert_eq!(code(verify()), ErrorCode::InterlockStale);
    access.heard();
    verify().unwrap();
}

#[test]
fn a_token_that_was_good_is_judged_anew_when_it_runs_out_its_device_is_gone_or_the_keys_are_others() {
    let (signer, other) = (signer(), signer());
    let access = signer.access();
    let soon = Claims { exp: now_s() - CLOCK_SKEW_S + 1, ..claims() };
    let (fresh, soon) = (signer.sign(&claims()), signer.sign(&soon));
    let ask = |token: &str| access.verify(Some(token), Audience::Messenger);
    assert!(ask(&soon).is_ok() && ask(&fresh).is_ok());
    assert_eq!(code(access.verify(Some(&fresh), Audience::Content)), ErrorCode::WrongAudience);
    let begun = std::time::Instant::now();
    while ask(&soon).is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(5), "it runs out though it was good before");
        std::thread::yield_now();
    }
    assert_eq!(code(ask(&soon)), ErrorCode::TokenExpired);
    let device = ask(&fresh).unwrap().device;
    access.trust(&[("k".into(), other.public.clone())]);
    assert_eq!(code(ask(&fresh)), ErrorCode::Unauthorized, "another key");
    access.trust(&[("k".into(), signer.public.clone())]);
    access.revoke(&[Revocation { seq: 1, device, at_s: now_s() }]);
    assert_eq!(code(ask(&fresh)), ErrorCode::SignedOut);
}

#[test]
fn no_more_tokens_are_remembered_than_the_limit() {
    let signer = signer();
    let access = signer.access();
    let one = signer.sign(&claims());
    for n in 0..=KNOWN_MAX as u64 {
        access.inner.known.write().unwrap().insert(Sha256::digest(n.to_le_bytes()).into(), claims());
        if n % 1_000 == 0 {
            assert!(access.verify(Some(&signer.sign(&claims())), Audience::Messenger).is_ok());
        }
    }
    assert!(access.verify(Some(&one), Audience::Messenger).is_ok());
    assert!(access.inner.known.read().unwrap().len() <= KNOWN_MAX);
}
