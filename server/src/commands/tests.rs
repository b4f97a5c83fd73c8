//! `check` and `backup` beside a running server.

use super::{backup, check};
use crate::about::About;
use crate::access::Access;
use crate::app::RESTORED_MARK;
use crate::auth::Auth;
use crate::content::check::Depth;
use crate::interlock::heartbeat::TokenNews;
use crate::store::sqlite::auth::FILE as AUTH_FILE;
use crate::store::sqlite::messenger::FILE as MESSENGER_FILE;
use crate::testing::{TestServer, until};
use pod_shared::auth::Audience;
use std::path::Path;

async fn beside(data: &Path) -> Auth {
    Auth::open(data, Access::local(), About::new("")).await.unwrap()
}

#[tokio::test]
async fn a_running_server_is_clean_and_a_broken_one_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    server.sign_up("Ann", None).await.unwrap();
    assert_eq!(check(dir.path(), Depth::Digests).await.unwrap(), Vec::<String>::new());
    let database = rusqlite::Connection::open(dir.path().join(AUTH_FILE)).unwrap();
    database.execute("UPDATE accounts SET is_admin = 0, is_disabled = 1", []).unwrap();
    let found = check(dir.path(), Depth::Digests).await.unwrap();
    assert_eq!(found.len(), 2, "{found:?}");
    let empty = tempfile::tempdir().unwrap();
    assert!(check(empty.path(), Depth::Digests).await.is_err());
}

#[tokio::test]
async fn a_person_disabled_beside_the_server_is_out_at_once_and_comes_back_when_enabled() {
    let dir = tempfile::tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let ann = server.sign_up("Ann", None).await.unwrap();
    let signed = server.token(&ann.device_token, Audience::Messenger).await.unwrap();
    let command = beside(dir.path()).await;
    command.disable("ANN").await.unwrap();
    assert!(server.token(&ann.device_token, Audience::Messenger).await.is_err());
    let seen = Access::local();
    seen.trust(&[command.token_key()]);
    until("the revocation is known", || async {
        let news = command.revocations_after(0).await.unwrap();
        seen.revoke(&news);
        seen.verify(Some(&signed.token), Audience::Messenger).is_err()
    })
    .await;
    command.enable("ann").await.unwrap();
    let password = command.reset_password("ann").await.unwrap();
    let ask = pod_shared::auth::SignIn { name: "Ann".into(), password, device: crate::testing::device() };
    server.ask::<pod_shared::auth::SignedIn>("/v1/sign-ins", None, &ask).await.unwrap();
    assert_eq!(command.disable("nobody").await.unwrap_err().code(), pod_shared::ErrorCode::NotFound);
}

#[tokio::test]
async fn a_backup_made_beside_the_server_is_a_whole_server_again() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = TestServer::start(&data).await;
    let ann = server.sign_up("Ann", None).await.unwrap();
    std::fs::create_dir_all(data.join("blobs/aa")).unwrap();
    std::fs::write(data.join("blobs/aa/file"), b"content").unwrap();
    let file = dir.path().join("pod.tar");
    let written = backup(&data, &file).unwrap();
    assert!(written.databases >= 1);
    assert!(backup(&data, &file).unwrap_err().to_string().contains("already"));
    server.running.stop().await;

    let restored = dir.path().join("restored");
    tar::Archive::new(std::fs::File::open(&file).unwrap()).unpack(&restored).unwrap();
    assert_eq!(std::fs::read(restored.join("blobs/aa/file")).unwrap(), b"content");
    assert!(restored.join(RESTORED_MARK).exists());
    assert_eq!(check(&restored, Depth::Digests).await.unwrap(), Vec::<String>::new());
    let again = TestServer::start(&restored).await;
    assert!(!restored.join(RESTORED_MARK).exists());
    again.token(&ann.device_token, Audience::Messenger).await.unwrap();
    assert_ne!(epoch(&restored), epoch(&data), "devices that know more than the backup must start anew");
    assert!(
        std::fs::read_dir(&data)
            .unwrap()
            .flatten()
            .all(|e| !e.file_name().to_string_lossy().contains("draft"))
    );
}

fn epoch(data: &Path) -> i64 {
    let database = rusqlite::Connection::open(data.join(MESSENGER_FILE)).unwrap();
    database.query_row("SELECT epoch FROM meta", [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_backup_taken_while_the_halves_talk_is_one_moment_of_both() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = TestServer::start(&data).await;
    let ann = server.sign_up("Ann", None).await.unwrap();
    let token = server.token(&ann.device_token, Audience::Content).await.unwrap().token;
    let making = async {
        for n in 0..40 {
            let group =
                serde_json::json!({"id": uuid::Uuid::now_v7(), "title": n.to_string(), "members": []});
            server.ask::<serde_json::Value>("/v1/groups", Some(&token), &group).await.unwrap();
        }
    };
    let taking = async {
        for n in 0..4 {
            let (data, file) = (data.clone(), dir.path().join(format!("{n}.tar")));
            tokio::task::spawn_blocking(move || backup(&data, &file)).await.unwrap().unwrap();
        }
    };
    tokio::join!(making, taking);
    for n in 0..4 {
        let restored = dir.path().join(format!("restored-{n}"));
        let file = std::fs::File::open(dir.path().join(format!("{n}.tar"))).unwrap();
        tar::Archive::new(file).unpack(&restored).unwrap();
        // What was on its way at that moment arrives once a server runs again.
        let again = TestServer::start(&restored).await;
        until("both halves agree", || async { check(&restored, Depth::Digests).await.unwrap().is_empty() })
            .await;
        again.running.stop().await;
        assert_eq!(check(&restored, Depth::Digests).await.unwrap(), Vec::<String>::new());
    }
}
