//! Messenger and content service as two processes would be: two folders, two ports, one secret.

use super::*;
use crate::interlock::http::{Remote, path};
use crate::interlock::signature::{Secret, TIME};
use pod_shared::limits::INTERLOCK_HEARTBEAT_MS;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub(super) struct Halves {
    pub(super) messenger: TestServer,
    pub(super) content: TestServer,
    pub(super) secret: PathBuf,
}

pub(super) async fn halves(dir: &Path) -> Halves {
    let secret = dir.join("secret");
    std::fs::write(&secret, "0123456789abcdef0123456789abcdef").unwrap();
    let half = |name: &str, role: &str| Settings {
        role: Some(role.into()),
        interlock_secret_file: Some(secret.clone()),
        ..settings(&dir.join(name))
    };
    let messenger = TestServer::with(half("messenger", "auth,messenger")).await;
    let content = TestServer::with(Settings {
        messenger: Some(messenger.url.clone()),
        tls: Some(TlsMode::On),
        ..half("content", "content")
    })
    .await;
    Halves { messenger, content, secret }
}

pub(super) async fn is_ready(server: &TestServer) -> bool {
    server.get("/readyz").send().await.unwrap().status().is_success()
}

#[tokio::test]
async fn content_says_where_it_is_and_clients_are_told() {
    let dir = tempdir().unwrap();
    let Halves { messenger, content, secret } = halves(dir.path()).await;
    until("content is ready", || is_ready(&content)).await;
    let ann = messenger.sign_up("Ann", None).await.unwrap();
    let token = messenger.token(&ann.device_token, Audience::Content).await.unwrap();
    assert_eq!(token.content_url, content.url);
    assert_eq!(token.content_fingerprint, content.running.first_line.fingerprint);
    // The place is known also after a restart, before content says hello again.
    content.running.stop().await;
    messenger.running.stop().await;
    let again = TestServer::with(Settings {
        role: Some("auth,messenger".into()),
        interlock_secret_file: Some(secret),
        ..settings(&dir.path().join("messenger"))
    })
    .await;
    let info: ServerInfo = answer(again.get("/v1/server")).await.unwrap();
    assert_eq!(info.content_url, content.url);
}

#[tokio::test]
async fn a_content_service_that_never_heard_the_messenger_is_not_ready() {
    let dir = tempdir().unwrap();
    let secret = dir.path().join("secret");
    std::fs::write(&secret, "0123456789abcdef0123456789abcdef").unwrap();
    let content = TestServer::with(Settings {
        role: Some("content".into()),
        messenger: Some("http://127.0.0.1:9".into()),
        interlock_secret_file: Some(secret),
        ..settings(&dir.path().join("content"))
    })
    .await;
    assert_eq!(code(answer::<Value>(content.get("/readyz")).await), ErrorCode::InterlockStale);
    assert!(content.get("/healthz").send().await.unwrap().status().is_success());
}

#[tokio::test]
async fn a_revocation_reaches_the_content_service_before_its_next_hello() {
    let dir = tempdir().unwrap();
    let Halves { messenger, content, .. } = halves(dir.path()).await;
    until("content is ready", || is_ready(&content)).await;
    let ann = messenger.sign_up("Ann", None).await.unwrap();
    let token = messenger.token(&ann.device_token, Audience::Content).await.unwrap().token;
    let chat = messenger.token(&ann.device_token, Audience::Messenger).await.unwrap().token;
    let groups = async |token: &str| answer::<Value>(content.get("/v1/groups").bearer_auth(token)).await;
    groups(&token).await.unwrap();
    assert_eq!(code(groups(&chat).await), ErrorCode::WrongAudience);
    let revoked_at = Instant::now();
    answer::<Value>(messenger.delete("/v1/sign-ins/current").bearer_auth(&ann.device_token)).await.unwrap();
    until("content knows", || async { groups(&token).await.is_err() }).await;
    assert!(revoked_at.elapsed() < Duration::from_millis(INTERLOCK_HEARTBEAT_MS), "only with the hello");
    assert_eq!(code(groups(&token).await), ErrorCode::SignedOut);
}

#[tokio::test]
async fn the_interlock_answers_only_who_knows_the_secret() {
    let dir = tempdir().unwrap();
    let Halves { messenger, .. } = halves(dir.path()).await;
    let hello = json!({"public_url": "http://evil", "capabilities": [], "revocations_after": 0});
    let unsigned = answer::<Value>(messenger.post(path::HELLO).json(&hello)).await;
    assert_eq!(code(unsigned), ErrorCode::Unauthorized);
    let stranger = Remote::new(&messenger.url, None, Secret::new(&[7; 32])).unwrap();
    let refused = stranger.ask::<_, Value>(path::HELLO, &hello).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Unauthorized);
    let half_signed = messenger.post(path::ROWS).header(TIME, "1").body("{}");
    assert_eq!(code(answer::<Value>(half_signed).await), ErrorCode::Unauthorized);
    let info: ServerInfo = answer(messenger.get("/v1/server")).await.unwrap();
    assert_ne!(info.content_url, "http://evil");
}
