//! Undoing a deletion: whole trees, places and names that are gone or taken, repeats, rights, and what happens at once.

use super::world::{Meta, Person, World, good, refused};
use pod_shared::content::{ActivityKind, Entry, EntryChange, NewParent, Settled};
use pod_shared::{EntryId, ErrorCode, Role, RoomId, limits};
use reqwest::{Method, Response};
use std::time::SystemTime;
use uuid::Uuid;

impl Person {
    async fn delete(&self, entry: EntryId) {
        let answer = self.ask(Method::DELETE, &format!("/v1/entries/{entry}")).send().await.unwrap();
        assert_eq!(answer.status(), 204);
    }

    async fn restoring(&self, entry: EntryId) -> Response {
        self.ask(Method::POST, &format!("/v1/entries/{entry}/restore")).send().await.unwrap()
    }

    async fn restore(&self, entry: EntryId) -> Entry {
        good(self.restoring(entry).await).await
    }

    async fn made(&self, room: RoomId, parent: Option<EntryId>, name: &str) -> EntryId {
        good::<Entry>(self.folder(room, parent, name).await).await.id
    }

    async fn status(&self, entry: EntryId) -> u16 {
        self.get(&format!("/v1/entries/{entry}")).await.status().as_u16()
    }
}

#[tokio::test]
async fn a_deleted_tree_comes_back_whole_but_for_what_was_deleted_before() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let a = ann.made(room, None, "a").await;
    let b = ann.made(room, Some(a), "b").await;
    let file = ann.upload_as(&Meta::new(room, "f").with("parent", b), b"bytes").await;
    let before = ann.upload_as(&Meta::new(room, "g").with("parent", b), b"more").await;
    ann.delete(before).await;
    ann.delete(a).await;
    world.content.sweep(SystemTime::now()).await.unwrap();
    assert_eq!((ann.status(a).await, ann.status(file).await), (404, 404));
    let position = ann.changes(room, 0).await.position;

    let restored = ann.restore(a).await;
    assert_eq!((restored.name.as_str(), restored.parent, restored.deleted), ("a", None, false));
    assert_eq!(ann.restore(a).await, restored, "repeating changes nothing");
    let changes = ann.changes(room, position.0).await;
    assert_eq!(changes.activities.len(), 1);
    assert_eq!(changes.activities[0].kind, ActivityKind::Restored);
    assert_eq!((changes.entries[0].id, changes.entries[0].deleted), (a, false));
    assert_eq!(ann.download(file).await, b"bytes");
    assert_eq!(ann.status(before).await, 404);
    assert_eq!(ann.restore(before).await.parent, Some(b));
    assert_eq!(ann.download(before).await, b"more", "the sweep took nothing that can come back");
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_lost_its_folder_goes_to_the_nearest_that_lives_or_the_top() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let a = ann.made(room, None, "a").await;
    let b = ann.made(room, Some(a), "b").await;
    let c = ann.made(room, Some(b), "c").await;
    let file = ann.upload_as(&Meta::new(room, "f").with("parent", c), b"bytes").await;
    ann.delete(file).await;
    ann.delete(b).await;
    assert_eq!(ann.restore(file).await.parent, Some(a));
    // Not deleted itself: it is taken out of the folder that took it along.
    assert_eq!(ann.restore(c).await.parent, Some(a));
    ann.delete(a).await;
    assert_eq!(ann.restore(b).await.parent, None);
    assert_eq!(ann.restore(c).await.parent, None);
    assert_eq!(ann.restore(file).await.parent, None);
    assert_eq!(world.violations(), Vec::<String>::new());
    let names: Vec<String> = ann.list(room).await.into_iter().map(|entry| entry.name).collect();
    assert_eq!(names, ["b", "c", "f"]);
    assert!(ann.restore(a).await.parent.is_none());
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_taken_name_gets_a_number_and_others_keep_theirs() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let mut old = Vec::new();
    for content in [b"one", b"two"] {
        let file = ann.upload(room, "Plan.txt", content).await;
        ann.delete(file).await;
        old.push(file);
    }
    let third = ann.upload(room, "plan.TXT", b"3").await;
    assert_eq!(ann.restore(old[0]).await.name, "Plan (2).txt");
    assert_eq!(ann.restore(old[1]).await.name, "Plan (3).txt");
    assert_eq!(ann.download(third).await, b"3");
    assert_eq!(ann.download(old[0]).await, b"one");
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn only_who_may_write_in_the_room_restores() {
    let world = World::new().await;
    let (ann, vic, gone, eve) = (world.person(), world.person(), world.person(), world.person());
    let room = ann.group(&[&vic, &gone]).await;
    let _carrier = world.settle_everything();
    good::<Settled>(ann.put_member(room, vic.account, Role::Viewer).await).await;
    good::<Settled>(ann.remove_member(room, gone.account).await).await;
    eve.group(&[]).await;
    let a = ann.made(room, None, "a").await;
    ann.delete(a).await;
    let position = ann.changes(room, 0).await.position;
    assert_eq!(refused(vic.restoring(a).await).await, ErrorCode::RoleTooLow);
    for stranger in [&gone, &eve] {
        assert_eq!(refused(stranger.restoring(a).await).await, ErrorCode::NotFound);
        assert_eq!(refused(stranger.restoring(EntryId(Uuid::now_v7())).await).await, ErrorCode::NotFound);
    }
    assert_eq!(ann.changes(room, 0).await.position, position);
    assert_eq!(ann.status(a).await, 404);
}

