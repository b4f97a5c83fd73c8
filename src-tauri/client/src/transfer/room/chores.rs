//! What the queue has to do beside moving bytes: make the folders of a sent folder, tell the server of uploads that
//! nobody wants any more, and look whether the copies on the disk are still what they were.
//!
//! Each chore is a row on the disk until it is done, is repeatable, and runs alone or few at a time.

use super::copies::Copy;
use super::linked::Placed;
use super::row::Folder;
use super::table;
use crate::event::Event;
use crate::net::{Authorized, Net as Session, after_name};
use crate::transfer::perform::Along;
use crate::transfer::queue::{Net, Queue};
use crate::transfer::row::Row;
use crate::transfer::step::Step;
use crate::transfer::trouble::Failure;
use crate::transfer::tus;
use crate::view::ErrorView;
use pod_machine::transfer::{Input, Trouble};
use pod_shared::content::{Entry, EntryKind, EntryPage, FolderNew, name_key};
use pod_shared::{EntryId, ErrorCode, RoomId, TransferId, UploadId, limits};
use std::collections::{BTreeMap, BTreeSet};

/// Uploads dropped at once.
const FORGETTING_MAX: usize = 4;
/// A chore that did not succeed is tried again after this, in milliseconds.
const AGAIN_MS: u64 = 3_000;
/// After a hint from the disk, more of them come: look once for all, this much later, in milliseconds.
const SCAN_AFTER_MS: u64 = 300;
/// A folder whose room the server does not know is tried this often.
const FOLDER_TRIES_MAX: u32 = 40;

/// What a chore has to say.
#[derive(Debug)]
pub(in crate::transfer) enum Side {
    /// A folder is there, or not.
    Folder { asked: EntryId, came: Result<EntryId, Failure> },
    /// The server has dropped an upload, or not yet.
    Forgotten { transfer: TransferId, upload: UploadId, came: Result<(), ErrorView> },
    /// Something happened in the pod's own place.
    Disk,
    /// These copies are not there any more.
    Scanned(Vec<Copy>),
}

/// The chores that are to be done.
#[derive(Default)]
pub(in crate::transfer) struct Chores {
    /// Folders that are to be made, parents first.
    pub(in crate::transfer) folders: Vec<Folder>,
    folder_runs: Option<EntryId>,
    folder_at: u64,
    folder_tries: u32,
    owed: BTreeMap<UploadId, Owed>,
    scan_at: Option<u64>,
    scan_runs: bool,
}

struct Owed {
    transfer: TransferId,
    state: Forgetting,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Forgetting {
    Waits { until_ms: u64 },
    Runs,
}

impl Chores {
    /// The server is still to be told to drop these.
    pub(in crate::transfer) fn owe(&mut self, transfer: TransferId, uploads: &BTreeSet<UploadId>) {
        for upload in uploads {
            let state = Forgetting::Waits { until_ms: 0 };
            self.owed.entry(*upload).or_insert(Owed { transfer, state });
        }
    }

    /// The network is back: nothing waits for a time any more.
    pub(in crate::transfer) fn network_back(&mut self) {
        (self.folder_at, self.folder_tries) = (0, 0);
        for owed in self.owed.values_mut().filter(|owed| owed.state != Forgetting::Runs) {
            owed.state = Forgetting::Waits { until_ms: 0 };
        }
    }

    /// Look at the disk in a moment.
    pub(in crate::transfer) fn scan_soon(&mut self, now_ms: u64) {
        self.scan_at.get_or_insert(now_ms + SCAN_AFTER_MS);
    }

    /// When there is something to do.
    pub(in crate::transfer) fn next_deadline(&self, net: Net) -> Option<u64> {
        let scan = self.scan_at.filter(|_| !self.scan_runs);
        if net == Net::Offline {
            return scan;
        }
        let folder = (self.folder_runs.is_none() && !self.folders.is_empty()).then_some(self.folder_at);
        let forgetting = self.owed.values().filter(|owed| owed.state == Forgetting::Runs).count();
        let waits = self.owed.values().filter_map(|owed| match owed.state {
            Forgetting::Waits { until_ms } => Some(until_ms),
            Forgetting::Runs => None,
        });
        let owed = if forgetting < FORGETTING_MAX { waits.min() } else { None };
        [scan, folder, owed].into_iter().flatten().min()
    }
}

impl Queue {
    /// Starts the chores whose time has come.
    pub(in crate::transfer) fn do_chores(&mut self) {
        let now = self.now_ms();
        if self.chores.scan_at.is_some_and(|at| at <= now) && !self.chores.scan_runs {
            (self.chores.scan_at, self.chores.scan_runs) = (None, true);
            self.scan();
        }
        if self.net == Net::Offline {
            return;
        }
        if self.chores.folder_runs.is_none()
            && self.chores.folder_at <= now
            && let Some(folder) = self.chores.folders.first().cloned()
        {
            self.chores.folder_runs = Some(folder.id);
            let (side, net) = (self.side.clone(), self.ports.net.clone());
            self.tasks.spawn(async move {
                let asked = folder.id;
                let came = make(&net, &folder).await;
                // The queue may be stopping; the row stays.
                let _ = side.send(Side::Folder { asked, came }).await;
            });
        }
        self.forget(now);
    }

