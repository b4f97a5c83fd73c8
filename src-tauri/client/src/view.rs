//! What a user interface shows: plain snapshots, never database rows or frames. TypeScript types are made from these.
//!
//! A view holds ids, names and numbers; sentences are made where the language is known.

mod account;
mod chat;
mod edit;
mod folder;
mod linked;
mod message;
mod notice;
mod offer;
mod opening;
mod people;
mod permissions;
mod remarks;
mod room;
mod transfer;
mod trash;
mod versions;

pub use account::{AccountView, ConnectionView, InviteView, ServerAddress, SignInView, StatusView, SyncView};
pub use chat::{
    ActivityItem, ConcerningView, FileState, Item, ItemKind, LiveUpload, MessageState, SaidLine, Timeline,
    UploadPhase,
};
pub use edit::{EditState, EditView};
pub use folder::{
    EntryDetails, EntryFound, EntryPlace, EntryView, FilesFoundView, FolderView, LockView, OpenedBy, Sort,
    SortBy, TextPreview,
};
pub use linked::{LeftAlone, LinkedQuestion, LinkedState, LinkedView};
pub use message::{FoundView, MarksView, Name, Place, ReactionView, ReplyTarget, ReplyView};
pub use notice::{NoticeAbout, NoticeView};
pub use offer::{OfferAsks, OfferView, StoryLine};
pub use opening::OpeningView;
pub use people::{ContactGroupView, ContactGroupsView, ContactView, PersonView, RoomLinkView, RoomName};
pub use permissions::{PermissionAbove, PermissionsView};
pub use pod_machine::folder::Alone;
pub use pod_machine::notice::{NoticeKind, Wish as NotifyWish};
pub use pod_machine::transfer::{Direction, Disk as FullDisk, Happened, TransferOptions};
pub use pod_shared::contact::{ContactAnswer, ContactPlace, ContactStanding};
pub use pod_shared::content::{Permission, RatingSum, SharedWith};
pub use pod_shared::presence::{MyPresence, Presence, PresenceChoice, PresenceState};
pub use pod_shared::profile::ProfileFields;
pub use remarks::{CommentView, CommentsView, RatingView};
pub use room::{MemberView, RoomSummary, RoomView};
pub use transfer::{Path, Stuck, TransferState, TransferView};
pub use trash::{TrashItemView, TrashView};
pub use versions::{VersionView, VersionsView};

use pod_shared::{ErrorCode, Retry};
use serde::{Deserialize, Serialize};

/// An error as a user interface gets it; the sentence for it is found by its code and the language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ErrorView {
    /// What went wrong.
    pub code: ErrorCode,
    /// English detail for *More*; never a secret.
    pub message: String,
    /// When asking again makes sense.
    pub retry: Retry,
}
