//! The frames of `/v1/socket`, between a device and the messenger. CBOR, one frame in one binary WebSocket message.
//!
//! The life of a connection: the upgrade carries `Authorization: Bearer` (audience messenger). The client's first frame
//! is [`ClientFrame::Hello`], with its sync key. The server answers [`ServerFrame::Hello`], then zero or more
//! [`ServerFrame::SyncPart`], then [`ServerFrame::SyncEnd`] with the new key; from then on both sides send what they
//! have. Frames that carry a `txn` come in its order; the client applies each with its key in one database transaction
//! and says so now and then with [`ClientFrame::Applied`]. WebSocket pings are the heartbeat (O19). A device that was
//! greeted before needs few bytes for all this: `Again` stands for `Hello` on both sides, `SyncEnded` for `SyncEnd`.
//!
//! Unknown fields are ignored; unknown frames are skipped (see [`crate::wire::Decoded`]).

use crate::bytes::ByteString;
use crate::contact::{ContactGroupState, ContactState};
use crate::offer::OfferState;
use crate::presence::{MyPresence, PersonPresence};
use crate::profile::PersonProfile;
use crate::setting::SettingState;
use crate::sync::{RoomDelta, SyncKey, SyncKind};
use crate::{
    AccountId, ContentPosition, ErrorBody, MessageId, Position, Role, RoomId, TimeMs, Txn, UploadId,
};
use serde::{Deserialize, Serialize};

mod brief;
mod hello;
mod place;
mod request;

pub use brief::{BriefPresence, ClientAgain, Ended, ServerAgain};
pub use hello::{ClientHello, ServerHello};
pub use place::Place;
pub use request::{Answer, Person, Request};

/// From a device to the messenger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientFrame {
    /// First frame of a connection, once.
    Hello(ClientHello),
    /// The same, of a device that keeps a key and how this server, which then knew `brief/1`, greeted it.
    Again(ClientAgain),
    /// Everything up to this transaction is durably applied.
    Applied {
        /// The transaction.
        txn: Txn,
    },
    /// A message for a room. Repeatable: the id makes it count once; answered by `Accepted` or `Refused`.
    Send(SendMessage),
    /// Everything in the room up to this position has been read. A watermark: never goes back.
    Read {
        /// The room.
        room: RoomId,
        /// The position.
        pos: Position,
    },
    /// Messages of others are durably on this device, up to these positions. Watermarks, said at most once a second.
    Delivered {
        /// At most `limits::DELIVERED_ROOMS_MAX`.
        rooms: Vec<(RoomId, Position)>,
    },
    /// This person is writing in the room now. Not stored; the server lets one through every
    /// `limits::TYPING_EVERY_MS`.
    Typing {
        /// The room.
        room: RoomId,
    },
    /// The rooms whose chat is visible on this device; live progress is told only to who is looking.
    Looking {
        /// All of them; replaces what was said before.
        rooms: Vec<RoomId>,
    },
    /// Nobody is at this device (or somebody is again): a hint for its person's presence.
    Idle {
        /// Nobody is.
        idle: bool,
    },
    /// Where this device can be met by another one (`offers/1`). Kept in memory for the life of the connection; the newest
    /// counts.
    Endpoint {
        /// At most `limits::ENDPOINT_BYTES_MAX`; the server does not look into it. Empty: nowhere.
        endpoint: ByteString,
    },
    /// Something that wants an [`Answer`].
    Request {
        /// Chosen by the client, unique in the connection.
        request: u64,
        /// What is asked.
        body: Request,
    },
}

/// A message on its way to a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendMessage {
    /// Made by the client; unique per account. The same id with another body is refused (`id_reused`).
    pub id: MessageId,
    /// The room.
    pub room: RoomId,
    /// The envelope, see [`crate::envelope`]; the server does not look into it.
    pub body: ByteString,
    /// It says something about an earlier message instead of standing for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
}

/// What a message says about an earlier one of the same room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The earlier message.
    pub message: MessageId,
    /// Who wrote that: ids are unique per account.
    pub author: AccountId,
    /// What it does to it.
    pub how: AboutKind,
}

/// What one message does to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AboutKind {
    /// Another text takes its place; its author only.
    Edit,
    /// An emoji is given or taken back; who may write.
    Reaction,
    /// It is deleted, with its edits and reactions; its author, a manager or an owner.
    Deletion,
}

