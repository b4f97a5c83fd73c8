//! Bad input and limits: each with its code, and nothing changed.

use super::*;

#[tokio::test]
async fn names_and_passwords_outside_the_rules_are_refused_and_make_no_account() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let good = sign_up("Ann", None);
    let name = |name: &str| SignUp { name: name.into(), ..good.clone() };
    let shown = |text: &str| SignUp { display_name: text.into(), ..good.clone() };
    let password = |text: &str| SignUp { password: text.into(), ..good.clone() };
    let mut cases = Vec::new();
    for bad in ["", " ", "a b", "../etc", "a/b", "a\0b", "-a", ".a", "a\u{202E}b", "a@b", &"a".repeat(65)] {
        cases.push((name(bad), ErrorCode::InvalidName));
    }
    for bad in ["", "  ", "a\nb", "a\u{202E}b", &"é".repeat(65)] {
        cases.push((shown(bad), ErrorCode::InvalidName));
    }
    cases.push((password("short"), ErrorCode::WeakPassword));
    cases.push((password(&"p".repeat(1_025)), ErrorCode::TooLarge));
    let mut label = good.clone();
    label.device.label = "x".repeat(129);
    cases.push((label, ErrorCode::InvalidName));
    for (ask, expected) in cases {
        let result = server.ask::<SignedIn>("/v1/accounts", None, &ask).await;
        assert_eq!(code(result), expected, "{:?} {:?}", ask.name, ask.display_name);
    }
    let info: ServerInfo = answer(server.get("/v1/server")).await.unwrap();
    assert!(info.needs_first_account);
    let longest = SignUp { name: "a".repeat(64), display_name: "é".repeat(64), ..good };
    server.ask::<SignedIn>("/v1/accounts", None, &longest).await.unwrap();
}

#[tokio::test]
async fn bodies_that_are_no_request_are_refused() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let raw = |body: Vec<u8>| server.post("/v1/accounts").body(body);
    for body in ["", "null", "[]", "{", "{\"name\": 1}", "\u{0}"] {
        assert_eq!(code(answer::<Value>(raw(body.into())).await), ErrorCode::BadRequest, "{body:?}");
    }
    let huge = answer::<Value>(raw(vec![b' '; JSON_BODY_BYTES_MAX + 1])).await;
    assert_eq!(code(huge), ErrorCode::TooLarge);
    assert_eq!(code(answer::<Value>(server.get("/v1/nothing")).await), ErrorCode::NotFound);
    assert_eq!(code(answer::<Value>(server.get("/v1/accounts")).await), ErrorCode::BadRequest);
}

#[tokio::test]
async fn wrong_passwords_and_unknown_names_are_answered_alike_and_then_slowed_down() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    server.sign_up("Ann", None).await.unwrap();
    assert_eq!(code(sign_in(&server, "nobody", PASSWORD).await), ErrorCode::WrongPassword);
    let tries = (1..SIGN_IN_FAILURES_PER_MINUTE_MAX).map(|_| sign_in(&server, "Ann", "wrong password"));
    for result in futures_util::future::join_all(tries).await {
        assert_eq!(code(result), ErrorCode::WrongPassword);
    }
    // Now also the right one has to wait.
    assert_eq!(code(sign_in(&server, "Ann", PASSWORD).await), ErrorCode::RateLimited);
}

#[tokio::test]
async fn good_sign_ins_are_never_slowed_down_and_devices_are_counted() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let ann = server.sign_up("Ann", None).await.unwrap();
    for _ in 1..DEVICES_PER_ACCOUNT_MAX {
        sign_in(&server, "Ann", PASSWORD).await.unwrap();
    }
    assert_eq!(code(sign_in(&server, "Ann", PASSWORD).await), ErrorCode::TooMany);
    answer::<Value>(server.delete("/v1/sign-ins/current").bearer_auth(&ann.device_token)).await.unwrap();
    sign_in(&server, "Ann", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn the_device_token_is_needed_and_nothing_else_passes_for_it() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let ann = server.sign_up("Ann", None).await.unwrap();
    let signed: TokenAnswer = server.token(&ann.device_token, Audience::Messenger).await.unwrap();
    for bearer in ["", "x", signed.token.as_str()] {
        let result = server.token(bearer, Audience::Messenger).await;
        assert_eq!(code(result), ErrorCode::Unauthorized);
    }
    let unknown =
        server.ask::<Value>("/v1/tokens", Some(&ann.device_token), &json!({"audience": "auth"})).await;
    assert_eq!(code(unknown), ErrorCode::BadRequest);
    let path = answer::<Value>(server.delete("/v1/sign-ins/other").bearer_auth(&ann.device_token)).await;
    assert_eq!(code(path), ErrorCode::BadRequest);
}

#[tokio::test]
async fn behind_a_proxy_the_first_account_needs_the_setup_code() {
    let dir = tempdir().unwrap();
    let server = TestServer::with(Settings { behind_proxy: Some(true), ..settings(dir.path()) }).await;
    let setup = server.running.first_line.setup_code.clone().unwrap();
    let ask = sign_up("Ann", None);
    let refused = server.ask::<SignedIn>("/v1/accounts", None, &ask).await;
    assert_eq!(code(refused), ErrorCode::SetupCodeNeeded);
    let wrong = SignUp { setup_code: Some("0000-0000-0000".into()), ..ask.clone() };
    assert_eq!(code(server.ask::<SignedIn>("/v1/accounts", None, &wrong).await), ErrorCode::SetupCodeNeeded);
    let right = SignUp { setup_code: Some(setup.to_lowercase()), ..ask };
    assert!(server.ask::<SignedIn>("/v1/accounts", None, &right).await.unwrap().is_admin);
}

#[tokio::test]
async fn a_request_with_too_many_headers_is_refused_and_the_server_goes_on() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let fat = server.get("/healthz").header("x-fat", "x".repeat(40_000)).send().await.unwrap();
    assert_eq!(fat.status().as_u16(), 431);
    let mut many = server.get("/healthz");
    for n in 0..80 {
        many = many.header(format!("x-{n}"), "1");
    }
    assert_eq!(many.send().await.unwrap().status().as_u16(), 431);
    assert!(server.get("/healthz").send().await.unwrap().status().is_success());
}

#[tokio::test]
async fn a_web_page_on_this_computer_cannot_make_the_first_account() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let from_page = server.post("/v1/accounts").header("origin", "http://evil").json(&sign_up("Ann", None));
    assert_eq!(code(answer::<SignedIn>(from_page).await), ErrorCode::SetupCodeNeeded);
    server.sign_up("Ann", None).await.unwrap();
}
