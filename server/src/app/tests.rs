//! The API of `auth` against the real router over a real socket, and two processes' worth of halves in one.

use super::start;
use crate::config::{Config, Settings, TlsMode};
use crate::testing::{PASSWORD, Refused, TestServer, answer, device, settings, sign_up, until};
use futures_util::{SinkExt, StreamExt};
use pod_shared::ErrorCode;
use pod_shared::auth::{
    Audience, Invite, InviteRequest, ServerInfo, SignIn, SignInRow, SignUp, SignedIn, TokenAnswer,
};
use pod_shared::limits::{DEVICES_PER_ACCOUNT_MAX, JSON_BODY_BYTES_MAX, SIGN_IN_FAILURES_PER_MINUTE_MAX};
use serde_json::{Value, json};
use tempfile::tempdir;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

mod halves;
mod interlock;
mod refusals;
#[cfg(feature = "relay")]
mod relay;

async fn invite(server: &TestServer, admin: &SignedIn, uses: u32) -> String {
    let ask = InviteRequest { uses, days: 1 };
    server.ask::<Invite>("/v1/invites", Some(&admin.device_token), &ask).await.unwrap().code
}

fn code<T>(result: Result<T, Refused>) -> ErrorCode {
    result.err().map(|(_, code)| code).unwrap()
}

async fn sign_in(server: &TestServer, name: &str, password: &str) -> Result<SignedIn, Refused> {
    let ask = SignIn { name: name.into(), password: password.into(), device: device() };
    server.ask("/v1/sign-ins", None, &ask).await
}

#[tokio::test]
async fn the_first_account_is_an_admins_and_later_ones_need_an_invite() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    assert!(server.running.first_line.setup_code.is_some());
    let info: ServerInfo = answer(server.get("/v1/server")).await.unwrap();
    assert!(info.needs_first_account);
    let ann = server.sign_up("Ann", None).await.unwrap();
    assert!(ann.is_admin && !ann.server.needs_first_account);
    assert_eq!(code(server.sign_up("Bob", None).await), ErrorCode::InviteInvalid);
    assert_eq!(code(server.sign_up("Bob", Some("AAAA-BBBB-CCCC")).await), ErrorCode::InviteInvalid);
    let invite = invite(&server, &ann, 1).await;
    let bob = server.sign_up("Bob", Some(&invite.to_lowercase().replace('-', " "))).await.unwrap();
    assert!(!bob.is_admin);
    assert_eq!(code(server.sign_up("Cid", Some(&invite)).await), ErrorCode::InviteInvalid);
    server.running.stop().await;
    let again = TestServer::start(dir.path()).await;
    assert_eq!(again.running.first_line.setup_code, None);
    again.token(&ann.device_token, Audience::Messenger).await.unwrap();
}

#[tokio::test]
async fn a_repeated_sign_up_finds_the_same_account_and_costs_no_second_invite() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let ann = server.sign_up("Ann", None).await.unwrap();
    let invite = invite(&server, &ann, 1).await;
    let ask = sign_up("Bob", Some(&invite));
    let first: SignedIn = server.ask("/v1/accounts", None, &ask).await.unwrap();
    let second: SignedIn = server.ask("/v1/accounts", None, &ask).await.unwrap();
    assert_eq!(first.account, second.account);
    server.token(&second.device_token, Audience::Messenger).await.unwrap();
    let other_password = SignUp { password: "another one".into(), ..ask.clone() };
    assert_eq!(
        code(server.ask::<SignedIn>("/v1/accounts", None, &other_password).await),
        ErrorCode::InviteInvalid
    );
    let other_device = SignUp { device: device(), ..ask };
    assert_eq!(
        code(server.ask::<SignedIn>("/v1/accounts", None, &other_device).await),
        ErrorCode::InviteInvalid
    );
}

#[tokio::test]
async fn many_first_accounts_at_once_end_as_one() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let names: Vec<String> = (0..6).map(|n| format!("p{n}")).collect();
    let all = futures_util::future::join_all(names.iter().map(|name| server.sign_up(name, None))).await;
    assert_eq!(all.iter().filter(|one| one.is_ok()).count(), 1);
    assert!(all.into_iter().filter(Result::is_err).all(|one| code(one) == ErrorCode::InviteInvalid));
}

