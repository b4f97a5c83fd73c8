//! The body of a message: a versioned envelope, opaque to the server, so that it can be encrypted end to end later.

use crate::bytes::ByteString;
use crate::wire;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// What clients put into `SendMessage::body`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Version of the envelope: 1.
    pub v: u32,
    /// What is in it.
    pub content: Content,
}

/// The content of a message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Plain text.
    Text {
        /// The text.
        text: String,
    },
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text { text } => write!(f, "Text({} bytes)", text.len()),
        }
    }
}

impl Envelope {
    /// The envelope of a plain text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { v: 1, content: Content::Text { text: text.into() } }
    }

    /// As bytes.
    ///
    /// # Errors
    /// Not for values of this type; the encoder's signature has one.
    pub fn seal(&self) -> Result<ByteString, wire::EncodeError> {
        wire::encode(self).map(ByteString)
    }

    /// From bytes. Nothing: written by a newer Pod; show a placeholder and keep the bytes.
    #[must_use]
    pub fn open(body: &ByteString) -> Option<Self> {
        wire::decode(&body.0).ok().filter(|envelope: &Self| envelope.v == 1)
    }
}
