//! Versions: one entry under one id, writers that saw an old one, what is brought back, and what is kept.

use super::instant::linked;
use super::uploads::bytes;
use super::world::{Meta, Person, World, good, header, hex, refused, sha256};
use pod_shared::content::{
    ActivityKind, Basis, Entry, EntryChange, InstantNew, Settled, VersionPage, VersionRestore,
};
use pod_shared::{EntryId, ErrorCode, Role, RoomId, UploadId, limits};
use reqwest::{Method, Response, StatusCode};
use uuid::Uuid;

impl Person {
    pub(super) async fn entry(&self, entry: EntryId) -> Entry {
        good(self.get(&format!("/v1/entries/{entry}")).await).await
    }

    async fn versions(&self, entry: EntryId, query: &str) -> VersionPage {
        good(self.get(&format!("/v1/entries/{entry}/versions{query}")).await).await
    }

    async fn version(&self, entry: EntryId, version: u32) -> Response {
        self.get(&format!("/v1/entries/{entry}/content?version={version}")).await
    }

    pub(super) async fn bring_back(
        &self,
        entry: EntryId,
        version: u32,
        restore: &VersionRestore,
    ) -> Response {
        self.send(Method::POST, &format!("/v1/entries/{entry}/versions/{version}/restore"), restore).await
    }

    async fn names(&self, room: RoomId) -> Vec<String> {
        self.list(room).await.into_iter().map(|entry| entry.name).collect()
    }
}

pub(super) fn again(if_version: Option<u32>) -> VersionRestore {
    VersionRestore { id: UploadId(Uuid::now_v7()), if_version }
}

#[tokio::test]
async fn every_version_can_be_listed_and_fetched() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let file = ann.upload_as(&Meta::new(room, "a").with("modified_ms", 17), b"one").await;
    bob.upload(room, "a", b"twotwo").await;
    let large = bytes(300_000);
    ann.upload(room, "A", &large).await;
    let page = bob.versions(file, "").await;
    let told: Vec<_> = page.versions.iter().map(|one| (one.version, one.size, one.by)).collect();
    assert_eq!(told, [(3, 300_000, ann.account), (2, 6, bob.account), (1, 3, ann.account)]);
    assert_eq!(
        (page.versions[2].digest.clone(), page.versions[2].modified_ms),
        (hex(&sha256(b"one")), Some(17))
    );
    assert!(!page.more);
    let page = bob.versions(file, "?before=3&limit=1").await;
    assert_eq!((page.versions.len(), page.versions[0].version, page.more), (1, 2, true));
    for (version, content) in [(1, &b"one"[..]), (2, b"twotwo"), (3, &large)] {
        let answer = bob.version(file, version).await;
        assert_eq!(header(&answer, "etag"), format!("\"{}\"", hex(&sha256(content))));
        assert!(answer.bytes().await.unwrap() == content);
    }
    let part = bob.ask(Method::GET, &format!("/v1/entries/{file}/content?version=2"));
    let part = part.header("Range", "bytes=3-4").send().await.unwrap();
    assert_eq!(
        (part.status(), part.bytes().await.unwrap().as_ref()),
        (StatusCode::PARTIAL_CONTENT, &b"tw"[..])
    );
    assert_eq!(refused(bob.version(file, 4).await).await, ErrorCode::NotFound);
    assert_eq!(refused(bob.version(file, 0).await).await, ErrorCode::NotFound);
    // Each version that somebody fetched is told with its number, once.
    let told = ann.changes(room, 0).await.activities;
    let fetched: Vec<u32> = told
        .iter()
        .filter(|line| line.kind == ActivityKind::Downloaded && line.by == bob.account)
        .map(|line| line.version)
        .collect();
    assert_eq!(fetched, [1, 2, 3]);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn who_may_not_see_or_change_the_file_does_neither_with_its_versions() {
    let world = World::new().await;
    let (ann, vic, eve) = (world.person(), world.person(), world.person());
    let room = ann.group(&[&vic]).await;
    let _carrier = world.settle_everything();
    good::<Settled>(ann.put_member(room, vic.account, Role::Viewer).await).await;
    let file = ann.upload(room, "a", b"one").await;
    ann.upload(room, "a", b"two").await;
    let folder: Entry = good(ann.folder(room, None, "dir").await).await;
    assert_eq!(vic.versions(file, "").await.versions.len(), 2);
    assert_eq!(vic.version(file, 1).await.status(), StatusCode::OK);
    assert_eq!(refused(vic.bring_back(file, 1, &again(None)).await).await, ErrorCode::RoleTooLow);
    for (who, id) in [(&eve, file), (&ann, folder.id), (&ann, EntryId(Uuid::now_v7()))] {
        assert_eq!(refused(who.get(&format!("/v1/entries/{id}/versions")).await).await, ErrorCode::NotFound);
        assert_eq!(refused(who.version(id, 1).await).await, ErrorCode::NotFound);
        assert_eq!(refused(who.bring_back(id, 1, &again(None)).await).await, ErrorCode::NotFound);
    }
    ann.ask(Method::DELETE, &format!("/v1/entries/{file}")).send().await.unwrap();
    assert_eq!(refused(ann.version(file, 1).await).await, ErrorCode::NotFound);
    assert_eq!(refused(ann.bring_back(file, 1, &again(None)).await).await, ErrorCode::NotFound);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn bringing_a_version_back_makes_a_new_one_and_can_be_repeated() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let file = ann.upload(room, "a", b"one").await;
    ann.upload(room, "a", b"two").await;
    assert_eq!(refused(bob.bring_back(file, 1, &again(Some(1))).await).await, ErrorCode::Conflict);
    assert_eq!(refused(bob.bring_back(file, 7, &again(None)).await).await, ErrorCode::NotFound);
    let ask = again(Some(2));
    let back: Entry = good(bob.bring_back(file, 1, &ask).await).await;
    assert_eq!((back.version, back.digest.clone(), back.modified_by), (3, hex(&sha256(b"one")), bob.account));
    assert_eq!(good::<Entry>(bob.bring_back(file, 1, &ask).await).await, back, "asked again");
    assert_eq!(refused(bob.bring_back(file, 2, &ask).await).await, ErrorCode::IdReused);
    assert_eq!(refused(ann.bring_back(file, 1, &ask).await).await, ErrorCode::IdReused);
    assert_eq!(ann.download(file).await, b"one");
    let newest = ann.versions(file, "?limit=1").await.versions.remove(0);
    assert_eq!((newest.version, newest.restores), (3, Some(1)));
    let last =
        ann.changes(room, 0).await.activities.into_iter().rfind(|line| line.by == bob.account).unwrap();
    assert_eq!(
        (last.kind, last.version, last.upload),
        (ActivityKind::VersionRestored { version: 1 }, 3, None)
    );
    // The newest one is there already.
    assert_eq!(good::<Entry>(bob.bring_back(file, 3, &again(None)).await).await.version, 3);
    assert_eq!(world.violations(), Vec::<String>::new());
}

