//! What follows by itself in the world, and how everything comes to its end.

use super::world::{Device, Side, World};
use crate::offer::{Down, DownInput, DownPhase, Task, UpInput, UpPhase};
use crate::transfer::Wait;
use pod_shared::limits::OFFER_PIECE_BYTES as PIECE;
use pod_shared::offer::OfferStep;

impl World {
    /// Everything that needs no straight byte and no passing of time happens.
    pub(super) fn settle_without_bytes(&mut self) {
        for _ in 0..8 {
            self.turns();
            self.look();
            for side in [Side::Up, Side::Down] {
                self.speak(side, true);
                self.hear(side);
            }
        }
    }

    /// As [`World::settle_without_bytes`], and the server moves what it can.
    pub(super) fn settle(&mut self) {
        for _ in 0..4 {
            self.settle_without_bytes();
            self.reaches_server(u64::MAX);
            self.leaves_server(u64::MAX);
        }
        self.settle_without_bytes();
    }

    /// The connection is made again, without a byte.
    pub(super) fn settle_straight_once(&mut self) {
        self.settle();
        self.straight(0);
    }

    /// A point in the life of an offer: 0 new, 1 read, 2 asked, 3 accepted, 4 moving, 5 at the server.
    pub(super) fn go_to(&mut self, at: u32) {
        match at {
            0 => {}
            1 => self.turns(),
            _ => self.settle(),
        }
        if at >= 3 {
            self.person_accepts(Device::First);
            self.settle();
        }
        if at >= 4 {
            self.straight(PIECE);
        }
        if at >= 5 {
            self.receiver_online = false;
            self.cut();
            self.settle();
            self.wait(self.up.wait_ms);
            self.settle();
            self.receiver_online = true;
            self.hear(Side::Down);
        }
    }

    /// Everything that can be in the way goes away, and people do what they are asked for.
    pub(super) fn heal(&mut self) {
        (self.link, self.sender_online, self.receiver_online, self.up_gone) = (true, true, true, false);
        self.free = u64::MAX;
        self.down_step(DownInput::Stands(false));
        for _ in 0..40 {
            let silent = self.up.say.is_none() && self.down.as_ref().is_none_or(|down| down.say.is_none());
            if silent && self.up.is_over() && self.down.as_ref().is_none_or(Down::is_over) {
                break;
            }
            self.up_step(UpInput::NetworkBack);
            self.down_step(DownInput::NetworkBack);
            if self.up.phase == UpPhase::Paused {
                self.up_step(UpInput::Resume);
            }
            if matches!(self.up.phase, UpPhase::Asking { .. } | UpPhase::Waiting(_)) {
                self.up_step(UpInput::Retry);
            }
            let asks = self
                .down
                .as_ref()
                .is_none_or(|down| matches!(down.phase, DownPhase::Asking | DownPhase::Paused));
            if asks {
                let device = self.down.as_ref().map_or(Device::First, |down| {
                    if down.device == Device::First.id() { Device::First } else { Device::Second }
                });
                self.person_accepts(device);
            }
            self.settle();
            self.straight(u64::MAX);
            self.settle();
            self.wait(60_000);
        }
    }

    pub(super) fn person_retries(&mut self) {
        self.retries += 1;
        self.up_step(UpInput::Retry);
    }

    pub(super) fn cancel(&mut self, side: Side) {
        match side {
            Side::Down if self.down.is_some() => self.down_step(DownInput::Cancel),
            // What was not accepted yet is declined.
            Side::Down if self.messenger.round > 0 => self.messenger.step = OfferStep::Declined,
            Side::Up | Side::Down => self.up_step(UpInput::Cancel),
        }
    }

    pub(super) fn wait(&mut self, ms: u64) {
        self.now += ms;
        self.up_step(UpInput::Tick);
        self.down_step(DownInput::Tick);
    }

    /// Whoever wants to know finds out whether the other's device can be met, and how much room there is.
    pub(super) fn look(&mut self) {
        let [up, down] = std::mem::take(&mut self.looks);
        if up && self.sender_online {
            self.up_step(UpInput::There(self.receiver_online && self.messenger.device.is_some()));
        }
        if down && self.receiver_online {
            self.down_step(DownInput::There(self.sender_online && !self.up_gone));
        }
        if std::mem::take(&mut self.measures) {
            self.down_step(DownInput::Free { bytes: self.free });
        }
    }

    /// The receiver lets go of the straight way: stopped, or its disk is full.
    pub(super) fn let_go(&mut self, input: DownInput) {
        let pulled = self.down_task == Some(Task::Pull);
        self.down_step(input);
        if pulled && self.down_task.is_none() {
            self.up_step(UpInput::LetGo);
        }
    }

    /// The straight connection breaks, and both ends notice.
    pub(super) fn cut(&mut self) {
        if self.down_task == Some(Task::Pull) {
            self.down_task = None;
            self.down_step(DownInput::Cut { jitter: 500 });
        }
        self.up_step(UpInput::Cut);
    }
}

/// How a look at the disk went is not worth a write.
pub(super) fn unmeasured(phase: DownPhase) -> DownPhase {
    let DownPhase::Waiting(Wait::Space { disk, .. }) = phase else { return phase };
    DownPhase::Waiting(Wait::Space { disk, missing: 0, until_ms: 0 })
}
