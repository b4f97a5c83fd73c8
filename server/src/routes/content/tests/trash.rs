//! What was deleted: listed, brought back, deleted for good by hand and by its age, step by step, and nothing left of it.

use super::world::{Meta, Person, World, good, refused, until};
use crate::content::Policy;
use pod_shared::content::{
    ActivityKind, CommentNew, Entry, RatingNew, Settled, TrashItem, TrashPage, VersionPage,
};
use pod_shared::{CommentId, EntryId, ErrorCode, Role, RoomId, limits};
use reqwest::{Method, Response};
use std::time::{Duration, SystemTime};
use uuid::Uuid;

const DAY: Duration = Duration::from_secs(24 * 3600);

impl Person {
    async fn bin(&self, entry: EntryId) {
        let answer = self.ask(Method::DELETE, &format!("/v1/entries/{entry}")).send().await.unwrap();
        assert_eq!(answer.status(), 204);
    }

    async fn trash(&self, room: RoomId, query: &str) -> TrashPage {
        good(self.get(&format!("/v1/rooms/{room}/trash{query}")).await).await
    }

    async fn in_trash(&self, room: RoomId) -> Vec<String> {
        self.trash(room, "").await.items.into_iter().map(|item| item.entry.name).collect()
    }

    async fn purging(&self, entry: EntryId) -> Response {
        self.ask(Method::DELETE, &format!("/v1/entries/{entry}/trash")).send().await.unwrap()
    }

    async fn purge(&self, entry: EntryId) {
        assert_eq!(self.purging(entry).await.status(), 204);
    }

    async fn emptying(&self, room: RoomId, up_to: u64) -> Response {
        let path = format!("/v1/rooms/{room}/trash?up_to={up_to}");
        self.ask(Method::DELETE, &path).send().await.unwrap()
    }

    async fn undelete(&self, entry: EntryId) -> Response {
        self.ask(Method::POST, &format!("/v1/entries/{entry}/restore")).send().await.unwrap()
    }

    async fn dir(&self, room: RoomId, parent: Option<EntryId>, name: &str) -> EntryId {
        good::<Entry>(self.folder(room, parent, name).await).await.id
    }

    /// A file with two versions, a comment that is answered, and a rating.
    async fn full_file(&self, room: RoomId, parent: Option<EntryId>, name: &str) -> EntryId {
        let meta = || match parent {
            Some(parent) => Meta::new(room, name).with("parent", parent),
            None => Meta::new(room, name),
        };
        self.upload_as(&meta(), format!("one {name}").as_bytes()).await;
        let file = self.upload_as(&meta(), format!("two {name}").as_bytes()).await;
        let mut reply = None;
        for text in ["first", "second"] {
            let id = CommentId(Uuid::now_v7());
            let new = CommentNew { id, text: text.into(), mentions: Vec::new(), reply };
            let said = self.send(Method::POST, &format!("/v1/entries/{file}/comments"), &new).await;
            assert_eq!(said.status(), 200);
            reply = Some(id);
        }
        let rating = RatingNew { halves: Some(7) };
        good::<Entry>(self.send(Method::PUT, &format!("/v1/entries/{file}/rating"), &rating).await).await;
        file
    }
}

