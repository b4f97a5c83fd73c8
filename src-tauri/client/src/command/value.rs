//! What commands are made of besides ids.

use serde::{Deserialize, Serialize};

/// The side a room is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The chat: the messenger makes the room, the folder follows.
    Chat,
    /// The files: the content service makes the sharing group, the room follows.
    Files,
}

/// The service a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum TokenFor {
    /// Chat.
    Messenger,
    /// Files.
    Content,
}

/// A text that is a secret: never shown by `Debug`.
#[derive(Clone, Serialize, Deserialize, ts_rs::TS)]
#[serde(transparent)]
#[ts(type = "string")]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}
