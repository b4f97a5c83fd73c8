//! The limits between messenger and content service, each exceeded over the real connection.

use super::halves::{Halves, halves, is_ready};
use super::*;
use crate::interlock::http::{Remote, now_ms, path};
use crate::interlock::signature::{NONCE, Question, SIGNATURE, Secret, TIME};
use pod_shared::interlock::{MemberVersion, RelayBody, RelayRow, Rows, RowsApplied};
use pod_shared::limits::{
    INTERLOCK_SILENCE_MS_MAX, INTERLOCK_SKEW_MS_MAX, RELAY_BATCH_MAX, RELAY_FORGET_MAX,
};
use pod_shared::{AccountId, RelayId, Role, RoomId, TimeMs};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;

struct World {
    messenger: TestServer,
    content: TestServer,
    secret: Secret,
    ann: AccountId,
    token: String,
    _dir: TempDir,
}

impl World {
    async fn new() -> Self {
        let dir = tempdir().unwrap();
        let Halves { messenger, content, secret } = halves(dir.path()).await;
        until("content is ready", || is_ready(&content)).await;
        let ann = messenger.sign_up("Ann", None).await.unwrap();
        let token = messenger.token(&ann.device_token, Audience::Content).await.unwrap().token;
        let secret = read(&secret);
        Self { messenger, content, secret, ann: ann.account, token, _dir: dir }
    }

    /// How many groups Ann has at the content service.
    async fn groups(&self) -> Result<usize, Refused> {
        let request = self.content.get("/v1/groups").bearer_auth(&self.token);
        answer::<Vec<Value>>(request).await.map(|groups| groups.len())
    }

    /// As many new rooms of Ann's.
    fn rows(&self, count: usize) -> Rows {
        let (by, at) = (self.ann, TimeMs(now_ms()));
        let owner = MemberVersion { account: by, role: Some(Role::Owner), counter: 1, by };
        let pair = || RelayBody::Pair { title: "r".into(), creator: by, at, members: vec![owner] };
        let row =
            |seq| RelayRow { id: RelayId(Uuid::now_v7()), room: RoomId(Uuid::now_v7()), seq, body: pair() };
        Rows { rows: (1..=count as u64).map(row).collect(), forget: Vec::new() }
    }

    /// A room of Ann's, asked for at this time.
    async fn row_at(&self, time_ms: i64) -> Result<RowsApplied, Refused> {
        let (body, nonce) = (serde_json::to_vec(&self.rows(1)).unwrap(), Uuid::now_v7().to_string());
        let question = Question { path: path::ROWS, time_ms, nonce: &nonce, body: &body };
        let signature = self.secret.sign(question);
        let request = self.content.post(path::ROWS).header(TIME, time_ms).header(SIGNATURE, signature);
        answer(request.header(NONCE, &nonce).body(body)).await
    }
}

fn read(secret: &Path) -> Secret {
    Secret::new(&std::fs::read(secret).unwrap())
}

#[tokio::test]
async fn a_batch_of_too_many_rows_is_refused_whole() {
    let world = World::new().await;
    let fingerprint = world.content.running.first_line.fingerprint.as_deref();
    let remote = Remote::new(&world.content.url, fingerprint, world.secret.clone()).unwrap();
    let beyond = remote.ask::<_, RowsApplied>(path::ROWS, &world.rows(RELAY_BATCH_MAX + 1)).await;
    assert_eq!(beyond.unwrap_err().code(), ErrorCode::TooMany);
    let mut names_too_many = world.rows(1);
    names_too_many.forget = (0..=RELAY_FORGET_MAX).map(|_| RelayId(Uuid::now_v7())).collect();
    let beyond = remote.ask::<_, RowsApplied>(path::ROWS, &names_too_many).await;
    assert_eq!(beyond.unwrap_err().code(), ErrorCode::TooMany);
    assert_eq!(world.groups().await.unwrap(), 0);
    let most: RowsApplied = remote.ask(path::ROWS, &world.rows(RELAY_BATCH_MAX)).await.unwrap();
    assert_eq!((most.applied.len(), most.refused.len()), (RELAY_BATCH_MAX, 0));
    assert_eq!(world.groups().await.unwrap(), RELAY_BATCH_MAX);
}

#[tokio::test]
async fn a_signed_request_from_another_time_is_refused_and_changes_nothing() {
    let world = World::new().await;
    for beyond in [-INTERLOCK_SKEW_MS_MAX - 1, INTERLOCK_SKEW_MS_MAX + 10_000] {
        assert_eq!(code(world.row_at(now_ms() + beyond).await), ErrorCode::Unauthorized, "{beyond}");
    }
    assert_eq!(world.groups().await.unwrap(), 0);
    for within in [-INTERLOCK_SKEW_MS_MAX / 2, INTERLOCK_SKEW_MS_MAX / 2] {
        assert_eq!(world.row_at(now_ms() + within).await.unwrap().applied.len(), 1, "{within}");
    }
    assert_eq!(world.groups().await.unwrap(), 2);
}

#[tokio::test]
async fn content_lets_nobody_in_once_the_messenger_was_silent_for_too_long() {
    let world = World::new().await;
    world.row_at(now_ms()).await.unwrap();
    let World { messenger, content, token, _dir, .. } = world;
    messenger.running.stop().await;
    let access = content.running.access.clone();
    access.heard_ago(Duration::from_millis(INTERLOCK_SILENCE_MS_MAX - 30_000));
    let groups = async || answer::<Vec<Value>>(content.get("/v1/groups").bearer_auth(&token)).await;
    assert_eq!(groups().await.unwrap().len(), 1);
    access.heard_ago(Duration::from_millis(INTERLOCK_SILENCE_MS_MAX));
    assert_eq!(code(groups().await), ErrorCode::InterlockStale);
    assert_eq!(code(answer::<Value>(content.get("/readyz")).await), ErrorCode::InterlockStale);
    let make = json!({"id": RoomId(Uuid::now_v7()), "title": "late", "members": []});
    let refused = content.ask::<Value>("/v1/groups", Some(&token), &make).await;
    assert_eq!(code(refused), ErrorCode::InterlockStale);
    access.heard();
    assert_eq!(groups().await.unwrap().len(), 1, "nothing came of it");
}