/// A writer and what became of what they wrote.
struct Case {
    what: &'static str,
    basis: fn(&Entry) -> Basis,
    content: &'static [u8],
    /// The version of the same file; nothing: a file of its own, of this name.
    becomes: Result<u32, &'static str>,
}

const CASES: &[Case] = &[
    Case { what: "says nothing", basis: |_| Basis::default(), content: b"x", becomes: Ok(3) },
    Case {
        what: "saw the newest version",
        basis: |file| Basis { entry: Some(file.id), version: Some(2), fence: None, copy: None },
        content: b"x",
        becomes: Ok(3),
    },
    Case {
        what: "saw the newest version, by its name",
        basis: |_| Basis { version: Some(2), ..Basis::default() },
        content: b"x",
        becomes: Ok(3),
    },
    Case {
        what: "saw an older version",
        basis: |file| Basis { entry: Some(file.id), version: Some(1), fence: None, copy: None },
        content: b"x",
        becomes: Err("a (conflict).txt"),
    },
    Case {
        what: "saw no such file",
        basis: |_| Basis {
            version: Some(0),
            copy: Some("a (conflict, bob, 2026-11-29).txt".into()),
            ..Basis::default()
        },
        content: b"x",
        becomes: Err("a (conflict, bob, 2026-11-29).txt"),
    },
    Case {
        what: "saw an older version, and wants a name that is taken",
        basis: |file| Basis {
            entry: Some(file.id),
            version: Some(1),
            fence: None,
            copy: Some("b.txt".into()),
        },
        content: b"x",
        becomes: Err("b (2).txt"),
    },
    Case {
        what: "saw an older version, and wrote the same",
        basis: |_| Basis { version: Some(1), ..Basis::default() },
        content: b"two",
        becomes: Ok(3),
    },
    Case {
        what: "writes onto the file whatever it is by now",
        basis: |file| Basis { entry: Some(file.id), ..Basis::default() },
        content: b"x",
        becomes: Ok(3),
    },
];

#[tokio::test]
async fn what_was_not_seen_is_never_overwritten() {
    for case in CASES {
        for whole in [false, true] {
            let world = World::new().await;
            let (ann, bob) = (world.person(), world.person());
            let room = ann.group(&[&bob]).await;
            ann.upload(room, "b.txt", b"other").await;
            let file = ann.upload(room, "a.txt", b"one").await;
            ann.upload(room, "a.txt", b"two").await;
            let basis = (case.basis)(&ann.entry(file).await);
            let mut meta = Meta::new(room, "a.txt");
            for (key, value) in [("entry", basis.entry.map(|id| id.to_string())), ("copy", basis.copy)] {
                meta = value.map_or(meta.clone(), |value| meta.clone().with(key, value));
            }
            meta = basis.version.map_or(meta.clone(), |version| meta.clone().with("version", version));
            let made = if whole {
                bob.whole(&meta, case.content).await
            } else {
                bob.upload_as(&meta, case.content).await
            };
            let what = case.what;
            match case.becomes {
                Ok(version) => {
                    assert_eq!((made, ann.entry(file).await.version), (file, version), "{what}");
                    assert_eq!(ann.download(file).await, case.content, "{what}");
                }
                Err(name) => {
                    assert_eq!(ann.entry(file).await.version, 2, "{what}");
                    assert_eq!(ann.download(file).await, b"two", "{what}");
                    assert_eq!(ann.entry(made).await.name, name, "{what}");
                    assert_eq!(ann.download(made).await, case.content, "{what}");
                    let told = ann.changes(room, 0).await.activities;
                    let kept = ActivityKind::ConflictKept { of: "a.txt".into() };
                    assert!(
                        told.iter().any(|line| line.kind == kept
                            && line.entry == Some(made)
                            && line.upload.is_some())
                    );
                }
            }
            assert_eq!(world.violations(), Vec::<String>::new(), "{what}");
        }
    }
}

