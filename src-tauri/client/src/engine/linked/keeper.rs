//! One keeper: when it looks, and how its folder is shown.

use super::Desk;
use super::round::{Outcome, Round};
use crate::engine::tell::Teller;
use crate::event::Event;
use crate::folder::{disk, watch as hints};
use crate::state::linked::{self, Linked};
use crate::view::{ErrorView, LinkedState, LinkedView, TransferState};
use pod_machine::folder::Operation;
use pod_shared::ErrorCode;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, broadcast, watch};
use tokio::time::Instant;

/// Rounds do not follow one another faster than this; a round that takes long is followed later.
const PAUSE_MIN: Duration = Duration::from_millis(60);
/// Hints may have been missed: everything is looked at this often, a quarter more or less.
const LOOK_EVERY: Duration = Duration::from_secs(300);
/// A folder that the system does not listen to is looked at this often.
const UNHEARD_EVERY: Duration = Duration::from_secs(10);
/// While more files than this move, their ends are looked at together.
const MANY: u32 = 32;
/// See [`MANY`].
const MANY_EVERY: Duration = Duration::from_secs(1);
/// What is in the way is looked for this often.
const STUCK_AGAIN: Duration = Duration::from_secs(5);
/// A round that wants the same as the one before waits this long, then ever longer.
const SAME_AGAIN_MIN: Duration = Duration::from_millis(500);
/// Files one after another that were not as they were planned make each pause longer, so often.
const STUMBLES_MAX: u32 = 10;
/// See [`SAME_AGAIN_MIN`].
const SAME_AGAIN_MAX: Duration = Duration::from_secs(60);

/// What an event means for a keeper that waits.
enum Heard {
    Look,
    LookSoon,
    Nothing,
    End,
}

/// A keeper.
pub(super) struct Keeper {
    desk: Desk,
    linked: Linked,
    again: Arc<Notify>,
    online: watch::Receiver<bool>,
    events: broadcast::Receiver<Event>,
    round: Round,
    hints: hints::Hints,
    watcher: Option<hints::Watching>,
    /// What the last round wanted, and how often in a row.
    wanted: (Vec<Operation>, u32),
    /// When everything is looked at again, whatever was hinted at.
    everything_at: Instant,
    /// Files that moved, or were about to, after the last round.
    left: u32,
    /// Files one after another that were not as they were planned.
    stumbles: u32,
}

impl Keeper {
    pub(super) fn new(
        desk: Desk,
        tell: Teller,
        linked: Linked,
        again: Arc<Notify>,
        online: watch::Receiver<bool>,
    ) -> Self {
        let events = desk.sink.events.subscribe();
        let hints = hints::Hints::default();
        let round = Round::new(desk.clone(), tell, linked.clone(), hints.clone());
        let (watcher, wanted) = (None, (Vec::new(), 0));
        Self {
            desk,
            linked,
            again,
            online,
            events,
            round,
            hints,
            watcher,
            wanted,
            everything_at: far(),
            left: 0,
            stumbles: 0,
        }
    }

    /// Keeps the folder until it is stopped.
    pub(super) async fn keep(mut self) {
        if self.linked.paused {
            return self.show(LinkedState::Paused, &Outcome::default());
        }
        if let Err(error) = self.round.load().await {
            return self.show(LinkedState::Stuck { error }, &Outcome::default());
        }
        loop {
            let begun = Instant::now();
            let next = self.one_round().await;
            // A long look is followed by a rest as long; what could not be done as planned is not planned again at once.
            let stumbled = SAME_AGAIN_MIN.saturating_mul(self.stumbles.min(STUMBLES_MAX));
            let pause = PAUSE_MIN.max(begun.elapsed()).max(stumbled);
            tokio::time::sleep(pause).await;
            self.wait(next).await;
        }
    }

    /// One round; gives when the next is due at the latest.
    async fn one_round(&mut self) -> Instant {
        if !*self.online.borrow_and_update() {
            self.show(LinkedState::Offline, &Outcome::default());
            return far();
        }
        if self.watcher.is_none() {
            let (path, hints) = (self.linked.path.clone(), self.hints.clone());
            // What happened before somebody listened is not hinted at.
            self.hints.everything();
            self.watcher =
                tokio::task::spawn_blocking(move || hints::watch(&path, hints)).await.unwrap_or_default();
        }
        if Instant::now() >= self.everything_at {
            self.hints.everything();
            self.everything_at = far();
        }
        match self.round.once().await {
            Ok(outcome) => {
                let state = match (&outcome.trouble, outcome.rests()) {
                    (Some(error), _) => LinkedState::Stuck { error: error.clone() },
                    (None, true) => LinkedState::InStep,
                    (None, false) => LinkedState::Working,
                };
                self.show(state, &outcome);
                self.left = outcome.shown.as_ref().map_or(0, |shown| shown.left);
                self.next_after(outcome)
            }
            Err(error) => {
                if error.code == ErrorCode::FolderMissing {
                    self.watcher = None;
                }
                let offline = matches!(error.code, ErrorCode::Offline | ErrorCode::Unavailable);
                let state = if offline { LinkedState::Offline } else { LinkedState::Stuck { error } };
                self.show(state, &Outcome::default());
                Instant::now() + STUCK_AGAIN
            }
        }
    }

