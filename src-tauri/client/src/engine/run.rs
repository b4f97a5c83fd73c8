//! The run loop: what wakes it, and one match.
//!
//! It never waits for disk or network: such work runs in tasks that wake it again. `line` holds what concerns the
//! connection, `outgoing` the outbox, `folders` the changes of folders, `tell` says what became of it all.

use super::folders::FolderQueue;
use super::notices::{self, Notices};
use super::outgoing::Outgoing;
use super::session::{Open, Said};
use super::tell::Teller;
use super::wake::Wake;
use super::{Ask, Desk, commands, sign_in};
use crate::event::Event;
use crate::view::{ErrorView, StatusView, SyncView};
use futures_util::StreamExt;
use if_watch::tokio::IfWatcher;
use pod_machine::Moment;
use pod_machine::connection::{Connection, Input};
use pod_shared::socket::Answer;
use pod_shared::{Position, RoomId, TimeMs};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior};

/// The loop looks around this often: read marks, waits that are over, a clock that jumped.
const TICK: Duration = Duration::from_secs(1);
/// A clock that went on by this much more than the ticks did means that the computer slept.
const SLEPT_MS: i64 = 15_000;
/// Reports of the socket that may wait for the loop.
const SAID_MAX: usize = 256;

/// The state of the loop.
pub(super) struct Run {
    pub(super) desk: Desk,
    pub(super) tell: Teller,
    pub(super) notices: Notices,
    pub(super) connection: Connection,
    pub(super) outgoing: Outgoing,
    pub(super) folders: FolderQueue,
    /// The dial and its socket.
    pub(super) open: Option<(u64, Open)>,
    pub(super) said: mpsc::Sender<(u64, Said)>,
    /// Requests that wait for an answer.
    pub(super) requests: BTreeMap<u64, oneshot::Sender<Result<Answer, ErrorView>>>,
    pub(super) next_request: u64,
    pub(super) looking: Vec<RoomId>,
    pub(super) typing_told: super::typing::Told,
    /// Nobody is at this computer.
    idle: bool,
    /// Read marks already told on this connection.
    pub(super) reads_told: BTreeMap<RoomId, Position>,
    pub(super) relay: super::relay::Known,
    pub(super) sync: Option<SyncView>,
    pub(super) synced_at: Option<TimeMs>,
    pub(super) status_told: Option<StatusView>,
    pub(super) started: Instant,
    /// The computer's clock when it started.
    pub(super) epoch_ms: i64,
    clock: TimeMs,
    /// Commands that write keep their order: one task does them.
    ordered: mpsc::Sender<Ask>,
}

pub(super) async fn spawn(
    desk: Desk,
    asks: mpsc::Receiver<Ask>,
    wakes: mpsc::Receiver<Wake>,
) -> Result<(), ErrorView> {
    let (said, heard) = mpsc::channel(SAID_MAX);
    let notices = notices::spawn(desk.clone());
    let run = Run {
        tell: Teller::spawn(desk.clone(), notices.clone()),
        notices,
        connection: Connection::default(),
        outgoing: Outgoing::default(),
        folders: FolderQueue::default(),
        open: None,
        said,
        requests: BTreeMap::new(),
        next_request: 0,
        looking: Vec::new(),
        typing_told: super::typing::Told::default(),
        idle: false,
        reads_told: BTreeMap::new(),
        relay: super::relay::Known::default(),
        sync: None,
        synced_at: desk.cache.surely(|cache| async move { cache.synced_at().await }).await?,
        status_told: None,
        started: Instant::now(),
        epoch_ms: super::now().0,
        clock: super::now(),
        ordered: commands::ordered(desk.clone()),
        desk: desk.clone(),
    };
    sign_in::resume(&desk).await?;
    follow_endpoint(&desk);
    super::linked::start(desk.clone(), run.tell.clone());
    super::edits::start(desk.clone(), run.tell.clone());
    tokio::spawn(run.live(asks, wakes, heard));
    Ok(())
}

