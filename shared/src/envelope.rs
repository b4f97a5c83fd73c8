//! The body of a message: a versioned envelope, opaque to the server, so that it can be encrypted end to end later.

use crate::bytes::ByteString;
use crate::{AccountId, MessageId, Position, UploadId, wire};
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
    /// Plain text; of an edit, the text that stands from now on.
    Text {
        /// The text.
        text: String,
        /// The people it names with `@`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<Mention>,
        /// What it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply: Option<Reply>,
    },
    /// Of a reaction: an emoji is given, or taken back.
    Reaction {
        /// The emoji.
        emoji: String,
        /// Given.
        on: bool,
    },
    /// Of a deletion: nothing more to say.
    Deleted {},
}

/// Somebody named in a text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// Who.
    pub account: AccountId,
    /// As the text names them.
    pub name: String,
}

/// What a message answers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The message or file.
    pub to: ReplyTo,
    /// Its place in the log, if it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pos: Option<Position>,
    /// Who wrote or sent it.
    pub by: AccountId,
    /// Its beginning, for who does not have it.
    pub quote: String,
}

/// What can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyTo {
    /// A message.
    Message(MessageId),
    /// A file that came up in the chat.
    Upload(UploadId),
}

impl std::fmt::Debug for Mention {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mention({})", self.account)
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text { text, mentions, reply } => {
                let answers = if reply.is_some() { ", a reply" } else { "" };
                write!(f, "Text({} bytes, {} mentions{answers})", text.len(), mentions.len())
            }
            Self::Reaction { on, .. } => write!(f, "Reaction({on})"),
            Self::Deleted {} => f.write_str("Deleted"),
        }
    }
}

impl Envelope {
    /// The envelope of a content.
    #[must_use]
    pub fn of(content: Content) -> Self {
        Self { v: 1, content }
    }

    /// The envelope of a plain text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::of(Content::Text { text: text.into(), mentions: Vec::new(), reply: None })
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
