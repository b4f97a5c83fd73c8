//! Presence (decision 6): who is connected, where they sit, and when that is told.
//!
//! The life of a change: a connection comes, goes or is idle, or a choice is made; its person is put down to be looked
//! at – at once, or after a while for who lost their last connection; and at most once a second all who are due are shown
//! in one transaction, which tells what really changed. After a restart those who were there keep their state for one
//! heartbeat: who did not return by then is gone. Refuses to keep anything that a restart may not lose; that is in the
//! store.

use super::{Inner, now};
use crate::error::Refusal;
use crate::store::sqlite::messenger::Devices;
use pod_shared::limits::PRESENCE_TEXT_BYTES_MAX;
use pod_shared::presence::MyPresence;
use pod_shared::{AccountId, ConnectionId, ErrorCode, TimeMs};
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// People shown in one transaction, and names asked for at once.
const BATCH_MAX: usize = 256;
/// The longest wait for a choice that runs out: computers' clocks are set anew, too.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// Who is connected.
#[derive(Default)]
pub(super) struct Roll {
    state: Mutex<State>,
    woken: Notify,
}

#[derive(Default)]
struct State {
    /// For each connection whether it is idle.
    people: HashMap<AccountId, HashMap<ConnectionId, bool>>,
    /// Who is to be looked at, and from when on.
    due: BTreeMap<AccountId, Instant>,
    /// Who came: their names may be other ones by now.
    came: Vec<AccountId>,
}

impl Roll {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection is there.
    pub(super) fn come(&self, account: AccountId, connection: ConnectionId) {
        let mut state = self.lock();
        state.people.entry(account).or_default().insert(connection, false);
        state.came.push(account);
        self.look_at(state, account, Instant::now());
    }

    /// Nobody is at its device, or somebody is again.
    pub(super) fn idle(&self, account: AccountId, connection: ConnectionId, idle: bool) {
        let mut state = self.lock();
        let held = state.people.get_mut(&account).and_then(|connections| connections.get_mut(&connection));
        if let Some(held) = held.filter(|held| **held != idle) {
            *held = idle;
            self.look_at(state, account, Instant::now());
        }
    }

    /// A connection is gone; who has no other is looked at after a while only.
    pub(super) fn go(&self, account: AccountId, connection: ConnectionId, linger: Duration) {
        let mut state = self.lock();
        let Some(connections) = state.people.get_mut(&account) else { return };
        if connections.remove(&connection).is_none() {
            return;
        }
        let last = connections.is_empty();
        if last {
            state.people.remove(&account);
        }
        let at = if last { Instant::now() + linger } else { Instant::now() };
        self.look_at(state, account, at);
    }

    /// A choice was made.
    fn chose(&self, account: AccountId) {
        self.look_at(self.lock(), account, Instant::now());
    }

    fn look_at(&self, mut state: MutexGuard<'_, State>, account: AccountId, at: Instant) {
        state.due.insert(account, at);
        drop(state);
        self.woken.notify_one();
    }

    fn devices(&self, account: AccountId) -> Devices {
        match self.lock().people.get(&account) {
            None => Devices::None,
            Some(connections) if connections.values().all(|idle| *idle) => Devices::Idle,
            Some(_) => Devices::Here,
        }
    }

    fn next_due(&self) -> Option<Instant> {
        self.lock().due.values().min().copied()
    }

    fn take_due(&self, now: Instant) -> Vec<AccountId> {
        let mut state = self.lock();
        let due: Vec<AccountId> =
            state.due.iter().filter(|(_, at)| **at <= now).map(|(who, _)| *who).take(BATCH_MAX).collect();
        for account in &due {
            state.due.remove(account);
        }
        due
    }

    fn take_came(&self) -> Vec<AccountId> {
        let mut came = std::mem::take(&mut self.lock().came);
        came.sort_unstable();
        came.dedup();
        came
    }
}

impl Inner {
    pub(super) async fn choose(&self, account: AccountId, chosen: MyPresence) -> Result<(), Refusal> {
        if chosen.text.len() > PRESENCE_TEXT_BYTES_MAX {
            return Err(Refusal::new(ErrorCode::TooLarge, "the text is too long"));
        }
        if chosen.text.chars().any(char::is_control) {
            return Err(Refusal::new(
                ErrorCode::BadRequest,
                "the text holds a character that cannot be shown",
            ));
        }
        if chosen.until.is_some_and(|until| until <= now()) {
            return Err(Refusal::new(ErrorCode::BadRequest, "the choice would be over already"));
        }
        self.store.choose(account, chosen).await?;
        self.roll.chose(account);
        Ok(())
    }

    /// Tells who is there, until it is dropped.
    pub(super) async fn keep_presence(&self) -> Infallible {
        self.presume().await;
        // What ran out while no server was there is seen to at once.
        let mut runs_out = Some(TimeMs(0));
        let mut shown_at: Option<Instant> = None;
        loop {
            self.wait_for_change(runs_out).await;
            if let Some(shown_at) = shown_at {
                tokio::time::sleep_until(shown_at + self.pace.presence).await;
            }
            shown_at = Some(Instant::now());
            runs_out = self.show_due().await;
            self.look_up_names().await;
        }
    }

    /// Those who were there keep their state for one heartbeat.
    async fn presume(&self) {
        let until = Instant::now() + self.pace.heartbeat;
        match self.store.presumed().await {
            Ok(there) => {
                let mut state = self.roll.lock();
                for account in there {
                    state.due.entry(account).or_insert(until);
                }
            }
            Err(error) => tracing::warn!(%error, "who was there could not be read"),
        }
    }

    async fn wait_for_change(&self, runs_out: Option<TimeMs>) {
        loop {
            let left = runs_out.map(|at| Duration::from_millis((at.0 - now().0).max(0).unsigned_abs()));
            if left.is_some_and(|left| left.is_zero()) {
                return;
            }
            let next = left.map_or(WAIT_MAX, |left| left.min(WAIT_MAX));
            let wake =
                self.roll.next_due().map_or(Instant::now() + next, |due| due.min(Instant::now() + next));
            if self.roll.next_due().is_some_and(|due| due <= Instant::now()) {
                return;
            }
            tokio::select! {
                () = self.roll.woken.notified() => {}
                () = tokio::time::sleep_until(wake) => {}
            }
        }
    }

    /// Shows all who are due; answers when the next choice runs out.
    async fn show_due(&self) -> Option<TimeMs> {
        loop {
            let due = self.roll.take_due(Instant::now());
            let last = due.len() < BATCH_MAX;
            let roll = Arc::clone(&self.roll);
            match self.store.show(due.clone(), move |account| roll.devices(account), now()).await {
                Ok(runs_out) if last => return runs_out,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, people = due.len(), "presence could not be told yet");
                    let again = Instant::now() + self.pace.heartbeat;
                    let mut state = self.roll.lock();
                    for account in due {
                        state.due.entry(account).or_insert(again);
                    }
                    return None;
                }
            }
        }
    }

    /// Whoever came may have another name in the directory; it is the truth.
    async fn look_up_names(&self) {
        for accounts in self.roll.take_came().chunks(BATCH_MAX) {
            let looked = async {
                let people = self.directory.get(accounts.to_vec()).await?;
                self.store.rename_people(people).await
            };
            if let Err(error) = looked.await {
                tracing::warn!(%error, "names could not be looked up");
            }
        }
    }
}
