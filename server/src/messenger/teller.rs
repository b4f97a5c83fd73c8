//! Turns what was committed into frames, each encoded once, and gives it to the bus (on the writing thread, in order).

use crate::bus::{Bus, Delivery, News, Topic};
use crate::store::sqlite::messenger::{Announce, Announcement, Told};
use bytes::Bytes;
use pod_shared::socket::ServerFrame;
use pod_shared::wire;
use std::sync::Arc;

pub(super) struct Teller {
    bus: Arc<dyn Bus>,
}

impl Teller {
    pub(super) fn new(bus: Arc<dyn Bus>) -> Self {
        Self { bus }
    }
}

impl Announce for Teller {
    fn announce(&self, announcement: &Announcement) {
        let Announcement { to, room, txn, told } = announcement;
        let (room, txn) = (*room, *txn);
        let (news, frame) = match told {
            Told::Event(event) => (News::Stored(txn), ServerFrame::Event(event.clone())),
            Told::Room(delta) if delta.gone => (News::Gone(txn), ServerFrame::Room((**delta).clone())),
            Told::Room(delta) => (News::Stored(txn), ServerFrame::Room((**delta).clone())),
            Told::Delivered { account, pos } => {
                (News::Stored(txn), ServerFrame::Delivered { txn, room, account: *account, pos: *pos })
            }
            Told::Presence(people) => {
                (News::Presence(txn), ServerFrame::Presence { txn, people: people.clone() })
            }
            Told::MyPresence(mine) => {
                (News::Presence(txn), ServerFrame::MyPresence { txn, mine: mine.clone() })
            }
            Told::Contacts(contacts, groups) => {
                let (contacts, groups) = (contacts.clone(), groups.clone());
                (News::Contact(txn), ServerFrame::Contacts { txn, contacts, groups })
            }
            // Who does not know of profiles skips it.
            Told::Profiles(profiles) => {
                (News::Stored(txn), ServerFrame::Profiles { txn, profiles: profiles.clone() })
            }
            // Who does not know of settings skips it.
            Told::Setting(setting) => {
                (News::Stored(txn), ServerFrame::Setting { txn, setting: setting.clone() })
            }
            Told::Offer(offer) => (News::Offer(txn), ServerFrame::Offer { offer: (**offer).clone() }),
            Told::Read { account, pos } => {
                (News::Stored(txn), ServerFrame::Read { txn, room, account: *account, pos: *pos })
            }
        };
        if let Some(bytes) = encode(&frame) {
            let topics: Vec<Topic> = to.iter().copied().map(Topic::Account).collect();
            self.bus.publish(&topics, &Delivery { room, news, bytes });
        }
    }
}

/// The bytes of a frame. Encoding fails for no frame there is; should it, the log says so and the device learns it at its
/// next sync.
pub(super) fn encode(frame: &ServerFrame) -> Option<Bytes> {
    match wire::encode(frame) {
        Ok(bytes) => Some(Bytes::from(bytes)),
        Err(error) => {
            tracing::error!(%error, "a frame could not be encoded");
            None
        }
    }
}
