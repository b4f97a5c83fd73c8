//! Files that move for a linked folder: what both sides have is noted with the end, and what fails is tried again.

use super::{DEADLINE, Running, World, digest, pattern};
use crate::command::{Answer, Command};
use crate::folder::disk;
use crate::state::{self, linked};
use crate::transfer::{ForLinked, Lies, LinkedMove};
use crate::view::{Stuck, TransferState, TransferView};
use pod_machine::transfer::Direction;
use pod_shared::content::{Basis, Entry};
use pod_shared::{ErrorCode, LinkedId};
use std::path::PathBuf;
use uuid::Uuid;

/// A linked folder on the disk.
struct Folder {
    id: LinkedId,
    root: PathBuf,
}

impl Folder {
    async fn new(world: &World) -> Self {
        let folder = Self { id: LinkedId(Uuid::now_v7()), root: world.profile.path().join("linked") };
        disk::mark_root(&folder.root, folder.id).unwrap();
        let state = state::open(world.profile.path()).unwrap();
        let (id, room, path) = (folder.id, world.room, folder.root.clone());
        linked::add(&state, world.account, linked::Linked { id, room, entry: None, path, paused: false })
            .await
            .unwrap();
        folder
    }

    fn of(&self, name: &str, version: Option<(u32, String)>) -> ForLinked {
        let lies = Lies { parent: None, name: name.to_owned(), local: name.to_owned(), version };
        ForLinked { id: self.id, root: self.root.clone(), replaces: None, lies: Some(lies) }
    }

    fn fetch(&self, entry: &Entry) -> LinkedMove {
        LinkedMove {
            direction: Direction::Down,
            room: entry.room,
            parent: None,
            entry: Some(entry.id),
            name: entry.name.clone(),
            path: self.root.join(&entry.name),
            size: entry.size,
            basis: Basis::default(),
            of: self.of(&entry.name, Some((entry.version, entry.digest.clone()))),
        }
    }

    fn send(&self, world: &World, name: &str) -> LinkedMove {
        LinkedMove {
            direction: Direction::Up,
            room: world.room,
            parent: None,
            entry: None,
            name: name.to_owned(),
            path: self.root.join(name),
            size: 1,
            basis: Basis::default(),
            of: self.of(name, None),
        }
    }
}

impl Running {
    /// Asks for one and waits until it is as wanted.
    async fn moved(&mut self, wanted: LinkedMove, is: impl Fn(&TransferView) -> bool) -> TransferView {
        let path = wanted.path.to_string_lossy().into_owned();
        self.driver.move_linked(vec![wanted]).await.unwrap();
        let Answer::Transfers(all) = self.driver.handle(Command::Transfers).await.unwrap() else { panic!() };
        let id = all.iter().find(|view| view.local_path == path).unwrap().id;
        self.until(id, is).await
    }
}

fn is_done(view: &TransferView) -> bool {
    view.state == TransferState::Done
}

#[tokio::test]
async fn what_both_sides_have_is_noted_with_the_end_of_the_transfer() {
    let world = World::new().await;
    let folder = Folder::new(&world).await;
    for (name, bytes, was_placed) in
        [("small", 900, false), ("large", 300_000, false), ("there", 70_000, true)]
    {
        let mut pod = world.open().await;
        let bytes = pattern(bytes);
        let entry = world.remote(&pod, name, &bytes).await;
        if was_placed {
            // A former process died between the name of the file and the note of it.
            std::fs::write(folder.root.join(name), &bytes).unwrap();
        }
        pod.moved(folder.fetch(&entry), is_done).await;
        assert_eq!(std::fs::read(folder.root.join(name)).unwrap(), bytes);
        let landed = pod.driver.landed_for(folder.id);
        let told = landed[0].base.clone().unwrap();
        assert_eq!((landed.len(), pod.driver.landed_for(folder.id)), (1, Vec::new()));
        drop(pod);
        let state = state::open(world.profile.path()).unwrap();
        let (bases, _) = linked::known(&state, folder.id).await.unwrap();
        let base = bases.iter().find(|base| base.entry == entry.id).unwrap();
        assert_eq!((base, base.version, &base.digest), (&told, 1, &digest(&bytes)));
        let there = disk::mark_of(&std::fs::symlink_metadata(folder.root.join(name)).unwrap());
        assert_eq!((base.mark.inode, base.mark.size, base.mark.changed_ns), (there.inode, there.size, 0));
    }
}

#[tokio::test]
async fn what_stands_in_the_way_of_a_file_is_tried_again_by_itself() {
    let world = World::new().await;
    let folder = Folder::new(&world).await;
    let mut pod = world.open().await;
    world.server.book().refuse = Some((403, "role_too_low"));
    std::fs::write(folder.root.join("doc"), b"text").unwrap();
    let waits = |view: &TransferView| {
        let TransferState::Waiting(Stuck::Person { error }) = &view.state else { return false };
        error.code == ErrorCode::RoleTooLow
    };
    let view = pod.moved(folder.send(&world, "doc"), waits).await;
    world.server.book().refuse = None;
    pod.done(view.id).await;
    let landed = pod.driver.landed_for(folder.id);
    assert_eq!(landed[0].sent, Some(digest(b"text")));
    // What is not there any more is planned anew.
    let gone = |view: &TransferView| matches!(&view.state, TransferState::Failed { error } if error.code == ErrorCode::FileChanged);
    tokio::time::timeout(DEADLINE, pod.moved(folder.send(&world, "gone"), gone)).await.unwrap();
}
