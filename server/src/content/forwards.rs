//! Forwarded offers: the rest of a file that goes through the server, because its receiver is away. Between two people,
//! outside every room; their bytes are an upload like any other, each piece compared with the manifest as it arrives.

use super::{Content, now};
use crate::access::Caller;
use crate::error::Refusal;
use crate::secret;
use crate::store::sqlite::content::{ForwardRow, ForwardStep};
use pod_shared::content::{ForwardNew, ForwardOffset, ForwardState, PIECE_BYTES, PIECE_DIGEST_BYTES, pieces};
use pod_shared::{ErrorCode, OfferId, TimeMs, limits};

impl Content {
    /// Says what will come.
    pub(crate) async fn put_forward(
        &self,
        caller: Caller,
        offer: OfferId,
        new: ForwardNew,
    ) -> Result<ForwardOffset, Refusal> {
        if new.size > limits::FORWARD_BYTES_MAX {
            return Err(Refusal::new(
                ErrorCode::TooLarge,
                "the file is larger than this server keeps for anybody",
            ));
        }
        let is_empty = new.size == 0 && new.from == 0;
        if !is_empty && (new.from >= new.size || !new.from.is_multiple_of(PIECE_BYTES)) {
            return Err(bad("the first byte is that of a piece of the file"));
        }
        let digest = secret::unhex(&new.sha256).ok_or_else(|| bad("sha256 is not 64 hexadecimal digits"))?;
        let root =
            secret::unhex(&new.manifest).ok_or_else(|| bad("manifest is not 64 hexadecimal digits"))?;
        let row = ForwardRow {
            offer,
            sender: caller.account,
            receiver: new.to,
            size: new.size,
            start: new.from,
            digest,
            root,
            step: ForwardStep::Sent,
            until: self.kept_until(),
        };
        let row = self.store().put_forward(Self::doing(caller.account), row).await?;
        Ok(ForwardOffset { offset: self.forward_offset(&row).await? })
    }

    /// Takes the digests of all pieces.
    pub(crate) async fn put_manifest(
        &self,
        caller: Caller,
        offer: OfferId,
        digests: Vec<u8>,
    ) -> Result<(), Refusal> {
        let row = self.store().forward(caller.account, offer).await?;
        let is_whole = digests.len() as u64 == pieces(row.size) * PIECE_DIGEST_BYTES as u64;
        if !is_whole || *blake3::hash(&digests).as_bytes() != row.root {
            return Err(Refusal::new(ErrorCode::DigestMismatch, "these are not the digests of the manifest"));
        }
        let ended = self.store().put_pieces(caller.account, offer, digests, self.kept_until()).await?;
        self.discard_uploads(ended);
        Ok(())
    }

    /// How far it is, for the two it concerns.
    pub(crate) async fn forward_state(
        &self,
        caller: Caller,
        offer: OfferId,
    ) -> Result<ForwardState, Refusal> {
        let row = self.store().forward(caller.account, offer).await?;
        Ok(ForwardState {
            from: row.start,
            size: row.size,
            offset: self.forward_offset(&row).await?,
            whole: matches!(row.step, ForwardStep::Whole(_)),
            until_ms: row.until,
        })
    }

    /// The digests of all pieces, for the two it concerns.
    pub(crate) async fn manifest(&self, caller: Caller, offer: OfferId) -> Result<Vec<u8>, Refusal> {
        self.store().forward_pieces(caller.account, offer).await
    }

    /// One of the two drops it.
    pub(crate) async fn drop_forward(&self, caller: Caller, offer: OfferId) -> Result<(), Refusal> {
        let ended = self.store().drop_forward(caller.account, offer, now()).await?;
        self.discard_uploads(ended);
        Ok(())
    }

    /// Until when a file is kept that becomes whole now.
    pub(super) fn kept_until(&self) -> TimeMs {
        let days = self.inner.policy.forward_days.min(limits::FORWARD_DAYS_MAX);
        TimeMs(now().0 + i64::from(days) * 24 * 3_600_000)
    }

    async fn forward_offset(&self, row: &ForwardRow) -> Result<u64, Refusal> {
        match row.step {
            ForwardStep::Whole(_) => Ok(row.size - row.start),
            ForwardStep::Sent | ForwardStep::Over => {
                match self.store().uploads_of(row.offer).await?.first() {
                    Some(upload) => self.offset(upload).await,
                    None => Ok(0),
                }
            }
        }
    }
}

fn bad(sentence: &'static str) -> Refusal {
    Refusal::new(ErrorCode::BadRequest, sentence)
}
