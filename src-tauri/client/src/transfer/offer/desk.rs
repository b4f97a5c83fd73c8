//! The task that owns the offers: it hears commands, wakes and reports, steps the machines, and hands out turns.
//!
//! Neighbours: `perform` does what a machine says, `speak` tells the messenger, `asks` and `accept` do what a person
//! asks, `shown` is what others see. Nothing here blocks for long.

use super::book::Ledger;
use super::job::{News, Report};
use super::row::{Row, Side};
use super::settings::Settings;
use super::table;
use crate::direct::Direct;
use crate::transfer::board::Board;
use crate::transfer::queue::{Told, until};
use crate::transfer::{Ports, Wake};
use crate::view::{ErrorView, OfferView};
use pod_machine::offer::{DownInput, Heard, Offered, Say, UpInput};
use pod_machine::transfer::Content;
use pod_shared::offer::{OfferBody, OfferState, OfferStep};
use pod_shared::{AccountId, OfferId, TransferId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Offers whose bytes move at once, in each direction.
const TURNS_MAX: usize = 3;

/// The offers of who is signed in.
pub(in crate::transfer) struct Desk {
    pub(super) ports: Ports,
    pub(super) board: Board,
    pub(super) account: Option<AccountId>,
    pub(super) rows: BTreeMap<u64, Row>,
    pub(super) seqs: HashMap<TransferId, u64>,
    pub(super) by_offer: HashMap<OfferId, u64>,
    /// Offers as the messenger has them.
    pub(super) states: BTreeMap<OfferId, OfferState>,
    pub(super) always: BTreeSet<AccountId>,
    pub(super) settings: Settings,
    pub(super) running: HashMap<TransferId, crate::transfer::queue::Running>,
    /// What the messenger is being told, and when what it could not take is told again.
    pub(super) speaking: HashMap<TransferId, Say>,
    pub(super) speak_at: HashMap<TransferId, u64>,
    /// Where devices were last met.
    pub(super) endpoints: HashMap<OfferId, Vec<u8>>,
    pub(super) online: bool,
    pub(super) begun: Instant,
    pub(super) runs: u64,
    pub(super) reports: mpsc::Sender<Report>,
    pub(super) ledger: Ledger,
    pub(super) direct: Direct,
    pub(super) tasks: JoinSet<()>,
    pub(super) shown: HashMap<TransferId, Instant>,
    pub(super) told_offers: Vec<OfferView>,
}

impl Desk {
    /// A desk of nobody yet.
    pub(in crate::transfer) fn new(
        ports: Ports,
        board: Board,
        reports: mpsc::Sender<Report>,
        ledger: Ledger,
        direct: Direct,
    ) -> Self {
        Self {
            ports,
            board,
            account: None,
            rows: BTreeMap::new(),
            seqs: HashMap::new(),
            by_offer: HashMap::new(),
            states: BTreeMap::new(),
            always: BTreeSet::new(),
            settings: Settings::default(),
            running: HashMap::new(),
            speaking: HashMap::new(),
            speak_at: HashMap::new(),
            endpoints: HashMap::new(),
            online: false,
            begun: Instant::now(),
            runs: 0,
            reports,
            ledger,
            direct,
            tasks: JoinSet::new(),
            shown: HashMap::new(),
            told_offers: Vec::new(),
        }
    }

    /// Runs until nobody holds a handle any more.
    pub(in crate::transfer) async fn run(
        mut self,
        mut told: mpsc::Receiver<Told>,
        mut reports: mpsc::Receiver<Report>,
    ) {
        loop {
            self.hand_out_turns().await;
            self.speak_all();
            let deadline = self.next_deadline();
            tokio::select! {
                heard = told.recv() => match heard {
                    None => return,
                    Some(Told::Wake(wake)) => self.wake(wake).await,
                    Some(Told::Ask(command, answer)) => {
                        let said = self.ask(command).await;
                        // Who asked may have gone; what was asked stands.
                        let _ = answer.send(said);
                    }
                },
                Some(report) = reports.recv() => self.report(report).await,
                () = until(deadline) => self.tick().await,
                Some(_) = self.tasks.join_next() => {}
            }
        }
    }

    /// Milliseconds since the desk began: the clock of the machines.
    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Takes up the rows of whoever is signed in.
    pub(in crate::transfer) async fn load(&mut self) -> Result<(), ErrorView> {
        let loaded = self.ports.state.run(|db| {
            let settings = Settings::read(db)?;
            let Some(account) = crate::transfer::room::table::signed_in(db)? else {
                return Ok((settings, None));
            };
            Ok((settings, Some((account, table::load(db, account)?, table::always(db, account)?))))
        });
        let (settings, found) = loaded.await?;
        self.set(settings);
        let Some((account, rows, always)) = found else { return Ok(()) };
        self.account = Some(account);
        self.always = always.into_iter().collect();
        for state in self.ports.cache.offers().await? {
            self.states.insert(state.offer, state);
        }
        for row in rows {
            self.keep(row);
        }
        for id in self.seqs.keys().copied().collect::<Vec<_>>() {
            self.woke(id).await;
        }
        for state in self.states.values().cloned().collect::<Vec<_>>() {
            self.take_always(&state).await;
        }
        self.tell_offers().await;
        Ok(())
    }

    /// A row as a former process left it.
    async fn woke(&mut self, id: TransferId) {
        let Some(row) = self.row(id) else { return };
        if !row.is_over() {
            match row.side {
                Side::Up(_) => self.up(id, UpInput::Woke).await,
                Side::Down(_) => self.down(id, DownInput::Woke).await,
            }
            if let Some(state) =
                self.row(id).map(|row| row.offer()).and_then(|offer| self.states.get(&offer).cloned())
            {
                self.heard(&state).await;
            }
        }
        self.show(id).await;
    }

    /// A row that is on the disk.
    pub(super) fn keep(&mut self, row: Row) {
        self.seqs.insert(row.id(), row.seq);
        self.by_offer.insert(row.offer(), row.seq);
        self.rows.insert(row.seq, row);
    }

    /// Nobody is signed in: everything stops, the rows stay on the disk.
    fn unload(&mut self) {
        self.account = None;
        self.running.clear();
        self.tasks.abort_all();
        for offer in self.by_offer.keys() {
            self.direct.stop(*offer);
        }
        self.rows.clear();
        self.seqs.clear();
        self.by_offer.clear();
        self.states.clear();
        self.always.clear();
        self.speaking.clear();
        self.speak_at.clear();
        self.endpoints.clear();
        self.ledger.clear();
        self.shown.clear();
        self.told_offers.clear();
        self.online = false;
    }

    async fn wake(&mut self, wake: Wake) {
        match wake {
            Wake::Online => {
                if self.account.is_none()
                    && let Err(error) = self.load().await
                {
                    tracing::error!(code = %error.code, "the offers could not be read");
                }
                self.online = true;
                self.speak_at.clear();
                for id in self.open() {
                    match self.row(id).map(|row| row.side.clone()) {
                        Some(Side::Up(_)) => self.up(id, UpInput::NetworkBack).await,
                        Some(Side::Down(_)) => self.down(id, DownInput::NetworkBack).await,
                        None => {}
                    }
                    self.show(id).await;
                }
            }
            Wake::Offline => {
                self.online = false;
                self.speaking.clear();
                for id in self.open() {
                    self.show(id).await;
                }
            }
            Wake::SignedOut => self.unload(),
            Wake::Settings => self.read_settings().await,
            Wake::Offers(changed, gone) => self.offers_changed(changed, gone).await,
            Wake::Ordered | Wake::RoomAtServer(_) | Wake::UploadEnded(_) | Wake::EntriesChanged(_) => {}
        }
    }

    pub(super) fn open(&self) -> Vec<TransferId> {
        self.rows.values().filter(|row| !row.is_over()).map(Row::id).collect()
    }

    async fn offers_changed(&mut self, changed: Vec<OfferState>, gone: BTreeSet<OfferId>) {
        for offer in gone {
            if let Some(mut state) = self.states.remove(&offer) {
                state.step = OfferStep::Expired;
                self.heard(&state).await;
            }
        }
        for state in changed {
            self.states.insert(state.offer, state.clone());
            self.heard(&state).await;
            self.take_always(&state).await;
        }
        self.tell_offers().await;
    }

    /// The messenger says how an offer of the queue stands.
    pub(super) async fn heard(&mut self, state: &OfferState) {
        let Some(row) = self.by_offer.get(&state.offer).and_then(|seq| self.rows.get(seq)) else { return };
        let (id, up) = (row.id(), matches!(row.side, Side::Up(_)));
        let heard = Heard {
            round: state.round,
            step: state.step,
            device: state.to_device,
            offered: offered(state).map(|(offered, _)| offered),
        };
        if up {
            self.up(id, UpInput::Heard(heard)).await;
        } else {
            self.down(id, DownInput::Heard(heard)).await;
        }
    }

    async fn tick(&mut self) {
        let now = self.now_ms();
        let due = |row: &&Row| row.next_deadline().is_some_and(|at| at <= now);
        let ids: Vec<TransferId> = self.rows.values().filter(due).map(Row::id).collect();
        for id in ids {
            match self.row(id).map(|row| matches!(row.side, Side::Up(_))) {
                Some(true) => self.up(id, UpInput::Tick).await,
                Some(false) => self.down(id, DownInput::Tick).await,
                None => {}
            }
        }
        self.speak_at.retain(|_, at| *at > now);
    }

    fn next_deadline(&self) -> Option<Instant> {
        let rows = self.rows.values().filter_map(Row::next_deadline);
        let next = rows.chain(self.speak_at.values().copied()).min();
        next.map(|at_ms| self.begun + Duration::from_millis(at_ms))
    }

    /// Lets those move whose turn it is, oldest first.
    async fn hand_out_turns(&mut self) {
        if self.settings.paused {
            return;
        }
        for wanted_up in [true, false] {
            let of_side = |row: &&Row| matches!(row.side, Side::Up(_)) == wanted_up;
            let busy =
                self.rows.values().filter(of_side).filter(|row| self.running.contains_key(&row.id())).count();
            let ready = |row: &&Row| row.waits_for_turn() && (self.online || needs_nobody(row));
            let mut chosen: Vec<TransferId> =
                self.rows.values().filter(of_side).filter(ready).map(Row::id).collect();
            chosen.sort_by_cached_key(|id| self.board.ranks().of(*id));
            for id in chosen.into_iter().take(TURNS_MAX.saturating_sub(busy)) {
                if wanted_up {
                    self.up(id, UpInput::Go { fresh: crate::transfer::queue::new_upload() }).await;
                } else {
                    self.down(id, DownInput::Go).await;
                }
            }
        }
    }

    async fn report(&mut self, report: Report) {
        match report {
            Report::Run { transfer, run, news } => {
                if self.running.get(&transfer).is_some_and(|running| running.run == run) {
                    self.news(transfer, news).await;
                }
            }
            Report::Spoke { transfer, say, result } => self.spoke(transfer, say, result).await,
            Report::Served { offer, input } => {
                if let Some(id) = self.by_offer.get(&offer).and_then(|seq| self.rows.get(seq)).map(Row::id) {
                    self.up(id, input).await;
                }
            }
        }
    }

    async fn news(&mut self, id: TransferId, news: News) {
        let jitter = rand::random_range(0..=1_000);
        match news {
            News::Read(offered, manifest) => {
                if let Some(row) = self.row(id) {
                    row.manifest = Some(manifest);
                }
                self.up(id, UpInput::WasRead { offered }).await;
            }
            News::Up(input) => self.up(id, input).await,
            News::Down(input) => self.down(id, input).await,
            News::Met(endpoint) => {
                if let Some(offer) = self.row(id).map(|row| row.offer()) {
                    self.endpoints.insert(offer, endpoint);
                }
            }
            News::Failed(failure) => {
                let Some(row) = self.row(id) else { return };
                row.detail = failure.detail;
                let (up, trouble) = (matches!(row.side, Side::Up(_)), failure.trouble);
                if up {
                    self.up(id, UpInput::Trouble { trouble, jitter }).await;
                } else {
                    self.down(id, DownInput::Trouble { trouble, jitter }).await;
                }
            }
            News::Placed(path) => {
                if let Some(row) = self.row(id) {
                    row.path = path;
                }
                self.down(id, DownInput::Finished).await;
            }
        }
    }

    pub(super) fn row(&mut self, id: TransferId) -> Option<&mut Row> {
        self.seqs.get(&id).and_then(|seq| self.rows.get_mut(seq))
    }
}

/// What needs no messenger: reading, and coming straight from where the sender was last met.
fn needs_nobody(row: &Row) -> bool {
    match &row.side {
        Side::Up(up) => up.offered.is_none(),
        Side::Down(down) => down.from().is_none(),
    }
}

/// What an offer says of its file; nothing: written by a newer Pod.
pub(super) fn offered(state: &OfferState) -> Option<(Offered, OfferBody)> {
    let body = OfferBody::open(&state.body)?;
    let content = Content { digest: body.sha256.clone(), size: body.size, stamp: None };
    Some((Offered { content, manifest: body.manifest }, body))
}
