//! What a change of a permission ends, and what stays hidden in a deletion undone, a page, a comment.

use super::locks::{place, renamed};
use super::permissions::{everyone, look, only_me, view_only, within};
use super::uploads::bytes;
use super::versions::again;
use super::world::{Meta, Person, World, good, refused, until};
use pod_shared::content::{ActivityKind, CommentNew, CommentPage, Entry, EntryPage, LockAsk, TrashPage};
use pod_shared::{CommentId, EntryId, ErrorCode, limits};
use reqwest::{Method, StatusCode};
use uuid::Uuid;

#[tokio::test]
async fn what_somebody_does_there_ends_with_their_right() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let place = place(&ann, &[&bob]).await;
    let big = ann.upload_as(&within(place.room, place.sub, "big"), &bytes(24 << 20)).await;
    let mut reading = bob.get(&format!("/v1/entries/{big}/content")).await;
    assert!(reading.chunk().await.unwrap().is_some());
    let sending = bob.begin(&within(place.room, place.sub, "new"), 9).await;
    let beside = bob.begin(&Meta::new(place.room, "open"), 9).await;
    assert!(bob.locking(place.file, &LockAsk::default()).await.status().is_success());
    ann.permit(place.dir, &only_me()).await;
    // The next byte is refused.
    until("the download is cut", async || reading.chunk().await.is_err().then_some(())).await;
    assert_eq!(refused(bob.patch(&sending, 0, &b"x"[..]).send().await.unwrap()).await, ErrorCode::Gone);
    assert_eq!(bob.offset(&beside).await, 0, "elsewhere they go on");
    assert_eq!(ann.entry(place.file).await.lock, None);
    let open = ann.changes(place.room, 0).await.uploads;
    assert_eq!(open.iter().map(|upload| upload.name.as_str()).collect::<Vec<_>>(), ["open"]);
    // What Ann sends into it, Bob does not see on its way.
    let position = bob.changes(place.room, 0).await.position.0;
    let hers = ann.begin(&within(place.room, place.sub, "secret"), 9).await;
    let seen = bob.changes(place.room, position).await;
    assert_eq!((seen.uploads.len(), seen.activities.len()), (1, 0));
    assert!(refused(bob.tus(Method::DELETE, &hers).send().await.unwrap()).await != ErrorCode::Gone);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_comes_back_is_seen_by_nobody_else_than_before() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let place = place(&ann, &[&bob]).await;
    ann.permit(place.dir, &only_me()).await;
    for gone in [place.file, place.dir] {
        assert_eq!(ann.deleting(gone).await.status(), StatusCode::NO_CONTENT);
    }
    let restore = async |who: &Person, entry: EntryId| {
        who.send(Method::POST, &format!("/v1/entries/{entry}/restore"), &()).await
    };
    assert_eq!(refused(restore(&bob, place.file).await).await, ErrorCode::NotFound);
    assert_eq!(
        refused(restore(&ann, place.file).await).await,
        ErrorCode::Conflict,
        "it would lie at the top"
    );
    good::<Entry>(restore(&ann, place.dir).await).await;
    good::<Entry>(restore(&ann, place.file).await).await;
    assert_eq!(look("its entry", &bob, &place).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_page_of_a_folder_is_full_of_what_is_seen() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    for number in 0..9 {
        let entry = ann.whole(&Meta::new(room, &format!("f{number}")), b"x").await;
        if number % 3 > 0 {
            ann.permit(entry, &only_me()).await;
        }
    }
    let first: EntryPage = good(bob.get(&format!("/v1/rooms/{room}/entries?limit=2")).await).await;
    let names = |page: &EntryPage| page.entries.iter().map(|entry| entry.name.clone()).collect::<Vec<_>>();
    assert_eq!((names(&first).as_slice(), first.more), (["f0".to_owned(), "f3".to_owned()].as_slice(), true));
    let rest: EntryPage = good(bob.get(&format!("/v1/rooms/{room}/entries?limit=2&after=f3")).await).await;
    assert_eq!((names(&rest), rest.more), (vec!["f6".to_owned()], false));
}

