//! Folders of this computer that are kept in step with rooms: one keeper for each, while somebody is signed in.
//!
//! The life of a keeper: it looks when the disk hints, when the room's folder changed, when its transfers ended, and now
//! and then. A round takes the state of the queue, then what the server has, then what the disk has; `pod_machine::folder`
//! plans; `deeds` does it. Nothing is remembered but the bases, so a keeper may die at any point.
//! Neighbours: `folder` knows the disk, `transfer` moves the bytes, `state::linked` keeps the bases.

mod asks;
mod deeds;
mod keeper;
mod known;
mod look;
mod round;
mod shut;

pub(super) use asks::run;

use super::Desk;
use super::tell::Teller;
use crate::event::Event;
use crate::state::linked::{self, Linked};
use crate::view::{ConnectionView, LinkedState, LinkedView};
use pod_machine::folder::Question;
use pod_shared::{EntryId, LinkedId, RoomId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, broadcast, watch};
use tokio::task::{AbortHandle, JoinSet};

/// Of more entries than this everything is looked at.
const TOUCHED_MAX: usize = 10_000;

/// How all linked folders stand; cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Keepers {
    changed: Arc<Notify>,
    shown: Arc<Mutex<BTreeMap<LinkedId, Shown>>>,
}

/// One of them.
struct Shown {
    view: LinkedView,
    question: Option<Question>,
    /// Its keeper is to look again, at everything.
    again: Arc<Notify>,
    /// Entries of its room that changed since its keeper asked; nothing: all may have.
    touched: Option<BTreeSet<EntryId>>,
}

impl Keepers {
    fn shown(&self) -> MutexGuard<'_, BTreeMap<LinkedId, Shown>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All of them.
    fn views(&self) -> Vec<LinkedView> {
        self.shown().values().map(|shown| shown.view.clone()).collect()
    }

    /// What waits for a word.
    fn question(&self, id: LinkedId) -> Option<Question> {
        self.shown().get(&id).and_then(|shown| shown.question.clone())
    }

    /// Lets a keeper look again, at everything.
    fn look(&self, id: LinkedId) {
        if let Some(shown) = self.shown().get(&id) {
            shown.again.notify_one();
        }
    }

    /// Entries of a room changed; nothing: all may have.
    pub(super) fn touched(&self, room: RoomId, entries: Option<&[EntryId]>) {
        for shown in self.shown().values_mut().filter(|shown| shown.view.room == room) {
            let all = entries.and_then(|entries| {
                let mut touched = shown.touched.take()?;
                touched.extend(entries);
                Some(touched)
            });
            shown.touched = all.filter(|touched| touched.len() <= TOUCHED_MAX);
        }
    }

    /// What changed at the server since this was asked last; nothing: all may have.
    fn take_touched(&self, id: LinkedId) -> Option<BTreeSet<EntryId>> {
        let mut all = self.shown();
        all.get_mut(&id).and_then(|shown| shown.touched.replace(BTreeSet::new()))
    }

    /// Shows how one stands now.
    fn put(&self, desk: &Desk, view: LinkedView, question: Option<Question>) {
        {
            let mut all = self.shown();
            let Some(shown) = all.get_mut(&view.id) else { return };
            shown.question = question;
            if shown.view == view {
                return;
            }
            shown.view = view;
        }
        desk.sink.emit(Event::Linked { folders: self.views() });
    }
}

/// Keeps all linked folders, until the engine stops.
pub(super) fn start(desk: Desk, tell: Teller) {
    let events = desk.sink.events.subscribe();
    tokio::spawn(async move { keep_all(desk, tell, events).await });
}

async fn keep_all(desk: Desk, tell: Teller, mut events: broadcast::Receiver<Event>) {
    let online = watch::Sender::new(false);
    let mut running: BTreeMap<LinkedId, (Linked, AbortHandle)> = BTreeMap::new();
    let mut tasks = JoinSet::new();
    let changed = Arc::clone(&desk.linked.changed);
    loop {
        if let Err(error) = reload(&desk, &tell, &online, &mut running, &mut tasks).await {
            tracing::warn!(code = %error.code, "the linked folders could not be read");
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

/// Lets those run that are to run, as they are to.
async fn reload(
    desk: &Desk,
    tell: &Teller,
    online: &watch::Sender<bool>,
    running: &mut BTreeMap<LinkedId, (Linked, AbortHandle)>,
    tasks: &mut JoinSet<()>,
) -> Result<(), crate::view::ErrorView> {
    let wanted = match desk.me() {
        Ok(me) => linked::all(&desk.state, me.id).await?,
        Err(_) => Vec::new(),
    };
    let before = running.len();
    running.retain(|_, (linked, task)| {
        let stays = wanted.contains(linked);
        if !stays {
            task.abort();
        }
        stays
    });
    let mut told = running.len() != before;
    {
        let mut shown = desk.linked.shown();
        shown.retain(|id, _| wanted.iter().any(|linked| linked.id == *id));
    }
    for linked in wanted {
        if running.contains_key(&linked.id) {
            continue;
        }
        let again = Arc::new(Notify::new());
        let title = desk.cache.room_title(linked.room).await.unwrap_or_default();
        let view = first_view(&linked, title);
        desk.linked
            .shown()
            .insert(linked.id, Shown { view, question: None, again: Arc::clone(&again), touched: None });
        let keeper =
            keeper::Keeper::new(desk.clone(), tell.clone(), linked.clone(), again, online.subscribe());
        running.insert(linked.id, (linked, tasks.spawn(keeper.keep())));
        told = true;
    }
    if told {
        desk.sink.emit(Event::Linked { folders: desk.linked.views() });
    }
    Ok(())
}

fn first_view(linked: &Linked, room_title: String) -> LinkedView {
    LinkedView {
        id: linked.id,
        room: linked.room,
        room_title,
        entry: linked.entry,
        path: linked.path.to_string_lossy().into_owned(),
        state: if linked.paused { LinkedState::Paused } else { LinkedState::Working },
        files: 0,
        left: 0,
        question: None,
        alone: Vec::new(),
    }
}
