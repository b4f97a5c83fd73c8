//! One file that a person edits in a program of this computer, while its lock keeps everybody else from changing it (N10).
//!
//! The life of an edit: its lock is taken, the newest version is fetched (or lies in a linked folder already), a program
//! opens it; each save is sent as a version with the lock's number, one after the other, each from a copy that nobody
//! writes to any more; the person says *Done*, or the program is seen to close the file; what was not sent yet is sent;
//! the lock is given back. [`Edit::next`] says what is to be done now, [`Edit::hear`] what has come of it. Whoever writes the
//! edit down after each [`Edit::hear`] may die at any point: read again, it wants the same.
//!
//! The law: nothing that was saved is ever dropped. When the lock is lost meanwhile, it is taken anew only if it ran out by
//! itself and the file is as it was; else the next save goes up with the old number, the server keeps it as a copy
//! beside the file, and the edit goes on in that copy. In a linked folder the saves are sent by the folder.

mod look;
mod news;

#[cfg(test)]
mod tests;

pub use look::{Look, QUIET_MS, SIGN_GONE_MS, is_open_sign, look};
pub use news::{News, Wish};

use pod_shared::{EntryId, ErrorCode, TransferId};
use serde::{Deserialize, Serialize};

/// Where the file lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Site {
    /// In a folder of its own: its saves are sent from there.
    Own,
    /// In a linked folder, which sends them.
    Linked,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The file is not here yet.
    Fetching,
    /// It is here, and may be written to at any time.
    Open,
    /// All is sent and given back: what lies here is cleared away.
    Over,
}

/// The lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "hold", rename_all = "snake_case")]
pub enum Hold {
    /// It is to be taken.
    Wanted {
        /// The number of the former one; 0: there was none.
        fence: u64,
    },
    /// It is held.
    Held {
        /// Its number.
        fence: u64,
    },
    /// It was taken anew, but the file was changed in between: it is given back.
    Void {
        /// The number of the former one.
        fence: u64,
    },
    /// It was lost, and is not taken again.
    Lost {
        /// Its number; 0: there was none.
        fence: u64,
    },
}

/// A save that is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Save {
    /// Which of this edit, from 1: the name of its copy.
    pub number: u32,
    /// SHA-256 of its content in hex.
    pub digest: String,
    /// The transfer, from when it is in the queue.
    pub transfer: Option<TransferId>,
}

/// One edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The file; another one after a save became a copy beside it.
    pub entry: EntryId,
    /// Where it lies.
    pub site: Site,
    /// How far it is.
    pub stage: Stage,
    /// The lock.
    pub hold: Hold,
    /// The version that what lies here was made from.
    pub base: u32,
    /// SHA-256 of what the server has of it.
    pub digest: String,
    /// SHA-256 of what lay here when it last rested.
    pub seen: String,
    /// The save that is on its way.
    pub sending: Option<Save>,
    /// Saves that were begun.
    pub saves: u32,
    /// The person, or the program, is done with it.
    pub closing: bool,
    /// While it is closing: it was looked at since the last save went up.
    pub looked: bool,
    /// Why the last save could not be sent; tried again when the person says so, or with the next save.
    pub stuck: Option<ErrorCode>,
    /// It goes on in a copy, because the lock was lost: the name of the file before.
    pub copy_of: Option<String>,
    /// Whether the program shows that it has the file open.
    #[serde(skip)]
    pub sign: Sign,
}

/// Whether the program shows that it has the file open: some lay a file beside it for as long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sign {
    /// It never did.
    #[default]
    Never,
    /// It does.
    There,
    /// It did, until then.
    Gone {
        /// Milliseconds of the caller's clock.
        since_ms: u64,
    },
}

impl Edit {
    /// Begins.
    #[must_use]
    pub fn of(entry: EntryId, site: Site) -> Self {
        Self {
            entry,
            site,
            stage: Stage::Fetching,
            hold: Hold::Wanted { fence: 0 },
            base: 0,
            digest: String::new(),
            seen: String::new(),
            sending: None,
            saves: 0,
            closing: false,
            looked: false,
            stuck: None,
            copy_of: None,
            sign: Sign::Never,
        }
    }

    /// The number with which a save goes up: with that of no lock any more, where somebody else has one, it becomes a copy.
    #[must_use]
    pub fn fence(&self) -> u64 {
        let (Hold::Wanted { fence } | Hold::Held { fence } | Hold::Void { fence } | Hold::Lost { fence }) =
            self.hold;
        fence
    }

