//! What happens to a transfer: what each machine understands by itself, and what all of them do.

use super::queue::new_upload;
use pod_machine::offer::{DownInput, UpInput};
use pod_machine::transfer::{Input, TransferOptions, Trouble};

/// What happens to one transfer.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// To whichever it is.
    Any(Any),
    /// To a file of a room.
    Room(Input),
    /// To an offer that was made here.
    Up(UpInput),
    /// To an offer that was accepted here.
    Down(DownInput),
}

/// What can happen to any transfer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Any {
    /// It is its turn.
    Go,
    /// The network is back.
    NetworkBack,
    /// Time went on.
    Tick,
    /// A former process ended here, or the whole queue was stopped: nobody works on it.
    Woke,
    /// The person stops it.
    Pause,
    /// The person lets it go on.
    Resume,
    /// The person gives it up.
    Cancel,
    /// The person wants another try.
    Retry,
    /// Other options.
    Options(TransferOptions),
    /// The disk of this computer has so many bytes free where the file goes.
    Free {
        /// How many.
        bytes: u64,
    },
    /// The work did not succeed. `jitter` spreads the next try: 0..=1000.
    Trouble {
        /// Why.
        trouble: Trouble,
        /// Random.
        jitter: u16,
    },
}

impl From<Any> for Step {
    fn from(any: Any) -> Self {
        Self::Any(any)
    }
}

impl From<Input> for Step {
    fn from(input: Input) -> Self {
        Self::Room(input)
    }
}

impl From<UpInput> for Step {
    fn from(input: UpInput) -> Self {
        Self::Up(input)
    }
}

impl From<DownInput> for Step {
    fn from(input: DownInput) -> Self {
        Self::Down(input)
    }
}

impl Any {
    /// As the machine of a room's file hears it; nothing: it is no step of it.
    pub(crate) fn room(self) -> Option<Input> {
        Some(match self {
            Self::Go => Input::Go,
            Self::NetworkBack => Input::NetworkBack,
            Self::Tick => Input::Tick,
            Self::Woke => return None,
            Self::Pause => Input::Pause,
            Self::Resume => Input::Resume,
            Self::Cancel => Input::Cancel,
            Self::Retry => Input::Retry,
            Self::Options(options) => Input::Options(options),
            Self::Free { bytes } => Input::Free { bytes },
            Self::Trouble { trouble, jitter } => Input::Trouble { trouble, jitter },
        })
    }

    /// As the sender's machine of an offer hears it; nothing: it is no step of it.
    pub(crate) fn up(self) -> Option<UpInput> {
        Some(match self {
            Self::Go => UpInput::Go { fresh: new_upload() },
            Self::NetworkBack => UpInput::NetworkBack,
            Self::Tick => UpInput::Tick,
            Self::Woke => UpInput::Woke,
            Self::Pause => UpInput::Pause,
            Self::Resume => UpInput::Resume,
            Self::Cancel => UpInput::Cancel,
            Self::Retry => UpInput::Retry,
            Self::Options(options) => UpInput::Options(options),
            Self::Trouble { trouble, jitter } => UpInput::Trouble { trouble, jitter },
            Self::Free { .. } => return None,
        })
    }

    /// As the receiver's machine of an offer hears it.
    pub(crate) fn down(self) -> DownInput {
        match self {
            Self::Go => DownInput::Go,
            Self::NetworkBack => DownInput::NetworkBack,
            Self::Tick => DownInput::Tick,
            Self::Woke => DownInput::Woke,
            Self::Pause => DownInput::Pause,
            Self::Resume => DownInput::Resume,
            Self::Cancel => DownInput::Cancel,
            Self::Retry => DownInput::Retry,
            Self::Options(options) => DownInput::Options(options),
            Self::Free { bytes } => DownInput::Free { bytes },
            Self::Trouble { trouble, jitter } => DownInput::Trouble { trouble, jitter },
        }
    }
}
