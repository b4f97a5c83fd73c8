//! Instant upload: what the server has already is linked, for who may read it or proves to hold it.
//!
//! Knowing a digest gives nothing: a link is made for who could fetch the content anyway, or for who hashes all of it with
//! a nonce. And it tells nothing: who may not read gets a nonce whether the content is there or not, and a proof that is
//! not right, or cannot be, is answered the same. No content is read while anybody waits: the right proofs are made
//! beforehand (`at_rest`), so neither answer takes longer than the other, and new files are not held up.

use super::{Content, naming};
use crate::access::Caller;
use crate::error::Refusal;
use crate::secret;
use crate::store::sqlite::content::{Asked, Finished, Question};
use pod_shared::content::{InstantAnswer, InstantNew, InstantProof};
use pod_shared::{ErrorCode, UploadId, limits};

impl Content {
    /// Links a content, or asks for a proof.
    pub(crate) async fn ask_instant(
        &self,
        caller: Caller,
        new: InstantNew,
    ) -> Result<InstantAnswer, Refusal> {
        naming::entry(&new.filename)?;
        new.basis.copy.as_deref().map_or(Ok(()), naming::entry)?;
        if new.size > limits::FILE_BYTES_MAX {
            return Err(Refusal::new(ErrorCode::TooLarge, "the file is larger than this server takes"));
        }
        let digest = bytes_of(&new.sha256)?;
        if new.size < limits::INSTANT_BYTES_MIN {
            return Err(send_the_bytes());
        }
        let asked = Question {
            account: caller.account,
            device: caller.device,
            upload: new.id,
            room: new.room,
            parent: new.parent,
            name: new.filename,
            size: new.size,
            digest,
            modified_ms: new.modified_ms,
            basis: new.basis,
        };
        let doing = Self::doing(caller.account);
        let outcome =
            self.store().ask_instant(doing, asked, secret::random(), self.inner.policy.proofs).await?;
        match outcome {
            Asked::Linked(Finished { entry, version }) => Ok(InstantAnswer::Linked { entry, version }),
            Asked::Prove(nonce) => {
                // One spare nonce may be gone.
                self.inner.at_rest.wake();
                Ok(InstantAnswer::Prove { nonce: secret::hex(&nonce) })
            }
            Asked::Send => Err(send_the_bytes()),
        }
    }

    /// Takes a proof.
    pub(crate) async fn prove_instant(
        &self,
        caller: Caller,
        id: UploadId,
        proof: InstantProof,
    ) -> Result<InstantAnswer, Refusal> {
        let proof = bytes_of(&proof.proof)?;
        let doing = Self::doing(caller.account);
        let linked = self.store().prove_instant(doing, caller.device, id, proof).await?;
        let Finished { entry, version } = linked.ok_or_else(send_the_bytes)?;
        Ok(InstantAnswer::Linked { entry, version })
    }
}

fn bytes_of(hex: &str) -> Result<[u8; 32], Refusal> {
    secret::unhex(hex).ok_or_else(|| Refusal::new(ErrorCode::BadRequest, "that is not 64 hexadecimal digits"))
}

fn send_the_bytes() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "send the bytes")
}
