//! Rows as everybody else sees them: the one place that turns them into views, puts them on the board and tells of them.

use super::queue::{Net, Queue, now};
use super::row::{Kind, Row};
use crate::event::Event;
use crate::view::{Name, Path as Way, Stuck, TransferState, TransferView};
use pod_shared::{AccountId, RoomId, TimeMs, TransferId};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Transfers told one by one when all of them change at once; who shows more asks for the list.
const TOLD_AT_ONCE_MAX: usize = 64;
/// A title or a name that was looked up is not looked up again for this long.
const KNOWN_FOR: Duration = Duration::from_secs(1);

/// What of the queue shows in every row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight {
    /// There is a connection.
    pub(crate) online: bool,
    /// The whole queue stands.
    paused: bool,
    now_ms: u64,
    now: TimeMs,
}

impl Sight {
    /// A time of the queue's clock as people read it. Offline nothing is tried at a time, but when there is a way.
    pub(crate) fn until(&self, until_ms: u64) -> Option<TimeMs> {
        let left = i64::try_from(until_ms.saturating_sub(self.now_ms)).ok()?;
        self.online.then_some(TimeMs(self.now.0.saturating_add(left)))
    }
}

/// Where a file belongs: the title of its room, or the other person.
#[derive(Clone, Debug)]
enum Whose {
    Room(String),
    Person(Name),
}

/// Titles and names that were looked up already.
pub(super) struct Known {
    since: Instant,
    rooms: HashMap<RoomId, String>,
    people: HashMap<AccountId, Name>,
}

impl Default for Known {
    fn default() -> Self {
        Self { since: Instant::now(), rooms: HashMap::new(), people: HashMap::new() }
    }
}

impl Row {
    fn view(&self, whose: Whose, sight: &Sight, in_folder: bool) -> TransferView {
        let (done, total, way) = (self.done(), self.total(), self.way());
        let rate = way.and_then(|_| self.rate.bytes_a_second());
        let stored = matches!(&self.kind, Kind::Offer(offer) if offer.is_stored());
        let state = match &self.kind {
            Kind::Room(file) => file.state(sight, in_folder, &self.detail),
            Kind::Offer(offer) => offer.state(sight, &self.detail),
        };
        let stands = sight.paused && (self.waits_for_turn() || state == TransferState::Moving);
        let state = if stands { TransferState::Waiting(Stuck::PausedAll) } else { state };
        let (room_title, peer) = match whose {
            Whose::Room(title) => (title, None),
            Whose::Person(name) => (String::new(), Some(name)),
        };
        TransferView {
            id: self.id(),
            rank: 0,
            direction: self.direction(),
            room: self.room().map(|file| file.room),
            room_title,
            peer,
            offer: self.offer().map(super::offer::Offer::id),
            entry: self.room().and_then(|file| file.machine.entry),
            name: self.name.clone(),
            local_path: self.path.to_string_lossy().into_owned(),
            path: way.or_else(|| stored.then_some(Way::Server)),
            done,
            total,
            rate,
            eta_s: rate.filter(|rate| *rate > 0).map(|rate| (total - done.min(total)) / rate),
            resumed_at: way.and(self.resumed_at),
            state,
            created_at: self.created_at,
            options: self.options(),
            story: self.story.clone(),
        }
    }
}

impl Queue {
    /// Shows one transfer as it is now; gives what is shown.
    pub(super) async fn show(&mut self, id: TransferId) -> Option<TransferView> {
        let mut known = std::mem::take(&mut self.known);
        if known.since.elapsed() > KNOWN_FOR {
            known = Known::default();
        }
        let shown = self.put_on_board(id, &mut known).await;
        self.known = known;
        let (view, _) = shown?;
        self.shown.insert(id, Instant::now());
        if self.rows.get(&id).is_some_and(Row::is_over) {
            self.shown.remove(&id);
        }
        self.ports.sink.emit(Event::Transfer { transfer: view.clone() });
        Some(view)
    }

    /// Something changed that shows in many rows. Tells of those that look different now.
    pub(super) async fn show_all(&mut self) {
        let (mut known, mut told) = (Known::default(), 0);
        for id in self.rows.keys().copied().collect::<Vec<_>>() {
            let Some((view, differs)) = self.put_on_board(id, &mut known).await else { continue };
            if differs && told < TOLD_AT_ONCE_MAX {
                told += 1;
                self.ports.sink.emit(Event::Transfer { transfer: view });
            }
        }
    }

    async fn put_on_board(&self, id: TransferId, known: &mut Known) -> Option<(TransferView, bool)> {
        let row = self.rows.get(&id)?;
        let whose = match &row.kind {
            Kind::Room(file) => Whose::Room(self.title(file.room, known).await),
            Kind::Offer(offer) => {
                let name = match known.people.get(&offer.peer) {
                    Some(name) => name.clone(),
                    None => self.name(offer.peer).await,
                };
                known.people.insert(offer.peer, name.clone());
                Whose::Person(name)
            }
        };
        let (online, paused) = (self.net == Net::Online, self.settings.paused);
        let sight = Sight { online, paused, now_ms: self.now_ms(), now: now() };
        let view = row.view(whose, &sight, self.waits_for_folder(row));
        let linked = row.room().and_then(|file| file.linked.as_ref()).map(|linked| linked.id);
        Some(self.board.put(view, row.room().and_then(|file| file.upload()), linked))
    }

    async fn title(&self, room: RoomId, known: &mut Known) -> String {
        if let Some(title) = known.rooms.get(&room) {
            return title.clone();
        }
        let title = self.ports.cache.room_title(room).await.unwrap_or_default();
        known.rooms.insert(room, title.clone());
        title
    }

    /// A person, as they are called.
    pub(super) async fn name(&self, account: AccountId) -> Name {
        let known = self.ports.cache.person(account).await.ok().flatten();
        let name = known.map(|row| if row.display_name.is_empty() { row.name } else { row.display_name });
        Name { account, name: name.unwrap_or_default() }
    }
}
