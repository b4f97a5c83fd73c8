//! What every machine of the queue has in common: the options of seed 004, the work, what the driver is to do, and what is
//! told of it.

use pod_shared::UploadId;
use serde::{Deserialize, Serialize};

/// The wait for an answer unless a person chose another, in milliseconds.
pub const WAIT_MS: u64 = 10_000;

/// What happens by itself after a disconnection (seed 004).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct TransferOptions {
    /// Sender: ask again.
    pub retransfer: bool,
    /// Receiver: say yes to the renewed request.
    pub receive: bool,
    /// Sender: send the rest through the server when no answer comes.
    pub forward: bool,
}

impl Default for TransferOptions {
    /// Everything goes on by itself.
    fn default() -> Self {
        Self { retransfer: true, receive: true, forward: true }
    }
}

/// The work on a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// The source is read through for its digest; a download: the entry is looked up.
    Read,
    /// A file of a room moves between this computer and the server.
    Move,
    /// An offer's sender: the rest goes up to the server.
    Send {
        /// From this byte on.
        from: u64,
    },
    /// An offer's receiver: bytes come straight from the sender.
    Pull,
    /// An offer's receiver: the rest comes down from the server.
    Fetch {
        /// The first byte that the server has.
        from: u64,
    },
}

/// What the driver is to do, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Write the row, before anything that follows.
    Save,
    /// Stop the work that runs, serving too; what it still reports is ignored.
    Stop,
    /// Start this work.
    Start(Task),
    /// There is something to tell the messenger.
    Speak,
    /// Find out whether the other person's device can be met.
    Look,
    /// Find out how much room the disk of this computer has where the file goes.
    Measure,
    /// Delete what came down so far.
    DropPart,
    /// Tell the server to drop an upload, now and after a restart, until it did.
    Forget(UploadId),
    /// A line of the story, with the byte that it is about.
    Tell(Happened, Option<u64>),
    /// The same, of what was done by itself: nobody asked for it at this moment.
    TellAuto(Happened, Option<u64>),
    /// The bytes moved on; nothing to save.
    Progress,
}

/// What happened, for the story of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "StoryWhat")]
pub enum Happened {
    /// The other person was asked, or asked.
    Asked,
    /// Yes.
    Accepted,
    /// No.
    Declined,
    /// The bytes go from computer to computer.
    Direct,
    /// The bytes go through the server.
    Server,
    /// The connection broke.
    Cut,
    /// It goes on.
    Resumed,
    /// The receiver stopped it for a while.
    Held,
    /// A disk is full.
    Full,
    /// The rest goes to the server.
    Forwarding,
    /// The server has the rest.
    Forwarded,
    /// No answer came.
    ReceiverAway,
    /// The sender is not there.
    SenderAway,
    /// The file is another one now; it begins anew.
    Changed,
    /// What had come is not there any more; it is sent again.
    Lost,
    /// Finished.
    Done,
    /// Given up.
    Failed,
}
