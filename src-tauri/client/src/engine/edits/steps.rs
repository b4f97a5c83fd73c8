//! What a keeper does for each wish of the machine.

use super::disk;
use super::keeper::Keeper;
use crate::command::{Answer, Command, FileCommand, TransferCommand};
use crate::engine::{commands, folders, locks};
use crate::view::{Direction, ErrorView, TransferState, TransferView};
use pod_machine::edit::{Hold, Look, News, QUIET_MS, Save, Sign, Site, Stage, Wish};
use pod_shared::content::{ActivityKind, Entry, VersionPage};
use pod_shared::{EntryId, ErrorCode, TransferId};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::Instant;

/// A file that is not there for so long was deleted, not replaced.
const GONE_AFTER: Duration = Duration::from_secs(5);
/// Versions among which a save is looked for.
const VERSIONS_LOOKED_AT: u32 = 50;
/// Lines of a file's history among which the end of a lock is looked for.
const LINES_LOOKED_AT: u32 = 50;
/// The answer of the server to what a transfer became may be on its way.
const SOON: Duration = Duration::from_secs(1);

/// What came of a step.
pub(super) enum Done {
    /// Something to hear.
    News(News),
    /// Nothing yet: at most so long.
    Wait(Duration),
}

impl Keeper {
    /// Does what is wished, or a step of it.
    pub(super) async fn perform(&mut self, wish: Wish) -> Result<Done, ErrorView> {
        match wish {
            Wish::Take => self.take().await,
            Wish::GiveBack => self.give_back().await,
            Wish::Fetch => self.fetch().await,
            Wish::Look => self.look().await,
            Wish::Send => self.send().await,
            Wish::Await => match self.keeps_lock().await? {
                Some(news) => Ok(Done::News(news)),
                None => self.sent().await,
            },
            Wish::AwaitLinked => self.linked().await,
            Wish::Watch => self.watch().await,
            Wish::Clear => {
                if self.row.edit.site == Site::Own {
                    disk::clear(self.row.path.clone()).await?;
                }
                Ok(Done::News(News::Cleared))
            }
        }
    }

    async fn take(&mut self) -> Result<Done, ErrorView> {
        let edit = &self.row.edit;
        match locks::take(&self.desk, edit.entry).await {
            Ok(grant) => Ok(Done::News(News::Granted { fence: grant.fence, version: grant.version })),
            // Nobody waits for what was open before: it goes on without.
            Err(error) if locks::is_lost(error.code) && edit.stage == Stage::Open => {
                Ok(Done::News(News::LockGone { ended: true, version: edit.base }))
            }
            Err(error) => Err(error),
        }
    }

