//! The keeper of one edit: does what the machine wishes, writes down what came of it, and waits for what happens.

use super::steps::Done;
use super::{Desk, Told, disk};
use crate::engine::locks;
use crate::engine::tell::Teller;
use crate::event::Event;
use crate::folder::watch::{Hints, Watching, watch};
use crate::state::edits::{self, EditRow};
use crate::view::{EditState, EditView, ErrorView};
use pod_machine::edit::{Hold, News, Sign, Site, Stage};
use pod_machine::folder::Mark;
use pod_shared::{ErrorCode, TransferId};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc, watch as latest};
use tokio::time::Instant;

/// Hints of the disk may be missed: the file is looked at this often, and the lock asked after.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// A program that shows that it has the file open is asked after this often.
const SIGN_EVERY: Duration = Duration::from_secs(1);
/// What failed is tried again after this, twice as long each time.
const AGAIN_MIN: Duration = Duration::from_millis(500);
/// And never later than this.
const AGAIN_MAX: Duration = Duration::from_secs(30);

/// A keeper.
pub(super) struct Keeper {
    pub(super) desk: Desk,
    pub(super) tell: Teller,
    pub(super) row: EditRow,
    told: mpsc::Receiver<Told>,
    events: broadcast::Receiver<Event>,
    online: latest::Receiver<bool>,
    hints: Hints,
    watcher: Option<Watching>,
    /// What the file was when it was last read.
    pub(super) read: Option<Mark>,
    /// Since when there is none.
    pub(super) missing: Option<Instant>,
    /// The transfer by which the file comes.
    pub(super) fetching: Option<TransferId>,
    /// Whether the lock is still held is to be asked.
    pub(super) ask_lock: bool,
    trouble: Option<ErrorView>,
    tries: u32,
    begun: Instant,
}

/// Whether a keeper goes on.
enum Go {
    On,
    Ends,
}

impl Keeper {
    pub(super) fn new(
        desk: Desk,
        tell: Teller,
        row: EditRow,
        told: mpsc::Receiver<Told>,
        online: latest::Receiver<bool>,
    ) -> Self {
        let events = desk.sink.events.subscribe();
        Self {
            desk,
            tell,
            row,
            told,
            events,
            online,
            hints: Hints::default(),
            watcher: None,
            read: None,
            missing: None,
            fetching: None,
            ask_lock: true,
            trouble: None,
            tries: 0,
            begun: Instant::now(),
        }
    }

    /// Keeps the edit until it is over.
    pub(super) async fn keep(mut self) {
        loop {
            let wish = self.row.edit.next();
            let going = match self.perform(wish).await {
                Ok(Done::News(News::Cleared)) => return self.end().await,
                Ok(Done::News(news)) => {
                    (self.trouble, self.tries) = (None, 0);
                    self.hear(news).await
                }
                Ok(Done::Wait(most)) => {
                    (self.trouble, self.tries) = (None, 0);
                    self.show();
                    self.wait(most).await
                }
                Err(error) => {
                    let offline = matches!(error.code, ErrorCode::Offline | ErrorCode::Unavailable);
                    self.trouble = Some(error).filter(|_| !offline);
                    self.tries = self.tries.saturating_add(1);
                    self.show();
                    self.wait(AGAIN_MAX.min(AGAIN_MIN.saturating_mul(1 << self.tries.min(8)))).await
                }
            };
            if matches!(going, Go::Ends) {
                return;
            }
        }
    }

    /// Hears, and writes it down before anything follows from it.
    async fn hear(&mut self, news: News) -> Go {
        let before = self.row.clone();
        self.row.edit.hear(news);
        if self.row.edit != before.edit || self.row.name != before.name {
            let Ok(me) = self.desk.me() else { return Go::Ends };
            let saved = edits::save(&self.desk.state, me.id, before.edit.entry, self.row.clone()).await;
            if let Err(error) = saved {
                // What is not on the disk has not happened.
                self.row = before;
                self.trouble = Some(error);
                self.show();
                return self.wait(AGAIN_MAX).await;
            }
        }
        let view = view_of(&self.row, self.trouble.as_ref());
        self.desk.edits.put(&self.desk, before.edit.entry, view);
        Go::On
    }

    /// All is at the server: it is forgotten.
    async fn end(self) {
        let Ok(me) = self.desk.me() else { return };
        let entry = self.row.edit.entry;
        if let Err(error) = edits::forget(&self.desk.state, me.id, entry).await {
            tracing::warn!(code = %error.code, "a file that is edited no longer is kept until the next start");
        }
        self.desk.edits.gone(&self.desk, entry);
    }