/// Rows that the database has of something.
fn rows(world: &World, table: &str) -> i64 {
    world.database().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

async fn removed(world: &World) {
    until("all that was deleted for good is removed", async || (rows(world, "purges") == 0).then_some(()))
        .await;
}

#[tokio::test]
async fn the_trash_is_listed_newest_first_with_who_when_and_where_it_lay() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let plans = ann.dir(room, None, "plans").await;
    let year = ann.dir(room, Some(plans), "2026").await;
    let file = ann.upload_as(&Meta::new(room, "a.txt").with("parent", year), b"one").await;
    let other = ann.upload(room, "b.txt", b"two").await;
    assert_eq!(ann.in_trash(room).await, Vec::<String>::new());
    bob.bin(file).await;
    ann.bin(other).await;
    bob.bin(plans).await;
    let page = ann.trash(room, "").await;
    let told = |item: &TrashItem| (item.entry.id, item.entry.modified_by, item.path.join("/"), item.below);
    assert_eq!(
        page.items.iter().map(told).collect::<Vec<_>>(),
        [
            (plans, bob.account, String::new(), 1),
            (other, ann.account, String::new(), 0),
            (file, bob.account, "plans/2026".into(), 0),
        ]
    );
    let days = Policy::default().trash_days;
    assert_eq!((page.more, page.days), (false, days));
    let kept = i64::from(days) * i64::try_from(DAY.as_millis()).unwrap();
    assert!(page.items.iter().all(|item| item.until.0 - item.entry.modified_at.0 == kept));
    let first = ann.trash(room, "?limit=1").await;
    assert_eq!((first.items.len(), first.more), (1, true));
    let rest = ann.trash(room, &format!("?limit=5&before={}", first.items[0].at.0)).await;
    assert_eq!(rest.items, page.items[1..]);
    good::<Entry>(ann.undelete(other).await).await;
    assert_eq!(ann.in_trash(room).await, ["plans", "a.txt"]);
    let eve = world.person();
    assert_eq!(refused(eve.get(&format!("/v1/rooms/{room}/trash")).await).await, ErrorCode::NotFound);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_tree_deleted_for_good_leaves_nothing_but_its_lines() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let kept = ann.full_file(room, None, "kept").await;
    let top = ann.dir(room, None, "top").await;
    let inner = ann.dir(room, Some(top), "inner").await;
    let deep = ann.full_file(room, Some(inner), "deep").await;
    let earlier = ann.full_file(room, Some(inner), "earlier").await;
    let many = 2 * limits::PURGE_BATCH_MAX + 1;
    for n in 0..many {
        ann.upload_as(&Meta::new(room, &format!("n{n}")).with("parent", inner), b"the same").await;
    }
    ann.bin(earlier).await;
    ann.bin(top).await;
    let before = ann.changes(room, 0).await.position;
    ann.purge(top).await;
    ann.purge(top).await;
    assert_eq!(ann.in_trash(room).await, Vec::<String>::new(), "what lay in it is gone at once");
    for gone in [top, inner, deep, earlier] {
        assert_eq!(refused(ann.undelete(gone).await).await, ErrorCode::NotFound);
    }
    removed(&world).await;
    assert_eq!((rows(&world, "versions"), rows(&world, "comments"), rows(&world, "ratings")), (2, 2, 1));
    assert_eq!(rows(&world, "blobs"), 2);
    let news = ann.changes(room, before.0).await;
    assert_eq!(
        news.activities.iter().map(|line| (&line.kind, line.name.as_str())).collect::<Vec<_>>(),
        [(&ActivityKind::Purged, "top")]
    );
    assert!(news.entries.iter().all(|entry| entry.deleted), "who was away hears that it is gone");
    world.content.sweep(SystemTime::now() + Duration::from_secs(2 * 3600)).await.unwrap();
    assert_eq!(rows(&world, "loose"), 0, "the contents went the way of all contents");
    assert_eq!(ann.download(kept).await, b"two kept");
    let versions: VersionPage = good(ann.get(&format!("/v1/entries/{kept}/versions")).await).await;
    assert_eq!(versions.versions.len(), 2);
    // The names are free, and the same content is stored anew.
    let again = ann.full_file(room, None, "deep").await;
    assert_eq!(ann.download(again).await, b"two deep");
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn who_may_delete_for_good() {
    let world = World::new().await;
    let (ann, bob, vic, eve) = (world.person(), world.person(), world.person(), world.person());
    let room = ann.group(&[&bob, &vic]).await;
    let _carrier = world.settle_everything();
    good::<Settled>(ann.put_member(room, vic.account, Role::Viewer).await).await;
    let (anns, bobs) = (ann.upload(room, "anns", b"1").await, bob.upload(room, "bobs", b"2").await);
    let folder = bob.dir(room, None, "folder").await;
    assert_eq!(refused(ann.purging(anns).await).await, ErrorCode::Conflict, "it is not in the trash");
    for entry in [anns, bobs, folder] {
        bob.bin(entry).await;
    }
    assert_eq!(refused(eve.purging(anns).await).await, ErrorCode::NotFound);
    for entry in [anns, folder] {
        assert_eq!(refused(bob.purging(entry).await).await, ErrorCode::RoleTooLow, "it is not their file");
    }
    assert_eq!(refused(vic.purging(bobs).await).await, ErrorCode::RoleTooLow);
    assert_eq!(refused(bob.emptying(room, u64::MAX).await).await, ErrorCode::RoleTooLow);
    assert_eq!(refused(eve.emptying(room, u64::MAX).await).await, ErrorCode::NotFound);
    bob.purge(bobs).await;
    ann.purge(anns).await;
    ann.purge(folder).await;
    assert_eq!(ann.in_trash(room).await, Vec::<String>::new());
    removed(&world).await;
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn emptying_takes_what_was_seen_and_tells_it_once() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    for name in ["a", "b", "c"] {
        let file = ann.upload(room, name, name.as_bytes()).await;
        ann.bin(file).await;
    }
    let seen = ann.trash(room, "").await;
    let before = ann.changes(room, 0).await.position;
    assert_eq!(ann.emptying(room, seen.items[1].at.0).await.status(), 204);
    assert_eq!(ann.in_trash(room).await, ["c"], "what was deleted after that stays");
    assert_eq!(ann.emptying(room, seen.items[1].at.0).await.status(), 204);
    removed(&world).await;
    let told: Vec<_> =
        ann.changes(room, before.0).await.activities.into_iter().map(|line| line.kind).collect();
    assert_eq!(told, [ActivityKind::TrashEmptied]);
    assert_eq!(rows(&world, "versions"), 1);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_was_deleted_long_ago_is_deleted_for_good_after_a_restart_too() {
    let world = World::under(Policy { trash_days: 2, ..Policy::default() }).await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let kept = ann.full_file(room, None, "kept").await;
    for n in 0..3 {
        let folder = ann.dir(room, None, &format!("f{n}")).await;
        ann.full_file(room, Some(folder), "file").await;
        ann.bin(folder).await;
    }
    world.content.sweep(SystemTime::now() + DAY).await.unwrap();
    assert_eq!(ann.in_trash(room).await.len(), 3);
    world.content.sweep(SystemTime::now() + 3 * DAY).await.unwrap();
    assert_eq!(ann.in_trash(room).await, Vec::<String>::new());
    assert_eq!(rows(&world, "versions"), 2);
    // What a process left half done, the next one does.
    let again = ann.full_file(room, None, "again").await;
    ann.bin(again).await;
    let database = world.database();
    database.execute("UPDATE entries SET purged_at = 1 WHERE id = ?1", [again.as_bytes()]).unwrap();
    database.execute("INSERT INTO purges (entry, after) VALUES (?1, x'')", [again.as_bytes()]).unwrap();
    drop(database);
    let world = world.restarted().await;
    let ann = world.device_again(&ann);
    removed(&world).await;
    assert_eq!(rows(&world, "versions"), 2);
    assert_eq!(ann.download(kept).await, b"two kept");
    assert_eq!(world.violations(), Vec::<String>::new());
}
