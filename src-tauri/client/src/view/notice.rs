//! What is worth a notification of the desktop.

use super::{Item, OfferView, PersonView, RoomName};
use pod_machine::notice::NoticeKind;
use pod_shared::RoomId;
use serde::{Deserialize, Serialize};

/// One notice; it goes when what it is about was read or answered, on any device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct NoticeView {
    /// Its number in this run of the pod.
    #[ts(type = "number")]
    pub id: u64,
    /// What happened; of a summary the newest.
    pub kind: NoticeKind,
    /// What it is about.
    pub about: NoticeAbout,
}

/// What a notice is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum NoticeAbout {
    /// Something in a room.
    Item {
        /// The room.
        room: RoomId,
        /// Its title; empty: a conversation of two.
        title: String,
        /// The newest of it.
        item: Box<Item>,
        /// So much came before it at the same time.
        more: u32,
    },
    /// Somebody asks to be a contact.
    Contact {
        /// Who.
        person: Box<PersonView>,
    },
    /// Somebody wants to send files: all of one go.
    Offers {
        /// Them.
        offers: Vec<OfferView>,
    },
    /// What came while this person was away and is still unread.
    Summary {
        /// Messages, those that name this person included.
        messages: u32,
        /// Those that do.
        mentions: u32,
        /// New files.
        files: u32,
        /// Other changes of files and folders.
        changes: u32,
        /// Requests to be a contact.
        requests: u32,
        /// Files that somebody wants to send.
        offers: u32,
        /// The rooms where most of it is.
        rooms: Vec<RoomName>,
        /// How many rooms it is in.
        room_count: u32,
    },
}
