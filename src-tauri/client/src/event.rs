//! What the headless pod tells by itself. Events say *what to look at anew*; whoever lags asks for a fresh snapshot.

use crate::view::{
    ConnectionView, EditView, ErrorView, LinkedView, NoticeView, OfferView, PersonView, Presence,
    RoomSummary, StatusView, TransferView,
};
use pod_shared::{AccountId, RoomId, UploadId};
use serde::{Deserialize, Serialize};

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The connection changed, or the counts of what waits.
    Status {
        /// As it is now.
        status: StatusView,
    },
    /// The connection changed.
    Connection {
        /// As it is now.
        connection: ConnectionView,
    },
    /// A room's row changed, or the room is new.
    Room {
        /// As it is now.
        room: RoomSummary,
    },
    /// This person is no longer in the room.
    RoomGone {
        /// Which.
        room: RoomId,
    },
    /// A room this person did not make is new: its window opens by itself, unless *list only* is set (N3).
    RoomOpen {
        /// Which.
        room: RoomId,
    },
    /// The chat of a room changed; ask for its newest stretch.
    Timeline {
        /// The room.
        room: RoomId,
    },
    /// A message or a file came from somebody else.
    Arrived {
        /// The room.
        room: RoomId,
        /// The item.
        item: Box<crate::view::Item>,
    },
    /// Something is worth a notification of the desktop, as the person chose (N9).
    Notice {
        /// What.
        notice: Box<NoticeView>,
    },
    /// These notices are read or answered, here or on another device.
    NoticesGone {
        /// Their numbers.
        #[ts(type = "number[]")]
        ids: Vec<u64>,
    },
    /// Somebody is writing. Told each time; over after six seconds, or when a message of theirs comes.
    Typing {
        /// The room.
        room: RoomId,
        /// Who.
        account: AccountId,
        /// As to be shown.
        name: String,
    },
    /// The folder of a room changed.
    Folder {
        /// The room.
        room: RoomId,
    },
    /// How far an upload of anybody in a visible room is (N12). At most twice a second.
    Progress {
        /// The room.
        room: RoomId,
        /// The upload.
        upload: UploadId,
        /// Bytes the server has.
        #[ts(type = "number")]
        offset: u64,
        /// Bytes of the whole.
        #[ts(type = "number")]
        length: u64,
    },
    /// A transfer changed. At most four times a second for each while only its bytes change.
    Transfer {
        /// As it is now.
        transfer: TransferView,
    },
    /// Folders of this computer that are kept in step with rooms stand otherwise.
    Linked {
        /// All of them.
        folders: Vec<LinkedView>,
    },
    /// Files that are edited on this computer stand otherwise.
    Edits {
        /// All of them.
        edits: Vec<EditView>,
    },
    /// Offers came, were answered, or are over: these wait for an answer now.
    Offers {
        /// All of them.
        offers: Vec<OfferView>,
    },
    /// A person's presence changed, or one's own.
    Person {
        /// Who.
        account: AccountId,
        /// As it is now.
        presence: Presence,
    },
    /// Contacts, or the groups they are in, changed: ask for those anew.
    Contacts {
        /// Whose cards; nothing: too many to be named, everybody's.
        people: Option<Vec<AccountId>>,
        /// The groups, or who is in which.
        groups: bool,
    },
    /// Somebody asks to be a contact.
    ContactAsks {
        /// Who.
        person: Box<PersonView>,
    },
    /// Something wanted of contacts was refused, and is no longer shown.
    ContactRefused {
        /// Whom it was about; nothing: a group.
        account: Option<AccountId>,
        /// Why.
        error: ErrorView,
    },
    /// A link that was to be joined with when the connection is there was refused.
    JoinRefused {
        /// Why.
        error: ErrorView,
    },
    /// A setting changed.
    Setting {
        /// Which.
        key: String,
    },
    /// Events were dropped because the receiver was slow: ask for everything anew.
    Lagged,
}