#[tokio::test]
async fn one_invite_for_one_lets_one_of_many_in() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let ann = server.sign_up("Ann", None).await.unwrap();
    let invite = invite(&server, &ann, 1).await;
    let names: Vec<String> = (0..6).map(|n| format!("p{n}")).collect();
    let all =
        futures_util::future::join_all(names.iter().map(|name| server.sign_up(name, Some(&invite)))).await;
    assert_eq!(all.iter().filter(|one| one.is_ok()).count(), 1);
}

#[tokio::test]
async fn a_name_is_taken_whatever_its_case_and_composition() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let ann = server.sign_up("Zoé", None).await.unwrap();
    let invite = invite(&server, &ann, 9).await;
    for same in ["Zoé", "zoé", "ZOÉ", "ZOE\u{301}"] {
        assert_eq!(code(server.sign_up(same, Some(&invite)).await), ErrorCode::NameTaken, "{same}");
    }
    server.sign_up("민수", Some(&invite)).await.unwrap();
    sign_in(&server, "zoe\u{301}", PASSWORD).await.unwrap();
    let users = answer::<Vec<SignInRow>>(server.get("/v1/sign-ins").bearer_auth(&ann.device_token)).await;
    assert_eq!(users.unwrap().len(), 2);
}

#[tokio::test]
async fn signing_in_again_on_a_device_ends_its_token_before() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let ask = sign_up("Ann", None);
    let first: SignedIn = server.ask("/v1/accounts", None, &ask).await.unwrap();
    let again = SignIn { name: "Ann".into(), password: PASSWORD.into(), device: ask.device.clone() };
    let second: SignedIn = server.ask("/v1/sign-ins", None, &again).await.unwrap();
    assert_eq!(code(server.token(&first.device_token, Audience::Content).await), ErrorCode::Unauthorized);
    server.token(&second.device_token, Audience::Content).await.unwrap();
}

#[tokio::test]
async fn a_device_of_one_person_cannot_be_taken_by_another() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let ask = sign_up("Ann", None);
    let ann: SignedIn = server.ask("/v1/accounts", None, &ask).await.unwrap();
    let invite = invite(&server, &ann, 2).await;
    let thief = SignUp { name: "Bob".into(), invite: Some(invite.clone()), ..ask.clone() };
    assert_eq!(code(server.ask::<SignedIn>("/v1/accounts", None, &thief).await), ErrorCode::IdReused);
    // Nothing of the refused sign-up stays: neither the name nor a use of the invite.
    server.sign_up("Bob", Some(&invite)).await.unwrap();
    server.sign_up("Cid", Some(&invite)).await.unwrap();
    answer::<Value>(server.delete("/v1/sign-ins/current").bearer_auth(&ann.device_token)).await.unwrap();
    let handed_on = SignIn { name: "Cid".into(), password: PASSWORD.into(), device: ask.device };
    server.ask::<SignedIn>("/v1/sign-ins", None, &handed_on).await.unwrap();
}

#[tokio::test]
async fn signing_out_ends_tokens_at_once_and_signing_in_again_works_within_the_same_second() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let ask = sign_up("Ann", None);
    let mut ann: SignedIn = server.ask("/v1/accounts", None, &ask).await.unwrap();
    for _ in 0..3 {
        let token = server.token(&ann.device_token, Audience::Content).await.unwrap();
        assert_eq!(token.expires_in_s, 300);
        answer::<Value>(server.delete("/v1/sign-ins/current").bearer_auth(&ann.device_token)).await.unwrap();
        assert_eq!(code(server.token(&ann.device_token, Audience::Content).await), ErrorCode::SignedOut);
        let twice =
            answer::<Value>(server.delete("/v1/sign-ins/current").bearer_auth(&ann.device_token)).await;
        assert_eq!(code(twice), ErrorCode::SignedOut);
        let again = SignIn { name: "Ann".into(), password: PASSWORD.into(), device: ask.device.clone() };
        ann = server.ask("/v1/sign-ins", None, &again).await.unwrap();
    }
}

