//! A messenger, a server, a network and a disk around both sides of one offer.

use super::messenger::Messenger;
use super::settle::unmeasured;
use crate::offer::{
    Down, DownInput, Effect, Happened, Offered, Say, Task, TransferOptions, Up, UpInput, Yes, whole_pieces,
};
use crate::transfer::{Content, Stamp, Trouble, WAIT_MS};
use pod_shared::limits::OFFER_PIECE_BYTES as PIECE;
use pod_shared::offer::OfferStep;
use pod_shared::{DeviceId, OfferId, TransferId, UploadId};
use std::collections::BTreeMap;

/// A uuid out of a number.
fn uuid<T>(number: u128, make: impl Fn(&[u8]) -> Option<T>) -> T {
    make(&number.to_be_bytes()).unwrap()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Device {
    First,
    Second,
}

impl Device {
    pub(super) fn id(self) -> DeviceId {
        uuid(70 + self as u128, DeviceId::from_slice)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Up,
    Down,
}

/// What the server has of the rest.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    pub(super) from: u64,
    pub(super) bytes: u64,
    upload: Option<UploadId>,
    whole: bool,
}

pub(super) struct World {
    pub(super) now: u64,
    pub(super) size: u64,
    generation: i64,
    pub(super) up: Up,
    up_saved: Up,
    up_task: Option<Task>,
    pub(super) down: Option<Down>,
    down_saved: Option<Down>,
    pub(super) down_task: Option<Task>,
    parts: BTreeMap<DeviceId, (i64, u64)>,
    pub(super) messenger: Messenger,
    pub(super) kept: Kept,
    pub(super) link: bool,
    pub(super) sender_online: bool,
    pub(super) receiver_online: bool,
    pub(super) up_gone: bool,
    pub(super) looks: [bool; 2],
    pub(super) measures: bool,
    /// What the disk of the receiver says it has.
    pub(super) free: u64,
    lost: bool,
    receiver: TransferOptions,
    stories: [Vec<Happened>; 2],
    pub(super) straight_bytes: u64,
    pub(super) retries: u32,
    pub(super) accepts: u32,
    fresh: u128,
}

impl World {
    pub(super) fn new(sender: TransferOptions, receiver: TransferOptions) -> Self {
        let size = 5 * PIECE + 1_234;
        let (id, offer) = (uuid(1, TransferId::from_slice), uuid(2, OfferId::from_slice));
        let up = Up::new(id, offer, size, sender, WAIT_MS);
        Self {
            now: 0,
            size,
            generation: 0,
            up_saved: up.clone(),
            up,
            up_task: None,
            down: None,
            down_saved: None,
            down_task: None,
            parts: BTreeMap::new(),
            messenger: Messenger::new(),
            kept: Kept::default(),
            link: true,
            sender_online: true,
            receiver_online: true,
            up_gone: false,
            looks: [false; 2],
            measures: false,
            free: u64::MAX,
            lost: false,
            receiver,
            stories: [Vec::new(), Vec::new()],
            straight_bytes: 0,
            retries: 0,
            accepts: 0,
            fresh: 1_000,
        }
    }

    pub(super) fn down(&self) -> &Down {
        self.down.as_ref().unwrap()
    }

    pub(super) fn told(&self, side: Side) -> &[Happened] {
        &self.stories[side as usize]
    }

    pub(super) fn part(&self, device: Device) -> u64 {
        self.parts.get(&device.id()).map_or(0, |(_, bytes)| *bytes)
    }

    fn offered(&self) -> Offered {
        let stamp = Stamp { size: self.size, modified_ns: self.generation, inode: 7 };
        let digest = format!("{:064x}", self.generation);
        let manifest = [u8::try_from(self.generation).unwrap(); 32];
        Offered { content: Content { digest, size: self.size, stamp: Some(stamp) }, manifest }
    }

    /// One step of the sender; written before anything is done.
    pub(super) fn up_step(&mut self, input: UpInput) {
        if self.up_gone {
            return;
        }
        let mut out = Vec::new();
        self.up.step(self.now, input, &mut out);
        self.up.check().unwrap();
        let rest = |up: &Up| Up {
            acked: 0,
            stored: 0,
            tries: 0,
            cuts: 0,
            from: None,
            look_ms: None,
            looks: 0,
            quiet_ms: None,
            let_go: false,
            ..up.clone()
        };
        if out.contains(&Effect::Save) {
            assert_eq!(out.first(), Some(&Effect::Save), "nothing is done before it is written");
            self.up_saved = self.up.clone();
        } else {
            assert_eq!(rest(&self.up), rest(&self.up_saved), "a change was not written");
        }
        for effect in out {
            match effect {
                Effect::Stop => self.up_task = None,
                Effect::Start(task) => self.up_task = Some(task),
                Effect::Tell(what, _) | Effect::TellAuto(what, _) => self.stories[0].push(what),
                Effect::Look => self.looks[0] = true,
                Effect::Save | Effect::Speak | Effect::Progress => {}
                Effect::DropPart | Effect::Forget(_) | Effect::Measure => {
                    unreachable!("a sender has no part, no room and no disk to fill")
                }
            }
        }
    }

    /// One step of the receiver.
    pub(super) fn down_step(&mut self, input: DownInput) {
        let Some(down) = &mut self.down else { return };
        let mut out = Vec::new();
        let (before, restarts, content) = (down.done, down.restarts, down.offered.content.clone());
        down.step(self.now, input, &mut out);
        down.check().unwrap();
        let (after, device) = (down.clone(), down.device);
        let anew = after.restarts > restarts || after.offered.content != content || after.lost;
        assert!(after.done >= before || anew, "verified bytes are lost");
        let rest = |down: &Down| Down {
            done: 0,
            tries: 0,
            since: None,
            quiet_ms: None,
            stands: false,
            phase: unmeasured(down.phase),
            ..down.clone()
        };
        if out.contains(&Effect::Save) {
            assert_eq!(out.first(), Some(&Effect::Save), "nothing is done before it is written");
            self.down_saved = Some(after);
        } else {
            let saved = self.down_saved.as_ref().map(rest);
            assert_eq!(Some(rest(&after)), saved, "a change was not written");
        }
        for effect in out {
            match effect {
                Effect::Stop => self.down_task = None,
                Effect::Start(task) => self.down_task = Some(task),
                Effect::Tell(what, _) | Effect::TellAuto(what, _) => self.stories[1].push(what),
                Effect::Look => self.looks[1] = true,
                Effect::Measure => self.measures = true,
                Effect::DropPart => drop(self.parts.remove(&device)),
                Effect::Save | Effect::Speak | Effect::Progress => {}
                Effect::Forget(_) => unreachable!("an offer has no room"),
            }
        }
    }

    /// The process of a side is killed, and another begins with what is on the disk.
    pub(super) fn kill(&mut self, side: Side) {
        match side {
            Side::Up => {
                (self.up, self.up_task) = (self.up_saved.clone(), None);
                self.up_step(UpInput::Woke);
            }
            Side::Down => {
                (self.down, self.down_task) = (self.down_saved.clone(), None);
                self.down_step(DownInput::Woke);
            }
        }
        self.other_end_notices(side);
    }

    fn other_end_notices(&mut self, side: Side) {
        match side {
            Side::Up if self.down_task == Some(Task::Pull) => {
                self.down_task = None;
                self.down_step(DownInput::Cut { jitter: 500 });
            }
            Side::Down => self.up_step(UpInput::Cut),
            Side::Up => {}
        }
    }

    /// A side tells what it has to tell; the answer may be lost.
    pub(super) fn speak(&mut self, side: Side, answered: bool) {
        match side {
            Side::Up if self.sender_online && !self.up_gone => {
                let Some(say) = self.up.say else { return };
                assert_eq!(self.up_saved.say, Some(say), "said before it was written");
                if let Say::Forward { from } = say {
                    let there = self.messenger.device.and_then(|device| self.parts.get(&device));
                    // Who gave it up has nothing any more, and the messenger is about to hear it.
                    let gave_up = self.down.as_ref().is_some_and(Down::is_over);
                    assert!(
                        gave_up || from <= there.map_or(0, |(_, bytes)| *bytes),
                        "bytes before the rest are nowhere"
                    );
                }
                let body = self.up.offered.clone();
                let result = self.messenger.take(say, None, body.as_ref());
                if answered {
                    self.up_step(
                        result.map_or_else(|code| UpInput::Refused(say, code), |()| UpInput::Said(say)),
                    );
                }
            }
            Side::Down if self.receiver_online => {
                let Some((say, device)) = self.down.as_ref().and_then(|down| Some((down.say?, down.device)))
                else {
                    return;
                };
                let result = self.messenger.take(say, Some(device), None);
                if answered {
                    let refused = |code| DownInput::Refused(say, code);
                    self.down_step(result.map_or_else(refused, |()| DownInput::Said(say)));
                }
            }
            Side::Up | Side::Down => {}
        }
    }

    /// A side hears how the offer stands.
    pub(super) fn hear(&mut self, side: Side) {
        if self.messenger.round == 0 {
            return;
        }
        let heard = self.messenger.heard();
        match side {
            Side::Up if self.sender_online => self.up_step(UpInput::Heard(heard)),
            Side::Down if self.receiver_online => self.down_step(DownInput::Heard(heard)),
            Side::Up | Side::Down => {}
        }
    }

    /// Whoever waits for a turn gets it; a source that waits to be read is read.
    pub(super) fn turns(&mut self) {
        self.fresh += 1;
        self.up_step(UpInput::Go { fresh: uuid(self.fresh, UploadId::from_slice) });
        if self.up_task == Some(Task::Read) {
            self.up_task = None;
            self.up_step(UpInput::WasRead { offered: self.offered() });
        }
        self.down_step(DownInput::Go);
    }

    /// Bytes go straight, as far as both sides want them to; whole pieces are durable.
    pub(super) fn straight(&mut self, bytes: u64) {
        let Some(down) = self.down.clone().filter(|_| self.down_task == Some(Task::Pull)) else { return };
        if !self.link || self.up_gone || !self.up.serves() || self.up.device != Some(down.device) {
            self.down_task = None;
            return self.down_step(DownInput::Cut { jitter: 500 });
        }
        if self.up.offered.as_ref().map(|offered| offered.content.clone()) != Some(self.offered().content) {
            self.down_task = None;
            self.down_step(DownInput::Trouble { trouble: Trouble::SourceChanged, jitter: 0 });
            return self.up_step(UpInput::Trouble { trouble: Trouble::SourceChanged, jitter: 0 });
        }
        let (of, there) = self.parts.entry(down.device).or_insert((self.generation, 0));
        if *of != self.generation {
            (*of, *there) = (self.generation, 0);
        }
        let before = *there;
        *there = there.saturating_add(bytes).min(self.size);
        let now = *there;
        self.straight_bytes += now - before;
        self.down_step(DownInput::Moved { done: now });
        self.up_step(UpInput::Served { acked: if now == self.size { now } else { whole_pieces(now) } });
        if now == self.size {
            self.arrive();
        }
    }

    fn arrive(&mut self) {
        self.down_task = None;
        self.down_step(DownInput::AllThere);
        self.down_step(DownInput::Finished);
    }

    /// Bytes of the rest go up to the server.
    pub(super) fn reaches_server(&mut self, bytes: u64) {
        let Some(Task::Send { from }) = self.up_task.filter(|_| self.sender_online && !self.up_gone) else {
            return;
        };
        if (self.kept.upload, self.kept.from) != (self.up.upload, from) {
            self.kept = Kept { from, bytes: 0, upload: self.up.upload, whole: false };
        }
        self.kept.bytes = self.kept.bytes.saturating_add(bytes).min(self.size - from);
        self.up_step(UpInput::Moved { done: self.kept.bytes });
        if self.kept.bytes == self.size - from && !self.kept.whole {
            self.kept.whole = true;
            // The server tells the messenger; the sender's own answer may come before or after.
            if self.messenger.step == (OfferStep::Forwarding { from }) {
                self.messenger.step = OfferStep::Forwarded { from };
                self.up_task = None;
                self.up_step(UpInput::Kept);
            } else {
                self.kept.whole = false;
            }
        }
    }

    /// Bytes of the rest come down from the server.
    pub(super) fn leaves_server(&mut self, bytes: u64) {
        let Some(Task::Fetch { from }) = self.down_task.filter(|_| self.receiver_online) else { return };
        if self.part(Device::First) < from && self.lost {
            self.down_task = None;
            return self.down_step(DownInput::Trouble { trouble: Trouble::PartLost, jitter: 0 });
        }
        let (device, done) = (self.down().device, self.down().done);
        assert!(self.kept.whole && self.kept.from == from, "the server does not have this rest");
        let (_, there) = self.parts.entry(device).or_insert((self.generation, 0));
        assert!(*there >= from && *there >= done, "the head is missing");
        *there = there.saturating_add(bytes).min(self.size);
        let now = *there;
        self.down_step(DownInput::Moved { done: now });
        if now == self.size {
            self.arrive();
        }
    }

    /// Somebody deletes what came so far.
    pub(super) fn lose_part(&mut self) {
        self.lost = true;
        self.parts.clear();
    }

    pub(super) fn change_source(&mut self) {
        self.generation += 1;
    }

    /// The person says yes: to a first request on this device, or to go on.
    pub(super) fn person_accepts(&mut self, device: Device) {
        let Some(offered) = self.messenger.body.clone().filter(|_| !self.messenger.step.is_over()) else {
            return;
        };
        self.accepts += 1;
        if self.down.as_ref().is_some_and(|down| down.device == device.id()) {
            return self.down_step(DownInput::Accept);
        }
        let heard = (self.messenger.round, self.messenger.step, offered);
        let (id, offer) = (uuid(3, TransferId::from_slice), self.up.offer);
        let down = Down::accepted(id, offer, device.id(), heard, self.receiver, Yes::Person);
        (self.down, self.down_saved, self.down_task) = (Some(down.clone()), Some(down), None);
    }
}