    fn forget(&mut self, now: u64) {
        let running = self.chores.owed.values().filter(|owed| owed.state == Forgetting::Runs).count();
        let due = |owed: &Owed| matches!(owed.state, Forgetting::Waits { until_ms } if until_ms <= now);
        let free = FORGETTING_MAX.saturating_sub(running);
        for (upload, owed) in self.chores.owed.iter_mut().filter(|(_, owed)| due(owed)).take(free) {
            owed.state = Forgetting::Runs;
            let (side, net, transfer, upload) =
                (self.side.clone(), self.ports.net.clone(), owed.transfer, *upload);
            self.tasks.spawn(async move {
                let came = tus::delete(&net, upload).await;
                // The queue may be stopping; the row stays.
                let _ = side.send(Side::Forgotten { transfer, upload, came }).await;
            });
        }
    }

    fn scan(&mut self) {
        let (side, copies) = (self.side.clone(), self.copies.all());
        self.tasks.spawn(async move {
            let look = move || copies.into_iter().filter(|copy| !copy.is_intact()).collect();
            let gone = tokio::task::spawn_blocking(look).await.unwrap_or_default();
            // The queue may be stopping; the next start looks again.
            let _ = side.send(Side::Scanned(gone)).await;
        });
    }

    /// A chore has something to say.
    pub(in crate::transfer) async fn side(&mut self, news: Side) {
        let now = self.now_ms();
        match news {
            Side::Disk => self.chores.scan_soon(now),
            Side::Scanned(gone) => {
                self.chores.scan_runs = false;
                self.copies_gone(gone).await;
            }
            Side::Forgotten { transfer, upload, came } => {
                let done = match came {
                    Ok(()) => true,
                    // Not there, or stored already, or no longer this person's to drop: it will never be otherwise.
                    Err(error) => matches!(
                        error.code,
                        ErrorCode::NotFound
                            | ErrorCode::Gone
                            | ErrorCode::RoleTooLow
                            | ErrorCode::Conflict
                            | ErrorCode::BadRequest
                    ),
                };
                if done {
                    self.chores.owed.remove(&upload);
                    self.step(transfer, Input::Forgotten { upload }).await;
                } else if let Some(owed) = self.chores.owed.get_mut(&upload) {
                    owed.state = Forgetting::Waits { until_ms: now + AGAIN_MS };
                }
            }
            Side::Folder { asked, came } => {
                self.chores.folder_runs = None;
                match came {
                    Ok(there) => self.folder_made(asked, there).await,
                    Err(failure) => self.folder_failed(asked, failure).await,
                }
            }
        }
    }

    async fn copies_gone(&mut self, gone: Vec<Copy>) {
        let Some(account) = self.account else { return };
        let still: Vec<Copy> =
            gone.into_iter().filter(|copy| self.copies.of(copy.entry).contains(copy)).collect();
        let dropped = still.clone();
        let written = self
            .ports
            .state
            .run(move |db| dropped.iter().try_for_each(|copy| table::drop_copy(db, account, copy)))
            .await;
        if written.is_err() {
            return;
        }
        let mut rooms = BTreeSet::<RoomId>::new();
        for copy in &still {
            self.copies.drop(copy);
            rooms.insert(copy.room);
        }
        for room in rooms {
            self.ports.sink.emit(Event::Folder { room });
        }
    }

    async fn folder_made(&mut self, asked: EntryId, there: EntryId) {
        let written = self.ports.state.run(move |db| table::settle_folder(db, asked, Some(there))).await;
        if written.is_err() {
            self.chores.folder_at = self.now_ms() + AGAIN_MS;
            return;
        }
        self.chores.folder_tries = 0;
        self.chores.folders.retain(|folder| folder.id != asked);
        for folder in self.chores.folders.iter_mut().filter(|folder| folder.parent == Some(asked)) {
            folder.parent = Some(there);
        }
        let inside = |row: &&Row| row.room().is_some_and(|file| file.parent == Some(asked));
        for id in self.rows.values().filter(inside).map(Row::id).collect::<Vec<_>>() {
            if let Some(file) = self.rows.get_mut(&id).and_then(Row::room_mut) {
                file.parent = Some(there);
            }
            self.show(id).await;
        }
    }

