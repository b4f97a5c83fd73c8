//! What comes of a command.

use crate::view::{
    AccountView, CommentsView, ConcerningView, ContactGroupsView, EditView, EntryDetails, EntryFound,
    EntryView, FilesFoundView, FolderView, FoundView, InviteView, LinkedView, MarksView, OfferView,
    OpeningView, PermissionsView, PersonView, RatingView, RoomLinkView, RoomSummary, RoomView, ServerAddress,
    SignInView, StatusView, TextPreview, Timeline, TransferView, TrashView, VersionsView,
};
use pod_shared::content::Space;
use pod_shared::socket::Person;
use pod_shared::{ContactGroupId, EntryId, MessageId, RoomId};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What came of a command; an error is a `view::ErrorView` beside this.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "is", content = "value", rename_all = "snake_case")]
pub enum Answer {
    /// Nothing more to say.
    Done,
    /// Taken, kept on disk, and waiting for the other side.
    Pending,
    /// An address.
    Address(ServerAddress),
    /// The account.
    Account(AccountView),
    /// The status.
    Status(StatusView),
    /// All that a first screen shows.
    Opening(Box<OpeningView>),
    /// An invite.
    Invite(InviteView),
    /// People.
    People(Vec<Person>),
    /// A person's card.
    Person(PersonView),
    /// People's cards.
    Contacts(Vec<PersonView>),
    /// Contact groups.
    ContactGroups(ContactGroupsView),
    /// The id of a new contact group.
    ContactGroupId(ContactGroupId),
    /// Links by which people join a room.
    RoomLinks(Vec<RoomLinkView>),
    /// The computers on which this person is signed in.
    SignIns(Vec<SignInView>),
    /// Rooms.
    Rooms(Vec<RoomSummary>),
    /// A room.
    Room(RoomView),
    /// The id of a new room.
    RoomId(RoomId),
    /// The id of a new message.
    MessageId(MessageId),
    /// The id of a new folder.
    EntryId(EntryId),
    /// A stretch of chat.
    Timeline(Timeline),
    /// What a search found.
    Found(FoundView),
    /// Who has a message.
    Marks(MarksView),
    /// A page of a folder.
    Folder(FolderView),
    /// A file or folder.
    Entry(EntryView),
    /// All about one.
    Details(EntryDetails),
    /// Files and folders found by name.
    EntriesFound(Vec<EntryFound>),
    /// Comments on an entry.
    Comments(CommentsView),
    /// Who rated an entry how.
    Ratings(Vec<RatingView>),
    /// Who may see and change an entry.
    Permissions(PermissionsView),
    /// Versions of a file.
    Versions(VersionsView),
    /// A file that is edited on this computer.
    Edit(EditView),
    /// Files that are edited on this computer.
    Edits(Vec<EditView>),
    /// What a person did that concerns this one.
    Concerning(Vec<ConcerningView>),
    /// Files and folders found.
    FilesFound(FilesFoundView),
    /// How much a room and this person take up.
    Space(Space),
    /// What was deleted.
    Trash(TrashView),
    /// The beginning of a text.
    PreviewText(TextPreview),
    /// A piece of a file.
    Piece(Vec<u8>),
    /// Folders of this computer that are kept in step with rooms.
    LinkedFolders(Vec<LinkedView>),
    /// Transfers, new or listed.
    Transfers(Vec<TransferView>),
    /// Offers that wait for an answer.
    Offers(Vec<OfferView>),
    /// A path on this computer, or nothing.
    Path(Option<PathBuf>),
    /// A text: a draft, a setting; or nothing.
    Text(Option<String>),
}