#[tokio::test]
async fn a_version_follows_its_file_through_renames_and_survives_its_deletion() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let dir: Entry = good(ann.folder(room, None, "dir").await).await;
    let file = ann.upload_as(&Meta::new(room, "a").with("parent", dir.id), b"one").await;
    let path = format!("/v1/entries/{file}");
    let change = EntryChange { name: Some("b".into()), ..EntryChange::default() };
    good::<Entry>(ann.send(Method::PATCH, &path, &change).await).await;
    let late = Meta::new(room, "a").with("parent", dir.id).with("entry", file).with("version", 1);
    assert_eq!(bob.upload_as(&late, b"two").await, file);
    assert_eq!((ann.entry(file).await.name, ann.entry(file).await.version), ("b".into(), 2));
    ann.ask(Method::DELETE, &path).send().await.unwrap();
    // Written for a file that is gone: it is a file under its name again.
    let late = late.with("x", 1);
    let new = bob.upload_as(&late, b"three").await;
    assert_ne!(new, file);
    assert_eq!((ann.entry(new).await.name, ann.entry(new).await.version), ("a".into(), 1));
    // The name is another file's by now.
    let third = bob.upload_as(&late, b"four").await;
    assert_eq!(ann.entry(third).await.name, "a (conflict)");
    let (other, strange) = (bob.group(&[]).await, Meta::new(room, "a").with("entry", dir.id));
    assert_eq!(refused(bob.create(&strange, 1).await).await, ErrorCode::BadRequest);
    let strange = Meta::new(other, "a").with("entry", file);
    assert_eq!(refused(bob.create(&strange, 1).await).await, ErrorCode::NotFound);
    let strange = Meta::new(room, "a").with("version", 0).with("copy", "a/b");
    assert_eq!(refused(bob.create(&strange, 1).await).await, ErrorCode::InvalidName);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_link_by_digest_overwrites_nothing_either() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let content = bytes(90_000);
    ann.upload(room, "elsewhere", &content).await;
    let file = ann.upload(room, "a", b"one").await;
    ann.upload(room, "a", b"two").await;
    let new = |version| InstantNew {
        id: UploadId(Uuid::now_v7()),
        room,
        parent: None,
        filename: "a".into(),
        sha256: hex(&sha256(&content)),
        size: content.len() as u64,
        modified_ms: None,
        basis: Basis { entry: Some(file), version: Some(version), fence: None, copy: None },
    };
    let old = new(1);
    let (made, version) = linked(ann.ask_instant(&old).await).await;
    assert_eq!((ann.entry(made).await.name.as_str(), version), ("a (conflict)", 1));
    assert_eq!(linked(ann.ask_instant(&old).await).await, (made, 1), "asked again");
    assert_eq!(linked(ann.ask_instant(&new(2)).await).await, (file, 3));
    let mut names = ann.names(room).await;
    names.sort();
    assert_eq!(names, ["a", "a (conflict)", "elsewhere"]);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_oldest_versions_go_and_their_contents_with_them() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let file = ann.upload(room, "a", b"first").await;
    ann.version(file, 1).await.bytes().await.unwrap();
    let many = limits::VERSIONS_PER_FILE_MAX + 2;
    for number in 2..=many {
        let content = if number == 3 { b"third".to_vec() } else { format!("v{number}").into_bytes() };
        ann.whole(&Meta::new(room, "a"), &content).await;
    }
    let page = ann.versions(file, "").await;
    assert_eq!(page.versions.len(), limits::VERSIONS_PER_FILE_MAX as usize);
    assert_eq!((page.versions[0].version, page.versions.last().unwrap().version), (many, 3));
    assert_eq!(refused(ann.version(file, 1).await).await, ErrorCode::NotFound);
    assert_eq!(refused(ann.bring_back(file, 2, &again(None)).await).await, ErrorCode::NotFound);
    let digest = sha256(b"first");
    let kept = |digest: &[u8; 32]| -> bool {
        let question = "SELECT EXISTS (SELECT 1 FROM blobs WHERE digest = ?1)";
        world.database().query_row(question, [digest], |row| row.get(0)).unwrap()
    };
    assert!(!kept(&digest) && kept(&sha256(b"third")));
    good::<Entry>(ann.bring_back(file, 3, &again(None)).await).await;
    assert_eq!(ann.download(file).await, b"third");
    assert!(kept(&sha256(b"third")), "the newest version holds what the dropped one had");
    assert_eq!(world.violations(), Vec::<String>::new());
}
