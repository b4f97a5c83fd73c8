//! Rules of `auth` that need no socket.

use super::failures::Failures;
use super::{Auth, Origin, OriginPlace, name};
use crate::about::About;
use crate::access::{Access, Caller, now_s};
use crate::testing;
use pod_shared::ErrorCode;
use pod_shared::limits::SIGN_IN_FAILURES_PER_MINUTE_MAX;
use std::net::IpAddr;
use std::time::{Duration, Instant};

#[test]
fn names_are_compared_without_case_in_composed_form() {
    for (a, b) in [
        ("Ann", "aNN"),
        ("STRASSE", "straße"),
        ("É", "e\u{301}"),
        ("ΟΔΟΣ", "οδος"),
        ("김", "\u{1100}\u{1175}\u{11B7}"),
    ] {
        assert_eq!(name::fold(a), name::fold(b), "{a} {b}");
    }
    assert_ne!(name::fold("ann"), name::fold("anna"));
}

#[test]
fn names_of_any_script_are_good() {
    for good in ["ann", "Ann-Marie.2", "민수", "李雷", "ไทย", "हिन्दी", "Ünal_1", "9"]
    {
        assert!(name::account(good).is_ok(), "{good}");
    }
}

#[test]
fn failures_are_counted_by_address_and_by_name_and_forgotten_after_a_minute() {
    let failures = Failures::default();
    let start = Instant::now();
    let address = |n: u8| IpAddr::from([10, 0, 0, n]);
    for n in 0..SIGN_IN_FAILURES_PER_MINUTE_MAX {
        failures.attempt_at(start, address(u8::try_from(n).unwrap()), "ann").unwrap();
    }
    let refused = failures.attempt_at(start, address(200), "ann").err().unwrap();
    assert_eq!(refused.code(), ErrorCode::RateLimited);
    assert!(refused.0.retry_after_ms.is_some());
    failures.attempt_at(start, address(1), "bob").unwrap();
    failures.attempt_at(start + Duration::from_secs(60), address(200), "ann").unwrap();
}

#[test]
fn what_is_forgiven_does_not_count() {
    let failures = Failures::default();
    let (start, address) = (Instant::now(), IpAddr::from([10, 0, 0, 1]));
    for _ in 0..SIGN_IN_FAILURES_PER_MINUTE_MAX * 3 {
        failures.attempt_at(start, address, "ann").unwrap().forgive();
    }
}

#[tokio::test]
async fn a_person_disabled_beside_the_server_is_cut_also_when_another_device_signs_out_just_then() {
    let dir = tempfile::tempdir().unwrap();
    let access = Access::local();
    let server = Auth::open(dir.path(), access.clone(), About::new("")).await.unwrap();
    let beside = Auth::open(dir.path(), Access::local(), About::new("")).await.unwrap();
    let here = Origin { address: IpAddr::from([127, 0, 0, 1]), place: OriginPlace::Here };
    let ann = server.sign_up(testing::sign_up("ann", None), here).await.unwrap();
    let asked = pod_shared::auth::InviteRequest { uses: 1, days: 1 };
    let invited = server.invite(&asked, None).await.unwrap();
    let bob = testing::sign_up("bob", Some(&invited.code));
    let device = bob.device.id;
    let bob = server.sign_up(bob, here).await.unwrap();
    let bob = Caller { account: bob.account, device, issued_at_s: now_s(), expires_at_s: u64::MAX };
    beside.disable("bob").await.unwrap();
    server.sign_out(Some(&ann.device_token), None).await.unwrap();
    let watching = tokio::spawn(server.watch());
    let cut = tokio::time::timeout(Duration::from_secs(20), access.revoked(&bob)).await;
    assert!(cut.is_ok(), "the stream of a disabled person goes on");
    watching.abort();
}
