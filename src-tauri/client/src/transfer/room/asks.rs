//! What a person asks about files of rooms: send some, fetch some.

use super::put::{self, Plan};
use super::row::{Folder, RoomFile};
use crate::command::Answer;
use crate::transfer::part::namesake;
use crate::transfer::queue::Queue;
use crate::transfer::row::Row;
use crate::transfer::rows::NewRows;
use crate::transfer::source;
use crate::view::ErrorView;
use pod_machine::transfer::{Content, Direction, Phase, Transfer, TransferOptions};
use pod_shared::content::{Basis, Entry, EntryKind, check_name, name_key, noted_name};
use pod_shared::{EntryId, ErrorCode, RoomId, TransferId};
use std::collections::BTreeSet;
use std::path::PathBuf;
use tokio::sync::oneshot;
use uuid::Uuid;

/// A file that is to be fetched.
pub(in crate::transfer) struct Fetch {
    /// Which.
    pub(in crate::transfer) entry: EntryId,
    /// Which version; nothing: the newest.
    pub(in crate::transfer) version: Option<u32>,
    /// Where to; nothing: the pod's own place.
    pub(in crate::transfer) dest: Option<PathBuf>,
    /// Whoever asks.
    pub(in crate::transfer) answer: oneshot::Sender<Result<Answer, ErrorView>>,
}

/// What is to be done for who asks for a file.
enum Asked {
    /// Nothing: this is how it stands.
    Known(Answer),
    /// A row.
    New(Row),
}

/// Fetches that are written together.
#[derive(Default)]
struct Batch {
    rows: NewRows,
    answers: Vec<oneshot::Sender<Result<Answer, ErrorView>>>,
    entries: BTreeSet<EntryId>,
    paths: BTreeSet<PathBuf>,
}

impl Queue {
    /// Sends files and folders to a room.
    pub(in crate::transfer) async fn put(
        &mut self,
        room: RoomId,
        parent: Option<EntryId>,
        paths: Vec<PathBuf>,
    ) -> Result<Answer, ErrorView> {
        let account = self.account()?;
        let taken = self.names_on_their_way(room, parent);
        let most = self.ports.transfers_max;
        let planned = tokio::task::spawn_blocking(move || put::plan(room, parent, &paths, taken, most)).await;
        let plan = planned.map_err(|_| ErrorView::stopped())??;
        self.has_room_for(plan.files.len())?;
        let (folders, rows) = rows_of(room, plan, self.settings.options);
        self.add(account, folders, rows).await.map(Answer::Transfers)
    }

    /// Names of files that are on their way into a folder.
    fn names_on_their_way(&self, room: RoomId, parent: Option<EntryId>) -> BTreeSet<String> {
        let same = |row: &&Row| {
            let into = row.room().map(|file| (file.room, file.parent));
            row.direction() == Direction::Up && !row.is_over() && into == Some((room, parent))
        };
        self.rows.values().filter(same).map(|row| name_key(&row.name)).collect()
    }

    /// A file of a room's folder that is there.
    async fn file(&self, id: EntryId) -> Result<Entry, ErrorView> {
        let missing = || ErrorView::new(ErrorCode::NotFound, "there is no such file");
        let entry = self.ports.cache.entry(id).await?.filter(|entry| !entry.deleted).ok_or_else(missing)?;
        if entry.kind != EntryKind::File {
            return Err(ErrorView::new(ErrorCode::BadRequest, "folders are fetched file by file"));
        }
        // The name came from elsewhere: it must be one name, and nothing that leads out of the folder.
        check_name(&entry.name)
            .map_err(|problem| ErrorView::new(ErrorCode::InvalidName, problem.to_string()))?;
        Ok(entry)
    }

    /// Sends a file as a new version of one in a room's folder, based on a version and written with a lock; nothing: on
    /// whatever is there.
    pub(in crate::transfer) async fn put_version(
        &mut self,
        id: EntryId,
        path: PathBuf,
        version: Option<u32>,
        fence: Option<u64>,
    ) -> Result<Answer, ErrorView> {
        let account = self.account()?;
        let entry = self.file(id).await?;
        let looked_at = path.clone();
        let stamped = tokio::task::spawn_blocking(move || source::stamp(&looked_at)).await;
        let size = stamped.map_err(|_| ErrorView::stopped())??.size;
        self.has_room_for(1)?;
        let (options, basis) = (self.settings.options, Basis { entry: Some(id), version, fence, copy: None });
        let machine = Transfer { options, basis, ..Transfer::up(TransferId(Uuid::now_v7()), size) };
        let row = RoomFile::row(entry.room, entry.parent, entry.name, path, machine);
        self.add(account, Vec::new(), vec![Box::new(row)]).await.map(Answer::Transfers)
    }