    async fn folder_failed(&mut self, asked: EntryId, failure: Failure) {
        let trouble = match failure.trouble {
            Trouble::Network { .. } | Trouble::NoSpace { .. } => {
                self.chores.folder_at = self.now_ms() + AGAIN_MS;
                return;
            }
            Trouble::RoomUnknown if self.chores.folder_tries < FOLDER_TRIES_MAX => {
                self.chores.folder_tries += 1;
                self.chores.folder_at = self.now_ms() + AGAIN_MS / 4;
                return;
            }
            Trouble::Person(code) | Trouble::Stays(code) | Trouble::Final(code) => Trouble::Final(code),
            Trouble::RoomUnknown
            | Trouble::SourceChanged
            | Trouble::UploadExpired
            | Trouble::BytesWrong
            | Trouble::PartLost => Trouble::Final(ErrorCode::NotFound),
        };
        self.chores.folder_tries = 0;
        let mut lost = BTreeSet::from([asked]);
        for folder in &self.chores.folders {
            if folder.parent.is_some_and(|parent| lost.contains(&parent)) {
                lost.insert(folder.id);
            }
        }
        let gone = lost.clone();
        let settle = self
            .ports
            .state
            .run(move |db| gone.iter().try_for_each(|id| table::settle_folder(db, *id, None)));
        if settle.await.is_err() {
            self.chores.folder_at = self.now_ms() + AGAIN_MS;
            return;
        }
        self.chores.folders.retain(|folder| !lost.contains(&folder.id));
        let inside = |row: &&Row| {
            let parent = row.room().and_then(|file| file.parent);
            row.waits_for_turn() && parent.is_some_and(|parent| lost.contains(&parent))
        };
        for id in self.rows.values().filter(inside).map(Row::id).collect::<Vec<_>>() {
            if let Some(row) = self.rows.get_mut(&id) {
                row.detail.clone_from(&failure.detail);
            }
            self.step(id, Input::Trouble { trouble, jitter: 0 }).await;
        }
    }

    /// A download has its name: the copy, and what its linked folder is to know, are written together with the end of the
    /// transfer.
    pub(in crate::transfer) async fn placed(
        &mut self,
        id: TransferId,
        Placed { path, mark }: Placed,
    ) -> Option<(Step, Along)> {
        let files = self.ports.files.clone();
        let row = self.rows.get_mut(&id)?;
        row.path.clone_from(&path);
        let file = row.room()?.clone();
        let (room, entry, content) = (file.room, file.machine.entry, file.machine.content.clone());
        let landed = match (entry, mark) {
            (Some(entry), Some(mark)) => {
                let newest = self.ports.cache.entry(entry).await.ok().flatten();
                file.came(mark, newest.map(|entry| (entry.version, entry.digest)))
            }
            (Some(_) | None, Some(_) | None) => None,
        };
        let copy = match (entry, content) {
            (Some(entry), Some(content)) => {
                let of = move || {
                    let ours = path.starts_with(&files);
                    Copy::of(entry, room, &path, &content.digest, ours)
                };
                tokio::task::spawn_blocking(of).await.ok().and_then(Result::ok)
            }
            (Some(_) | None, Some(_) | None) => None,
        };
        Some((Input::Finished { entry }.into(), Along { copy, landed }))
    }
}

/// Makes a folder, or finds the one that is there under the name.
async fn make(net: &Session, folder: &Folder) -> Result<EntryId, Failure> {
    let way = net.content().await?;
    let path = format!("/v1/rooms/{}/folders", folder.room);
    let new = FolderNew { id: folder.id, parent: folder.parent, name: folder.name.clone() };
    let made: Result<Entry, ErrorView> = way.http.post(&path, Some(&way.bearer), &new).await;
    match made {
        Ok(entry) => Ok(entry.id),
        Err(error) if error.code == ErrorCode::NameExists => find(&way, folder).await,
        Err(error) if error.code == ErrorCode::NotFound => {
            Err(Failure::new(Trouble::RoomUnknown, error.message))
        }
        Err(error) => {
            if Authorized::token_is_void(&error) {
                net.forget(&way.bearer).await;
            }
            Err(error.into())
        }
    }
}

async fn find(way: &Authorized, folder: &Folder) -> Result<EntryId, Failure> {
    let key = name_key(&folder.name);
    let parent = folder.parent.map(|parent| format!("&parent={parent}")).unwrap_or_default();
    let mut after = String::new();
    loop {
        let (room, limit) = (folder.room, limits::CONTENT_PAGE_MAX);
        let path = format!("/v1/rooms/{room}/entries?limit={limit}{parent}{after}");
        let page: EntryPage = way.http.get(&path, Some(&way.bearer)).await?;
        let same = |entry: &&Entry| name_key(&entry.name) == key;
        if let Some(entry) = page.entries.iter().find(same) {
            return match entry.kind {
                EntryKind::Folder => Ok(entry.id),
                EntryKind::File => {
                    Err(ErrorView::new(ErrorCode::NameExists, "a file has the folder's name").into())
                }
            };
        }
        let Some(last) = page.entries.last().filter(|_| page.more) else {
            return Err(Failure::new(Trouble::Network { pause_ms: 0 }, "the folder was moved meanwhile"));
        };
        after = after_name(&last.name);
    }
}