/// From the messenger to a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerFrame {
    /// Answer to the greeting.
    Hello(ServerHello),
    /// The same, to `Again`, when nothing of the greeting changed that the device keeps.
    Again(ServerAgain),
    /// One part of a delta or snapshot; to be applied as a whole with the `SyncEnd` that follows.
    SyncPart {
        /// Rooms.
        rooms: Vec<RoomDelta>,
    },
    /// Another part of a delta or snapshot: people whose presence changed (`presence/1`).
    SyncPeople {
        /// Who, and how.
        people: Vec<PersonPresence>,
        /// This person's own choice, when it changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mine: Option<MyPresence>,
    },
    /// As `SyncPeople`, for who knows `brief/1`.
    SyncPresences(Vec<BriefPresence>),
    /// Another part of a delta or snapshot: offers of this person, made or received, that changed (`offers/1`).
    SyncOffers {
        /// As they stand.
        offers: Vec<OfferState>,
        /// First part only: with those of the parts that follow these are all there are. What is not among them is
        /// forgotten: it ended while this device was away for longer than `limits::OFFER_ENDED_DAYS`.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        all: bool,
    },
    /// Another part of a delta or snapshot: contacts and contact groups of this person that changed (`contacts/1`).
    SyncContacts {
        /// As they stand.
        contacts: Vec<ContactState>,
        /// As they stand.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        groups: Vec<ContactGroupState>,
        /// First part only: with those of the parts that follow these are all there are. What is not among them is
        /// forgotten: it went while this device was away for longer than `limits::CONTACT_GONE_DAYS`.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        all: bool,
    },
    /// Another part of a delta or snapshot: settings of this person that changed (`settings/1`).
    SyncSettings {
        /// As they are.
        settings: Vec<SettingState>,
    },
    /// Another part of a delta or snapshot: what people say of themselves, where that changed (`profiles/1`).
    SyncProfiles(Vec<PersonProfile>),
    /// The sync is whole; the key is in force once applied.
    SyncEnd {
        /// What it was.
        kind: SyncKind,
        /// The new key.
        key: SyncKey,
    },
    /// The same, after `Again` and of anything but a full sync: the key is of this connection, and of the epoch of the key
    /// that the device greeted with.
    SyncEnded(Ended),
    /// One event of a room's log. The same bytes for every member.
    Event(RoomEvent),
    /// A room that this device did not know (or no longer may): made, added to, removed from.
    Room(RoomDelta),
    /// Somebody read up to here.
    Read {
        /// The transaction.
        txn: Txn,
        /// The room.
        room: RoomId,
        /// Who.
        account: AccountId,
        /// The position.
        pos: Position,
    },
    /// Somebody's devices have the room up to here.
    Delivered {
        /// The transaction.
        txn: Txn,
        /// The room.
        room: RoomId,
        /// Who.
        account: AccountId,
        /// The position.
        pos: Position,
    },
    /// Somebody is writing; not stored.
    Typing {
        /// The room.
        room: RoomId,
        /// Who.
        account: AccountId,
    },
    /// The presence of people changed, or is new to this device (`presence/1`).
    Presence {
        /// The transaction.
        txn: Txn,
        /// Who, and how.
        people: Vec<PersonPresence>,
    },
    /// This person chose a presence, on any device (`presence/1`).
    MyPresence {
        /// The transaction.
        txn: Txn,
        /// The choice.
        mine: MyPresence,
    },
    /// A setting of this person changed, on any device (`settings/1`).
    Setting {
        /// The transaction.
        txn: Txn,
        /// As it is.
        setting: SettingState,
    },
    /// What people say of themselves changed, or is new to this device (`profiles/1`).
    Profiles {
        /// The transaction.
        txn: Txn,
        /// Who, and what.
        profiles: Vec<PersonProfile>,
    },
    /// An offer of this person, made or received, changed (`offers/1`).
    Offer {
        /// As it stands; carries the transaction.
        offer: OfferState,
    },
    /// Contacts or contact groups of this person changed (`contacts/1`).
    Contacts {
        /// The transaction.
        txn: Txn,
        /// As they stand.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        contacts: Vec<ContactState>,
        /// As they stand.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        groups: Vec<ContactGroupState>,
    },
    /// A message of this device is in the log.
    Accepted {
        /// The message.
        id: MessageId,
        /// The room.
        room: RoomId,
        /// Its place.
        pos: Position,
        /// The server's time.
        at: TimeMs,
    },
    /// A message of this device was refused and changed nothing.
    Refused {
        /// The message.
        id: MessageId,
        /// Why.
        error: ErrorBody,
    },
    /// The answer to a request.
    Answer {
        /// The number of the request.
        request: u64,
        /// What came of it.
        result: Result<Answer, ErrorBody>,
    },
    /// Live progress of an upload (N12); not stored, may be lost.
    Progress(Progress),
    /// The server closes the connection next, and says why.
    Bye {
        /// Why.
        error: ErrorBody,
    },
}

/// One row of a room's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomEvent {
    /// The room.
    pub room: RoomId,
    /// Its place in the log; the order is this and nothing else.
    pub pos: Position,
    /// The transaction that wrote it.
    pub txn: Txn,
    /// The server's time, for showing.
    pub at: TimeMs,
    /// Who did it.
    pub by: AccountId,
    /// What.
    pub kind: EventKind,
}

/// What a row of a room's log says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The room was made.
    Created {
        /// Its title.
        title: String,
    },
    /// A message.
    Message {
        /// Its id.
        id: MessageId,
        /// The envelope; empty: it was deleted.
        body: ByteString,
        /// The earlier message it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<About>,
    },
    /// A member came, got another role, or (role absent) went.
    Member {
        /// Who.
        account: AccountId,
        /// Unique name.
        name: String,
        /// What others see.
        display_name: String,
        /// The role.
        role: Option<Role>,
    },
    /// Another title.
    Renamed {
        /// The title.
        title: String,
    },
    /// The room has its folder now.
    FolderMade {},
    /// Something happened in the folder; it stands at this position. What, tells the content service (decision 16).
    Folder {
        /// The position.
        at: ContentPosition,
    },
}

/// How far an upload is (N12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The room.
    pub room: RoomId,
    /// The upload.
    pub upload: UploadId,
    /// Bytes the server has.
    pub offset: u64,
    /// Bytes of the whole.
    pub length: u64,
}
