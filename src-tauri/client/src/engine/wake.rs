//! Everything that can wake the run loop besides commands and the socket.

use crate::state::account::Account;
use crate::state::outbox::OutboxRow;
use crate::view::ErrorView;
use pod_machine::outbox::{Seq, Weight};
use pod_shared::offer::RelayInfo;
use pod_shared::socket::{Answer, Request};
use pod_shared::{AccountId, ErrorBody, Position, RoomId};
use tokio::sync::oneshot;

/// What came of something in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The server has it.
    Done,
    /// The server has it; the content service follows by itself.
    Pending,
    /// It is kept and waits for the connection.
    Waiting,
}

/// Who waits for the outcome.
pub(super) type Waiter = oneshot::Sender<Result<Outcome, ErrorBody>>;

/// A wake.
pub(super) enum Wake {
    /// Somebody is signed in; the network session is set.
    SignedIn(Account),
    /// Nobody is any more.
    SignedOut,
    /// Somebody was signed in when the profile was last open; whether they are still is not known yet.
    Resumed(Account),
    /// The place of secrets gave the token, and the network session is set; or it did not: a person must act.
    TokenRead(AccountId, Result<(), ErrorView>),
    /// The addresses of this computer changed.
    Network,
    /// Connect at once.
    ConnectNow,
    /// This device can be met somewhere else.
    Endpoint,
    /// The messenger said which relay it has.
    Relay(Option<RelayInfo>),
    /// Ask the messenger.
    Request {
        /// What.
        body: Request,
        /// Where the answer goes.
        answer: oneshot::Sender<Result<Answer, ErrorView>>,
    },
    /// The rows of the outbox, as they are on disk.
    OutboxLoaded(AccountId, Vec<OutboxRow>),
    /// A row was added.
    OutboxAdded {
        /// The room.
        room: RoomId,
        /// The row.
        seq: Seq,
        /// What it is to others.
        weight: Weight,
        /// Who waits for what comes of it.
        waiter: Option<Waiter>,
    },
    /// A row that is to be sent was read.
    OutboxRead(OutboxRow),
    /// A row that was sent over HTTP came to an end.
    OutboxSettled {
        /// The room.
        room: RoomId,
        /// The row.
        seq: Seq,
        /// What came of it.
        result: Result<Outcome, ErrorBody>,
    },
    /// Rows are gone from the disk: done, or dropped.
    OutboxGone(Vec<(RoomId, Seq)>),
    /// Try a failed row again; a refused creation before it, too.
    OutboxRetry {
        /// The room.
        room: RoomId,
        /// The rows.
        seqs: Vec<Seq>,
    },
    /// Read up to here.
    Read {
        /// The room.
        room: RoomId,
        /// The position.
        pos: Position,
    },
    /// A room's row is to be told anew.
    RoomChanged(RoomId),
    /// This person is writing in a room.
    Typing(RoomId),
    /// Nobody is at this computer, or somebody is again.
    Idle(bool),
    /// What this person chose to be, or how much waits, is shown in the status.
    PresenceChosen,
    /// This person has another display name.
    Renamed(Account),
    /// These chats are visible.
    Looking(Vec<RoomId>),
    /// The changes of a folder are to be fetched.
    FolderWanted(RoomId),
    /// A folder that was fetched may be fetched again.
    FolderRested(RoomId),
    /// The changes of a folder were fetched, or not.
    FolderFetched {
        /// The room.
        room: RoomId,
        /// What came of it.
        result: Result<(), ErrorView>,
    },
}