#[tokio::test]
async fn so_many_entries_of_a_room_have_a_permission_and_no_more() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let file = ann.upload(room, "f", b"x").await;
    ann.permit(file, &view_only()).await;
    let full = i64::try_from(limits::PERMISSIONS_PER_ROOM_MAX).unwrap();
    let fill = "WITH RECURSIVE n (i) AS (VALUES (2) UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
        INSERT INTO entries (id, room, parent, name, name_key, kind, version, size, created_at, created_by, modified_at,
            modified_by, position)
        SELECT randomblob(16), e.room, e.id, 'x', hex(randomblob(8)), 2, 0, 0, 0, e.created_by, 0, e.created_by, 1
        FROM n JOIN entries e ON e.id = ?1";
    // Folders in a file: only their number counts here.
    world.database().execute(fill, rusqlite::params![file.as_bytes(), full]).unwrap();
    let mark = "INSERT INTO permissions (entry, room, shared, view_only, people)
        SELECT id, room, 1, 1, x'' FROM entries WHERE parent = ?1";
    world.database().execute(mark, [file.as_bytes()]).unwrap();
    let other = ann.upload(room, "g", b"x").await;
    assert_eq!(refused(ann.permitting(other, &view_only()).await).await, ErrorCode::TooMany);
    ann.permit(file, &everyone()).await;
    ann.permit(other, &view_only()).await;
}

#[tokio::test]
async fn a_comment_names_only_who_sees_what_it_is_about() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let place = place(&ann, &[&bob]).await;
    ann.permit(place.file, &only_me()).await;
    let (text, reply) = ("look".to_owned(), None);
    let new = CommentNew { id: CommentId(Uuid::now_v7()), text, mentions: vec![bob.account], reply };
    let said = ann.send(Method::POST, &format!("/v1/entries/{}/comments", place.file), &new).await;
    assert_eq!(refused(said).await, ErrorCode::NotFound);
    let page: CommentPage = good(ann.get(&format!("/v1/entries/{}/comments", place.file)).await).await;
    assert!(page.comments.is_empty());
    assert_eq!(ann.kinds(place.room).await.last(), Some(&ActivityKind::PermissionChanged));
    assert!(bob.bring_back(place.file, 1, &again(None)).await.status() == StatusCode::NOT_FOUND);
    good::<Entry>(ann.patching(place.file, &renamed("b.txt")).await).await;
}

#[tokio::test]
async fn what_is_hidden_is_not_in_anybody_elses_trash_and_not_emptied_with_it() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = bob.group(&[&ann]).await;
    let (secret, open) = (ann.upload(room, "secret", b"x").await, ann.upload(room, "open", b"x").await);
    ann.permit(secret, &only_me()).await;
    for gone in [secret, open] {
        assert_eq!(ann.deleting(gone).await.status(), StatusCode::NO_CONTENT);
    }
    let trash = async |who: &Person| {
        let page: TrashPage = good(who.get(&format!("/v1/rooms/{room}/trash")).await).await;
        page.items.into_iter().map(|item| item.entry.name).collect::<Vec<_>>()
    };
    assert_eq!(trash(&ann).await.len(), 2);
    assert_eq!(trash(&bob).await, ["open"]);
    let drop = async |who: &Person, path: &str| who.ask(Method::DELETE, path).send().await.unwrap();
    assert_eq!(refused(drop(&bob, &format!("/v1/entries/{secret}/trash")).await).await, ErrorCode::NotFound);
    let up_to = ann.changes(room, 0).await.position.0;
    let emptied = drop(&bob, &format!("/v1/rooms/{room}/trash?up_to={up_to}")).await;
    assert_eq!(emptied.status(), StatusCode::NO_CONTENT);
    assert_eq!(trash(&ann).await, ["secret"]);
    let back = ann.send(Method::POST, &format!("/v1/entries/{secret}/restore"), &()).await;
    assert_eq!(good::<Entry>(back).await.permission, Some(only_me()));
}
