//! The queue against a server that fails on purpose; what goes well is told by the stories on real processes.

mod fetches;
mod first_schema;
mod former;
mod full;
mod instant;
mod linked;
mod one_order;
mod options;
mod order;
mod places;
mod server;
mod small;

use super::{Driver, Ports, Wake};
use crate::cache::Cache;
use crate::command::{Answer, Command, Secret};
use crate::engine::Sink;
use crate::event::Event;
use crate::net::{Endpoint, Net};
use crate::state::{self, account::Account};
use crate::view::{ErrorView, FileState, Stuck, TransferState, TransferView};
use pod_shared::content::{Entry, EntryKind};
use pod_shared::{AccountId, ContentPosition, EntryId, ErrorCode, RoomId, TimeMs, TransferId, limits};
use server::{Server, metadata_of};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::broadcast;
use uuid::Uuid;

/// A state that does not come within this time does not come.
const DEADLINE: Duration = Duration::from_secs(20);

/// A pod's queue in a profile, and its server.
struct World {
    profile: tempfile::TempDir,
    server: Server,
    room: RoomId,
    account: AccountId,
}

/// A running queue.
struct Running {
    driver: Driver,
    events: broadcast::Receiver<Event>,
    cache: Cache,
}

pub(super) fn entry(id: EntryId, parent: Option<EntryId>, name: &str) -> Entry {
    let (by, at) = (AccountId(Uuid::now_v7()), TimeMs(0));
    Entry {
        id,
        room: RoomId(Uuid::now_v7()),
        parent,
        name: name.to_owned(),
        kind: EntryKind::Folder,
        size: 0,
        digest: String::new(),
        version: 0,
        created_at: at,
        created_by: by,
        modified_at: at,
        modified_by: by,
        position: ContentPosition(1),
        deleted: false,
        lock: None,
        comments: 0,
        rating: None,
        permission: None,
        description: String::new(),
        tags: Vec::new(),
    }
}

fn waits_for_network(view: &TransferView) -> bool {
    matches!(view.state, TransferState::Waiting(Stuck::Network { .. }))
}

fn digest(bytes: &[u8]) -> String {
    super::source::hex(&Sha256::digest(bytes))
}

fn pattern(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|at| (at * 31 % 251) as u8).collect()
}

impl World {
    async fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let server = Server::start().await;
        let profile = tempfile::tempdir().unwrap();
        Self { profile, server, room: RoomId(Uuid::now_v7()), account: AccountId(Uuid::now_v7()) }
    }

    /// Starts a queue on the profile, as a new process would.
    async fn open(&self) -> Running {
        let running = self.open_at_most(limits::TRANSFERS_MAX).await;
        running.driver.wake(Wake::Online);
        running
    }

    /// As [`World::open`], with another limit, and without the network.
    async fn open_at_most(&self, transfers_max: usize) -> Running {
        let (events, receiver) = broadcast::channel(1_024);
        let state = state::open(self.profile.path()).unwrap();
        let cache = Cache::open(self.profile.path()).unwrap();
        let endpoint = Endpoint { url: self.server.url.clone(), fingerprint: None };
        let account = Account {
            id: self.account,
            name: "alice".into(),
            display_name: "Alice".into(),
            is_admin: false,
            server_name: "test".into(),
            endpoint: endpoint.clone(),
        };
        state::account::save(&state, account).await.unwrap();
        let net = Net::default();
        net.sign_in(endpoint, Secret("device".into())).unwrap();
        let files = self.profile.path().join("files");
        let sink = Sink { events };
        let ports = Ports::new(state, net, cache.clone(), sink, files);
        assert_eq!(ports.transfers_max, limits::TRANSFERS_MAX);
        let driver = Driver::start(Ports { transfers_max, ..ports }).await.unwrap();
        Running { driver, events: receiver, cache }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.profile.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// A file in the room that the server has.
    async fn remote(&self, running: &Running, name: &str, bytes: &[u8]) -> Entry {
        self.server.book().content = (bytes.to_vec(), digest(bytes));
        let base = entry(EntryId(Uuid::now_v7()), None, name);
        let kind = EntryKind::File;
        let made = Entry {
            room: self.room,
            kind,
            size: bytes.len() as u64,
            digest: digest(bytes),
            version: 1,
            ..base
        };
        running.cache.keep_entry(made.clone()).await.unwrap();
        made
    }
}

impl Running {
    async fn put(&self, room: RoomId, path: &Path) -> Vec<TransferView> {
        let command = Command::Put { room, parent: None, paths: vec![path.to_owned()] };
        let Answer::Transfers(views) = self.driver.handle(command).await.unwrap() else {
            panic!("no transfers")
        };
        views
    }

    async fn get(&self, entry: &Entry, dest: Option<PathBuf>) -> TransferView {
        let command = Command::Get { entry: entry.id, dest };
        let Answer::Transfers(views) = self.driver.handle(command).await.unwrap() else {
            panic!("no transfers")
        };
        views[0].clone()
    }

