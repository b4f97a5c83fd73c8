//! The board of notices: what is shown now, what takes it down, and the one notice for who was away.
//!
//! Each notice stands for one or more places: messages or files of a room, somebody's request, an offer. It goes when the
//! last of them is read or answered, on whatever device. For a moment after a return everything is gathered and told once.

use super::NoticeKind;
use pod_shared::{AccountId, OfferId, Position, RoomId};
use std::collections::{BTreeMap, VecDeque};

/// What comes within this time after a return belongs to it: folders are fetched after the messages.
const GATHER_MS: u64 = 3_000;
/// Notices that can still be withdrawn.
const SHOWN_MAX: usize = 64;
/// Places that one notice stands for.
const PLACES_MAX: usize = 1_000;

/// Where something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In a room.
    Room {
        /// Which.
        room: RoomId,
        /// Read up to here, it is read.
        pos: Position,
        /// The place in the folder's log; 0: it is a message.
        nth: u64,
    },
    /// Somebody asks to be a contact.
    Person(AccountId),
    /// An offer, and the first of those that came with it.
    Offer {
        /// Which.
        offer: OfferId,
        /// The first of them.
        batch: OfferId,
    },
}

/// Something wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Where.
    pub place: Place,
    /// What.
    pub kind: NoticeKind,
}

/// What the board hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The connection is back and brought news.
    Returned,
    /// These happened, oldest first, and are wanted.
    News(Vec<Noted>),
    /// A room is read up to here, on any device.
    Read {
        /// Which.
        room: RoomId,
        /// Up to where.
        pos: Position,
    },
    /// This is answered or over.
    Over(Place),
    /// This person is no longer in the room.
    RoomGone(RoomId),
    /// Somebody else is signed in, or nobody.
    Cleared,
    /// Time passed.
    Tick,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// One notice for all of these, oldest first.
    Tell {
        /// Its number; none is used twice.
        id: u64,
        /// Never empty.
        what: Vec<Noted>,
    },
    /// These go.
    Withdraw(Vec<u64>),
}

/// What is shown.
#[derive(Clone, Debug, Default)]
pub struct Board {
    last: u64,
    shown: VecDeque<(u64, Vec<Place>)>,
    gathering: Option<(u64, Vec<Noted>)>,
    read: BTreeMap<RoomId, Position>,
}

impl Board {
    /// When it wants to hear of the time.
    #[must_use]
    pub fn next_deadline(&self) -> Option<u64> {
        self.gathering.as_ref().map(|(until, _)| *until)
    }

    /// The rooms that something on the board is about.
    pub fn rooms(&self) -> impl Iterator<Item = RoomId> {
        let gathered = self.gathering.iter().flat_map(|(_, what)| what.iter().map(|noted| noted.place));
        self.shown.iter().flat_map(|(_, places)| places.iter().copied()).chain(gathered).filter_map(room)
    }

    /// The people whose request is on the board, and the offers.
    pub fn open(&self) -> impl Iterator<Item = Place> {
        let gathered = self.gathering.iter().flat_map(|(_, what)| what.iter().map(|noted| noted.place));
        let all = self.shown.iter().flat_map(|(_, places)| places.iter().copied()).chain(gathered);
        all.filter(|place| room(*place).is_none())
    }

    /// One step.
    pub fn step(&mut self, now_ms: u64, input: Input, out: &mut Vec<Effect>) {
        match input {
            Input::Returned => {
                let held = self.gathering.take().map(|(_, what)| what).unwrap_or_default();
                self.gathering = Some((now_ms.saturating_add(GATHER_MS), held));
            }
            Input::News(what) => self.news(what, out),
            Input::Read { room, pos } => {
                let held = self.read.entry(room).or_default();
                *held = pos.max(*held);
                let read = *held;
                self.drop_places(out, |place| match place {
                    Place::Room { room: of, pos, .. } => *of == room && *pos <= read,
                    Place::Person(_) | Place::Offer { .. } => false,
                });
            }
            Input::Over(over) => self.drop_places(out, |place| *place == over),
            Input::RoomGone(gone) => {
                self.read.remove(&gone);
                self.drop_places(out, |place| self::room(*place) == Some(gone));
            }
            Input::Cleared => {
                self.drop_places(out, |_| true);
                (self.gathering, self.read) = (None, BTreeMap::new());
            }
            Input::Tick => self.tick(now_ms, out),
        }
    }

    fn news(&mut self, mut what: Vec<Noted>, out: &mut Vec<Effect>) {
        what.retain(|noted| !self.is_read(noted.place) && !self.is_known(noted.place));
        if let Some((_, gathered)) = &mut self.gathering {
            gathered.extend(what);
            let over = gathered.len().saturating_sub(PLACES_MAX);
            gathered.drain(..over);
            return;
        }
        for group in groups(what) {
            self.tell(group, out);
        }
    }

    fn tick(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        if self.gathering.as_ref().is_none_or(|(until, _)| now_ms < *until) {
            return;
        }
        if let Some((_, what)) = self.gathering.take().filter(|(_, what)| !what.is_empty()) {
            self.tell(what, out);
        }
    }

    fn tell(&mut self, what: Vec<Noted>, out: &mut Vec<Effect>) {
        self.last += 1;
        if self.shown.len() == SHOWN_MAX {
            self.shown.pop_front();
        }
        let places = what.iter().rev().take(PLACES_MAX).map(|noted| noted.place).collect();
        self.shown.push_back((self.last, places));
        out.push(Effect::Tell { id: self.last, what });
    }

    fn is_read(&self, place: Place) -> bool {
        match place {
            Place::Room { room, pos, .. } => self.read.get(&room).is_some_and(|read| pos <= *read),
            Place::Person(_) | Place::Offer { .. } => false,
        }
    }

    /// It is on the board already: a repeated frame is no news.
    fn is_known(&self, place: Place) -> bool {
        let gathered = self.gathering.iter().flat_map(|(_, what)| what);
        self.shown.iter().any(|(_, places)| places.contains(&place))
            || gathered.into_iter().any(|noted| noted.place == place)
    }

    fn drop_places(&mut self, out: &mut Vec<Effect>, over: impl Fn(&Place) -> bool) {
        if let Some((_, gathered)) = &mut self.gathering {
            gathered.retain(|noted| !over(&noted.place));
        }
        let mut gone = Vec::new();
        self.shown.retain_mut(|(id, places)| {
            places.retain(|place| !over(place));
            if places.is_empty() {
                gone.push(*id);
            }
            !places.is_empty()
        });
        if !gone.is_empty() {
            out.push(Effect::Withdraw(gone));
        }
    }
}

fn room(place: Place) -> Option<RoomId> {
    match place {
        Place::Room { room, .. } => Some(room),
        Place::Person(_) | Place::Offer { .. } => None,
    }
}

/// What happens in one room at once is one notice, and so are the offers of one go; in the order of their first.
fn groups(what: Vec<Noted>) -> Vec<Vec<Noted>> {
    let together = |one: Place, other: Place| match (one, other) {
        (Place::Room { room: one, .. }, Place::Room { room: other, .. }) => one == other,
        (Place::Offer { batch: one, .. }, Place::Offer { batch: other, .. }) => one == other,
        (Place::Person(one), Place::Person(other)) => one == other,
        _ => false,
    };
    let mut groups: Vec<Vec<Noted>> = Vec::new();
    for noted in what {
        let held = groups
            .iter_mut()
            .find(|group| group.first().is_some_and(|first| together(first.place, noted.place)));
        match held {
            Some(group) => group.push(noted),
            None => groups.push(vec![noted]),
        }
    }
    groups
}
