//! Permissions: each way to learn of or change what is hidden or for viewing only, with who may go it.

use super::instant::linked;
use super::locks::{Place, go, moved, place};
use super::uploads::bytes;
use super::world::{Meta, Person, World, good, refused};
use pod_shared::content::{
    CommentNew, Entry, EntryChange, EntryPage, NewParent, Permission, Settled, SharedWith,
};
use pod_shared::{AccountId, CommentId, EntryId, ErrorCode, Role, RoomId, limits};
use reqwest::{Method, Response, StatusCode};
use uuid::Uuid;

impl Person {
    pub(super) async fn permitting(&self, entry: EntryId, permission: &Permission) -> Response {
        self.send(Method::PUT, &format!("/v1/entries/{entry}/permission"), permission).await
    }

    pub(super) async fn permit(&self, entry: EntryId, permission: &Permission) -> Entry {
        good(self.permitting(entry, permission).await).await
    }

    pub(super) async fn lists(&self, room: RoomId, folder: EntryId) -> Vec<String> {
        let page: EntryPage =
            good(self.get(&format!("/v1/rooms/{room}/entries?parent={folder}")).await).await;
        page.entries.into_iter().map(|entry| entry.name).collect()
    }
}

pub(super) fn within(room: RoomId, folder: EntryId, name: &str) -> Meta {
    Meta::new(room, name).with("parent", folder)
}

pub(super) fn everyone() -> Permission {
    Permission::default()
}

pub(super) fn only_me() -> Permission {
    Permission { shared_with: SharedWith::OnlyMe, view_only: false }
}

pub(super) fn some(people: &[AccountId]) -> Permission {
    Permission { shared_with: SharedWith::Some(people.to_vec()), view_only: false }
}

pub(super) fn view_only() -> Permission {
    Permission { shared_with: SharedWith::Everyone, view_only: true }
}

/// Every way to learn of a file, or to say something of it.
const LOOKS: &[&str] = &[
    "its entry",
    "its content",
    "a part of its content",
    "its beginning",
    "an older version",
    "the head of its content",
    "a look into it",
    "its chunks",
    "its versions",
    "its comments",
    "a comment on it",
    "its ratings",
    "a rating of it",
    "the list of its folder",
];

pub(super) async fn look(way: &str, who: &Person, place: &Place) -> Response {
    let path = format!("/v1/entries/{}", place.file);
    let get = async |rest: &str| who.get(&format!("{path}{rest}")).await;
    match way {
        "its entry" => get("").await,
        "its content" => get("/content").await,
        "a part of its content" => who
            .ask(Method::GET, &format!("{path}/content"))
            .header("range", "bytes=1-2")
            .send()
            .await
            .unwrap(),
        "its beginning" => get("/content?quiet=true").await,
        "an older version" => get("/content?version=1").await,
        "the head of its content" => who.ask(Method::HEAD, &format!("{path}/content")).send().await.unwrap(),
        "a look into it" => get("/preview?as=text").await,
        "its chunks" => get("/chunks").await,
        "its versions" => get("/versions").await,
        "its comments" => get("/comments").await,
        "a comment on it" => {
            let (text, mentions, reply) = ("?".into(), Vec::new(), None);
            let new = CommentNew { id: CommentId(Uuid::now_v7()), text, mentions, reply };
            who.send(Method::POST, &format!("{path}/comments"), &new).await
        }
        "its ratings" => get("/ratings").await,
        "a rating of it" => {
            let rating = pod_shared::content::RatingNew { halves: Some(4) };
            who.send(Method::PUT, &format!("{path}/rating"), &rating).await
        }
        "the list of its folder" => {
            who.get(&format!("/v1/rooms/{}/entries?parent={}", place.room, place.sub)).await
        }
        other => panic!("{other}"),
    }
}

