//! Secrets in the file, and the choice between the two places.

use super::{Secrets, SecretsKind};
use crate::command::Secret;
use pod_shared::ErrorCode;

#[tokio::test]
async fn a_secret_in_the_file_is_kept_found_and_forgotten() {
    let profile = tempfile::tempdir().unwrap();
    let secrets = Secrets::open(SecretsKind::File, profile.path());
    assert!(secrets.get("token").await.unwrap().is_none());
    secrets.set("token", Secret("first".into())).await.unwrap();
    secrets.set("token", Secret("second".into())).await.unwrap();
    let again = Secrets::open(SecretsKind::File, profile.path());
    assert_eq!(again.get("token").await.unwrap().unwrap().0, "second");
    again.remove("token").await.unwrap();
    again.remove("token").await.unwrap();
    assert!(secrets.get("token").await.unwrap().is_none());
}

#[tokio::test]
async fn secrets_that_are_written_at_once_are_all_kept() {
    let profile = tempfile::tempdir().unwrap();
    let secrets = Secrets::open(SecretsKind::File, profile.path());
    let mut writes = tokio::task::JoinSet::new();
    for n in 0..16 {
        let secrets = secrets.clone();
        writes.spawn(async move { secrets.set(&n.to_string(), Secret(format!("secret {n}"))).await });
    }
    writes.join_all().await.into_iter().for_each(|written| written.unwrap());
    for n in 0..16 {
        assert_eq!(secrets.get(&n.to_string()).await.unwrap().unwrap().0, format!("secret {n}"));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_reads_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let profile = tempfile::tempdir().unwrap();
    let secrets = Secrets::open(SecretsKind::File, profile.path());
    secrets.set("token", Secret("value".into())).await.unwrap();
    for file in std::fs::read_dir(profile.path()).unwrap() {
        let mode = file.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn the_file_is_used_only_when_it_is_asked_for() {
    assert_eq!(SecretsKind::default(), SecretsKind::Keyring);
    assert_eq!("file".parse::<SecretsKind>().unwrap(), SecretsKind::File);
    assert_eq!("else".parse::<SecretsKind>().unwrap_err().code, ErrorCode::BadRequest);
}
