//! Edit locks: every way to change a locked file is shut for others, and what ends a lock.

use super::uploads::bytes;
use super::versions::again;
use super::world::{Meta, Person, World, good, hex, refused, sha256, until};
use crate::content::Policy;
use pod_shared::content::{
    ActivityKind, Basis, Entry, EntryChange, InstantNew, Lock, LockAsk, LockBreak, LockGrant, NewParent,
    Settled,
};
use pod_shared::{EntryId, ErrorCode, Role, RoomId, UploadId, limits};
use reqwest::{Method, Response, StatusCode};
use uuid::Uuid;

impl Person {
    pub(super) async fn locking(&self, entry: EntryId, ask: &LockAsk) -> Response {
        self.send(Method::PUT, &format!("/v1/entries/{entry}/lock"), ask).await
    }

    async fn lock(&self, entry: EntryId) -> LockGrant {
        good(self.locking(entry, &LockAsk::default()).await).await
    }

    async fn unlocking(&self, entry: EntryId) -> Response {
        self.ask(Method::DELETE, &format!("/v1/entries/{entry}/lock")).send().await.unwrap()
    }

    async fn breaking(&self, entry: EntryId, reason: &str) -> Response {
        let body = LockBreak { reason: reason.into() };
        self.send(Method::POST, &format!("/v1/entries/{entry}/lock/break"), &body).await
    }

    pub(super) async fn patching(&self, entry: EntryId, change: &EntryChange) -> Response {
        self.send(Method::PATCH, &format!("/v1/entries/{entry}"), change).await
    }

    pub(super) async fn deleting(&self, entry: EntryId) -> Response {
        self.ask(Method::DELETE, &format!("/v1/entries/{entry}")).send().await.unwrap()
    }

    pub(super) async fn kinds(&self, room: RoomId) -> Vec<ActivityKind> {
        self.changes(room, 0).await.activities.into_iter().map(|line| line.kind).collect()
    }
}

/// A room with `dir/sub/a.txt`, two versions of it, and another folder.
pub(super) struct Place {
    pub(super) room: RoomId,
    pub(super) dir: EntryId,
    pub(super) sub: EntryId,
    pub(super) other: EntryId,
    pub(super) file: EntryId,
}

pub(super) async fn place(ann: &Person, others: &[&Person]) -> Place {
    let room = ann.group(others).await;
    let dir = good::<Entry>(ann.folder(room, None, "dir").await).await.id;
    let sub = good::<Entry>(ann.folder(room, Some(dir), "sub").await).await.id;
    let other = good::<Entry>(ann.folder(room, None, "other").await).await.id;
    let file = ann.upload_as(&at(room, sub), b"one").await;
    ann.upload_as(&at(room, sub), b"two").await;
    Place { room, dir, sub, other, file }
}

pub(super) fn at(room: RoomId, folder: EntryId) -> Meta {
    Meta::new(room, "a.txt").with("parent", folder)
}

pub(super) fn renamed(name: &str) -> EntryChange {
    EntryChange { name: Some(name.into()), ..EntryChange::default() }
}

pub(super) fn moved(to: EntryId) -> EntryChange {
    EntryChange { parent: Some(NewParent::Folder(to)), ..EntryChange::default() }
}

fn link(place: &Place, basis: Basis) -> InstantNew {
    InstantNew { parent: Some(place.sub), basis, ..link_of(place.room) }
}

/// Of a content of 90,000 bytes, to the top of a room.
pub(super) fn link_of(room: RoomId) -> InstantNew {
    InstantNew {
        id: UploadId(Uuid::now_v7()),
        room,
        parent: None,
        filename: "a.txt".into(),
        sha256: hex(&sha256(&bytes(90_000))),
        size: 90_000,
        modified_ms: None,
        basis: Basis::default(),
    }
}

/// Every way to change the file, by its name in the table.
const WAYS: &[&str] = &[
    "rename the file",
    "move the file",
    "delete the file",
    "rename a folder above",
    "move a folder above",
    "delete the folder",
    "delete a folder above",
    "begin an upload under its name",
    "begin an upload for it",
    "send a small file under its name",
    "link a content under its name",
    "bring an old version back",
    "lock it",
];

