//! One engine per profile, reached from beside it.

use super::{Engine, Remote, line, place};
use crate::command::{Answer, Command};
use crate::handle::{StartOptions, start};
use crate::secrets::SecretsKind;
use crate::view::ConnectionView;
use pod_shared::ErrorCode;
use pod_shared::limits::LOCAL_SOCKET_LINE_BYTES_MAX;
use std::path::Path;
use tokio::io::BufReader;

fn options(profile: &Path) -> StartOptions {
    StartOptions { secrets: SecretsKind::File, ..StartOptions::new(profile) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_engine_is_refused_and_the_first_is_reached_instead() {
    let profile = tempfile::tempdir().unwrap();
    let (pod, _events) = start(options(profile.path())).await.unwrap();
    assert_eq!(start(options(profile.path())).await.err().unwrap().code, ErrorCode::Conflict);
    let mut engine = Engine::reach(options(profile.path())).await.unwrap();
    assert!(matches!(engine, Engine::Running(_)));
    let Answer::Status(status) = engine.run(Command::Status).await.unwrap() else { panic!("no status") };
    assert_eq!(status.connection, ConnectionView::SignedOut);
    engine.follow().await.unwrap();
    drop(pod);
    while engine.next_event().await.is_some() {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_free_again_when_its_engine_has_ended() {
    let profile = tempfile::tempdir().unwrap();
    drop(start(options(profile.path())).await.unwrap());
    // Ends by itself; until then it is in the way, and waited for.
    let engine = Engine::reach(options(profile.path())).await.unwrap();
    drop(engine);
    assert!(Remote::connect(&profile.path().join("nobody")).await.unwrap().is_none());
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn only_its_owner_may_speak_to_an_engine() {
    use std::os::unix::fs::PermissionsExt;
    let profile = tempfile::tempdir().unwrap();
    let _running = start(options(profile.path())).await.unwrap();
    let path = place::socket_path(&place::canonical(profile.path()).unwrap()).unwrap();
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_profile_with_a_long_path_has_its_socket_under_a_short_one() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("long".repeat(40));
    let _running = start(options(&profile)).await.unwrap();
    assert!(Remote::connect(&profile).await.unwrap().is_some());
}

#[tokio::test]
async fn a_line_that_is_too_long_ends_the_connection() {
    let text = "x".repeat(LOCAL_SOCKET_LINE_BYTES_MAX + 10);
    let mut reader = BufReader::new(text.as_bytes());
    assert!(line::read::<String>(&mut reader).await.is_err());
    assert!(line::of(&text).is_err());
}
