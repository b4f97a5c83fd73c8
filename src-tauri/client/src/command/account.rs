//! What is asked about the own account's computers.
//!
//! In JSON these are commands like all others: the outer enum adds nothing around them.

use pod_shared::DeviceId;
use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum AccountCommand {
    /// The computers on which this person is signed in.
    SignIns,
    /// Sign one of the others out: its connection and its downloads end at once.
    SignInEnd {
        /// Which.
        device: DeviceId,
    },
}
