//! One row of the queue, whatever moves: what all of them have, and the machine that decides.

use super::offer::Offer;
use super::rate::Rate;
use super::room::RoomFile;
use super::step::Step;
use crate::view::{Path as Way, StoryLine};
use pod_machine::transfer::{Direction, Effect, Happened, Place, Standing, TransferOptions};
use pod_shared::{TimeMs, TransferId};
use std::path::PathBuf;

/// Lines of a story that are kept.
const STORY_LINES_MAX: usize = 12;

/// What moves.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A file of a room's folder, up or down.
    Room(RoomFile),
    /// A file for a person, or from one.
    Offer(Offer),
}

/// One transfer in memory.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Name of the file.
    pub(crate) name: String,
    /// The source of what goes up, the destination of what comes down.
    pub(crate) path: PathBuf,
    /// When it was asked for.
    pub(crate) created_at: TimeMs,
    /// What moves, and where it stands.
    pub(crate) kind: Kind,
    /// What happened.
    pub(crate) story: Vec<StoryLine>,
    /// English detail of the last trouble, for *More*.
    pub(crate) detail: String,
    /// How fast it moves.
    pub(crate) rate: Rate,
    /// The byte that it last went on from.
    pub(crate) resumed_at: Option<u64>,
    /// Bytes that the row on the disk knows of.
    pub(crate) kept: u64,
}

impl Row {
    /// A row at rest.
    pub(crate) fn new(name: String, path: PathBuf, created_at: TimeMs, kind: Kind) -> Self {
        let mut row = Self {
            name,
            path,
            created_at,
            kind,
            story: Vec::new(),
            detail: String::new(),
            rate: Rate::default(),
            resumed_at: None,
            kept: 0,
        };
        row.kept = row.done();
        row
    }

    /// Its id.
    pub(crate) fn id(&self) -> TransferId {
        match &self.kind {
            Kind::Room(file) => file.machine.id,
            Kind::Offer(offer) => offer.side.transfer(),
        }
    }

    /// The file of a room, if it is one.
    pub(crate) fn room(&self) -> Option<&RoomFile> {
        match &self.kind {
            Kind::Room(file) => Some(file),
            Kind::Offer(_) => None,
        }
    }

    /// See [`Row::room`].
    pub(crate) fn room_mut(&mut self) -> Option<&mut RoomFile> {
        match &mut self.kind {
            Kind::Room(file) => Some(file),
            Kind::Offer(_) => None,
        }
    }

    /// The offer, if it is one.
    pub(crate) fn offer(&self) -> Option<&Offer> {
        match &self.kind {
            Kind::Room(_) => None,
            Kind::Offer(offer) => Some(offer),
        }
    }

    /// See [`Row::offer`].
    pub(crate) fn offer_mut(&mut self) -> Option<&mut Offer> {
        match &mut self.kind {
            Kind::Room(_) => None,
            Kind::Offer(offer) => Some(offer),
        }
    }

    /// Up or down.
    pub(crate) fn direction(&self) -> Direction {
        match &self.kind {
            Kind::Room(file) => file.machine.direction,
            Kind::Offer(offer) if offer.is_up() => Direction::Up,
            Kind::Offer(_) => Direction::Down,
        }
    }

    /// Nothing will happen to it by itself any more. Somebody may still have to be told.
    pub(crate) fn is_over(&self) -> bool {
        match &self.kind {
            Kind::Room(file) => file.machine.is_over(),
            Kind::Offer(offer) => offer.side.is_over(),
        }
    }

    /// It is over, and nobody is to be told any more.
    pub(crate) fn is_settled(&self) -> bool {
        let owes = match &self.kind {
            Kind::Room(file) => !file.machine.owed.is_empty(),
            Kind::Offer(offer) => offer.say().is_some(),
        };
        self.is_over() && !owes
    }

    /// When a tick would do something.
    pub(crate) fn next_deadline(&self) -> Option<u64> {
        match &self.kind {
            Kind::Room(file) => file.machine.next_deadline(),
            Kind::Offer(offer) => offer.side.next_deadline(),
        }
    }

    /// Bytes durably at the destination.
    pub(crate) fn done(&self) -> u64 {
        match &self.kind {
            Kind::Room(file) => file.machine.done,
            Kind::Offer(offer) => offer.side.done(),
        }
    }

    /// Bytes of the whole.
    pub(crate) fn total(&self) -> u64 {
        match &self.kind {
            Kind::Room(file) => file.machine.total,
            Kind::Offer(offer) => offer.side.total(),
        }
    }

    /// What happens by itself after a disconnection.
    pub(crate) fn options(&self) -> TransferOptions {
        match &self.kind {
            Kind::Room(file) => file.machine.options,
            Kind::Offer(offer) => offer.side.options(),
        }
    }

    /// The way in use, while bytes move.
    pub(crate) fn way(&self) -> Option<Way> {
        match &self.kind {
            Kind::Room(file) => file.moves().then_some(Way::Server),
            Kind::Offer(offer) => offer.way(),
        }
    }

    /// Somebody works on it in a turn of its own.
    pub(crate) fn works(&self) -> bool {
        match &self.kind {
            Kind::Room(file) => file.works(),
            Kind::Offer(offer) => offer.works(),
        }
    }

    /// It waits for its turn.
    pub(crate) fn waits_for_turn(&self) -> bool {
        match &self.kind {
            Kind::Room(file) => file.waits_for_turn(),
            Kind::Offer(offer) => offer.waits_for_turn(),
        }
    }

    /// Its next work can be done without a connection to the server.
    pub(crate) fn needs_nobody(&self) -> bool {
        match &self.kind {
            Kind::Room(_) => false,
            Kind::Offer(offer) => offer.needs_nobody(),
        }
    }

    /// Its place among those that have a turn or wait for one.
    pub(crate) fn place(&self) -> Option<Place> {
        let standing = match (self.works(), self.waits_for_turn()) {
            (true, _) => Standing::Works,
            (false, true) => Standing::Waits,
            (false, false) => return None,
        };
        Some(Place { id: self.id(), direction: self.direction(), bytes: self.total(), standing })
    }

    /// One step of its machine. What does not fit the machine is left out.
    pub(crate) fn step(&mut self, now_ms: u64, step: Step, out: &mut Vec<Effect>) {
        match &mut self.kind {
            Kind::Room(file) => file.step(now_ms, step, out),
            Kind::Offer(offer) => offer.side.step(now_ms, step, out),
        }
        for effect in &*out {
            match effect {
                Effect::Tell(what, byte) => self.tell(*what, *byte, false),
                Effect::TellAuto(what, byte) => self.tell(*what, *byte, true),
                Effect::Save
                | Effect::Stop
                | Effect::Start(_)
                | Effect::Speak
                | Effect::Look
                | Effect::Measure
                | Effect::DropPart
                | Effect::Forget(_)
                | Effect::Progress => {}
            }
        }
        if self.way().is_some() {
            self.rate.at(std::time::Instant::now(), self.done());
        } else {
            self.rate.stop();
        }
    }

    /// A line more, the oldest goes; the same again, of the same byte, is no news.
    fn tell(&mut self, what: Happened, byte: Option<u64>, auto: bool) {
        let said = |line: &StoryLine| (line.what, line.byte) == (what, byte);
        if self.story.last().is_some_and(said) {
            return;
        }
        if what == Happened::Resumed {
            self.resumed_at = byte;
        }
        self.story.push(StoryLine { at: super::queue::now(), what, byte, auto });
        let over = self.story.len().saturating_sub(STORY_LINES_MAX);
        self.story.drain(..over);
    }
}
