//! Files that a person edits in a program of this computer (N10): one keeper for each, while somebody is signed in.
//!
//! `pod_machine::edit` decides, `keeper` does it, step by step, each written down first (`state::edits`); so whatever is
//! killed, the next start goes on where it was. Refuses to open anything: whoever asked for the edit does that.
//! Neighbours: `locks` renews what is held, `transfer` moves the bytes, `linked` sends what lies in a linked folder.

mod asks;
mod disk;
mod keeper;
mod steps;

pub(super) use asks::{begin, done, leave, list, retry};

use super::Desk;
use super::tell::Teller;
use crate::event::Event;
use crate::state::edits::{self, EditRow};
use crate::view::{ConnectionView, EditView, ErrorView};
use pod_shared::EntryId;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, broadcast, mpsc, oneshot, watch};
use tokio::task::{AbortHandle, JoinSet};

/// What may wait for one keeper.
const TOLD_MAX: usize = 8;

/// What a person says to the keeper of an edit.
enum Told {
    /// They are done with it.
    Done,
    /// What could not be sent is to be tried again.
    Retry,
    /// It ends as it is: what was not sent stays on this computer. Answers where.
    Leave(oneshot::Sender<Result<PathBuf, ErrorView>>),
}

/// How all edits stand; cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Edits {
    changed: Arc<Notify>,
    shown: Arc<Mutex<BTreeMap<EntryId, Shown>>>,
    /// One at a time begins.
    turn: Arc<tokio::sync::Mutex<()>>,
}

struct Shown {
    view: EditView,
    told: mpsc::Sender<Told>,
}

impl Edits {
    fn shown(&self) -> MutexGuard<'_, BTreeMap<EntryId, Shown>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All of them.
    fn views(&self) -> Vec<EditView> {
        self.shown().values().map(|shown| shown.view.clone()).collect()
    }

    /// The one of a file.
    pub(super) fn view(&self, entry: EntryId) -> Option<EditView> {
        self.shown().get(&entry).map(|shown| shown.view.clone())
    }

    /// Shows how one stands now; `before` is the file that it was an edit of.
    fn put(&self, desk: &Desk, before: EntryId, view: EditView) {
        {
            let mut all = self.shown();
            let Some(shown) = all.remove(&before) else { return };
            let same = shown.view == view;
            all.insert(view.entry, Shown { view, ..shown });
            if same {
                return;
            }
        }
        desk.sink.emit(Event::Edits { edits: self.views() });
    }

    /// One is over.
    fn gone(&self, desk: &Desk, entry: EntryId) {
        self.shown().remove(&entry);
        desk.sink.emit(Event::Edits { edits: self.views() });
    }
}

/// Keeps all edits, until the engine stops.
pub(super) fn start(desk: Desk, tell: Teller) {
    let events = desk.sink.events.subscribe();
    tokio::spawn(async move { keep_all(desk, tell, events).await });
}

async fn keep_all(desk: Desk, tell: Teller, mut events: broadcast::Receiver<Event>) {
    let online = watch::Sender::new(false);
    let mut running: BTreeMap<PathBuf, AbortHandle> = BTreeMap::new();
    let mut tasks = JoinSet::new();
    let changed = Arc::clone(&desk.edits.changed);
    loop {
        if let Err(error) = reload(&desk, &tell, &online, &mut running, &mut tasks).await {
            tracing::warn!(code = %error.code, "the files that are being edited could not be read");
        }
        loop {
            tokio::select! {
                () = desk.wakes.closed() => return,
                () = changed.notified() => break,
                Some(_) = tasks.join_next() => {}
                event = events.recv() => match event {
                    Ok(Event::Connection { connection }) => {
                        online.send_replace(connection == ConnectionView::Online);
                        break;
                    }
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                },
            }
        }
    }
}

/// Lets those run that are to run. An edit is known by its place: the file may become another one.
async fn reload(
    desk: &Desk,
    tell: &Teller,
    online: &watch::Sender<bool>,
    running: &mut BTreeMap<PathBuf, AbortHandle>,
    tasks: &mut JoinSet<()>,
) -> Result<(), ErrorView> {
    let wanted = match desk.me() {
        Ok(me) => edits::all(&desk.state, me.id).await?,
        Err(_) => Vec::new(),
    };
    running.retain(|path, task| {
        let stays = wanted.iter().any(|row| row.path == *path) && !task.is_finished();
        if !stays {
            task.abort();
        }
        stays
    });
    let mut told = false;
    if wanted.is_empty() {
        let mut shown = desk.edits.shown();
        told = !shown.is_empty();
        shown.clear();
    }
    for row in wanted {
        if running.contains_key(&row.path) {
            continue;
        }
        let path = row.path.clone();
        running.insert(path, tasks.spawn(keeper(desk, tell, online, row).keep()));
        told = true;
    }
    if told {
        desk.sink.emit(Event::Edits { edits: desk.edits.views() });
    }
    Ok(())
}

fn keeper(desk: &Desk, tell: &Teller, online: &watch::Sender<bool>, row: EditRow) -> keeper::Keeper {
    let (told, hears) = mpsc::channel(TOLD_MAX);
    let view = keeper::view_of(&row, None);
    desk.edits.shown().insert(row.edit.entry, Shown { view, told });
    keeper::Keeper::new(desk.clone(), tell.clone(), row, hears, online.subscribe())
}
