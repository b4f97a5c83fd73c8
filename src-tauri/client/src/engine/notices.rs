//! Notices: what of all that happened is worth one, as the person chose, on all their devices together.
//!
//! The life of a notice: news (a message, a deed in a folder, a request, an offer) → the verdict of
//! [`pod_machine::notice`] → its board, which tells it, or gathers it with the rest after a return → withdrawn when it was
//! read or answered on any device. One task, in order. Refuses to show anything: the shell does, unless a focused window
//! shows the room already.

mod offers;
mod shown;

use super::Desk;
use crate::cache::{Deed, DeedKind, Span};
use crate::command::{Answer, Command, TransferCommand};
use crate::event::Event;
use crate::state::settings;
use crate::view::{ConnectionView, ErrorView, OfferView};
use chrono::{Datelike, Timelike};
use offers::Known;
use pod_machine::notice::{
    Board, Effect, Happened, Input, LocalTime, Noted, NoticeKind, Place, Rules, Verdict, verdict,
};
use pod_shared::contact::ContactStanding;
use pod_shared::{AccountId, Position, RoomId};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc};
use tokio::time::Instant;

/// News that may wait to be judged.
const WAITING_MAX: usize = 512;

/// What the run loop and the telling task say.
pub(super) enum Note {
    /// The connection is back and brought changes.
    Returned,
    /// New messages of others.
    Messages { room: RoomId, span: Span },
    /// What others did in a folder.
    Deeds { room: RoomId, deeds: Vec<Deed> },
}

/// Hands news to the task.
#[derive(Clone)]
pub(super) struct Notices(mpsc::Sender<Note>);

impl Notices {
    /// Says it, when there is room: the telling task may wait.
    pub(super) async fn say(&self, note: Note) {
        // The task ends only with the engine.
        let _ = self.0.send(note).await;
    }

    /// Whoever was away is told once. The loop does not wait: where the task has much to do, it is told one by one.
    pub(super) fn returned(&self) {
        let _ = self.0.try_send(Note::Returned);
    }
}

/// Starts the task; it ends with the engine.
pub(super) fn spawn(desk: Desk) -> Notices {
    let (notes, news) = mpsc::channel(WAITING_MAX);
    let events = desk.sink.events.subscribe();
    let task = Task {
        desk,
        board: Board::default(),
        rules: None,
        offers: Known::default(),
        started: Instant::now(),
    };
    tokio::spawn(task.live(news, events));
    Notices(notes)
}

struct Task {
    desk: Desk,
    board: Board,
    /// As the settings say; nothing: they are read before the next verdict.
    rules: Option<Rules>,
    offers: Known,
    started: Instant,
}

