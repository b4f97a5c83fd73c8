//! How what happened reaches the sockets that want it. The seam: [`Bus`], with one conformance suite for all kinds.
//!
//! A publication names topics; whoever subscribed to one of them gets the very same bytes. A bus keeps nothing: what
//! must not be lost is in the store before it is published. Refuses to wait for a subscriber, and to know frames.

use bytes::Bytes;
use pod_shared::{AccountId, RoomId, Txn};
use std::sync::Arc;

#[cfg(test)]
mod conformance;
mod local;

pub use local::LocalBus;

/// What can be listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// What concerns this person, on all devices.
    Account(AccountId),
    /// What is only for those who are looking at this room now.
    Looking(RoomId),
}

/// One encoded frame on its way to many sockets.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The room it is about.
    pub room: RoomId,
    /// What kind of news it is.
    pub news: News,
    /// The frame, encoded once for all.
    pub bytes: Bytes,
}

/// What a delivery means to the queue that takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// It tells of this transaction, which is in the store.
    Stored(Txn),
    /// The room is no longer the hearer's, by this transaction.
    Gone(Txn),
    /// It tells of people by this transaction, which is in the store; only for devices that know of presence.
    Presence(Txn),
    /// It tells of an offer by this transaction, which is in the store; only for devices that know of offers.
    Offer(Txn),
    /// It tells of contacts by this transaction, which is in the store; only for devices that know of contacts.
    Contact(Txn),
    /// It is not stored, and only for who is looking.
    Live,
    /// It is not stored, and for everybody who is connected.
    Passing,
}

impl News {
    /// The transaction, for what is stored.
    #[must_use]
    pub fn txn(self) -> Option<Txn> {
        match self {
            Self::Stored(txn)
            | Self::Gone(txn)
            | Self::Presence(txn)
            | Self::Offer(txn)
            | Self::Contact(txn) => Some(txn),
            Self::Live | Self::Passing => None,
        }
    }
}

/// Takes deliveries: the queue of one connection. Must not block.
pub trait Sink: Send + Sync {
    /// One more.
    fn take(&self, delivery: &Delivery);
}

/// Ends a subscription when dropped.
pub struct Subscription {
    cancel: Option<Box<dyn FnOnce() + Send + Sync>>,
}

impl Subscription {
    /// A subscription that `cancel` ends.
    #[must_use]
    pub fn new(cancel: impl FnOnce() + Send + Sync + 'static) -> Self {
        Self { cancel: Some(Box::new(cancel)) }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(cancel) = self.cancel.take() {
            cancel();
        }
    }
}

/// Carries deliveries to subscribers.
pub trait Bus: Send + Sync {
    /// Gives one delivery to everybody who listens to one of these topics. Deliveries of one publisher arrive in the
    /// order in which they were published.
    fn publish(&self, topics: &[Topic], delivery: &Delivery);

    /// Listens to a topic until the subscription is dropped.
    fn subscribe(&self, topic: Topic, sink: Arc<dyn Sink>) -> Subscription;
}