    fn show(&self) {
        let entry = self.row.edit.entry;
        self.desk.edits.put(&self.desk, entry, view_of(&self.row, self.trouble.as_ref()));
    }

    /// Milliseconds since the keeper began: the clock of the machine.
    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Listens to the disk from now on.
    pub(super) async fn listen(&mut self) {
        if self.watcher.is_none()
            && let Some(folder) = self.row.path.parent().map(Path::to_owned)
        {
            let hints = self.hints.clone();
            let watching = tokio::task::spawn_blocking(move || watch(&folder, hints));
            self.watcher = watching.await.unwrap_or_default();
        }
    }

    /// How long nothing need be done.
    pub(super) fn pause(&self) -> Duration {
        // A system watches only so many places: what it does not watch is looked at.
        let watched = self.row.edit.sign == Sign::Never && self.watcher.is_some();
        if watched { LOOK_EVERY } else { SIGN_EVERY }
    }

    /// Until something happened that concerns the edit.
    async fn wait(&mut self, most: Duration) -> Go {
        let deadline = tokio::time::sleep(most);
        tokio::pin!(deadline);
        loop {
            tokio::select! {
                () = &mut deadline => return Go::On,
                () = self.hints.came() => {
                    // There is one file to look at.
                    self.hints.take();
                    return Go::On;
                }
                told = self.told.recv() => return match told {
                    Some(Told::Done) => Box::pin(self.hear(News::Done)).await,
                    Some(Told::Retry) => Box::pin(self.hear(News::Retry)).await,
                    Some(Told::Leave(answer)) => self.leave(answer).await,
                    None => Go::Ends,
                },
                changed = self.online.changed() => {
                    self.ask_lock = true;
                    return if changed.is_ok() { Go::On } else { Go::Ends };
                }
                event = self.events.recv() => match event {
                    Ok(event) if self.concerns(&event) => return Go::On,
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => return Go::On,
                    Err(RecvError::Closed) => return Go::Ends,
                },
            }
        }
    }

    fn concerns(&mut self, event: &Event) -> bool {
        if let Event::Folder { room } = event {
            self.ask_lock |= *room == self.row.room;
            return *room == self.row.room;
        }
        let Event::Transfer { transfer } = event else { return false };
        let save = self.row.edit.sending.as_ref().and_then(|save| save.transfer);
        Some(transfer.id) == save || Some(transfer.id) == self.fetching
    }

    /// Ends it as it is. What was not sent stays, and with it the folder that it lies in.
    async fn leave(&mut self, answer: tokio::sync::oneshot::Sender<Result<PathBuf, ErrorView>>) -> Go {
        let entry = self.row.edit.entry;
        let left = async {
            let me = self.desk.me()?;
            edits::forget(&self.desk.state, me.id, entry).await
        };
        let (going, said) = match left.await {
            Ok(()) => {
                locks::let_go(&self.desk, entry).await;
                if self.row.edit.site == Site::Own && self.row.edit.stage == Stage::Fetching {
                    // Nothing of a person lies there.
                    let _ = disk::clear(self.row.path.clone()).await;
                }
                self.desk.edits.gone(&self.desk, entry);
                (Go::Ends, Ok(self.row.path.clone()))
            }
            Err(error) => (Go::On, Err(error)),
        };
        // Who asked may have gone.
        let _ = answer.send(said);
        going
    }
}

/// An edit as it is shown.
pub(super) fn view_of(row: &EditRow, trouble: Option<&ErrorView>) -> EditView {
    let edit = &row.edit;
    let stuck = edit.stuck.map(|code| ErrorView::new(code, "the last save could not be sent"));
    let state = match (stuck.or_else(|| trouble.cloned()), edit.stage) {
        (Some(error), _) => EditState::Stuck { error },
        (None, Stage::Fetching) if !edit.closing => EditState::Fetching,
        (None, _) if edit.closing => EditState::Closing,
        (None, _) if edit.sending.is_some() || edit.has_unsent() => EditState::Sending,
        (None, _) if matches!(edit.hold, Hold::Void { .. } | Hold::Lost { .. }) => EditState::Lost,
        (None, _) => EditState::Open,
    };
    EditView {
        entry: edit.entry,
        room: row.room,
        name: row.name.clone(),
        path: row.path.to_string_lossy().into_owned(),
        ready: edit.stage == Stage::Open && state != EditState::Closing,
        state,
        sent: edit.saves.saturating_sub(u32::from(edit.sending.is_some())),
        unsent: edit.has_unsent() || edit.sending.is_some(),
        linked: edit.site == Site::Linked,
        copy_of: edit.copy_of.clone(),
    }
}