pub(super) async fn go(way: &str, who: &Person, place: &Place) -> Response {
    let Place { room, dir, sub, other, file } = *place;
    match way {
        "rename the file" => who.patching(file, &renamed("b.txt")).await,
        "move the file" => who.patching(file, &moved(other)).await,
        "delete the file" => who.deleting(file).await,
        "rename a folder above" => who.patching(dir, &renamed("DIR2")).await,
        "move a folder above" => who.patching(sub, &moved(other)).await,
        "delete the folder" => who.deleting(sub).await,
        "delete a folder above" => who.deleting(dir).await,
        "begin an upload under its name" => who.create(&at(room, sub), 9).await,
        "begin an upload for it" => who.create(&Meta::new(room, "x").with("entry", file), 9).await,
        "send a small file under its name" => {
            super::whole::created(who, &at(room, sub), b"three".to_vec()).await
        }
        "link a content under its name" => who.ask_instant(&link(place, Basis::default())).await,
        "bring an old version back" => who.bring_back(file, 1, &again(None)).await,
        "lock it" => who.locking(file, &LockAsk::default()).await,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_locked_file_is_changed_in_no_way_by_anybody_else() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let elsewhere = world.device_of(ann.account);
    let place = place(&ann, &[&bob]).await;
    // So that a link would be made at once.
    bob.upload(place.room, "film", &bytes(90_000)).await;
    ann.lock(place.file).await;
    let before = ann.entry(place.file).await;
    for way in WAYS {
        for who in [&bob, &elsewhere] {
            assert_eq!(refused(go(way, who, &place).await).await, ErrorCode::Locked, "{way}");
        }
    }
    assert_eq!(ann.entry(place.file).await, before);
    // What does not touch it goes on.
    good::<Entry>(bob.patching(place.other, &renamed("other2")).await).await;
    bob.upload_as(&Meta::new(place.room, "b.txt").with("parent", place.sub), b"x").await;
    assert_eq!(world.violations(), Vec::<String>::new());
    // And all of it is open again afterwards.
    assert_eq!(ann.unlocking(place.file).await.status(), StatusCode::NO_CONTENT);
    for way in WAYS {
        let world = World::new().await;
        let (ann, bob) = (world.person(), world.person());
        let place = self::place(&ann, &[&bob]).await;
        bob.upload(place.room, "film", &bytes(90_000)).await;
        ann.lock(place.file).await;
        ann.unlocking(place.file).await;
        let answer = go(way, &bob, &place).await;
        assert!(answer.status().is_success(), "{way}: {:?}", answer.text().await);
    }
}

#[tokio::test]
async fn its_holder_changes_it_and_everybody_sees_who_edits() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let place = place(&ann, &[&bob]).await;
    let granted = ann.lock(place.file).await;
    assert_eq!((granted.fence, granted.version, granted.lasts_s), (1, 2, limits::LOCK_LEASE_S));
    let lock: Lock = bob.entry(place.file).await.lock.unwrap();
    assert_eq!((lock.by, lock.device, lock.fence), (ann.account, ann.device, 1));
    assert_eq!(ann.lock(place.file).await, granted, "asked again");
    let renewal = LockAsk { fence: Some(1), lasts_s: Some(600) };
    assert_eq!(good::<LockGrant>(ann.locking(place.file, &renewal).await).await.lasts_s, 600);
    let locks = ann.kinds(place.room).await.into_iter().filter(|kind| *kind == ActivityKind::Locked).count();
    assert_eq!(locks, 1, "a renewal is told to nobody");
    let meta = at(place.room, place.sub).with("entry", place.file).with("version", 2).with("fence", 1);
    assert_eq!(ann.upload_as(&meta, b"three").await, place.file);
    let basis = Basis { entry: Some(place.file), version: Some(3), fence: Some(1), copy: None };
    ann.upload(place.room, "film", &bytes(90_000)).await;
    super::instant::linked(ann.ask_instant(&link(&place, basis)).await).await;
    good::<Entry>(ann.bring_back(place.file, 1, &again(None)).await).await;
    good::<Entry>(ann.patching(place.file, &renamed("b.txt")).await).await;
    good::<Entry>(ann.patching(place.sub, &moved(place.other)).await).await;
    let seen = bob.entry(place.file).await;
    assert_eq!((seen.name.as_str(), seen.version, seen.lock.unwrap().fence), ("b.txt", 5, 1));
    assert_eq!(ann.deleting(place.dir).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(ann.deleting(place.other).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(world.violations(), Vec::<String>::new());
    // What was deleted comes back without a lock, and the next one has another number.
    let back = bob.send(Method::POST, &format!("/v1/entries/{}/restore", place.other), &()).await;
    good::<Entry>(back).await;
    assert_eq!(bob.entry(place.file).await.lock, None);
    assert_eq!(bob.lock(place.file).await.fence, 2);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_lock_is_given_back_broken_or_taken_with_its_holders_right() {
    let world = World::new().await;
    let (ann, bob, vic, eve) = (world.person(), world.person(), world.person(), world.person());
    let place = place(&ann, &[&bob, &vic]).await;
    let _carrier = world.settle_everything();
    good::<Settled>(ann.put_member(place.room, vic.account, Role::Viewer).await).await;
    let file = place.file;
    assert_eq!(refused(vic.locking(file, &LockAsk::default()).await).await, ErrorCode::RoleTooLow);
    assert_eq!(refused(eve.locking(file, &LockAsk::default()).await).await, ErrorCode::NotFound);
    assert_eq!(refused(bob.locking(place.dir, &LockAsk::default()).await).await, ErrorCode::NotFound);
    let stale = LockAsk { fence: Some(1), lasts_s: None };
    assert_eq!(refused(bob.locking(file, &stale).await).await, ErrorCode::Conflict);
    assert_eq!(bob.unlocking(file).await.status(), StatusCode::NO_CONTENT, "there is none");
    bob.lock(file).await;
    assert_eq!(refused(ann.unlocking(file).await).await, ErrorCode::Locked);
    assert_eq!(refused(bob.breaking(file, "mine").await).await, ErrorCode::RoleTooLow);
    assert_eq!(refused(ann.breaking(file, " ").await).await, ErrorCode::BadRequest);
    let long = "x".repeat(limits::LOCK_REASON_BYTES_MAX + 1);
    assert_eq!(refused(ann.breaking(file, &long).await).await, ErrorCode::TooLarge);
    assert_eq!(ann.breaking(file, "마감이 오늘").await.status(), StatusCode::NO_CONTENT);
    let broken = ActivityKind::LockBroken { reason: "마감이 오늘".into() };
    assert_eq!(ann.kinds(place.room).await.last(), Some(&broken));
    // Bob's editor does not know it yet: what it saves is kept beside the file.
    let late = at(place.room, place.sub).with("entry", file).with("version", 2).with("fence", 1);
    ann.lock(file).await;
    let copy = bob.upload_as(&late, b"late").await;
    assert_eq!(bob.entry(copy).await.name, "a (conflict).txt");
    assert_eq!(refused(bob.locking(file, &stale).await).await, ErrorCode::Locked);
    // At another computer of the same person.
    assert_eq!(world.device_of(ann.account).unlocking(file).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(ann.kinds(place.room).await.last(), Some(&ActivityKind::Unlocked));
    bob.lock(file).await;
    good::<Settled>(ann.put_member(place.room, bob.account, Role::Viewer).await).await;
    assert_eq!(ann.entry(file).await.lock, None);
    let many = LockAsk { fence: None, lasts_s: Some(limits::LOCK_S_MAX + 1) };
    assert_eq!(refused(ann.locking(file, &many).await).await, ErrorCode::TooLarge);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_lock_ends_by_itself_when_its_holder_vanished() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let place = place(&ann, &[&bob]).await;
    let ask = LockAsk { fence: None, lasts_s: Some(1) };
    let first: LockGrant = good(ann.locking(place.file, &ask).await).await;
    let expired = until("the lock is told as over", async || {
        ann.kinds(place.room).await.contains(&ActivityKind::LockExpired).then_some(())
    });
    expired.await;
    assert_eq!(bob.entry(place.file).await.lock, None);
    // Nobody was there meanwhile: what its holder still saves goes onto the file.
    let late = at(place.room, place.sub).with("entry", place.file).with("fence", first.fence);
    assert_eq!(ann.upload_as(&late.clone().with("version", 2), b"three").await, place.file);
    bob.lock(place.file).await;
    bob.unlocking(place.file).await;
    let copy = ann.upload_as(&late.with("version", 3), b"four").await;
    assert_ne!(copy, place.file, "somebody had the lock in between");
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_lock_outlives_the_server_by_its_lease() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let place = place(&ann, &[&bob]).await;
    ann.lock(place.file).await;
    // As another life of the program left it.
    world.database().execute("UPDATE locks SET life = life + 1, until = 0, lasts = 36000000", []).unwrap();
    let world = world.restarted().await;
    let (ann, bob) = (world.device_again(&ann), world.device_again(&bob));
    assert_eq!(refused(bob.deleting(place.file).await).await, ErrorCode::Locked);
    let renewal = LockAsk { fence: Some(1), lasts_s: None };
    assert_eq!(good::<LockGrant>(ann.locking(place.file, &renewal).await).await.fence, 1);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_person_locks_so_many_files_and_no_more() {
    let world = World::under(Policy::default()).await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    for number in 0..=limits::LOCKS_PER_ACCOUNT_MAX {
        let file = ann.whole(&Meta::new(room, &format!("f{number}")), b"x").await;
        let answer = ann.locking(file, &LockAsk::default()).await;
        if number == limits::LOCKS_PER_ACCOUNT_MAX {
            assert_eq!(refused(answer).await, ErrorCode::TooMany);
        } else {
            good::<LockGrant>(answer).await;
        }
    }
}