    async fn find(&self, id: TransferId) -> TransferView {
        let Answer::Transfers(all) = self.driver.handle(Command::Transfers).await.unwrap() else { panic!() };
        all.into_iter().find(|view| view.id == id).unwrap()
    }

    /// Waits until a transfer is as wanted.
    async fn until(&mut self, id: TransferId, wanted: impl Fn(&TransferView) -> bool) -> TransferView {
        let look = async {
            loop {
                let view = self.find(id).await;
                if wanted(&view) {
                    return view;
                }
                let _ = self.events.recv().await;
            }
        };
        tokio::time::timeout(DEADLINE, look).await.expect("the transfer gets there")
    }

    async fn done(&mut self, id: TransferId) -> TransferView {
        self.until(id, |view| view.state == TransferState::Done).await
    }
}

#[tokio::test]
async fn a_cut_upload_resumes_at_the_last_stored_byte() {
    let world = World::new().await;
    let bytes = pattern(900_000);
    world.server.book().cut_after = Some(300_000);
    let mut pod = world.open().await;
    let id = pod.put(world.room, &world.file("report.pdf", &bytes)).await[0].id;
    let view = pod.done(id).await;
    let book = world.server.book();
    let upload = book.uploads.values().next().unwrap();
    assert_eq!((book.uploads.len(), &upload.bytes), (1, &bytes));
    assert_eq!(book.received, bytes.len(), "bytes that were stored are not sent again");
    assert_eq!(metadata_of(&upload.metadata, "sha256"), digest(&bytes));
    assert_eq!((view.done, view.entry.map(|id| id.to_string())), (900_000, Some(upload.entry.clone())));
}

#[tokio::test]
async fn an_upload_goes_on_after_the_process_was_killed() {
    let world = World::new().await;
    let bytes = pattern(600_000);
    world.server.book().cut_after = Some(200_000);
    let mut pod = world.open().await;
    let id = pod.put(world.room, &world.file("a.bin", &bytes)).await[0].id;
    pod.until(id, waits_for_network).await;
    drop(pod);
    let mut again = world.open().await;
    again.done(id).await;
    let book = world.server.book();
    assert_eq!(book.uploads.len(), 1, "the same upload is found again");
    assert_eq!((book.received, &book.uploads.values().next().unwrap().bytes), (600_000, &bytes));
}

#[tokio::test]
async fn a_source_that_changed_starts_again_and_the_old_upload_is_dropped() {
    let world = World::new().await;
    world.server.book().cut_after = Some(100_000);
    let mut pod = world.open().await;
    let path = world.file("draft.txt", &pattern(500_000));
    let id = pod.put(world.room, &path).await[0].id;
    pod.until(id, waits_for_network).await;
    let changed = pattern(700_001);
    world.file("draft.txt", &changed);
    pod.done(id).await;
    let first = async {
        while world.server.book().dropped.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, first).await.expect("the old upload is dropped");
    let book = world.server.book();
    assert_eq!(book.uploads.len(), 1);
    assert_eq!(book.uploads.values().next().unwrap().bytes, changed);
}

#[tokio::test]
async fn a_cancel_reaches_the_server_even_after_a_restart() {
    let world = World::new().await;
    world.server.book().cut_after = Some(100_000);
    let mut pod = world.open().await;
    let id = pod.put(world.room, &world.file("a.bin", &pattern(500_000))).await[0].id;
    pod.until(id, waits_for_network).await;
    world.server.book().refuse = Some((503, "unavailable"));
    pod.driver.handle(Command::TransferCancel { id }).await.unwrap();
    assert_eq!(pod.find(id).await.state, TransferState::Cancelled);
    drop(pod);
    world.server.book().refuse = None;
    let again = world.open().await;
    let gone = async {
        while world.server.book().dropped.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, gone).await.expect("the server is told");
    assert_eq!(again.find(id).await.state, TransferState::Cancelled);
    assert!(world.server.book().uploads.is_empty());
}

#[tokio::test]
async fn an_upload_cancelled_by_another_ends_and_does_not_begin_again() {
    let world = World::new().await;
    world.server.book().refuse = Some((410, "gone"));
    let mut pod = world.open().await;
    let id = pod.put(world.room, &world.file("a.bin", &pattern(5_000))).await[0].id;
    pod.until(id, |view| view.state == TransferState::Cancelled).await;
    assert!(world.server.book().uploads.is_empty());
}

#[tokio::test]
async fn a_refusal_that_a_person_can_lift_waits_for_the_person() {
    let world = World::new().await;
    world.server.book().refuse = Some((403, "role_too_low"));
    let mut pod = world.open().await;
    let id = pod.put(world.room, &world.file("a.bin", &pattern(5_000))).await[0].id;
    let error = ErrorView::new(ErrorCode::RoleTooLow, "");
    pod.until(id, |view| view.state == TransferState::Waiting(Stuck::Person { error: error.clone() })).await;
    world.server.book().refuse = None;
    pod.driver.handle(Command::TransferRetry { id }).await.unwrap();
    pod.done(id).await;
}

