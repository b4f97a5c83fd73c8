//! What an error means for a transfer: wait for the network, wait for a person, begin anew, or give up.

use crate::view::ErrorView;
use pod_machine::transfer::{Disk, Trouble};
use pod_shared::{ErrorCode, Retry};

/// Why a piece of work did not succeed, with the English detail for *More*.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    /// What the machine is told.
    pub(super) trouble: Trouble,
    /// For the person who asks.
    pub(super) detail: String,
}

impl Failure {
    /// A trouble with a sentence.
    pub(super) fn new(trouble: Trouble, detail: impl Into<String>) -> Self {
        Self { trouble, detail: detail.into() }
    }
}

impl From<ErrorView> for Failure {
    #[expect(clippy::wildcard_enum_match_arm, reason = "`ErrorCode::retry` is the list without a gap")]
    fn from(error: ErrorView) -> Self {
        let trouble = match error.code {
            // Whoever is not signed in, or has no key, is told so by the connection; files wait for it.
            ErrorCode::Unauthorized
            | ErrorCode::TokenExpired
            | ErrorCode::SignedOut
            | ErrorCode::NotSignedIn
            | ErrorCode::ServerNotTrusted
            | ErrorCode::KeyringUnavailable => Trouble::Network { pause_ms: 0 },
            ErrorCode::FileChanged => Trouble::SourceChanged,
            ErrorCode::DigestMismatch => Trouble::BytesWrong,
            ErrorCode::DiskFull => Trouble::NoSpace { disk: Disk::Here, free: 0 },
            ErrorCode::ServerDiskFull => Trouble::NoSpace { disk: Disk::Server, free: 0 },
            code => match code.retry() {
                Retry::Now | Retry::After => Trouble::Network { pause_ms: 0 },
                Retry::OnChange => Trouble::Person(code),
                Retry::Never => Trouble::Final(code),
            },
        };
        Self { trouble, detail: error.message }
    }
}
