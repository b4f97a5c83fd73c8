//! Files of rooms in the queue: up into a room's folder, down to this computer.
//!
//! `asks` takes what a person asks for, `put` plans it from the disk, `upload` and `download` move the bytes over HTTP,
//! `chores` is what is to be done beside, `copies` knows what of the rooms' files lies on this computer. Refuses to open
//! a file, and to overwrite one that is not its own.

mod asks;
mod changed;
pub(super) mod chores;
pub(super) mod copies;
mod download;
mod job;
pub(crate) mod linked;
pub(super) mod put;
mod row;
pub(super) mod table;
mod upload;

pub(super) use asks::Fetch;
pub(super) use job::Job;
pub(super) use row::{Folder, RoomFile};
pub(crate) use table::{STORY, TABLES};

pub(crate) use linked::{ForLinked, Landed, Lies, LinkedMove, OpenMove};
pub(super) use linked::{Placed, is_planned_anew};

use super::queue::Queue;
use super::row::Row;
use job::Work;
use pod_machine::transfer::{Direction, Task};

/// Does the work of a file of a room.
pub(super) async fn run(job: Job, task: Task) {
    let reads = matches!(task, Task::Read);
    match (job.of.file.machine.direction, reads) {
        (Direction::Up, true) => upload::read(job).await,
        (Direction::Up, false) => upload::run(job).await,
        (Direction::Down, true) => download::read(job).await,
        (Direction::Down, false) => download::run(job).await,
    }
}

impl Queue {
    /// What a run of work on a file has at hand.
    pub(super) fn work_on_file(&self, row: &Row, file: &RoomFile) -> Work {
        let machine = &file.machine;
        // An older version in the pod's own place that nobody touched: the new one takes its name.
        let old = machine.entry.map(|entry| self.copies.of(entry)).unwrap_or_default();
        let old = old.into_iter().find(|copy| copy.ours && copy.path == row.path);
        // A file on this computer with the very bytes that a download wants (O9).
        let comes = machine.direction == Direction::Down && machine.restarts == 0;
        let wanted = machine.content.as_ref().filter(|_| comes);
        let same = wanted.map(|content| self.copies.with_digest(&content.digest)).unwrap_or_default();
        let at_hand = same.into_iter().find(|copy| copy.path != row.path && copy.is_intact());
        Work {
            file: file.clone(),
            replaces: old.filter(|copy| copy.is_intact()).map(|copy| copy.path),
            at_hand: at_hand.map(|copy| copy.path),
        }
    }
}
