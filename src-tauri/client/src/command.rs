//! Everything a user interface can ask of the headless pod; `pod-cli`, the windows and the local socket speak this.
//!
//! A command is one value, its answer another: both travel as JSON over the local socket and over Tauri's IPC.

mod account;
mod answer;
mod contacts;
mod files;
mod linked;
mod people;
mod transfers;
mod value;

#[cfg(test)]
mod tests;

pub use contacts::ContactCommand;
pub use files::{FileCommand, FindAsk, FolderCommand};
pub use people::PeopleCommand;
pub use transfers::TransferCommand;
pub use value::{Secret, Side, TokenFor};
pub use {account::AccountCommand, answer::Answer, linked::LinkedCommand};

use crate::view::{Place, ReplyTarget, ServerAddress, Sort};
use pod_shared::{AccountId, EntryId, MessageId, Position, Role, RoomId, TransferId, UploadId};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Command {
    /// Read a server address, `pod://` link or invite code as a person pastes it. Touches no network.
    ReadAddress {
        /// The text.
        text: String,
    },
    /// Make an account and sign in on this profile.
    SignUp {
        /// Where.
        server: ServerAddress,
        /// Unique name.
        name: String,
        /// What others see; empty: the name.
        display_name: String,
        /// The password.
        password: Secret,
        /// The setup code, for the first account from another computer.
        setup_code: Option<String>,
    },
    /// Sign in on this profile.
    SignIn {
        /// Where.
        server: ServerAddress,
        /// Unique name.
        name: String,
        /// The password.
        password: Secret,
    },
    /// Sign out: the device's right is withdrawn, the cache dropped.
    SignOut,
    /// How things are.
    Status,
    /// All that a first screen shows, at once and from this computer alone.
    Opening,
    /// Try to connect now instead of at the next planned time.
    ConnectNow,
    /// Make an invite link (admins).
    Invite {
        /// How many may use it.
        uses: u32,
        /// How long it lasts.
        days: u32,
    },
    /// Find people by name.
    People {
        /// The text.
        text: String,
    },
    /// The rooms, newest activity first.
    Rooms,
    /// One room.
    Room {
        /// Which.
        room: RoomId,
    },
    /// Make a room, from the chat side (N1) or the files side (N2). Works offline: it waits in the outbox.
    RoomCreate {
        /// The title.
        title: String,
        /// The other members.
        members: Vec<AccountId>,
        /// From which side.
        side: Side,
    },
    /// Another title.
    RoomRename {
        /// The room.
        room: RoomId,
        /// The title.
        title: String,
    },
    /// Add a member, change a role, or (role absent) remove.
    MemberSet {
        /// The room.
        room: RoomId,
        /// Whom.
        account: AccountId,
        /// The role.
        role: Option<Role>,
    },
    /// Leave a room.
    RoomLeave {
        /// The room.
        room: RoomId,
    },
    /// A stretch of a room's chat.
    Timeline {
        /// The room.
        room: RoomId,
        /// Where.
        place: Place,
        /// At most this many items.
        limit: u32,
    },
    /// Messages of a room whose text holds this, newest first. Looks at what is here, then at older pages of the server.
    Search {
        /// The room.
        room: RoomId,
        /// The text, in any case.
        text: String,
        /// Only before this; nothing: from the newest.
        before: Option<Position>,
        /// At most this many items.
        limit: u32,
    },
    /// Send a text. The answer comes when it is in the outbox, on disk.
    Send {
        /// The room.
        room: RoomId,
        /// The text.
        text: String,
        /// The people it names.
        mentions: Vec<AccountId>,
        /// What it answers.
        reply: Option<ReplyTarget>,
    },
    /// Another text for a message of one's own; waits in the outbox like a message.
    MessageEdit {
        /// The room.
        room: RoomId,
        /// The message.
        id: MessageId,
        /// The text.
        text: String,
        /// The people it names now.
        mentions: Vec<AccountId>,
    },
    /// Delete a message, for everybody and for good; waits in the outbox like a message.
    MessageDelete {
        /// The room.
        room: RoomId,
        /// The message.
        id: MessageId,
    },
    /// Give a message an emoji, or take it back; waits in the outbox like a message.
    MessageReact {
        /// The room.
        room: RoomId,
        /// The message.
        id: MessageId,
        /// The emoji.
        emoji: String,
        /// Give it.
        on: bool,
    },
    /// Who has a message (rooms of at most 50).
    MessageMarks {
        /// The room.
        room: RoomId,
        /// The message.
        id: MessageId,
    },
    /// This person is writing in the room now; may be said at each key.
    Typing {
        /// The room.
        room: RoomId,
    },
    /// Try a refused message again.
    MessageRetry {
        /// The message.
        id: MessageId,
    },
    /// Drop a refused or waiting message.
    MessageDiscard {
        /// The message.
        id: MessageId,
    },
    /// What is being written, kept through restarts; empty: nothing.
    DraftSet {
        /// The room.
        room: RoomId,
        /// The text.
        text: String,
    },
    /// The draft of a room.
    Draft {
        /// The room.
        room: RoomId,
    },
    /// Everything up to here was read.
    Read {
        /// The room.
        room: RoomId,
        /// The position.
        pos: Position,
    },
    /// The rooms whose chat is visible now.
    Looking {
        /// All of them.
        rooms: Vec<RoomId>,
    },
    /// A page of a folder of a room.
    Folder {
        /// The room.
        room: RoomId,
        /// Which folder; nothing: the top.
        parent: Option<EntryId>,
        /// How it is sorted; nothing: by name.
        sort: Option<Sort>,
        /// How many entries stand before the page.
        offset: u32,
        /// How many are on it, at most 500.
        limit: u32,
    },
    /// A file or folder.
    Entry {
        /// Which.
        entry: EntryId,
    },
    /// All about a file or folder.
    EntryDetails {
        /// Which.
        entry: EntryId,
    },
    /// Files and folders by a part of their name, as far as known here.
    EntriesFind {
        /// The part.
        text: String,
        /// Of this room; nothing: of all.
        room: Option<RoomId>,
        /// At most this many, and at most 100.
        limit: u32,
    },
    /// Send files (and folders, whole) into a room's folder.
    Put {
        /// The room.
        room: RoomId,
        /// Into which folder; nothing: the top.
        parent: Option<EntryId>,
        /// Which files.
        paths: Vec<PathBuf>,
    },
    /// Fetch a file; nothing as destination: the pod's own place for it.
    Get {
        /// The file.
        entry: EntryId,
        /// A file or an existing folder.
        dest: Option<PathBuf>,
    },
    /// Where the file is on this computer, if the newest version is.
    LocalPath {
        /// The file.
        entry: EntryId,
    },
    /// A new folder.
    FolderCreate {
        /// The room.
        room: RoomId,
        /// Where.
        parent: Option<EntryId>,
        /// Its name.
        name: String,
    },
    /// Rename.
    EntryRename {
        /// Which.
        entry: EntryId,
        /// The new name.
        name: String,
    },
    /// Move within the room.
    EntryMove {
        /// Which.
        entry: EntryId,
        /// Where; nothing: the top.
        parent: Option<EntryId>,
    },
    /// Delete.
    EntryDelete {
        /// Which.
        entry: EntryId,
    },
    /// Undo a deletion: what was deleted comes back, with all that lay in it.
    EntryRestore {
        /// Which.
        entry: EntryId,
    },
    /// The beginning of a text, for a look; nobody is told.
    PreviewText {
        /// The file.
        entry: EntryId,
    },
    /// A small picture of a picture, for a look; nobody is told. Only Rust asks: a window never sees a path.
    PreviewFile {
        /// The file.
        entry: EntryId,
    },
    /// The picture of a room. Only Rust asks.
    RoomPictureFile {
        /// The room.
        room: RoomId,
    },
    /// Another picture of a room, by who manages it. Only Rust asks.
    RoomPictureSet {
        /// The room.
        room: RoomId,
        /// A file on this computer.
        path: PathBuf,
    },
    /// No picture of a room any more.
    RoomPictureClear {
        /// The room.
        room: RoomId,
    },
    /// The transfer queue: what is open, then the newest finished ones.
    Transfers,
    /// Stop one.
    TransferPause {
        /// Which.
        id: TransferId,
    },
    /// Go on with one.
    TransferResume {
        /// Which.
        id: TransferId,
    },
    /// Give one up.
    TransferCancel {
        /// Which.
        id: TransferId,
    },
    /// Try one again.
    TransferRetry {
        /// Which.
        id: TransferId,
    },
    /// Cancel an upload seen in the chat: one's own, or as who manages the room (N12).
    UploadCancel {
        /// The room.
        room: RoomId,
        /// The upload.
        upload: UploadId,
    },
    /// The value of a setting.
    SettingGet {
        /// Its key.
        key: String,
    },
    /// Set it; nothing: back to the default.
    SettingSet {
        /// Its key.
        key: String,
        /// The value.
        value: Option<String>,
    },
    /// A short-lived token, for scripts (`pod-cli token`).
    Token {
        /// For which service.
        audience: TokenFor,
    },
    /// About people.
    #[serde(untagged)]
    AboutPeople(PeopleCommand),
    /// About contacts.
    #[serde(untagged)]
    AboutContacts(ContactCommand),
    /// About the own account's computers.
    #[serde(untagged)]
    AboutAccount(AccountCommand),
    /// About folders of this computer that are kept in step with rooms.
    #[serde(untagged)]
    AboutLinked(LinkedCommand),
    /// About offers, and about the queue as a whole.
    #[serde(untagged)]
    AboutTransfers(TransferCommand),
    /// About one file.
    #[serde(untagged)]
    AboutFiles(FileCommand),
}
