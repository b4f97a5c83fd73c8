//! What runs of work, the messenger and the direct path have to say, and what the queue does then.

use super::perform::Along;
use super::queue::{Queue, now};
use super::room::copies::Copy;
use super::room::{Placed, is_planned_anew};
use super::space;
use super::step::{Any, Step};
use super::trouble::Failure;
use crate::direct::Manifest;
use crate::event::Event;
use crate::view::ErrorView;
use pod_machine::offer::{DownInput, Offered, Say, UpInput};
use pod_machine::transfer::{Direction, Disk, Input, Trouble};
use pod_shared::{EntryId, OfferId, RoomId, TransferId, limits};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Reports heard before what came is written.
const REPORTS_AT_ONCE: usize = 64;

/// What somebody has to say about a transfer.
#[derive(Debug)]
pub(super) enum Report {
    /// A run of work.
    Run {
        /// Which transfer.
        transfer: TransferId,
        /// Which run; reports of an earlier one are ignored.
        run: u64,
        /// What.
        news: News,
    },
    /// The messenger answered.
    Spoke {
        /// Which transfer.
        transfer: TransferId,
        /// What was said.
        say: Say,
        /// What came of it.
        result: Result<(), ErrorView>,
    },
    /// The messenger heard that an offer is not wanted, or not.
    Declined {
        /// Which offer.
        offer: OfferId,
        /// What came of it.
        result: Result<(), ErrorView>,
    },
    /// The disk of this computer.
    Free {
        /// Which transfer wants to know.
        transfer: TransferId,
        /// Bytes that are free where it goes.
        bytes: u64,
    },
    /// The messenger, about the device of the other person.
    There {
        /// Which transfer wants to know.
        transfer: TransferId,
        /// Whether it can be met.
        there: bool,
    },
    /// The direct path, about what is sent.
    Served {
        /// Which offer.
        offer: OfferId,
        /// What.
        input: UpInput,
    },
}

/// What a run has to say.
#[derive(Debug)]
pub(super) enum News {
    /// Something for the machine.
    Step(Step),
    /// The source of an offer was read through.
    Read(Offered, Arc<Manifest>),
    /// The work ended without success.
    Failed(Failure),
    /// The upload is gone at the server: cancelled, or expired if nothing was sent for long.
    UploadGone,
    /// The other device is there.
    Met(Vec<u8>),
    /// It is in the room's folder.
    Stored(Stored),
    /// It has its name: it is this file now.
    Placed(Placed),
}

/// The file that an upload became.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stored {
    /// Which, if the server said so.
    pub(super) entry: Option<EntryId>,
    /// Which version of it.
    pub(super) version: Option<u32>,
}

impl Stored {
    fn step(self) -> Step {
        Input::Finished { entry: self.entry }.into()
    }
}

impl Queue {
    /// What came, and what else has come by now: ends of many small files are written together.
    pub(super) async fn report_all(&mut self, first: Report, more: &mut mpsc::Receiver<Report>) {
        let (mut next, mut ends) = (Some(first), Vec::new());
        let mut left = REPORTS_AT_ONCE;
        while let Some(report) = next.take() {
            match report {
                Report::Run { transfer, run, news } if self.ends_file(transfer, run, &news) => {
                    ends.extend(self.end_of_file(transfer, news).await);
                }
                other @ (Report::Run { .. }
                | Report::Spoke { .. }
                | Report::Declined { .. }
                | Report::Free { .. }
                | Report::There { .. }
                | Report::Served { .. }) => self.report(other).await,
            }
            left -= 1;
            if left > 0 {
                next = more.try_recv().ok();
            }
        }
        if ends.is_empty() {
            return;
        }
        let down = |id: &TransferId| {
            let row = self.rows.get(id).filter(|row| row.direction() == Direction::Down)?;
            row.room().map(|file| file.room)
        };
        let rooms: BTreeSet<RoomId> = ends.iter().filter_map(|(id, ..)| down(id)).collect();
        self.steps_with(ends).await;
        for room in rooms {
            self.ports.sink.emit(Event::Folder { room });
        }
    }

    fn is_current(&self, transfer: TransferId, run: u64) -> bool {
        self.running.get(&transfer).is_some_and(|running| running.run == run)
    }

    /// Whether this is the end of a file of a room, by the run that is under way.
    fn ends_file(&self, transfer: TransferId, run: u64, news: &News) -> bool {
        let ends = matches!(news, News::Placed(_) | News::Stored(_));
        ends && self.is_current(transfer, run)
            && self.rows.get(&transfer).is_some_and(|row| row.room().is_some())
    }

