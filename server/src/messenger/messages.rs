//! Rules for messages: who may write, how much, and each once.

use super::{Inner, now};
use crate::error::Refusal;
use crate::store::sqlite::messenger::{NewMessage, Posted, Turn};
use pod_shared::limits::{ABOUT_BODY_BYTES_MAX, MESSAGE_BODY_BYTES_MAX};
use pod_shared::socket::{AboutKind, SendMessage};
use pod_shared::{AccountId, ErrorCode, wire};
use sha2::{Digest, Sha256};

impl Inner {
    /// Queues the message at the first poll: messages of one device keep their order.
    pub(super) async fn post(
        &self,
        turn: Turn,
        by: AccountId,
        message: SendMessage,
    ) -> Result<Posted, Refusal> {
        if message.body.0.len() > MESSAGE_BODY_BYTES_MAX {
            return Err(Refusal::new(ErrorCode::TooLarge, "the message is too long"));
        }
        if message.body.0.is_empty() {
            return Err(Refusal::new(ErrorCode::BadRequest, "the message is empty"));
        }
        let SendMessage { id, room, body, about } = message;
        let small = about.is_some_and(|about| about.how != AboutKind::Edit);
        if small && body.0.len() > ABOUT_BODY_BYTES_MAX {
            return Err(Refusal::new(ErrorCode::TooLarge, "a reaction or deletion is shorter"));
        }
        let mut digest = Sha256::new();
        digest.update(room.as_bytes());
        digest.update(&body.0);
        if let Some(about) = about {
            digest.update(wire::encode(&about).map_err(|error| Refusal::internal(&error))?);
        }
        let digest = digest.finalize().into();
        let new = NewMessage { id, room, by, at: now(), body, about, digest };
        self.store.post(turn, new, super::about::judge).await
    }
}