    /// Fetches files of rooms: one wait for the disk, then all are answered.
    pub(in crate::transfer) async fn fetch_all(&mut self, fetches: Vec<Fetch>) {
        let mut batch = Batch::default();
        for Fetch { entry, version, dest, answer } in fetches {
            // What is asked for twice is one transfer.
            if batch.entries.contains(&entry) {
                self.add_batch(std::mem::take(&mut batch)).await;
            }
            match self.fetch(entry, version, dest, &batch).await {
                Ok(Asked::Known(known)) => _ = answer.send(Ok(known)),
                Ok(Asked::New(row)) => {
                    batch.entries.insert(entry);
                    batch.paths.insert(row.path.clone());
                    batch.rows.push(Box::new(row));
                    batch.answers.push(answer);
                }
                Err(error) => _ = answer.send(Err(error)),
            }
        }
        self.add_batch(batch).await;
    }

    async fn add_batch(&mut self, batch: Batch) {
        if batch.rows.is_empty() {
            return;
        }
        let added = match self.account() {
            Ok(account) => self.add(account, Vec::new(), batch.rows).await,
            Err(error) => Err(error),
        };
        let mut views = added.map(Vec::into_iter);
        for answer in batch.answers {
            let said = match &mut views {
                Ok(views) => Ok(Answer::Transfers(views.next().into_iter().collect())),
                Err(error) => Err(error.clone()),
            };
            // Who asked may have gone; what was asked stands.
            let _ = answer.send(said);
        }
    }

    async fn fetch(
        &self,
        id: EntryId,
        version: Option<u32>,
        dest: Option<PathBuf>,
        batch: &Batch,
    ) -> Result<Asked, ErrorView> {
        self.account()?;
        let mut entry = self.file(id).await?;
        // What is the newest here may be so no more: a version that was asked for is fetched as that.
        let older = version.filter(|version| *version != entry.version);
        if let Some(version) = older {
            // Never in the place of the newest one.
            entry.name = noted_name(&entry.name, EntryKind::File, &format!("version {version}"));
        } else if dest.is_none() {
            if let Some(open) = self.board.download(id).and_then(|(transfer, _)| self.board.find(transfer)) {
                return Ok(Asked::Known(Answer::Transfers(vec![open])));
            }
            let (copies, wanted) = (self.copies.clone(), entry.clone());
            let here = tokio::task::spawn_blocking(move || copies.path(&wanted)).await;
            if let Ok(Some(path)) = here {
                return Ok(Asked::Known(Answer::Path(Some(path))));
            }
        }
        self.has_room_for(batch.rows.len() + 1)?;
        let path = self.destination(&entry, dest, batch).await?;
        let (options, newest) = (self.settings.options, version.is_none());
        let content = newest.then_some(Content { digest: entry.digest, size: entry.size, stamp: None });
        let down = Transfer::down(TransferId(Uuid::now_v7()), id, entry.size);
        let machine = Transfer { options, version, content, ..down };
        Ok(Asked::New(RoomFile::row(entry.room, None, entry.name, path, machine)))
    }

    /// Where a download goes: the pod's own place, a folder, or a file; never where another download goes.
    async fn destination(
        &self,
        entry: &Entry,
        dest: Option<PathBuf>,
        batch: &Batch,
    ) -> Result<PathBuf, ErrorView> {
        let own = self.ports.files.join(entry.room.to_string()).join(entry.id.to_string());
        let name = entry.name.clone();
        let chosen = tokio::task::spawn_blocking(move || match dest {
            None => Ok(own.join(name)),
            Some(dest) => {
                let dest = std::path::absolute(dest)?;
                Ok::<_, std::io::Error>(if dest.is_dir() { dest.join(name) } else { dest })
            }
        });
        let chosen = chosen.await.map_err(|_| ErrorView::stopped())??;
        if chosen.to_str().is_none() || chosen.file_name().is_none() {
            return Err(ErrorView::new(ErrorCode::InvalidName, "this place for the file cannot be used"));
        }
        let is_free = |path: &PathBuf| !batch.paths.contains(path) && !self.is_taken(path);
        let free = (1..).map(|number| namesake(&chosen, number)).find(is_free);
        Ok(free.unwrap_or(chosen))
    }
}

/// The folders and rows of a plan; what no room takes is shown with its reason.
fn rows_of(room: RoomId, plan: Plan, options: TransferOptions) -> (Vec<Folder>, NewRows) {
    let row = |file: put::File| {
        let mut machine = Transfer { options, ..Transfer::up(TransferId(Uuid::now_v7()), file.size) };
        let mut detail = String::new();
        if let Some(error) = file.refused {
            machine.phase = Phase::Failed { code: error.code };
            detail = error.message;
        }
        let row = RoomFile::row(room, file.parent, file.name, file.path, machine);
        Box::new(Row { detail, ..row })
    };
    (plan.folders, plan.files.into_iter().map(row).collect())
}
