//! Tokens: for one audience, for a short time, signed by this server, until the device is signed out.

use pod_shared::auth::{Audience, Claims};
use pod_shared::{ErrorBody, ErrorCode};
use pod_tests::device::{Device, refused};
use pod_tests::{Socket, World, both_ways};
use reqwest::Method;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio_tungstenite::tungstenite::Error;

/// Seconds since 1970.
fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// A token signed with the server's own key.
fn signed(world: &World, token: &str, claims: &Claims) -> String {
    let key = std::fs::read(world.messenger.data().join("token-key.der")).unwrap();
    let header = jsonwebtoken::decode_header(token).unwrap();
    jsonwebtoken::encode(&header, claims, &jsonwebtoken::EncodingKey::from_ed_der(&key)).unwrap()
}

/// Why the upgrade to a socket was refused.
async fn upgrade_refused(device: &Device, token: &str) -> ErrorCode {
    let error = Socket::connect(device, token).await.err().expect("the upgrade is refused");
    let Error::Http(answer) = *error else { panic!("no HTTP answer: {error}") };
    let body = answer.body().as_deref().unwrap_or_default();
    let body: ErrorBody = serde_json::from_slice(body).unwrap();
    assert_eq!(answer.status().as_u16(), body.code.http_status());
    body.code
}

both_ways!(a_token_is_taken_by_its_own_service_only, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let groups = |token: &str| alice.request_with(token, Method::GET, "/v1/groups").send();
    assert_eq!(groups(&alice.content_token).await.unwrap().status(), 200);
    refused(groups(&alice.messenger_token).await.unwrap(), ErrorCode::WrongAudience).await;
    refused(groups(&alice.device_token).await.unwrap(), ErrorCode::Unauthorized).await;
    assert_eq!(upgrade_refused(&alice, &alice.content_token).await, ErrorCode::WrongAudience);
    assert_eq!(upgrade_refused(&alice, &alice.device_token).await, ErrorCode::Unauthorized);
    let mut other = alice.clone();
    other.device_token = alice.content_token.clone();
    let request = other.server_request(Method::POST, "/v1/tokens").body("{\"audience\":\"content\"}");
    let answer = request.header("content-type", "application/json").send().await.unwrap();
    refused(answer, ErrorCode::Unauthorized).await;
});

both_ways!(a_token_that_ran_out_is_refused_and_says_so, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let claims = |aud, exp| Claims { sub: alice.account, device: alice.id, aud, iat: exp - 300, exp };
    let old = |aud| signed(world, &alice.content_token, &claims(aud, now_s() - 120));
    let groups = |token: String| alice.request_with(&token, Method::GET, "/v1/groups").send();
    refused(groups(old(Audience::Content)).await.unwrap(), ErrorCode::TokenExpired).await;
    assert_eq!(upgrade_refused(&alice, &old(Audience::Messenger)).await, ErrorCode::TokenExpired);
    let life = jsonwebtoken::dangerous::insecure_decode::<Claims>(&alice.content_token).unwrap().claims;
    assert!(life.exp - life.iat <= pod_shared::limits::TOKEN_S, "a token lives longer than it may");
    let fresh = signed(world, &alice.content_token, &claims(Audience::Content, now_s() + 200));
    assert_eq!(groups(fresh).await.unwrap().status(), 200, "the same token with time left is taken");
});

both_ways!(a_forged_or_broken_token_is_refused, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let header = jsonwebtoken::decode_header(&alice.content_token).unwrap();
    let claims = Claims {
        sub: alice.account,
        device: alice.id,
        aud: Audience::Content,
        iat: now_s(),
        exp: now_s() + 300,
    };
    let shared_key = jsonwebtoken::Header { alg: jsonwebtoken::Algorithm::HS256, ..header };
    let by_password =
        jsonwebtoken::encode(&shared_key, &claims, &jsonwebtoken::EncodingKey::from_secret(b"x")).unwrap();
    let (head, rest) = alice.content_token.split_once('.').unwrap();
    let (body, signature) = rest.split_once('.').unwrap();
    let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    let forged = [
        String::new(),
        "x".into(),
        "a.b.c".into(),
        format!("{head}.{body}."),
        format!("{head}.{body}A.{signature}"),
        format!("{unsigned}.{body}."),
        format!("{unsigned}.{body}.{signature}"),
        by_password,
        "A".repeat(20_000),
    ];
    for token in forged {
        let answer = alice.request_with(&token, Method::GET, "/v1/groups").send().await.unwrap();
        refused(answer, ErrorCode::Unauthorized).await;
        assert_eq!(upgrade_refused(&alice, &token).await, ErrorCode::Unauthorized);
    }
    let bare = pod_tests::device::http().get(format!("{}/v1/groups", world.content_url())).send().await;
    refused(bare.unwrap(), ErrorCode::Unauthorized).await;
});

both_ways!(a_device_that_signed_out_is_cut_off_on_both_sides, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let (mut socket, _) = Socket::open(&alice, None).await;
    let room = socket.make_room("Attic", &[]).await;
    let answer = alice.server_request(Method::DELETE, "/v1/sign-ins/current").send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    let said = socket.closed().await;
    assert!(said.is_none_or(|error| error.code == ErrorCode::SignedOut));
    assert_eq!(upgrade_refused(&alice, &alice.messenger_token).await, ErrorCode::SignedOut);
    let look = async || {
        let answer = alice.get(&format!("/v1/rooms/{room}/entries")).await;
        (answer.status() == 401).then_some(answer)
    };
    let answer = pod_tests::wait::until("the files side to know of the sign-out", look).await;
    refused(answer, ErrorCode::SignedOut).await;
});