impl Task {
    async fn live(mut self, mut news: mpsc::Receiver<Note>, mut events: broadcast::Receiver<Event>) {
        self.offers.begin(&self.open_offers().await);
        loop {
            let due = self.board.next_deadline().map(|at_ms| self.started + Duration::from_millis(at_ms));
            let done = tokio::select! {
                note = news.recv() => match note {
                    Some(note) => self.note(note).await,
                    None => return,
                },
                event = events.recv() => match event {
                    Ok(event) => self.event(event).await,
                    Err(broadcast::error::RecvError::Lagged(_)) => self.look_around().await,
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                () = tokio::time::sleep_until(due.unwrap_or(self.started)), if due.is_some() => {
                    self.step(Input::Tick).await
                }
            };
            if let Err(error) = done {
                tracing::warn!(code = %error.code, "a notice could not be made");
            }
        }
    }

    async fn note(&mut self, note: Note) -> Result<(), ErrorView> {
        match note {
            Note::Returned => self.step(Input::Returned).await,
            Note::Messages { room, span } => {
                let read = self.read(room).await?;
                let fresh = self.desk.cache.fresh_messages(room, span, read).await?;
                let what = fresh.into_iter().map(|message| {
                    let kind = if message.names_me { NoticeKind::Mentions } else { NoticeKind::Messages };
                    let place = Place::Room { room, pos: message.pos, nth: 0 };
                    (Noted { place, kind }, message.by)
                });
                self.judge(room, what.collect()).await
            }
            Note::Deeds { room, deeds } => {
                self.read(room).await?;
                let mut what = Vec::new();
                for deed in deeds {
                    let Some(pos) = self.desk.cache.place_in_log(room, deed.at).await? else { continue };
                    let kind = match deed.kind {
                        DeedKind::Added => NoticeKind::Files,
                        DeedKind::Changed => NoticeKind::Changes,
                        DeedKind::Said { to_me: true } => NoticeKind::Mentions,
                        DeedKind::Said { to_me: false } => NoticeKind::Comments,
                    };
                    what.push((Noted { place: Place::Room { room, pos, nth: deed.at.0 }, kind }, deed.by));
                }
                self.judge(room, what).await
            }
        }
    }

    /// What is not for the task falls through: it hears what everybody hears.
    async fn event(&mut self, event: Event) -> Result<(), ErrorView> {
        match event {
            Event::Setting { key } if key.starts_with(pod_machine::notice::NOTIFY) => {
                self.rules = None;
                Ok(())
            }
            Event::Room { room } if self.board.rooms().any(|held| held == room.id) => {
                self.read(room.id).await.map(drop)
            }
            Event::RoomGone { room } => self.step(Input::RoomGone(room)).await,
            Event::Offers { offers } => self.offered(&offers).await,
            Event::ContactAsks { person } => self.asked(person.account).await,
            Event::Contacts { .. } => self.look_at_requests().await,
            Event::Connection { connection: ConnectionView::SignedOut } => {
                (self.rules, self.offers) = (None, Known::default());
                self.step(Input::Cleared).await
            }
            Event::Lagged => self.look_around().await,
            Event::Status { .. }
            | Event::Connection { .. }
            | Event::Room { .. }
            | Event::RoomOpen { .. }
            | Event::Timeline { .. }
            | Event::Arrived { .. }
            | Event::Typing { .. }
            | Event::Folder { .. }
            | Event::Progress { .. }
            | Event::Transfer { .. }
            | Event::Person { .. }
            | Event::ContactRefused { .. }
            | Event::JoinRefused { .. }
            | Event::Linked { .. }
            | Event::Edits { .. }
            | Event::Notice { .. }
            | Event::NoticesGone { .. }
            | Event::Setting { .. } => Ok(()),
        }
    }

    /// Some events were missed: what is on the board is looked at anew.
    async fn look_around(&mut self) -> Result<(), ErrorView> {
        self.rules = None;
        let rooms: Vec<RoomId> = self.board.rooms().collect();
        for room in rooms {
            self.read(room).await?;
        }
        self.look_at_requests().await?;
        let offers = self.open_offers().await;
        self.offered(&offers).await
    }

    /// Up to where a room is read, on all devices; the board hears of it.
    async fn read(&mut self, room: RoomId) -> Result<Position, ErrorView> {
        let kept = self.desk.cache.room(room).await?.map(|row| row.read).unwrap_or_default();
        let marked = self.desk.live().reads.get(&room).copied().unwrap_or_default();
        let pos = kept.max(marked);
        self.step(Input::Read { room, pos }).await?;
        Ok(pos)
    }

    /// What of it is wanted goes to the board.
    async fn judge(&mut self, room: RoomId, what: Vec<(Noted, AccountId)>) -> Result<(), ErrorView> {
        let Some(row) = self.desk.cache.room(room).await? else { return Ok(()) };
        let mut quiet = BTreeMap::new();
        let mut wanted = Vec::new();
        for (noted, by) in what {
            let by_quiet = match quiet.get(&by) {
                Some(held) => *held,
                None => {
                    let held = self.is_quiet(by).await?;
                    quiet.insert(by, held);
                    held
                }
            };
            let of_two = row.title.is_empty();
            if self.wants(Happened { kind: noted.kind, room: Some(room), of_two, by_quiet }).await? {
                wanted.push(noted);
            }
        }
        self.step(Input::News(wanted)).await
    }

    async fn asked(&mut self, account: AccountId) -> Result<(), ErrorView> {
        let kind = NoticeKind::Contacts;
        let by_quiet = self.is_quiet(account).await?;
        if !self.wants(Happened { kind, room: None, of_two: false, by_quiet }).await? {
            return Ok(());
        }
        self.step(Input::News(vec![Noted { place: Place::Person(account), kind }])).await
    }

    async fn offered(&mut self, offers: &[OfferView]) -> Result<(), ErrorView> {
        let over: Vec<Place> = self.board.open().filter(|place| offers::is_over(*place, offers)).collect();
        for place in over {
            self.step(Input::Over(place)).await?;
        }
        let kind = NoticeKind::Offers;
        let mut wanted = Vec::new();
        for (from, place) in self.offers.fresh(offers) {
            let by_quiet = self.is_quiet(from).await?;
            if self.wants(Happened { kind, room: None, of_two: false, by_quiet }).await? {
                wanted.push(Noted { place, kind });
            }
        }
        self.step(Input::News(wanted)).await
    }

    /// Requests that were answered, here or elsewhere, are no longer told.
    async fn look_at_requests(&mut self) -> Result<(), ErrorView> {
        let open: Vec<Place> = self.board.open().collect();
        for place in open {
            let Place::Person(account) = place else { continue };
            let held = super::contacts::one(&self.desk, account).await?;
            if held.is_none_or(|(held, _)| held.standing != ContactStanding::Asks) {
                self.step(Input::Over(place)).await?;
            }
        }
        Ok(())
    }

    async fn wants(&mut self, happened: Happened) -> Result<bool, ErrorView> {
        if self.rules.is_none() {
            let all = settings::all(&self.desk.state).await?;
            self.rules = Some(Rules::read(all.iter().map(|(key, value)| (key.as_str(), value.as_str()))));
        }
        Ok(self.rules.as_ref().is_some_and(|rules| verdict(rules, happened, local_time()) == Verdict::Tell))
    }

    /// Nothing that this person does is to disturb.
    async fn is_quiet(&self, account: AccountId) -> Result<bool, ErrorView> {
        let held = super::contacts::one(&self.desk, account).await?;
        Ok(held.is_some_and(|(held, _)| held.muted || held.blocked))
    }

    /// Nobody signed in has none.
    async fn open_offers(&self) -> Vec<OfferView> {
        let asked = Command::AboutTransfers(TransferCommand::Offers);
        match self.desk.transfers.handle(asked).await {
            Ok(Answer::Offers(offers)) => offers,
            Ok(_) | Err(_) => Vec::new(),
        }
    }

    async fn step(&mut self, input: Input) -> Result<(), ErrorView> {
        let now_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut effects = Vec::new();
        self.board.step(now_ms, input, &mut effects);
        for effect in effects {
            match effect {
                Effect::Tell { id, what } => {
                    if let Some(notice) = shown::notice(&self.desk, id, &what).await? {
                        self.desk.sink.emit(Event::Notice { notice: Box::new(notice) });
                    }
                }
                Effect::Withdraw(ids) => self.desk.sink.emit(Event::NoticesGone { ids }),
            }
        }
        Ok(())
    }
}

/// The time of the week by this computer's clock.
fn local_time() -> LocalTime {
    let now = chrono::Local::now();
    let weekday = u8::try_from(now.weekday().num_days_from_monday()).unwrap_or_default();
    let minute = u16::try_from(now.hour() * 60 + now.minute()).unwrap_or_default();
    LocalTime { weekday, minute }
}