/// Ways to change it, with those of the table of locks; who may not see it is answered as if nothing were there.
const CHANGES: &[&str] = &[
    "rename the file",
    "move the file",
    "delete the file",
    "rename a folder above",
    "delete the folder",
    "delete a folder above",
    "begin an upload under its name",
    "begin an upload for it",
    "send a small file under its name",
    "link a content under its name",
    "bring an old version back",
    "lock it",
    "break its lock",
    "restore it",
    "make a folder beside it",
    "move something beside it",
    "say who sees it",
    "move a folder above",
];

async fn change(way: &str, who: &Person, place: &Place, spare: EntryId) -> Response {
    let path = format!("/v1/entries/{}", place.file);
    match way {
        "break its lock" => {
            let body = pod_shared::content::LockBreak { reason: "now".into() };
            who.send(Method::POST, &format!("{path}/lock/break"), &body).await
        }
        "restore it" => who.send(Method::POST, &format!("{path}/restore"), &()).await,
        "make a folder beside it" => who.folder(place.room, Some(place.sub), "beside").await,
        "move something beside it" => who.patching(spare, &moved(place.sub)).await,
        "say who sees it" => who.permitting(place.file, &view_only()).await,
        other => go(other, who, place).await,
    }
}

/// What stands where, and what each way is answered with to somebody who is not the registrant.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stands {
    HiddenOnTheTop,
    HiddenOnItsFolder,
    NamedOthers,
    ViewOnlyOnTheTop,
    ViewOnlyOnIt,
}

async fn set(stands: Stands, ann: &Person, vic: &Person, place: &Place) {
    let (on, permission) = match stands {
        Stands::HiddenOnTheTop => (place.dir, only_me()),
        Stands::HiddenOnItsFolder => (place.sub, only_me()),
        Stands::NamedOthers => (place.dir, some(&[vic.account])),
        Stands::ViewOnlyOnTheTop => (place.dir, view_only()),
        Stands::ViewOnlyOnIt => (place.file, view_only()),
    };
    ann.permit(on, &permission).await;
}