    /// The lock is lost, and not taken again.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        matches!(self.hold, Hold::Lost { .. } | Hold::Void { .. })
    }

    /// There is something here that the server does not have.
    #[must_use]
    pub fn has_unsent(&self) -> bool {
        self.stage == Stage::Open && self.seen != self.digest
    }

    /// What is to be done now.
    #[must_use]
    pub fn next(&self) -> Wish {
        if self.stage == Stage::Over {
            return Wish::Clear;
        }
        if self.sending.is_some() {
            return Wish::Await;
        }
        if matches!(self.hold, Hold::Void { .. }) {
            return Wish::GiveBack;
        }
        if self.stage == Stage::Fetching {
            return match self.hold {
                _ if self.closing => Wish::GiveBack,
                Hold::Wanted { .. } => Wish::Take,
                Hold::Held { .. } | Hold::Void { .. } | Hold::Lost { .. } => Wish::Fetch,
            };
        }
        if self.has_unsent() && self.stuck.is_none() && self.site == Site::Own {
            // A save of a copy waits for its lock no longer than the others: without one it is sent as it is.
            return Wish::Send;
        }
        if self.closing {
            return self.next_of_closing();
        }
        match self.hold {
            Hold::Wanted { .. } => Wish::Take,
            Hold::Held { .. } | Hold::Void { .. } | Hold::Lost { .. } => Wish::Watch,
        }
    }

    fn next_of_closing(&self) -> Wish {
        match (self.looked, self.site) {
            (false, _) => Wish::Look,
            (true, _) if !self.has_unsent() => Wish::GiveBack,
            (true, Site::Linked) => Wish::AwaitLinked,
            // It could not be sent: it stays here until the person says what is to become of it.
            (true, Site::Own) => Wish::Watch,
        }
    }

    /// Hears what has come of it, or what happened. What does not belong there changes nothing.
    pub fn hear(&mut self, news: News) {
        match news {
            News::Granted { fence, version } => self.granted(fence, version),
            News::GivenBack => self.given_back(),
            News::LockGone { ended, version } => self.lock_gone(ended, version),
            News::Fetched { version, digest } => {
                if self.stage == Stage::Fetching {
                    (self.stage, self.base) = (Stage::Open, version);
                    self.seen.clone_from(&digest);
                    self.digest = digest;
                }
            }
            News::Saw { digest } => self.saw(Some(digest)),
            News::SawNothing => self.saw(None),
            News::Aside { digest } => {
                if self.sending.is_none() && self.stage == Stage::Open {
                    self.saves = self.saves.saturating_add(1);
                    self.seen.clone_from(&digest);
                    self.sending = Some(Save { number: self.saves, digest, transfer: None });
                }
            }
            News::Queued { transfer } => {
                if let Some(save) = &mut self.sending {
                    save.transfer = Some(transfer);
                }
            }
            News::Stored { entry, version, name } => self.stored(entry, version, name),
            News::NotStored { code } => {
                if self.sending.take().is_some() {
                    self.stuck = Some(code);
                }
            }
            News::There { version, digest } => {
                if self.site == Site::Linked && self.stage == Stage::Open {
                    (self.base, self.digest) = (version, digest);
                }
            }
            News::Sign { there, now_ms } => self.sign(there, now_ms),
            News::Done => (self.closing, self.looked, self.stuck) = (true, false, None),
            News::Retry => self.stuck = None,
            News::Cleared => {}
        }
    }

    fn granted(&mut self, fence: u64, version: u32) {
        match (self.stage, self.hold) {
            (Stage::Fetching, Hold::Wanted { .. }) => {
                (self.hold, self.base) = (Hold::Held { fence }, version)
            }
            // A linked folder brings what came meanwhile, and keeps both where both changed.
            (Stage::Open, Hold::Wanted { .. }) if version == self.base || self.site == Site::Linked => {
                self.hold = Hold::Held { fence };
            }
            (Stage::Open, Hold::Wanted { fence }) => self.hold = Hold::Void { fence },
            (Stage::Fetching | Stage::Open | Stage::Over, _) => {}
        }
    }

    fn given_back(&mut self) {
        match self.hold {
            // What was written with the former one has still to be sent.
            Hold::Void { fence } => self.hold = Hold::Lost { fence },
            Hold::Wanted { .. } | Hold::Held { .. } | Hold::Lost { .. } => self.stage = Stage::Over,
        }
    }

    fn lock_gone(&mut self, ended: bool, version: u32) {
        let (Hold::Held { fence } | Hold::Wanted { fence }) = self.hold else { return };
        self.hold = match self.stage {
            // What is not here yet is fetched as it is by then.
            Stage::Fetching => Hold::Wanted { fence },
            Stage::Open | Stage::Over => {
                let same = version == self.base || self.site == Site::Linked;
                if same && !ended { Hold::Wanted { fence } } else { Hold::Lost { fence } }
            }
        };
    }

    fn saw(&mut self, digest: Option<String>) {
        if self.stage != Stage::Open {
            return;
        }
        let digest = digest.unwrap_or_else(|| self.digest.clone());
        if digest != self.seen {
            (self.seen, self.stuck) = (digest, None);
        }
        self.looked = self.closing;
    }

    fn stored(&mut self, entry: EntryId, version: u32, name: String) {
        let Some(save) = self.sending.take() else { return };
        (self.base, self.digest, self.looked) = (version, save.digest, false);
        if entry != self.entry {
            (self.entry, self.copy_of, self.hold) = (entry, Some(name), Hold::Wanted { fence: 0 });
        }
    }

    fn sign(&mut self, there: bool, now_ms: u64) {
        self.sign = match (there, self.sign) {
            (true, _) => Sign::There,
            (false, Sign::There) => Sign::Gone { since_ms: now_ms },
            (false, before @ (Sign::Never | Sign::Gone { .. })) => before,
        };
        if let Sign::Gone { since_ms } = self.sign
            && now_ms.saturating_sub(since_ms) >= SIGN_GONE_MS
            && !self.closing
        {
            self.hear(News::Done);
        }
    }
}