#[tokio::test]
async fn no_folder_comes_back_deeper_than_folders_lie_nor_into_a_full_room() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let outer = ann.made(room, None, "outer").await;
    let deep = ann.made(room, Some(outer), "deep").await;
    ann.made(room, Some(deep), "deeper").await;
    ann.delete(deep).await;
    let mut bottom = None;
    for n in 0..limits::FOLDER_DEPTH_MAX - 2 {
        bottom = Some(ann.made(room, bottom, &format!("{n}")).await);
    }
    let into = EntryChange { parent: bottom.map(NewParent::Folder), ..EntryChange::default() };
    good::<Entry>(ann.send(Method::PATCH, &format!("/v1/entries/{outer}"), &into).await).await;
    assert_eq!(refused(ann.restoring(deep).await).await, ErrorCode::TooMany);

    let back = EntryChange { parent: Some(NewParent::Top), ..EntryChange::default() };
    good::<Entry>(ann.send(Method::PATCH, &format!("/v1/entries/{outer}"), &back).await).await;
    let set = |live: usize| {
        let live = i64::try_from(live).unwrap();
        world.database().execute("UPDATE groups SET live = ?1", [live]).unwrap();
    };
    let live = limits::FOLDER_DEPTH_MAX - 1;
    set(limits::ENTRIES_PER_ROOM_MAX - 1);
    assert_eq!(refused(ann.restoring(deep).await).await, ErrorCode::TooMany);
    set(live);
    assert_eq!(ann.restore(deep).await.parent, Some(outer));
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn who_deletes_restores_moves_and_sends_at_once_leaves_a_sound_tree() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let a = ann.made(room, None, "a").await;
    let b = ann.made(room, Some(a), "b").await;
    let top = EntryChange { parent: Some(NewParent::Top), ..EntryChange::default() };
    let back = EntryChange { parent: Some(NewParent::Folder(a)), ..EntryChange::default() };
    for turn in 0..12 {
        let (path, of_a) = (format!("/v1/entries/{b}"), format!("/v1/entries/{a}"));
        let meta = Meta::new(room, "f").with("parent", b);
        // Each may be refused, by what the others did; none may break what holds.
        let _ = tokio::join!(
            async { ann.ask(Method::DELETE, &of_a).send().await.unwrap() },
            bob.restoring(a),
            ann.restoring(b),
            bob.send(Method::PATCH, &path, if turn % 2 == 0 { &top } else { &back }),
            bob.create(&meta, 0),
            async { bob.ask(Method::DELETE, &path).send().await.unwrap() },
        );
        assert_eq!(world.violations(), Vec::<String>::new());
    }
    ann.restore(a).await;
    ann.restore(b).await;
    assert_eq!((ann.status(a).await, ann.status(b).await), (200, 200));
    assert_eq!(world.violations(), Vec::<String>::new());
}