#[tokio::test]
async fn what_is_hidden_is_learned_of_in_no_way() {
    for stands in [Stands::HiddenOnTheTop, Stands::HiddenOnItsFolder, Stands::NamedOthers] {
        let world = World::new().await;
        let (ann, bob, vic) = (world.person(), world.person(), world.person());
        let place = place(&ann, &[&bob, &vic]).await;
        let _carrier = world.settle_everything();
        // Not even by who manages the room.
        good::<Settled>(ann.put_member(place.room, bob.account, Role::Owner).await).await;
        for way in LOOKS {
            assert_eq!(look(way, &bob, &place).await.status().as_u16() / 100, 2, "{way}");
        }
        let before = bob.changes(place.room, 0).await.position.0;
        set(stands, &ann, &vic, &place).await;
        for way in LOOKS {
            let answer = look(way, &bob, &place).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{stands:?}: {way}");
            assert_eq!(look(way, &ann, &place).await.status().as_u16() / 100, 2, "{stands:?}: {way}");
            let named = look(way, &vic, &place).await.status();
            assert_eq!(named.is_success(), stands == Stands::NamedOthers, "{stands:?}: {way}");
        }
        let on = if stands == Stands::HiddenOnItsFolder { place.sub } else { place.dir };
        let news = bob.changes(place.room, before).await;
        assert_eq!(
            (news.hidden.as_slice(), news.entries.len(), news.activities.len()),
            ([on].as_slice(), 0, 0)
        );
        assert_eq!(ann.changes(place.room, before).await.shown, [on]);
        // Who comes anew hears of nothing in it either.
        let all = bob.changes(place.room, 0).await;
        let told = all.activities.iter().any(|line| line.entry == Some(place.file) || line.name == "a.txt");
        assert!(!told && all.entries.iter().all(|entry| entry.id != place.file), "{stands:?}");
        let seen = bob.list(place.room).await.iter().any(|entry| entry.id == place.dir);
        assert_eq!(seen, stands == Stands::HiddenOnItsFolder);
        assert_eq!(world.violations(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_is_hidden_or_for_viewing_only_is_changed_in_no_way() {
    use Stands::{HiddenOnItsFolder, HiddenOnTheTop, ViewOnlyOnIt, ViewOnlyOnTheTop};
    for stands in [HiddenOnTheTop, HiddenOnItsFolder, ViewOnlyOnTheTop, ViewOnlyOnIt] {
        let world = World::new().await;
        let (ann, bob, vic) = (world.person(), world.person(), world.person());
        let place = place(&ann, &[&bob, &vic]).await;
        let spare = good::<Entry>(bob.folder(place.room, None, "spare").await).await.id;
        bob.upload(place.room, "film", &bytes(90_000)).await;
        set(stands, &ann, &vic, &place).await;
        let before = ann.entry(place.file).await;
        for way in CHANGES {
            let expected = match (stands, *way) {
                // The folder above is not hidden itself; what is in it keeps it from being deleted.
                (HiddenOnItsFolder, "rename a folder above") | (ViewOnlyOnIt, "rename a folder above") => {
                    None
                }
                (
                    ViewOnlyOnIt,
                    "move a folder above" | "make a folder beside it" | "move something beside it",
                ) => None,
                (HiddenOnItsFolder, "delete a folder above") => Some(ErrorCode::RoleTooLow),
                (HiddenOnTheTop | HiddenOnItsFolder, _) => Some(ErrorCode::NotFound),
                (_, "say who sees it" | "break its lock") => Some(ErrorCode::RoleTooLow),
                (ViewOnlyOnTheTop | ViewOnlyOnIt | Stands::NamedOthers, _) => Some(ErrorCode::RoleTooLow),
            };
            let answer = change(way, &bob, &place, spare).await;
            match expected {
                Some(code) => assert_eq!(refused(answer).await, code, "{stands:?}: {way}"),
                None => assert!(answer.status().is_success(), "{stands:?}: {way}: {:?}", answer.text().await),
            }
        }
        let after = ann.entry(place.file).await;
        assert_eq!((after.version, after.name, after.deleted), (before.version, before.name, false));
        // Its registrant goes all of these ways.
        assert!(go("rename the file", &ann, &place).await.status().is_success());
        assert!(go("begin an upload for it", &ann, &place).await.status().is_success());
        assert!(go("bring an old version back", &ann, &place).await.status().is_success());
        assert_eq!(world.violations(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_permission_is_set_by_the_registrant_or_a_manager_and_hides_nothing_from_its_own_registrant() {
    let world = World::new().await;
    let (ann, bob, eve) = (world.person(), world.person(), world.person());
    let place = place(&ann, &[&bob]).await;
    let (room, _carrier) = (place.room, world.settle_everything());
    let bobs = good::<Entry>(bob.folder(room, None, "bobs").await).await.id;
    assert_eq!(refused(bob.permitting(place.file, &view_only()).await).await, ErrorCode::RoleTooLow);
    assert_eq!(refused(eve.permitting(place.file, &view_only()).await).await, ErrorCode::NotFound);
    assert_eq!(refused(ann.permitting(bobs, &only_me()).await).await, ErrorCode::RoleTooLow, "it is Bob's");
    assert_eq!(refused(ann.permitting(bobs, &some(&[])).await).await, ErrorCode::BadRequest);
    assert_eq!(refused(ann.permitting(bobs, &some(&[eve.account])).await).await, ErrorCode::NotFound);
    let many: Vec<_> = (0..=limits::PERMISSION_PEOPLE_MAX).map(|_| AccountId(Uuid::now_v7())).collect();
    assert_eq!(refused(ann.permitting(bobs, &some(&many)).await).await, ErrorCode::TooMany);
    // A manager shares Bob's folder with herself; Bob still sees it.
    let set = ann.permit(bobs, &some(&[ann.account, ann.account])).await;
    assert_eq!(set.permission, Some(some(&[ann.account])));
    assert_eq!(ann.permit(bobs, &some(&[ann.account])).await.position, set.position, "asked again");
    bob.entry(bobs).await;
    // Bob's file in Ann's folder: she cannot take it from him, by a permission or by a move.
    let inside = bob.upload_as(&within(room, place.sub, "b"), b"bob").await;
    assert_eq!(refused(ann.permitting(place.dir, &only_me()).await).await, ErrorCode::Conflict);
    ann.permit(place.other, &only_me()).await;
    assert_eq!(refused(ann.patching(inside, &moved(place.other)).await).await, ErrorCode::Conflict);
    assert_eq!(refused(ann.patching(place.sub, &moved(place.other)).await).await, ErrorCode::Conflict);
    ann.permit(place.dir, &some(&[bob.account])).await;
    assert_eq!(bob.lists(room, place.sub).await, ["a.txt", "b"]);
    // Ann's own goes there, and Bob hears that he sees it no more.
    let position = bob.changes(room, 0).await.position.0;
    good::<Entry>(ann.patching(place.file, &moved(place.other)).await).await;
    assert_eq!(bob.changes(room, position).await.hidden, [place.file]);
    assert_eq!(bob.lists(room, place.sub).await, ["b"]);
    // Where others see it, an entry is moved by its registrant or a manager.
    let anns = ann.upload_as(&within(room, place.sub, "c"), b"c").await;
    let out = EntryChange { parent: Some(NewParent::Top), ..EntryChange::default() };
    assert_eq!(refused(bob.patching(anns, &out).await).await, ErrorCode::RoleTooLow);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_hidden_folder_that_is_shown_again_is_there_with_all_that_lies_in_it() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let place = place(&ann, &[&bob]).await;
    ann.permit(place.dir, &only_me()).await;
    let at = bob.changes(place.room, 0).await.position.0;
    let late = ann.upload_as(&within(place.room, place.sub, "late"), b"x").await;
    assert_eq!(bob.changes(place.room, at).await.activities.len(), 0);
    ann.permit(place.dir, &everyone()).await;
    let news = bob.changes(place.room, at).await;
    assert_eq!(news.shown, [place.dir]);
    assert!(news.activities.iter().any(|line| line.entry == Some(late)), "what is seen now is told");
    assert_eq!(bob.lists(place.room, place.sub).await, ["a.txt", "late"]);
    assert_eq!(ann.entry(place.dir).await.permission, None);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_name_that_something_hidden_has_is_neither_written_over_nor_told() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let secret = ann.upload(room, "plan.txt", b"secret").await;
    ann.permit(secret, &only_me()).await;
    let path = bob.begin(&Meta::new(room, "plan.txt"), 4).await;
    let response = bob.patch(&path, 0, &b"mine"[..]).send().await.unwrap();
    let own: EntryId = super::world::header(&response, "pod-entry").parse().unwrap();
    assert_eq!(bob.entry(own).await.name, "plan (2).txt");
    assert_eq!(ann.download(secret).await, b"secret");
    // Nor is its content linked for who may not read it.
    let film = ann.upload(room, "film", &bytes(90_000)).await;
    let new = pod_shared::content::InstantNew { parent: None, room, ..super::locks::link_of(room) };
    linked(bob.ask_instant(&new).await).await;
    ann.permit(film, &only_me()).await;
    let eve = world.person();
    good::<pod_shared::content::Group>(ann.get(&format!("/v1/groups/{room}")).await).await;
    let _carrier = world.settle_everything();
    good::<Settled>(ann.put_member(room, eve.account, Role::Editor).await).await;
    bob.permit(bob.list(room).await.iter().find(|e| e.name == "a.txt").unwrap().id, &only_me()).await;
    let asked = super::locks::link_of(room);
    let answer = eve.ask_instant(&asked).await;
    assert_eq!(answer.status(), StatusCode::OK, "a proof is wanted, as of a content that nobody has");
    assert_eq!(world.violations(), Vec::<String>::new());
}