#[tokio::test]
async fn a_folder_goes_up_with_its_folders_first() {
    let world = World::new().await;
    let top = world.profile.path().join("plans");
    std::fs::create_dir_all(top.join("2026/empty")).unwrap();
    std::fs::write(top.join("2026/a.txt"), b"a").unwrap();
    std::fs::write(top.join("b.txt"), b"").unwrap();
    let mut pod = world.open().await;
    for view in pod.put(world.room, &top).await {
        pod.done(view.id).await;
    }
    let made = async {
        while world.server.book().folders.len() < 3 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, made).await.expect("all folders are made");
    let book = world.server.book();
    let names: Vec<&str> = book.folders.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["plans", "2026", "empty"]);
    let parents: Vec<String> =
        book.uploads.values().map(|upload| metadata_of(&upload.metadata, "parent")).collect();
    assert!(parents.iter().all(|parent| !parent.is_empty()), "each file goes into its folder");
    assert_eq!(book.uploads.len(), 2);
}

#[tokio::test]
async fn a_cut_download_resumes_at_the_byte_on_the_disk() {
    let world = World::new().await;
    let mut pod = world.open().await;
    let bytes = pattern(800_000);
    let file = world.remote(&pod, "film.mp4", &bytes).await;
    world.server.book().cut_after = Some(250_000);
    let id = pod.get(&file, None).await.id;
    let view = pod.done(id).await;
    assert_eq!(std::fs::read(&view.local_path).unwrap(), bytes);
    assert!(view.local_path.ends_with(&format!("files/{}/{}/film.mp4", file.room, file.id)));
    assert_eq!(world.server.book().ranges, ["", "bytes=250000-"]);
    assert_eq!(pod.driver.file_states(vec![file.clone()]).await, [FileState::Here]);
    let older = Entry { digest: digest(b"newer"), ..file };
    assert_eq!(pod.driver.file_states(vec![older]).await, [FileState::Older]);
}

#[tokio::test]
async fn a_newer_version_is_never_stitched_to_an_older_part() {
    let world = World::new().await;
    let mut pod = world.open().await;
    let file = world.remote(&pod, "a.txt", &pattern(400_000)).await;
    world.server.book().cut_after = Some(100_000);
    let dest = world.profile.path().join("a.txt");
    let id = pod.get(&file, Some(dest.clone())).await.id;
    pod.until(id, waits_for_network).await;
    let newer = vec![7; 300_000];
    world.server.book().content = (newer.clone(), digest(&newer));
    let entry = Entry { digest: digest(&newer), size: 300_000, version: 2, ..file };
    pod.cache.keep_entry(entry).await.unwrap();
    pod.done(id).await;
    assert_eq!(std::fs::read(dest).unwrap(), newer);
}

#[tokio::test]
async fn a_foreign_file_is_never_overwritten() {
    let world = World::new().await;
    let mut pod = world.open().await;
    let file = world.remote(&pod, "notes.txt", b"from the room").await;
    let mine = world.file("notes.txt", b"mine");
    let id = pod.get(&file, Some(world.profile.path().to_owned())).await.id;
    let view = pod.done(id).await;
    assert_eq!(std::fs::read(mine).unwrap(), b"mine");
    assert!(view.local_path.ends_with("notes (2).txt"));
    assert_eq!(std::fs::read(view.local_path).unwrap(), b"from the room");
}

#[tokio::test]
async fn a_copy_deleted_by_hand_is_noticed() {
    let world = World::new().await;
    let mut pod = world.open().await;
    let file = world.remote(&pod, "a.txt", b"content").await;
    let id = pod.get(&file, None).await.id;
    let view = pod.done(id).await;
    let path = Command::LocalPath { entry: file.id };
    assert!(matches!(pod.driver.handle(path.clone()).await, Ok(Answer::Path(Some(_)))));
    std::fs::remove_file(&view.local_path).unwrap();
    assert!(matches!(pod.driver.handle(path).await, Ok(Answer::Path(None))));
    drop(pod);
    let again = world.open().await;
    let gone = async {
        while again.driver.file_states(vec![file.clone()]).await != [FileState::Server] {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, gone).await.expect("the scan at the start finds out");
}

#[tokio::test]
async fn wrong_bytes_never_get_the_name() {
    let world = World::new().await;
    let mut pod = world.open().await;
    let file = world.remote(&pod, "a.txt", &pattern(1_000)).await;
    world.server.book().content.0 = pattern(1_001)[1..].to_vec();
    let id = pod.get(&file, None).await.id;
    let view = pod.until(id, |view| matches!(view.state, TransferState::Failed { .. })).await;
    let TransferState::Failed { error } = &view.state else { panic!() };
    assert_eq!(error.code, ErrorCode::DigestMismatch);
    assert!(!Path::new(&view.local_path).exists());
}
