//! Who is writing: told to the others of a small room at once, stored nowhere, at most so often for each person and room.

use super::{Inner, teller};
use crate::bus::{Delivery, News, Topic};
use crate::error::Refusal;
use pod_shared::limits::TYPING_EVERY_MS;
use pod_shared::socket::ServerFrame;
use pod_shared::{AccountId, RoomId};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

const EVERY: Duration = Duration::from_millis(TYPING_EVERY_MS);
/// Rooms in which one person may write at the same time; of more nothing is told.
const ROOMS_MAX: usize = 16;

/// When each person was last told of, by room.
#[derive(Default)]
pub(super) struct TypingGate {
    told: Mutex<HashMap<AccountId, BTreeMap<RoomId, Instant>>>,
}

impl TypingGate {
    /// Whether this one is let through. People who stopped writing are forgotten.
    fn pass(&self, account: AccountId, room: RoomId, now: Instant) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() > ROOMS_MAX && !told.contains_key(&account) {
            told.retain(|_, rooms| rooms.values().any(|at| now < *at + EVERY));
        }
        let rooms = told.entry(account).or_default();
        rooms.retain(|_, at| now < *at + EVERY);
        if rooms.len() >= ROOMS_MAX || rooms.contains_key(&room) {
            return false;
        }
        rooms.insert(room, now);
        true
    }
}

impl Inner {
    /// Whether word of a person's writing is let through now.
    pub(super) fn typing_passes(&self, account: AccountId, room: RoomId) -> bool {
        self.typing.pass(account, room, Instant::now())
    }

    /// Tells the others of the room, where somebody may write and it is small.
    pub(super) async fn tell_typing(&self, account: AccountId, room: RoomId) -> Result<(), Refusal> {
        let others = self.store.hearers_of_typing(room, account).await?;
        let topics: Vec<Topic> = others.into_iter().map(Topic::Account).collect();
        if let Some(bytes) = teller::encode(&ServerFrame::Typing { room, account })
            && !topics.is_empty()
        {
            self.bus.publish(&topics, &Delivery { room, news: News::Passing, bytes });
        }
        Ok(())
    }
}