    /// The last step of a file of a room, with the copy of it that is here since.
    async fn end_of_file(&mut self, id: TransferId, news: News) -> Option<(TransferId, Step, Along)> {
        match news {
            News::Placed(placed) => {
                let (step, along) = self.placed(id, placed).await?;
                Some((id, step, along))
            }
            News::Stored(stored) => Some((id, stored.step(), self.along_with(id, stored))),
            News::Step(_) | News::Read(..) | News::Failed(_) | News::UploadGone | News::Met(_) => None,
        }
    }

    async fn report(&mut self, report: Report) {
        match report {
            Report::Run { transfer, run, news } => {
                if self.is_current(transfer, run) {
                    self.news(transfer, news).await;
                }
            }
            Report::Spoke { transfer, say, result } => self.spoke(transfer, say, result).await,
            Report::Declined { offer, result } => self.declined(offer, result).await,
            Report::Free { transfer, bytes } => self.step(transfer, Any::Free { bytes }).await,
            Report::There { transfer, there } => self.is_there(transfer, there).await,
            Report::Served { offer, input } => {
                if let Some(id) = self.offers.transfer(offer) {
                    self.step(id, input).await;
                }
            }
        }
    }

    async fn news(&mut self, id: TransferId, news: News) {
        match news {
            News::Step(step) => self.step(id, step).await,
            // Of a run that is not the last one any more.
            News::Stored(stored) => {
                let along = self.along_with(id, stored);
                self.step_with(id, stored.step(), along).await;
            }
            News::Read(offered, manifest) => {
                if let Some(offer) = self.rows.get_mut(&id).and_then(|row| row.offer_mut()) {
                    offer.manifest = Some(manifest);
                }
                self.step(id, UpInput::WasRead { offered }).await;
            }
            News::Failed(failure) => {
                if let Some(row) = self.rows.get_mut(&id) {
                    row.detail = failure.detail;
                }
                let jitter = rand::random_range(0..=1_000);
                let trouble = self.by_itself(id, self.measured(id, failure.trouble).await);
                self.step(id, Any::Trouble { trouble, jitter }).await;
            }
            News::UploadGone => {
                let expired = self.rows.get(&id).and_then(|row| row.room()).is_some_and(|file| {
                    let idle_ms = now().0.saturating_sub(file.touched_at.0);
                    u64::try_from(idle_ms).unwrap_or_default() > limits::UPLOAD_IDLE_S_MAX * 1_000
                });
                let input = if expired {
                    Input::Trouble { trouble: Trouble::UploadExpired, jitter: 0 }
                } else {
                    Input::CancelledElsewhere
                };
                self.step(id, input).await;
            }
            News::Met(endpoint) => {
                if let Some(offer) = self.rows.get(&id).and_then(|row| row.offer()).map(|offer| offer.id()) {
                    self.offers.endpoints.insert(offer, endpoint);
                }
            }
            News::Placed(placed) => {
                let Some(row) = self.rows.get_mut(&id) else { return };
                row.path = placed.path;
                self.step(id, DownInput::Finished).await;
            }
        }
    }

    /// A full disk with what it says it has.
    async fn measured(&self, id: TransferId, trouble: Trouble) -> Trouble {
        let Trouble::NoSpace { disk: Disk::Here, .. } = trouble else { return trouble };
        let Some(path) = self.rows.get(&id).map(|row| row.path.clone()) else { return trouble };
        Trouble::NoSpace { disk: Disk::Here, free: space::free(path).await.unwrap_or_default() }
    }

    /// What stands in the way of a file that a linked folder moves is tried again by itself; what its folder has
    /// otherwise by now ends it.
    fn by_itself(&self, id: TransferId, trouble: Trouble) -> Trouble {
        let linked = self.rows.get(&id).and_then(|row| row.room()).is_some_and(|file| file.linked.is_some());
        let (Trouble::Person(code) | Trouble::Final(code)) = trouble else { return trouble };
        match (linked, is_planned_anew(code)) {
            (false, _) => trouble,
            (true, true) => Trouble::Final(code),
            (true, false) => Trouble::Stays(code),
        }
    }

    /// What was sent to a room is here too, where it was sent from.
    fn along_with(&self, id: TransferId, Stored { entry, version }: Stored) -> Along {
        let along = || {
            let (row, entry) = (self.rows.get(&id)?, entry?);
            let file = row.room()?;
            let content = file.machine.content.as_ref()?;
            let stamp = content.stamp?;
            let copy = Copy {
                entry,
                room: file.room,
                path: row.path.clone(),
                digest: content.digest.clone(),
                size: stamp.size,
                modified_ns: stamp.modified_ns,
                ours: false,
            };
            Some(Along { copy: Some(copy), landed: file.went(entry, version) })
        };
        along().unwrap_or_default()
    }
}
