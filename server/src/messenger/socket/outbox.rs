//! What waits for one connection. Bounded in frames and bytes: over it the connection counts as a slow consumer, all it
//! had to get is let go (the device learns it at its next sync), and nobody else notices.
//!
//! While the connection syncs, deliveries are held; at its end those that the sync already told are left out, and the
//! rest goes out in order.

use crate::bus::{Delivery, News, Sink};
use bytes::Bytes;
use pod_shared::limits::{CONNECTION_QUEUE_BYTES_MAX, CONNECTION_QUEUE_FRAMES_MAX};
use pod_shared::{RoomId, Txn};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

#[cfg(test)]
mod tests;

/// Capacity that a trimmed queue keeps.
const IDLE_FRAMES: usize = 16;

#[derive(Default)]
pub(super) struct Outbox {
    queue: Mutex<Queue>,
    filled: Notify,
    cut: Notify,
}

#[derive(Default)]
struct Queue {
    frames: VecDeque<Waiting>,
    bytes: usize,
    state: State,
    told: Told,
    /// The highest transaction that was put in.
    last: Txn,
    /// The rooms whose live news are wanted, and those asked for and not yet confirmed.
    looking: HashSet<RoomId>,
    asked: HashSet<RoomId>,
    wanted: Wanted,
}

/// Which news the device understands, beside those that all do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) presence: bool,
    pub(super) offers: bool,
    pub(super) contacts: bool,
}

impl Wanted {
    fn takes(self, news: News) -> bool {
        match news {
            News::Presence(_) => self.presence,
            News::Offer(_) => self.offers,
            News::Contact(_) => self.contacts,
            News::Stored(_) | News::Gone(_) | News::Live | News::Passing => true,
        }
    }
}

struct Waiting {
    bytes: Bytes,
    room: RoomId,
    news: Option<News>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// The connection syncs.
    #[default]
    Holding,
    Open,
    /// Nothing is taken any more.
    Closed,
}

/// What the sync has told already.
#[derive(Default)]
struct Told {
    all: Txn,
    rooms: HashMap<RoomId, Txn>,
    rooms_max: Txn,
}

impl Told {
    /// Whether this is told already. Transactions come in order: past the last one the memory of rooms is let go.
    fn covers(&mut self, room: RoomId, txn: Txn) -> bool {
        if txn > self.rooms_max && !self.rooms.is_empty() {
            self.rooms = HashMap::new();
        }
        txn <= self.all || self.rooms.get(&room).is_some_and(|told| txn <= *told)
    }
}

impl Outbox {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A frame for this connection only.
    pub(super) fn put(&self, bytes: Bytes) {
        let mut queue = self.lock();
        let room = RoomId(uuid::Uuid::nil());
        self.push(&mut queue, Waiting { bytes, room, news: None });
    }

    fn push(&self, queue: &mut Queue, waiting: Waiting) {
        if queue.state == State::Closed {
            return;
        }
        queue.bytes += waiting.bytes.len();
        queue.frames.push_back(waiting);
        if queue.bytes > CONNECTION_QUEUE_BYTES_MAX || queue.frames.len() > CONNECTION_QUEUE_FRAMES_MAX {
            queue.close();
            self.cut.notify_one();
        } else if queue.frames.len() == 1 {
            self.filled.notify_one();
        }
    }

    /// Completes when something may be waiting.
    pub(super) async fn ready(&self) {
        self.filled.notified().await;
    }

    /// Completes when the connection is cut as a slow consumer.
    pub(super) async fn cut(&self) {
        self.cut.notified().await;
    }

    /// Takes frames out, in order, about as many bytes as one write carries.
    pub(super) fn take_some(&self, into: &mut Vec<Bytes>, bytes_max: usize) {
        let mut queue = self.lock();
        if queue.state != State::Open {
            return;
        }
        let mut taken = 0;
        while taken < bytes_max {
            let Some(waiting) = queue.frames.pop_front() else { break };
            taken += waiting.bytes.len();
            into.push(waiting.bytes);
        }
        queue.bytes -= taken;
        if !queue.frames.is_empty() {
            self.filled.notify_one();
        }
    }

    /// Gives back the memory of past bursts.
    pub(super) fn trim(&self) {
        self.lock().frames.shrink_to(IDLE_FRAMES);
    }

    /// The sync is told: everything up to `all`, and these rooms further. Lets out what was held.
    pub(super) fn release(&self, all: Txn, rooms: HashMap<RoomId, Txn>, wanted: Wanted) {
        let mut queue = self.lock();
        if queue.state == State::Closed {
            return;
        }
        let rooms_max = rooms.values().copied().max().unwrap_or_default();
        queue.told = Told { all, rooms, rooms_max };
        queue.last = queue.last.max(all);
        queue.wanted = wanted;
        let Queue { frames, told, bytes, .. } = &mut *queue;
        frames.retain(|waiting| {
            let keep = waiting.news.is_none_or(|news| wanted.takes(news))
                && waiting.news.and_then(News::txn).is_none_or(|txn| !told.covers(waiting.room, txn));
            if !keep {
                *bytes -= waiting.bytes.len();
            }
            keep
        });
        queue.state = State::Open;
        drop(queue);
        self.filled.notify_one();
    }

    /// The highest transaction the device can know of.
    pub(super) fn last(&self) -> Txn {
        self.lock().last
    }

    /// The device says at which rooms it looks; none counts until it is confirmed.
    pub(super) fn ask_to_look(&self, rooms: &[RoomId]) {
        let mut queue = self.lock();
        queue.asked = rooms.iter().copied().collect();
        let Queue { looking, asked, .. } = &mut *queue;
        looking.retain(|room| asked.contains(room));
    }

    /// These are rooms of the person, as read after they were asked for.
    pub(super) fn may_look(&self, rooms: &[RoomId]) {
        let mut queue = self.lock();
        let Queue { looking, asked, .. } = &mut *queue;
        looking.extend(rooms.iter().filter(|room| asked.contains(room)));
    }

    /// Takes nothing any more.
    pub(super) fn close(&self) {
        self.lock().close();
    }
}

impl Queue {
    fn close(&mut self) {
        self.state = State::Closed;
        self.frames = VecDeque::new();
        self.bytes = 0;
    }
}

impl Sink for Outbox {
    fn take(&self, delivery: &Delivery) {
        let mut queue = self.lock();
        match delivery.news {
            News::Live => {
                if queue.state != State::Open || !queue.looking.contains(&delivery.room) {
                    return;
                }
            }
            News::Passing => {
                if queue.state != State::Open {
                    return;
                }
            }
            news if queue.state == State::Open && !queue.wanted.takes(news) => return,
            News::Stored(txn)
            | News::Gone(txn)
            | News::Presence(txn)
            | News::Offer(txn)
            | News::Contact(txn) => {
                if let News::Gone(_) = delivery.news {
                    queue.looking.remove(&delivery.room);
                    queue.asked.remove(&delivery.room);
                }
                if queue.state == State::Open && queue.told.covers(delivery.room, txn) {
                    return;
                }
                queue.last = queue.last.max(txn);
            }
        }
        let waiting =
            Waiting { bytes: delivery.bytes.clone(), room: delivery.room, news: Some(delivery.news) };
        self.push(&mut queue, waiting);
    }
}