    async fn give_back(&mut self) -> Result<Done, ErrorView> {
        let edit = &self.row.edit;
        if matches!(edit.hold, Hold::Held { .. } | Hold::Void { .. }) {
            match locks::give_back(&self.desk, edit.entry, self.row.room).await {
                Ok(()) => {}
                Err(error) if locks::is_lost(error.code) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Done::News(News::GivenBack))
    }

    /// Brings the file here, or finds it.
    async fn fetch(&mut self) -> Result<Done, ErrorView> {
        let (id, base) = (self.row.edit.entry, self.row.edit.base);
        let known = |entry: &Entry| entry.version >= base;
        let entry = match self.desk.cache.entry(id).await?.filter(known) {
            Some(entry) => entry,
            None => {
                folders::catch_up(&self.desk, &self.tell, self.row.room).await?;
                self.desk.cache.entry(id).await?.filter(known).ok_or_else(gone)?
            }
        };
        let fetched = |entry: Entry| News::Fetched { version: entry.version, digest: entry.digest };
        let here = disk::digest(self.row.path.clone()).await?;
        if here.as_ref() == Some(&entry.digest) || (here.is_some() && self.row.edit.site == Site::Linked) {
            self.fetching = None;
            return Ok(Done::News(fetched(entry)));
        }
        let transfer = match self.fetching {
            Some(transfer) => self.transfer(transfer).await?,
            None => self.of_place(&self.row.path.clone(), Direction::Down).await?,
        };
        match transfer {
            Some(transfer) if !is_over(&transfer.state) => {
                self.fetching = Some(transfer.id);
                Ok(Done::Wait(self.pause()))
            }
            Some(TransferView { state: TransferState::Cancelled, id, .. }) if self.fetching == Some(id) => {
                Ok(Done::News(News::Done))
            }
            Some(TransferView { state: TransferState::Failed { error }, id, .. })
                if self.fetching == Some(id) =>
            {
                self.fetching = None;
                Err(error)
            }
            Some(_) | None => {
                // Something else lies there, or nothing: another version came meanwhile.
                disk::clear(self.row.path.clone()).await?;
                let dest = Some(self.row.path.clone());
                self.fetching = self.asked(Command::Get { entry: id, dest }).await?;
                Ok(Done::Wait(SOON))
            }
        }
    }

    /// One look at the file.
    async fn look(&mut self) -> Result<Done, ErrorView> {
        let found = disk::look_at(self.row.path.clone(), self.read).await?;
        if found.there {
            self.missing = None;
        }
        if let Some((mark, digest)) = found.read {
            self.read = Some(mark);
            return Ok(Done::News(News::Saw { digest }));
        }
        match found.look {
            Look::Same | Look::Read => Ok(Done::News(News::Saw { digest: self.row.edit.seen.clone() })),
            Look::Again { .. } if !found.there => {
                let since = *self.missing.get_or_insert_with(Instant::now);
                match since.elapsed() > GONE_AFTER {
                    true => Ok(Done::News(News::SawNothing)),
                    false => Ok(Done::Wait(Duration::from_millis(QUIET_MS))),
                }
            }
            Look::Again { after_ms } => Ok(Done::Wait(Duration::from_millis(after_ms))),
        }
    }

    /// Waits for a save, and keeps the lock.
    async fn watch(&mut self) -> Result<Done, ErrorView> {
        self.listen().await;
        let found = disk::look_at(self.row.path.clone(), self.read).await?;
        let (sign, there) = (self.row.edit.sign, found.sign);
        let changed = match sign {
            Sign::Never | Sign::Gone { .. } => there || matches!(sign, Sign::Gone { .. }),
            Sign::There => !there,
        };
        if changed && !self.row.edit.closing {
            self.row.edit.hear(News::Sign { there, now_ms: self.now_ms() });
            if self.row.edit.closing {
                // Written down like a word of the person.
                self.row.edit.closing = false;
                return Ok(Done::News(News::Done));
            }
        }
        if let Some((mark, digest)) = found.read {
            self.read = Some(mark);
            if digest != self.row.edit.seen {
                return Ok(Done::News(News::Saw { digest }));
            }
        }
        // What cannot be asked for now does not keep a save from being seen.
        if let Ok(Some(news)) = self.keeps_lock().await {
            return Ok(Done::News(news));
        }
        if self.row.edit.site == Site::Linked
            && let Some(news) = self.there().await?
        {
            return Ok(Done::News(news));
        }
        Ok(Done::Wait(match found.look {
            Look::Again { after_ms } if found.there => Duration::from_millis(after_ms),
            Look::Again { .. } | Look::Same | Look::Read => self.pause(),
        }))
    }

    /// Whether the lock is still held, as far as that is in doubt.
    async fn keeps_lock(&mut self) -> Result<Option<News>, ErrorView> {
        let (Hold::Held { fence }, entry) = (self.row.edit.hold, self.row.edit.entry) else {
            return Ok(None);
        };
        if !self.ask_lock && locks::holds(&self.desk, entry, fence) {
            return Ok(None);
        }
        let known = self.desk.cache.entry(entry).await?.and_then(|entry| entry.lock);
        let as_known = known.is_some_and(|lock| lock.fence == fence && lock.device == self.desk.device.id());
        if as_known && locks::holds(&self.desk, entry, fence) {
            self.ask_lock = false;
            return Ok(None);
        }
        match locks::renew_one(&self.desk, entry, fence).await {
            Ok(()) => {
                locks::hold(&self.desk, entry, fence);
                self.ask_lock = false;
                Ok(None)
            }
            Err(error) if locks::is_lost(error.code) => self.lock_gone(entry).await.map(Some),
            Err(error) => Err(error),
        }
    }

    /// How a lock was lost, and what the file is by now.
    async fn lock_gone(&mut self, id: EntryId) -> Result<News, ErrorView> {
        folders::catch_up(&self.desk, &self.tell, self.row.room).await?;
        let Some(entry) = self.desk.cache.entry(id).await?.filter(|entry| !entry.deleted) else {
            return Ok(News::LockGone { ended: true, version: self.row.edit.base });
        };
        let history = self.desk.cache.history_of(entry.clone(), LINES_LOOKED_AT).await?;
        let kinds = || history.lines.iter().map(|line| &line.activity.kind);
        // The newest line about the lock says it. One that is still told as taken ended with the server's own life.
        let last = kinds().find(|kind| {
            matches!(
                kind,
                ActivityKind::Locked
                    | ActivityKind::LockExpired
                    | ActivityKind::Unlocked
                    | ActivityKind::LockBroken { .. }
            )
        });
        let by_somebody = matches!(last, Some(ActivityKind::Unlocked | ActivityKind::LockBroken { .. }));
        let ended = entry.lock.is_some() || by_somebody;
        Ok(News::LockGone { ended, version: entry.version })
    }

    /// Puts what lies here aside; the next step sends it.
    async fn send(&mut self) -> Result<Done, ErrorView> {
        let save = disk::save_path(&self.row.path, self.row.edit.saves.saturating_add(1), &self.row.name);
        match disk::put_aside(self.row.path.clone(), save).await {
            Ok(digest) => Ok(Done::News(News::Aside { digest })),
            Err(error) if error.code == ErrorCode::FileChanged => {
                Ok(Done::Wait(Duration::from_millis(QUIET_MS)))
            }
            Err(error) => Err(error),
        }
    }

    /// Has the save sent, and hears what became of it.
    async fn sent(&mut self) -> Result<Done, ErrorView> {
        let Some(save) = self.row.edit.sending.clone() else { return Ok(Done::Wait(SOON)) };
        let path = disk::save_path(&self.row.path, save.number, &self.row.name);
        let transfer = match save.transfer {
            Some(transfer) => self.transfer(transfer).await?,
            None => self.of_place(&path, Direction::Up).await?,
        };
        let Some(transfer) = transfer else { return self.queue(path).await };
        if save.transfer != Some(transfer.id) {
            return Ok(Done::News(News::Queued { transfer: transfer.id }));
        }
        match transfer.state {
            TransferState::Done => self.stored(&save, transfer.entry, path).await,
            TransferState::Failed { error } => Ok(Done::News(News::NotStored { code: error.code })),
            TransferState::Cancelled => Ok(Done::News(News::NotStored { code: ErrorCode::Cancelled })),
            TransferState::Waiting(_)
            | TransferState::Moving
            | TransferState::Paused
            | TransferState::Verifying => Ok(Done::Wait(self.pause())),
        }
    }

    async fn queue(&mut self, path: PathBuf) -> Result<Done, ErrorView> {
        let edit = &self.row.edit;
        let (entry, version, fence) = (edit.entry, Some(edit.base), Some(edit.fence()));
        let there = self.desk.cache.entry(entry).await?.is_some_and(|entry| !entry.deleted);
        let command = match there {
            true => Command::AboutFiles(FileCommand::VersionPut { entry, path, version, fence }),
            // Deleted meanwhile: what was written is a file of its own.
            false => Command::Put { room: self.row.room, parent: None, paths: vec![path] },
        };
        match self.asked(command).await? {
            Some(transfer) => Ok(Done::News(News::Queued { transfer })),
            None => Ok(Done::Wait(SOON)),
        }
    }

    /// Which version of which file a save became.
    async fn stored(
        &mut self,
        save: &Save,
        entry: Option<EntryId>,
        path: PathBuf,
    ) -> Result<Done, ErrorView> {
        let entry = entry.unwrap_or(self.row.edit.entry);
        let at = format!("/v1/entries/{entry}/versions?before={}&limit={VERSIONS_LOOKED_AT}", u32::MAX);
        let page: VersionPage = commands::content_get(&self.desk, &at).await?;
        let found = page.versions.iter().find(|version| version.digest == save.digest);
        let version = found.or(page.versions.first()).map(|version| version.version).ok_or_else(gone)?;
        let name = self.row.name.clone();
        if entry != self.row.edit.entry {
            let copy: Entry = commands::content_get(&self.desk, &format!("/v1/entries/{entry}")).await?;
            self.row.name.clone_from(&copy.name);
            self.desk.cache.keep_entry(copy).await?;
        }
        disk::drop_save(path).await?;
        self.ask_lock = true;
        Ok(Done::News(News::Stored { entry, version, name }))
    }

    /// Waits for the linked folder.
    async fn linked(&mut self) -> Result<Done, ErrorView> {
        if let Some(news) = self.keeps_lock().await? {
            return Ok(Done::News(news));
        }
        match self.there().await? {
            Some(news) => Ok(Done::News(news)),
            None => Ok(Done::Wait(SOON)),
        }
    }

    /// What the server has, where that is something else than before.
    async fn there(&self) -> Result<Option<News>, ErrorView> {
        let Some(entry) = self.desk.cache.entry(self.row.edit.entry).await? else { return Ok(None) };
        let changed = entry.digest != self.row.edit.digest;
        Ok(changed.then_some(News::There { version: entry.version, digest: entry.digest }))
    }

    /// The transfer that a command began.
    async fn asked(&self, command: Command) -> Result<Option<TransferId>, ErrorView> {
        let Answer::Transfers(views) = self.desk.transfers.handle(command).await? else { return Ok(None) };
        Ok(views.first().map(|view| view.id))
    }

    async fn transfer(&self, id: TransferId) -> Result<Option<TransferView>, ErrorView> {
        let look = Command::AboutTransfers(TransferCommand::TransfersLook { ids: vec![id] });
        let Answer::Transfers(views) = self.desk.transfers.handle(look).await? else { return Ok(None) };
        Ok(views.into_iter().next())
    }

    /// The newest transfer of a former life to or from this place.
    async fn of_place(&self, path: &Path, direction: Direction) -> Result<Option<TransferView>, ErrorView> {
        let Answer::Transfers(views) = self.desk.transfers.handle(Command::Transfers).await? else {
            return Ok(None);
        };
        let of = |view: &TransferView| view.direction == direction && Path::new(&view.local_path) == path;
        Ok(views.into_iter().rev().find(of))
    }
}

fn is_over(state: &TransferState) -> bool {
    matches!(state, TransferState::Done | TransferState::Failed { .. } | TransferState::Cancelled)
}

fn gone() -> ErrorView {
    ErrorView::new(ErrorCode::NotFound, "the file is not in the folder any more")
}
