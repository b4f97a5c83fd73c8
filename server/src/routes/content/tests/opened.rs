//! Who looked at a file: told once for each version, only by who says so, and only where the room wants to know.

use super::world::{Person, World, refused};
use pod_shared::content::{ActivityKind, CommentLine, CommentNew, OpenedNew, OpenedSwitch};
use pod_shared::{CommentId, EntryId, ErrorCode, RoomId, limits};
use reqwest::{Method, Response, StatusCode};
use uuid::Uuid;

impl Person {
    async fn opened(&self, entry: EntryId, version: u32) -> Response {
        self.send(Method::POST, &format!("/v1/entries/{entry}/opened"), &OpenedNew { version }).await
    }

    async fn tells_opened(&self, room: RoomId, on: bool) -> Response {
        self.send(Method::PUT, &format!("/v1/groups/{room}/opened"), &OpenedSwitch { on }).await
    }

    /// Who opened which version, as the room is told.
    async fn openings(&self, room: RoomId) -> Vec<(pod_shared::AccountId, u32)> {
        let told = self.changes(room, 0).await.activities;
        let opened = told.into_iter().filter(|line| line.kind == ActivityKind::Opened);
        opened.map(|line| (line.by, line.version)).collect()
    }
}

#[tokio::test]
async fn who_opened_which_version_is_told_once() {
    let world = World::new().await;
    let (ann, bob, cid) = (world.person(), world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let file = ann.upload(room, "a", b"one").await;
    for _ in 0..3 {
        assert_eq!(bob.opened(file, 1).await.status(), StatusCode::NO_CONTENT);
    }
    ann.upload(room, "a", b"two").await;
    assert_eq!(bob.opened(file, 2).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(bob.opened(file, 3).await.status(), StatusCode::NO_CONTENT, "there is none to be told of");
    assert_eq!(refused(cid.opened(file, 1).await).await, ErrorCode::NotFound);
    assert_eq!(ann.openings(room).await, [(bob.account, 1), (bob.account, 2)]);
    // A download tells that it was one, and nothing of looking at it.
    bob.get(&format!("/v1/entries/{file}/content?quiet=true")).await.bytes().await.unwrap();
    bob.get(&format!("/v1/entries/{file}/preview?as=text")).await.bytes().await.unwrap();
    assert_eq!(ann.openings(room).await.len(), 2);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_room_that_does_not_want_to_know_is_not_told() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let file = ann.upload(room, "a", b"one").await;
    assert_eq!(refused(bob.tells_opened(room, false).await).await, ErrorCode::RoleTooLow);
    for _ in 0..2 {
        assert_eq!(ann.tells_opened(room, false).await.status(), StatusCode::NO_CONTENT);
        assert_eq!(bob.opened(file, 1).await.status(), StatusCode::NO_CONTENT);
    }
    assert_eq!(ann.openings(room).await, []);
    assert_eq!(ann.tells_opened(room, true).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(bob.opened(file, 1).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        bob.openings(room).await,
        [(bob.account, 1)],
        "what was looked at meanwhile was not kept either"
    );
    let told = ann.changes(room, 0).await.activities;
    let switched: Vec<_> = told
        .into_iter()
        .map(|line| line.kind)
        .filter(|kind| matches!(kind, ActivityKind::OpenedTold { .. }))
        .collect();
    assert_eq!(switched, [ActivityKind::OpenedTold { on: false }, ActivityKind::OpenedTold { on: true }]);
}

#[tokio::test]
async fn the_log_tells_what_a_comment_says_and_no_more_once_it_is_deleted() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let file = ann.upload(room, "a", b"one").await;
    let say = async |person: &Person, text: String, mentions, reply| {
        let id = CommentId(Uuid::now_v7());
        let new = CommentNew { id, text, mentions, reply };
        person.send(Method::POST, &format!("/v1/entries/{file}/comments"), &new).await;
        id
    };
    let first = say(&ann, "가".repeat(400), vec![bob.account], None).await;
    let second = say(&bob, "yes".into(), Vec::new(), Some(first)).await;
    let lines = async || -> Vec<CommentLine> {
        let told = ann.changes(room, 0).await.activities;
        let said = told.into_iter().filter(|line| line.kind == ActivityKind::Commented);
        said.filter_map(|line| line.comment).collect()
    };
    let beginning = "가".repeat(limits::COMMENT_LINE_CHARS_MAX as usize);
    let told = |id, text: Option<&str>, mentions, answers| CommentLine {
        id,
        text: text.map(str::to_owned),
        mentions,
        answers,
    };
    assert_eq!(
        lines().await,
        [
            told(first, Some(&beginning), vec![bob.account], None),
            told(second, Some("yes"), Vec::new(), Some(ann.account))
        ]
    );
    ann.ask(Method::DELETE, &format!("/v1/comments/{first}")).send().await.unwrap();
    assert_eq!(lines().await[0], told(first, None, Vec::new(), None));
}
