//! What an edit wishes to be done, and what it hears.

use pod_shared::{EntryId, ErrorCode, TransferId};

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Take the lock.
    Take,
    /// Give the lock back.
    GiveBack,
    /// Fetch the version that the lock was given for.
    Fetch,
    /// Look at the file until it rests.
    Look,
    /// Put what lies here aside as a save, and send that.
    Send,
    /// Wait for the save that is on its way.
    Await,
    /// Wait for the linked folder to send what lies here.
    AwaitLinked,
    /// Nothing: wait for a save, and keep the lock.
    Watch,
    /// Clear away what lies here.
    Clear,
}

/// What has come of it, or what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The lock is held.
    Granted {
        /// Its number.
        fence: u64,
        /// The newest version of the file.
        version: u32,
    },
    /// It was given back, or was not there to be given back.
    GivenBack,
    /// The server says that it is not held any more.
    LockGone {
        /// Somebody ended it, or has one of their own; else it ran out.
        ended: bool,
        /// The newest version of the file.
        version: u32,
    },
    /// The file lies here.
    Fetched {
        /// Which version.
        version: u32,
        /// SHA-256 of its content.
        digest: String,
    },
    /// The file rests, and is this.
    Saw {
        /// SHA-256 of its content.
        digest: String,
    },
    /// There is no file any more, and none comes in its place: whoever edits it deleted it.
    SawNothing,
    /// What lay here is put aside as a save.
    Aside {
        /// SHA-256 of its content.
        digest: String,
    },
    /// It is in the queue.
    Queued {
        /// As this.
        transfer: TransferId,
    },
    /// The server has it.
    Stored {
        /// Which file it became.
        entry: EntryId,
        /// Which version.
        version: u32,
        /// The name of the file before, for when it became another one.
        name: String,
    },
    /// It was given up.
    NotStored {
        /// Why.
        code: ErrorCode,
    },
    /// Of a linked folder: the server has this as the newest version.
    There {
        /// Which.
        version: u32,
        /// SHA-256 of its content.
        digest: String,
    },
    /// Whether the program shows that it has the file open.
    Sign {
        /// It does.
        there: bool,
        /// Now, in milliseconds of the caller's clock.
        now_ms: u64,
    },
    /// The person is done with it.
    Done,
    /// The person wants what could not be sent to be tried again.
    Retry,
    /// What lay here is cleared away.
    Cleared,
}
