//! Rules for messages: who may write, how much, and each once.

use super::{Inner, now};
use crate::error::Refusal;
use crate::store::sqlite::messenger::{NewMessage, Posted, Turn};
use pod_shared::limits::MESSAGE_BODY_BYTES_MAX;
use pod_shared::socket::SendMessage;
use pod_shared::{AccountId, ErrorCode};
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
        let mut digest = Sha256::new();
        digest.update(message.room.as_bytes());
        digest.update(&message.body.0);
        let SendMessage { id, room, body } = message;
        let new = NewMessage { id, room, by, at: now(), body, digest: digest.finalize().into() };
        self.store.post(turn, new, super::rooms::may_write).await
    }
}
