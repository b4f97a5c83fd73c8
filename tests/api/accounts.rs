//! Signing up and in, badly: names, passwords, invites, devices, and how often.

use pod_shared::auth::{DeviceClaim, InviteRequest, SignIn, SignUp};
use pod_shared::{DeviceId, ErrorCode, limits};
use pod_tests::device::{Device, http, refused};
use pod_tests::world::PASSWORD;
use pod_tests::{World, both_ways};
use reqwest::{Method, Response};
use uuid::Uuid;

fn claim(label: &str) -> DeviceClaim {
    DeviceClaim { id: DeviceId(Uuid::now_v7()), label: label.into() }
}

fn sign_up(name: &str, invite: &str) -> SignUp {
    SignUp {
        name: name.into(),
        display_name: "Someone".into(),
        password: PASSWORD.into(),
        invite: Some(invite.into()),
        setup_code: None,
        device: claim("a test"),
    }
}

async fn post(world: &World, path: &str, body: &impl serde::Serialize) -> Response {
    http().post(format!("{}{path}", world.url())).json(body).send().await.unwrap()
}

both_ways!(a_sign_up_beyond_the_limits_is_refused_and_makes_nobody, async |world: &mut World| {
    let _first = Device::sign_up(world, "first").await;
    let invite = world.invite().await;
    let good = || sign_up("newcomer", &invite);
    let long_name = "n".repeat(limits::ACCOUNT_NAME_BYTES_MAX + 1);
    let bad = [
        (SignUp { name: String::new(), ..good() }, ErrorCode::InvalidName),
        (SignUp { name: long_name, ..good() }, ErrorCode::InvalidName),
        (SignUp { name: "a b".into(), ..good() }, ErrorCode::InvalidName),
        (SignUp { name: "a/b".into(), ..good() }, ErrorCode::InvalidName),
        (SignUp { name: "a\u{202e}b".into(), ..good() }, ErrorCode::InvalidName),
        (SignUp { name: "a\0b".into(), ..good() }, ErrorCode::InvalidName),
        (
            SignUp { display_name: "d".repeat(limits::DISPLAY_NAME_BYTES_MAX + 1), ..good() },
            ErrorCode::InvalidName,
        ),
        (SignUp { password: "p".repeat(limits::PASSWORD_CHARS_MIN - 1), ..good() }, ErrorCode::WeakPassword),
        (SignUp { password: "p".repeat(limits::PASSWORD_BYTES_MAX + 1), ..good() }, ErrorCode::TooLarge),
        (
            SignUp { device: claim(&"l".repeat(limits::DEVICE_LABEL_BYTES_MAX + 1)), ..good() },
            ErrorCode::InvalidName,
        ),
        (SignUp { invite: None, ..good() }, ErrorCode::InviteInvalid),
        (SignUp { invite: Some("no such code".into()), ..good() }, ErrorCode::InviteInvalid),
        (SignUp { name: "FIRST".into(), ..good() }, ErrorCode::NameTaken),
    ];
    for (body, code) in bad {
        refused(post(world, "/v1/accounts", &body).await, code).await;
    }
    let (_, people) = world.messenger.run(&["user", "list"]).await;
    assert_eq!(people.lines().filter(|line| !line.trim().is_empty()).count(), 1, "{people}");
    let taken = post(world, "/v1/accounts", &good()).await;
    assert!(taken.status().is_success(), "the invite was used up by refusals");
});

both_ways!(an_invite_ends_with_its_uses, async |world: &mut World| {
    let _first = Device::sign_up(world, "first").await;
    let invite = world.invite().await;
    assert!(post(world, "/v1/accounts", &sign_up("second", &invite)).await.status().is_success());
    refused(post(world, "/v1/accounts", &sign_up("third", &invite)).await, ErrorCode::InviteInvalid).await;
});

both_ways!(an_invite_beyond_the_limits_is_refused, async |world: &mut World| {
    let admin = Device::sign_up(world, "first").await;
    for (uses, days, code) in [
        (0, 1, ErrorCode::BadRequest),
        (1, 0, ErrorCode::BadRequest),
        (limits::INVITE_USES_MAX + 1, 1, ErrorCode::TooMany),
        (1, limits::INVITE_DAYS_MAX + 1, ErrorCode::TooMany),
    ] {
        let request = admin.server_request(Method::POST, "/v1/invites").json(&InviteRequest { uses, days });
        refused(request.send().await.unwrap(), code).await;
    }
    let other = Device::sign_up(world, "second").await;
    let request = other.server_request(Method::POST, "/v1/invites").json(&InviteRequest { uses: 1, days: 1 });
    refused(request.send().await.unwrap(), ErrorCode::RoleTooLow).await;
});

both_ways!(guessing_a_password_is_slowed_down, async |world: &mut World| {
    let _first = Device::sign_up(world, "first").await;
    let guess = |n: u32| SignIn { name: "first".into(), password: format!("guess {n}"), device: claim("g") };
    for n in 0..limits::SIGN_IN_FAILURES_PER_MINUTE_MAX {
        refused(post(world, "/v1/sign-ins", &guess(n)).await, ErrorCode::WrongPassword).await;
    }
    let answer = post(world, "/v1/sign-ins", &guess(99)).await;
    let body = pod_tests::device::refusal(answer).await;
    assert_eq!(body.code, ErrorCode::RateLimited);
    assert!(body.retry_after_ms.is_some_and(|ms| ms > 0), "it does not say when to try again");
});

both_ways!(an_account_has_so_many_devices_and_no_more, async |world: &mut World| {
    let _first = Device::sign_up(world, "first").await;
    let sign_in = || SignIn { name: "first".into(), password: PASSWORD.into(), device: claim("d") };
    for _ in 1..limits::DEVICES_PER_ACCOUNT_MAX {
        assert!(post(world, "/v1/sign-ins", &sign_in()).await.status().is_success());
    }
    refused(post(world, "/v1/sign-ins", &sign_in()).await, ErrorCode::TooMany).await;
});