#[tokio::test]
async fn a_person_lists_and_ends_their_own_devices_only() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let ann = server.sign_up("Ann", None).await.unwrap();
    let bob = server.sign_up("Bob", Some(&invite(&server, &ann, 1).await)).await.unwrap();
    let second = sign_in(&server, "Bob", PASSWORD).await.unwrap();
    let rows: Vec<SignInRow> =
        answer(server.get("/v1/sign-ins").bearer_auth(&bob.device_token)).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.current).collect::<Vec<_>>(), [true, false]);
    let path = format!("/v1/sign-ins/{}", rows[1].device);
    let stranger = answer::<Value>(server.delete(&path).bearer_auth(&ann.device_token)).await;
    assert_eq!(code(stranger), ErrorCode::NotFound);
    answer::<Value>(server.delete(&path).bearer_auth(&bob.device_token)).await.unwrap();
    assert_eq!(code(server.token(&second.device_token, Audience::Messenger).await), ErrorCode::SignedOut);
    server.token(&bob.device_token, Audience::Messenger).await.unwrap();
}

#[tokio::test]
async fn only_admins_invite() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let ann = server.sign_up("Ann", None).await.unwrap();
    let bob = server.sign_up("Bob", Some(&invite(&server, &ann, 1).await)).await.unwrap();
    let ask = |uses, days| InviteRequest { uses, days };
    let refused = [
        (&bob, ask(1, 1), ErrorCode::RoleTooLow),
        (&ann, ask(0, 1), ErrorCode::BadRequest),
        (&ann, ask(1, 0), ErrorCode::BadRequest),
        (&ann, ask(1_001, 1), ErrorCode::TooMany),
        (&ann, ask(1, 366), ErrorCode::TooMany),
    ];
    for (who, ask, expected) in refused {
        assert_eq!(code(server.ask::<Invite>("/v1/invites", Some(&who.device_token), &ask).await), expected);
    }
    let made: Invite = server.ask("/v1/invites", Some(&ann.device_token), &ask(1, 1)).await.unwrap();
    let host = server.url.trim_start_matches("http://");
    assert_eq!(made.link, format!("pod://{host}/join?code={}&tls=0", made.code));
}

#[tokio::test]
async fn tls_is_spoken_with_the_same_certificate_after_a_restart() {
    let dir = tempdir().unwrap();
    let with_tls = || Settings { tls: Some(TlsMode::On), ..settings(dir.path()) };
    let server = TestServer::with(with_tls()).await;
    let fingerprint = server.running.first_line.fingerprint.clone().unwrap();
    let ann = server.sign_up("Ann", None).await.unwrap();
    let made: Invite = server
        .ask("/v1/invites", Some(&ann.device_token), &InviteRequest { uses: 1, days: 1 })
        .await
        .unwrap();
    assert!(made.link.ends_with(&format!("&fp={fingerprint}")), "{}", made.link);
    let wrong_pin = crate::tls::client(Some(&"0".repeat(64))).unwrap();
    assert!(wrong_pin.get(format!("{}/healthz", server.url)).send().await.is_err());
    server.running.stop().await;
    let again = TestServer::with(with_tls()).await;
    assert_eq!(again.running.first_line.fingerprint, Some(fingerprint));
}

#[tokio::test]
async fn two_servers_never_share_a_data_folder() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let second = start(Config::resolve(settings(dir.path())).unwrap()).await;
    assert!(matches!(second, Err(super::StartError::Running)));
    server.running.stop().await;
    TestServer::start(dir.path()).await;
}

#[tokio::test]
async fn a_socket_ends_at_once_when_its_device_is_signed_out_and_no_other_does() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let ann = server.sign_up("Ann", None).await.unwrap();
    let second = sign_in(&server, "Ann", PASSWORD).await.unwrap();
    let mut cut = socket(&server, &ann.device_token).await;
    let mut stays = socket(&server, &second.device_token).await;
    answer::<Value>(server.delete("/v1/sign-ins/current").bearer_auth(&ann.device_token)).await.unwrap();
    // Ends with a close frame, a cut, or the end of the stream.
    while let Some(Ok(_)) = cut.next().await {}
    stays.send(Message::Ping("p".into())).await.unwrap();
    loop {
        let message = stays.next().await.unwrap().unwrap();
        if matches!(message, Message::Pong(_)) {
            break;
        }
    }
}

async fn socket(server: &TestServer, device_token: &str) -> WebSocketStream<TcpStream> {
    let token = server.token(device_token, Audience::Messenger).await.unwrap().token;
    let host = server.url.trim_start_matches("http://");
    let mut request = format!("ws://{host}/v1/socket").into_client_request().unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    let stream = TcpStream::connect(host).await.unwrap();
    tokio_tungstenite::client_async(request, stream).await.unwrap().0
}
