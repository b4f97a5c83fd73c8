//! A person's own account and room links, badly: passwords, names, codes, and the page of a link.

use pod_shared::auth::{DeviceClaim, PasswordChange, Profile, ProfileChange, SignIn};
use pod_shared::bytes::ByteString;
use pod_shared::links::LinkRequest;
use pod_shared::presence::{MyPresence, PresenceChoice};
use pod_shared::socket::{Person, Request};
use pod_shared::{DeviceId, ErrorCode, LinkId, RoomId, limits};
use pod_tests::device::{Device, http, refused, taken};
use pod_tests::world::PASSWORD;
use pod_tests::{Socket, World, both_ways};
use reqwest::{Method, Response};
use uuid::Uuid;

const PATH: &str = "/v1/accounts/current/password";
const NEW: &str = "another long one";

async fn change(device: &Device, old: &str, new: &str) -> Response {
    let body = PasswordChange { old: old.into(), new: new.into() };
    device.server_request(Method::PUT, PATH).json(&body).send().await.unwrap()
}

async fn sign_in(world: &World, name: &str, password: &str) -> Response {
    let device = DeviceClaim { id: DeviceId(Uuid::now_v7()), label: "a test".into() };
    let body = SignIn { name: name.into(), password: password.into(), device };
    http().post(format!("{}/v1/sign-ins", world.url())).json(&body).send().await.unwrap()
}

both_ways!(a_password_is_changed_by_who_knows_it_and_the_other_devices_go, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    refused(change(&alice, "a wrong one", NEW).await, ErrorCode::WrongPassword).await;
    refused(
        change(&alice, PASSWORD, &"p".repeat(limits::PASSWORD_CHARS_MIN - 1)).await,
        ErrorCode::WeakPassword,
    )
    .await;
    let long = "p".repeat(limits::PASSWORD_BYTES_MAX + 1);
    refused(change(&alice, PASSWORD, &long).await, ErrorCode::TooLarge).await;
    refused(change(&alice, &long, NEW).await, ErrorCode::TooLarge).await;
    let nobody = http()
        .put(format!("{}{PATH}", world.url()))
        .json(&PasswordChange { old: PASSWORD.into(), new: NEW.into() });
    refused(nobody.send().await.unwrap(), ErrorCode::Unauthorized).await;
    let torn = alice
        .server_request(Method::PUT, PATH)
        .header("content-type", "application/json")
        .body("{\"old\":1}");
    refused(torn.send().await.unwrap(), ErrorCode::BadRequest).await;
    assert!(sign_in(world, "alice", PASSWORD).await.status().is_success(), "nothing was changed by refusals");

    let other: pod_shared::auth::SignedIn = taken(sign_in(world, "alice", PASSWORD).await).await;
    assert_eq!(change(&alice, PASSWORD, NEW).await.status(), 204);
    refused(sign_in(world, "alice", PASSWORD).await, ErrorCode::WrongPassword).await;
    assert!(sign_in(world, "alice", NEW).await.status().is_success());
    let url = format!("{}/v1/sign-ins", world.url());
    let gone = http().get(&url).bearer_auth(&other.device_token).send().await.unwrap();
    refused(gone, ErrorCode::SignedOut).await;
    assert_eq!(alice.server_request(Method::GET, "/v1/sign-ins").send().await.unwrap().status(), 200);
});

both_ways!(guessing_ones_own_password_is_as_slow_as_signing_in, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    for _ in 0..limits::SIGN_IN_FAILURES_PER_MINUTE_MAX {
        refused(change(&alice, "a wrong one", NEW).await, ErrorCode::WrongPassword).await;
    }
    refused(change(&alice, PASSWORD, NEW).await, ErrorCode::RateLimited).await;
});

both_ways!(a_display_name_is_changed_within_the_limits, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let rename = |name: &str| {
        let body = ProfileChange { display_name: name.into() };
        alice.server_request(Method::PATCH, "/v1/accounts/current").json(&body).send()
    };
    for bad in ["", "  ", "a\u{202e}b", "a\0b", &"d".repeat(limits::DISPLAY_NAME_BYTES_MAX + 1)] {
        refused(rename(bad).await.unwrap(), ErrorCode::InvalidName).await;
    }
    let profile: Profile = taken(rename(" 앨리스 ").await.unwrap()).await;
    assert_eq!(profile.display_name, "앨리스");
    let (mut socket, _) = Socket::open(&alice, None).await;
    let found = socket.ask(Request::People { text: "앨리".into(), limit: 5 }).await.unwrap();
    let pod_shared::socket::Answer::People { people } = found else { panic!("{found:?}") };
    let me = Person { account: alice.account, name: "alice".into(), display_name: "앨리스".into() };
    assert_eq!(people, [me], "the directory finds the new name");
});

both_ways!(links_and_presence_beyond_the_limits_are_refused, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let (mut socket, _) = Socket::open(&alice, None).await;
    let room = RoomId(Uuid::now_v7());
    let create = Request::RoomCreate { room, title: "r".into(), members: vec![], folder: false };
    socket.ask(create).await.unwrap();
    let link = |digest: Vec<u8>, uses, days| {
        let link = LinkId(Uuid::now_v7());
        Request::Link(LinkRequest::Create { link, room, digest: ByteString(digest), uses, days })
    };
    for (request, code) in [
        (link(vec![0; 32], 0, 1), ErrorCode::BadRequest),
        (link(vec![0; 33], 1, 1), ErrorCode::BadRequest),
        (link(vec![0; 32], limits::INVITE_USES_MAX + 1, 1), ErrorCode::TooMany),
        (link(vec![0; 32], 1, limits::INVITE_DAYS_MAX + 1), ErrorCode::TooMany),
        (Request::Link(LinkRequest::List { room: RoomId(Uuid::now_v7()) }), ErrorCode::NotFound),
        (Request::Link(LinkRequest::Join { code: String::new() }), ErrorCode::InviteInvalid),
        (
            Request::Link(LinkRequest::Join { code: "c".repeat(limits::LINK_CODE_BYTES_MAX + 1) }),
            ErrorCode::InviteInvalid,
        ),
        (
            Request::Presence(MyPresence {
                state: PresenceChoice::Busy,
                text: "t".repeat(limits::PRESENCE_TEXT_BYTES_MAX + 1),
                until: None,
            }),
            ErrorCode::TooLarge,
        ),
    ] {
        let asked = format!("{request:?}");
        assert_eq!(socket.ask(request).await.unwrap_err().code, code, "{asked}");
    }
});

both_ways!(the_page_of_a_link_shows_no_more_than_it_must, async |world: &mut World| {
    let _alice = Device::sign_up(world, "alice").await;
    for query in ["", "?", "?room=", "?room=%3Cscript%3E", "?room=none&code=x", "?code=%22%3E%3Cb%3E"] {
        let answer = http().get(format!("{}/join{query}", world.url())).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{query}");
        assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
        let html = answer.text().await.unwrap();
        assert!(!html.contains("<script") && !html.contains("<b>"), "{query}: {html}");
    }
    let long = format!("{}/join?room={}", world.url(), "x".repeat(limits::HTTP_HEADERS_BYTES_MAX));
    let answer = http().get(long).send().await;
    assert!(!answer.is_ok_and(|answer| answer.status().is_success()));
    assert_eq!(http().post(format!("{}/join", world.url())).send().await.unwrap().status(), 405);
});
