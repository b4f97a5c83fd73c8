//! What a model device keeps: rows, the parts of a sync on its way, and the key.

use pod_shared::presence::{PersonPresence, Presence, PresenceState};
use pod_shared::socket::{EventKind, ServerFrame, ServerHello};
use pod_shared::sync::{RoomDelta, SyncKey};
use pod_shared::{AccountId, RoomId, Txn};
use std::collections::BTreeMap;

/// What one person may see: titles of their rooms, and how people are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct View {
    pub(super) rooms: BTreeMap<RoomId, String>,
    pub(super) people: BTreeMap<AccountId, PresenceState>,
}

/// A file with the key and what it stands for.
#[derive(Clone, Default)]
pub(super) struct Cache {
    pub(super) key: Option<SyncKey>,
    pub(super) view: View,
    pub(super) parts: Vec<ServerFrame>,
    pub(super) greeting: Option<Box<ServerHello>>,
}

impl Cache {
    pub(super) fn apply(&mut self, frame: ServerFrame) {
        match frame {
            ServerFrame::SyncPart { rooms } => rooms.into_iter().for_each(|delta| self.room(delta)),
            ServerFrame::Room(delta) => {
                self.moved(delta.txn);
                self.room(delta);
            }
            ServerFrame::Event(event) => {
                self.moved(event.txn);
                if let EventKind::Renamed { title } = event.kind {
                    self.view.rooms.insert(event.room, title);
                }
            }
            ServerFrame::SyncPeople { people, .. } => self.people(people),
            ServerFrame::Presence { txn, people } => {
                self.moved(txn);
                self.people(people);
            }
            other => panic!("nothing to apply: {other:?}"),
        }
    }

    fn moved(&mut self, txn: Txn) {
        if let Some(key) = &mut self.key {
            key.txn = key.txn.max(txn);
        }
    }

    fn room(&mut self, delta: RoomDelta) {
        if delta.gone {
            self.view.rooms.remove(&delta.room);
        } else if let Some(title) = delta.title {
            self.view.rooms.insert(delta.room, title);
        }
    }

    fn people(&mut self, people: Vec<PersonPresence>) {
        self.view.people.extend(people.into_iter().map(|person| (person.account, person.presence.state)));
    }
}

pub(super) fn present(account: AccountId, state: PresenceState) -> PersonPresence {
    PersonPresence { account, presence: Presence { state, ..Presence::default() } }
}