impl Run {
    async fn live(
        mut self,
        mut asks: mpsc::Receiver<Ask>,
        mut wakes: mpsc::Receiver<Wake>,
        mut heard: mpsc::Receiver<(u64, Said)>,
    ) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut network = IfWatcher::new().ok();
        // Who is signed in is known before the first command: none is told that nobody is.
        while let Ok(wake) = wakes.try_recv() {
            self.woken(wake);
        }
        loop {
            let deadline = self.deadline();
            tokio::select! {
                // Wakes before commands: a command must see what was settled before it was asked, above all who is
                // signed in.
                biased;
                Some(wake) = wakes.recv() => self.woken(wake),
                Some((dial, said)) = heard.recv() => self.heard(dial, said),
                ask = asks.recv() => match ask {
                    Some(ask) => self.ask(ask),
                    None => break,
                },
                changed = changed(&mut network) => match changed {
                    Some(()) => self.woken(Wake::Network),
                    None => network = None,
                },
                () = tokio::time::sleep_until(deadline) => self.connect(Input::Tick),
                _ = tick.tick() => self.tick(),
            }
            self.tell_status();
        }
        self.desk.transfers.wake(crate::transfer::Wake::Offline);
        if let Some(at) = self.synced_at {
            // The file stays right without it; the next start only shows an older time.
            let _ = self.desk.cache.set_synced_at(at).await;
        }
    }

    /// Now, for the machines.
    pub(super) fn moment(&self) -> Moment {
        let now_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Moment { now_ms, chance: rand::random() }
    }

    fn deadline(&self) -> Instant {
        let hour = 3_600_000;
        let now_ms = self.moment().now_ms;
        let next = self.connection.next_deadline().unwrap_or(now_ms + hour).min(now_ms + hour);
        self.started + Duration::from_millis(next)
    }

    fn ask(&mut self, ask: Ask) {
        match commands::sort(ask, &self.desk) {
            commands::Sorted::Taken => {}
            commands::Sorted::Ordered(ask) => {
                if let Err(error) = self.ordered.try_send(ask) {
                    let busy =
                        ErrorView::new(pod_shared::ErrorCode::RateLimited, "too much is asked at once");
                    let _ = error.into_inner().answer.send(Err(busy));
                }
            }
            commands::Sorted::Loop(Ask { command: crate::command::Command::Opening, answer }) => {
                let (desk, status) = (self.desk.clone(), self.status());
                tokio::spawn(async move {
                    let _ = answer.send(super::opening::opening(&desk, status).await);
                });
            }
            commands::Sorted::Loop(Ask { answer, .. }) => {
                let _ = answer.send(Ok(crate::command::Answer::Status(self.status())));
            }
        }
    }

    fn woken(&mut self, wake: Wake) {
        match wake {
            Wake::SignedIn(account) => self.signed_in(account),
            Wake::SignedOut => self.signed_out(),
            Wake::Resumed(account) => self.resumed(account),
            Wake::TokenRead(account, read) => self.token_read(account, read),
            Wake::Network => {
                self.new_lines();
                self.desk.transfers.direct().network_changed();
                self.connect(Input::NetworkChanged);
            }
            Wake::Endpoint => self.tell_endpoint(),
            Wake::Relay(relay) => self.relay_is(relay),
            Wake::ConnectNow => self.connect(Input::Asked),
            Wake::Request { body, answer } => self.request(body, answer),
            Wake::OutboxLoaded(account, rows) => self.outbox_loaded(account, rows),
            Wake::OutboxAdded { room, seq, weight, waiter } => self.outbox_added(room, seq, weight, waiter),
            Wake::OutboxRead(row) => self.outbox_send(row),
            Wake::OutboxSettled { room, seq, result } => self.outbox_settled(room, seq, result),
            Wake::OutboxGone(rows) => self.outbox_gone(rows),
            Wake::OutboxRetry { room, seqs } => self.outbox_retry(room, seqs),
            Wake::Read { room, pos } => self.read(room, pos),
            Wake::RoomChanged(room) => self.tell.room(room),
            Wake::Typing(room) => self.typing(room),
            Wake::Looking(rooms) => self.look(rooms),
            Wake::Idle(idle) => self.idle(idle),
            // The status is told after each wake.
            Wake::PresenceChosen => {}
            Wake::Renamed(account) => self.renamed(account),
            Wake::FolderWanted(room) => self.folder_wanted(room),
            Wake::FolderFetched { room, result } => self.folder_fetched(room, result),
            Wake::FolderRested(room) => self.folder_rested(room),
        }
    }

    fn tick(&mut self) {
        let now = super::now();
        if (now.0 - self.clock.0).abs() > SLEPT_MS {
            self.new_lines();
            self.connect(Input::Woke);
        }
        self.clock = now;
        self.outbox_tick();
        self.flush_reads();
        self.fetch_folders();
    }

    fn new_lines(&self) {
        if let Err(error) = self.desk.net.new_lines() {
            tracing::warn!(code = %error.code, "connections are used as they were");
        }
    }

    fn read(&mut self, room: RoomId, pos: Position) {
        let newer = {
            let mut live = self.desk.live();
            let held = live.reads.entry(room).or_default();
            let newer = pos > *held;
            *held = pos.max(*held);
            newer
        };
        if newer {
            self.tell.room(room);
        }
    }

    /// Tells marks that this connection has not heard, and keeps them until the server confirms.
    pub(super) fn flush_reads(&mut self) {
        let marks: Vec<(RoomId, Position)> =
            self.desk.live().reads.iter().map(|(room, pos)| (*room, *pos)).collect();
        for (room, pos) in marks {
            if self.reads_told.get(&room).is_some_and(|told| *told >= pos) {
                continue;
            }
            if self.send(pod_shared::socket::ClientFrame::Read { room, pos }) {
                self.reads_told.insert(room, pos);
            }
            let desk = self.desk.clone();
            tokio::spawn(async move {
                let Ok(me) = desk.me() else { return };
                if let Err(error) = crate::state::reads::set(&desk.state, me.id, room, pos).await {
                    tracing::warn!(code = %error.code, "a read mark was not kept");
                }
            });
        }
    }

    fn look(&mut self, rooms: Vec<RoomId>) {
        self.looking = rooms;
        self.send(pod_shared::socket::ClientFrame::Looking { rooms: self.looking.clone() });
    }

    fn idle(&mut self, idle: bool) {
        if std::mem::replace(&mut self.idle, idle) != idle {
            self.send(pod_shared::socket::ClientFrame::Idle { idle });
        }
    }

    /// A new connection begins as one with somebody at it.
    pub(super) fn tell_idle(&self) {
        if self.idle {
            self.send(pod_shared::socket::ClientFrame::Idle { idle: true });
        }
    }

    fn renamed(&self, account: crate::state::account::Account) {
        let mut live = self.desk.live();
        if live.me.as_ref().is_some_and(|me| me.id == account.id) {
            live.me = Some(std::sync::Arc::new(account));
        }
    }

    fn tell_status(&mut self) {
        let status = self.status();
        if self.status_told.as_ref() == Some(&status) {
            return;
        }
        if self.status_told.as_ref().is_none_or(|told| told.connection != status.connection) {
            self.desk.sink.emit(Event::Connection { connection: status.connection.clone() });
        }
        self.status_told = Some(status.clone());
        self.desk.sink.emit(Event::Status { status });
    }
}

/// Tells the loop when this device can be met somewhere else.
fn follow_endpoint(desk: &Desk) {
    let (mut endpoint, wakes) = (desk.transfers.direct().endpoint(), desk.wakes.clone().downgrade());
    tokio::spawn(async move {
        while endpoint.changed().await.is_ok() {
            let Some(wakes) = wakes.upgrade() else { return };
            if wakes.send(Wake::Endpoint).await.is_err() {
                return;
            }
        }
    });
}

/// The next change of this computer's addresses; nothing: they cannot be watched.
async fn changed(network: &mut Option<IfWatcher>) -> Option<()> {
    match network {
        Some(watcher) => watcher.next().await.and_then(Result::ok).map(|_| ()),
        None => std::future::pending().await,
    }
}