    fn next_after(&mut self, outcome: Outcome) -> Instant {
        let now = Instant::now();
        let same = !outcome.wanted.is_empty() && outcome.wanted == self.wanted.0;
        self.wanted = (outcome.wanted, if same { self.wanted.1.saturating_add(1) } else { 0 });
        let quiet = outcome.again_in.map(|time| now + time);
        let more = match (self.wanted.0.is_empty(), self.wanted.1) {
            (true, _) => far(),
            (false, 0) => now,
            (false, times) => now + SAME_AGAIN_MAX.min(SAME_AGAIN_MIN.saturating_mul(1 << times.min(10))),
        };
        let stuck = outcome.trouble.map(|_| now + STUCK_AGAIN);
        // Nobody hints: the system listens to no more folders.
        let unheard = self.watcher.is_none().then(|| now + UNHEARD_EVERY);
        [Some(more), quiet, stuck, unheard].into_iter().flatten().min().unwrap_or_else(far)
    }

    /// Until there is a reason to look.
    async fn wait(&mut self, latest: Instant) {
        let deadline = tokio::time::sleep_until(latest);
        tokio::pin!(deadline);
        loop {
            tokio::select! {
                () = &mut deadline => return,
                () = self.hints.came() => return,
                () = self.again.notified() => {
                    self.hints.everything();
                    self.wanted = (Vec::new(), 0);
                    if let Err(error) = self.round.load().await {
                        tracing::warn!(code = %error.code, "what is kept of a linked folder could not be read");
                    }
                    return;
                }
                changed = self.online.changed() => match changed {
                    Ok(()) => return,
                    Err(_) => std::future::pending().await,
                },
                event = self.events.recv() => match self.hear(event) {
                    Heard::Look => return,
                    // One round for many of them.
                    Heard::LookSoon => {
                        let before = deadline.deadline();
                        deadline.as_mut().reset(before.min(Instant::now() + MANY_EVERY));
                    }
                    Heard::Nothing => {}
                    Heard::End => std::future::pending().await,
                },
            }
        }
    }

    fn hear(&mut self, event: Result<Event, RecvError>) -> Heard {
        match event {
            Ok(event) if !self.concerns(&event) => Heard::Nothing,
            Ok(Event::Transfer { transfer }) => {
                match transfer.state {
                    TransferState::Failed { .. } => self.stumbles = self.stumbles.saturating_add(1),
                    TransferState::Done => self.stumbles = 0,
                    TransferState::Waiting(_)
                    | TransferState::Moving
                    | TransferState::Paused
                    | TransferState::Verifying
                    | TransferState::Cancelled => {}
                }
                if self.left > MANY { Heard::LookSoon } else { Heard::Look }
            }
            Ok(_) | Err(RecvError::Lagged(_)) => Heard::Look,
            Err(RecvError::Closed) => Heard::End,
        }
    }

    fn concerns(&self, event: &Event) -> bool {
        match event {
            Event::Folder { room } | Event::RoomGone { room } => *room == self.linked.room,
            Event::Room { room } => room.id == self.linked.room && !self.round.knows_role(room),
            Event::Transfer { transfer } => {
                let over = match transfer.state {
                    TransferState::Done | TransferState::Failed { .. } | TransferState::Cancelled => true,
                    TransferState::Waiting(ref stuck) => {
                        matches!(stuck, crate::view::Stuck::Person { .. })
                    }
                    TransferState::Moving | TransferState::Paused | TransferState::Verifying => false,
                };
                over && Path::new(&transfer.local_path).starts_with(&self.linked.path)
            }
            Event::Lagged => true,
            Event::Status { .. }
            | Event::Connection { .. }
            | Event::RoomOpen { .. }
            | Event::Timeline { .. }
            | Event::Arrived { .. }
            | Event::Typing { .. }
            | Event::Progress { .. }
            | Event::Linked { .. }
            | Event::Edits { .. }
            | Event::Notice { .. }
            | Event::NoticesGone { .. }
            | Event::Offers { .. }
            | Event::Person { .. }
            | Event::Contacts { .. }
            | Event::ContactAsks { .. }
            | Event::ContactRefused { .. }
            | Event::JoinRefused { .. }
            | Event::Setting { .. } => false,
        }
    }

    fn show(&self, state: LinkedState, outcome: &Outcome) {
        let keepers = &self.desk.linked;
        let Some(before) = keepers.shown().get(&self.linked.id).map(|shown| shown.view.clone()) else {
            return;
        };
        let view = match outcome.shown.clone() {
            Some(shown) => LinkedView {
                state,
                room_title: shown.room_title,
                files: shown.files,
                left: shown.left,
                question: shown.question,
                alone: shown.alone,
                ..before
            },
            None => LinkedView { state, ..before },
        };
        let question = match outcome.shown {
            Some(_) => outcome.question.clone(),
            None => keepers.question(self.linked.id),
        };
        keepers.put(&self.desk, view, question);
    }
}

fn far() -> Instant {
    let spread = f64::from(rand::random_range(750_u32..1_250)) / 1_000.0;
    Instant::now() + LOOK_EVERY.mul_f64(spread)
}

/// Puts the marks of this program away where somebody keeps a folder no longer.
pub(super) async fn let_go(linked: Linked) {
    let done = tokio::task::spawn_blocking(move || disk::unmark_root(&linked.path, linked.id)).await;
    if done.is_err() {
        tracing::warn!("the mark of a linked folder could not be taken away");
    }
}

/// Brings a new one, or one that was stopped, to its place. Blocks.
pub(super) fn mark(linked: &Linked) -> Result<(), ErrorView> {
    disk::mark_root(&linked.path, linked.id)?;
    disk::check_writable(&linked.path)
}

/// All of an account.
pub(super) async fn all(desk: &Desk) -> Result<Vec<Linked>, ErrorView> {
    linked::all(&desk.state, desk.me()?.id).await
}
