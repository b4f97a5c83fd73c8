//! Forwarded offers: what comes for a person who is away, kept until it is fetched, no longer needed, or too old.
//!
//! The messenger is told by a row in the transaction that makes it whole, or lets it go. Whatever ends one unpins its
//! content in the same transaction.

use super::table::forwards::{self, ForwardRow, ForwardStep};
use super::table::{blobs, members, permits, uploads};
use super::{ContentStore, Doing, Lying, UploadRow, instant};
use crate::content::rules;
use crate::error::Refusal;
use crate::store::sqlite::relay;
use pod_shared::content::{PIECE_BYTES, PIECE_DIGEST_BYTES};
use pod_shared::interlock::RelayBody;
use pod_shared::{AccountId, ErrorCode, OfferId, RelayId, RoomId, TimeMs, UploadId, limits};
use rusqlite::Connection;
use uuid::Uuid;

/// Looked at in one change.
const PAGE: u32 = 100;

impl ContentStore {
    /// Says what will come. Repeatable; another file or another part of it under the same id is refused.
    pub(crate) async fn put_forward(&self, doing: Doing, new: ForwardRow) -> Result<ForwardRow, Refusal> {
        self.change(move |conn| {
            if let Some(there) = forwards::get(conn, new.offer)? {
                if there.step == ForwardStep::Over {
                    return Err(over());
                }
                let told =
                    |row: &ForwardRow| (row.sender, row.receiver, row.size, row.start, row.digest, row.root);
                return if told(&there) == told(&new) { Ok(there) } else { Err(super::entries::id_reused()) };
            }
            // A shared group is known here; of contacts the messenger says it, offer by offer.
            if !members::share_group(conn, new.sender, new.receiver)?
                && !permits::has(conn, new.offer, new.sender, new.receiver)?
            {
                return Err(rules::not_found());
            }
            if forwards::count_of(conn, new.sender)? >= limits::FORWARDS_PER_ACCOUNT_MAX as u64 {
                return Err(Refusal::new(
                    ErrorCode::TooMany,
                    "the server keeps no more files of this person",
                ));
            }
            let bytes = forwards::bytes_of(conn, new.sender)?.saturating_add(new.size - new.start);
            if bytes > limits::FORWARDS_BYTES_PER_ACCOUNT_MAX {
                return Err(Refusal::new(
                    ErrorCode::TooMany,
                    "with this file the server would keep more bytes of this person than it may",
                ));
            }
            forwards::insert(conn, &new, doing.at)?;
            Ok(new)
        })
        .await
    }

    /// Keeps the digests of the pieces, found to be those of the manifest. A whole content that its sender may read here
    /// anyway is whole at once, kept `until`: no byte of it need be sent. Answers the uploads that end by it.
    pub(crate) async fn put_pieces(
        &self,
        sender: AccountId,
        offer: OfferId,
        pieces: Vec<u8>,
        until: TimeMs,
    ) -> Result<Vec<UploadId>, Refusal> {
        self.change(move |conn| {
            let row = match of_party(conn, offer, sender)? {
                // Said before, and linked then.
                row if row.sender == sender && matches!(row.step, ForwardStep::Whole(_)) => {
                    return Ok(Vec::new());
                }
                _ => being_sent(conn, offer, sender)?,
            };
            forwards::put_pieces(conn, offer, &pieces)?;
            let linked = row.start == 0 && row.size >= limits::INSTANT_BYTES_MIN;
            let there = if linked { instant::readable(conn, sender, &row.digest, row.size)? } else { None };
            let Some(blob) = there else { return Ok(Vec::new()) };
            let ended = give_up_uploads(conn, offer)?;
            whole(conn, &ForwardRow { until, ..row }, blob)?;
            Ok(ended)
        })
        .await
    }

    /// A forwarded file, for the two it concerns.
    pub(crate) async fn forward(&self, account: AccountId, offer: OfferId) -> Result<ForwardRow, Refusal> {
        self.db.read(move |conn| of_party(conn, offer, account)).await
    }

    /// The digests of all its pieces, for the two it concerns.
    pub(crate) async fn forward_pieces(
        &self,
        account: AccountId,
        offer: OfferId,
    ) -> Result<Vec<u8>, Refusal> {
        self.db
            .read(move |conn| {
                of_party(conn, offer, account)?;
                forwards::pieces(conn, offer)?.ok_or_else(not_yet)
            })
            .await
    }

    /// The digests that the pieces of an upload must have.
    pub(crate) async fn pieces_to_come(&self, offer: OfferId) -> Result<Vec<[u8; 32]>, Refusal> {
        self.db
            .read(move |conn| {
                let row = forwards::get(conn, offer)?.ok_or_else(rules::not_found)?;
                let pieces = forwards::pieces(conn, offer)?.ok_or_else(not_yet)?;
                let before = usize::try_from(row.start / PIECE_BYTES).unwrap_or(usize::MAX);
                let digests = pieces.chunks_exact(PIECE_DIGEST_BYTES).skip(before);
                Ok(digests.filter_map(|digest| digest.try_into().ok()).collect())
            })
            .await
    }

    /// The uploads that bring it now.
    pub(crate) async fn uploads_of(&self, offer: OfferId) -> Result<Vec<UploadRow>, Refusal> {
        self.db.read(move |conn| Ok(uploads::open_of(conn, offer)?)).await
    }

    /// Where its bytes lie, for its receiver.
    pub(crate) async fn forwarded(
        &self,
        receiver: AccountId,
        offer: OfferId,
    ) -> Result<(ForwardRow, Lying), Refusal> {
        self.db
            .read(move |conn| {
                let row = of_party(conn, offer, receiver)?;
                if row.receiver != receiver {
                    return Err(rules::not_found());
                }
                let ForwardStep::Whole(blob) = row.step else { return Err(not_yet()) };
                let lying = blobs::lying(conn, blob)?
                    .ok_or_else(|| Refusal::internal(&"a forwarded file without a stored content"))?;
                Ok((row, lying))
            })
            .await
    }

    /// Whether this person still sends it.
    pub(crate) async fn is_being_sent(&self, offer: OfferId, sender: AccountId) -> Result<(), Refusal> {
        self.db.read(move |conn| being_sent(conn, offer, sender).map(drop)).await
    }

    /// One of the two drops it; the id can be used again. Repeatable: what is not theirs is not there. Answers the uploads
    /// that end by it.
    pub(crate) async fn drop_forward(
        &self,
        account: AccountId,
        offer: OfferId,
        at: TimeMs,
    ) -> Result<Vec<UploadId>, Refusal> {
        self.change(move |conn| {
            let row = forwards::get(conn, offer)?.filter(|row| concerns(row, account));
            let Some(row) = row.filter(|row| row.step != ForwardStep::Over) else { return Ok(Vec::new()) };
            let ended = let_go(conn, &row, TimeMs(0), at)?;
            forwards::delete(conn, offer)?;
            Ok(ended)
        })
        .await
    }

    /// Lets go what is too old, and forgets what was let go long ago; some of it. Answers the uploads that end by it, and
    /// nothing when there was nothing to do.
    pub(crate) async fn expire_forwards(&self, now: TimeMs) -> Result<Option<Vec<UploadId>>, Refusal> {
        self.change(move |conn| {
            let page = forwards::until_before(conn, now, PAGE)?;
            if page.is_empty() {
                return Ok(None);
            }
            let mut ended = Vec::new();
            for row in page {
                if row.step == ForwardStep::Over {
                    forwards::delete(conn, row.offer)?;
                    continue;
                }
                ended.append(&mut let_go(conn, &row, remembered(now), now)?);
                let body = RelayBody::OfferExpired { offer: row.offer, by: row.sender };
                relay::append(conn, RelayId(Uuid::now_v7()), RoomId(row.offer.0), &body)?;
            }
            Ok(Some(ended))
        })
        .await
    }
}

/// The messenger says that it is no longer needed.
pub(super) fn no_longer_needed(
    conn: &Connection,
    offer: OfferId,
    now: TimeMs,
) -> Result<Vec<UploadId>, Refusal> {
    permits::delete(conn, offer)?;
    match forwards::get(conn, offer)? {
        Some(row) if row.step != ForwardStep::Over => let_go(conn, &row, remembered(now), now),
        Some(_) | None => Ok(Vec::new()),
    }
}

/// The upload of the rest of an offered file, with what is known of it.
pub(super) fn rest_of(conn: &Connection, offer: OfferId, upload: UploadRow) -> Result<UploadRow, Refusal> {
    let row = of_party(conn, offer, upload.by)?;
    if row.sender != upload.by {
        return Err(rules::not_found());
    }
    if forwards::pieces(conn, offer)?.is_none() {
        return Err(Refusal::new(ErrorCode::Conflict, "the digests of the pieces come first"));
    }
    if upload.length != row.size - row.start {
        return Err(Refusal::new(ErrorCode::BadRequest, "the rest of this file has another length"));
    }
    // The digest of the whole says nothing about a part of it.
    let promised = (row.start == 0).then_some(row.digest);
    Ok(UploadRow { promised, ..upload })
}

/// The file, which this person sends and which is not whole yet.
pub(super) fn being_sent(
    conn: &Connection,
    offer: OfferId,
    sender: AccountId,
) -> Result<ForwardRow, Refusal> {
    let row = of_party(conn, offer, sender)?;
    match row.step {
        ForwardStep::Sent if row.sender == sender => Ok(row),
        ForwardStep::Whole(_) if row.sender == sender => {
            Err(Refusal::new(ErrorCode::Conflict, "all of this file is there"))
        }
        ForwardStep::Sent | ForwardStep::Whole(_) | ForwardStep::Over => Err(rules::not_found()),
    }
}

/// All of it is there: kept, and told.
pub(super) fn whole(conn: &Connection, row: &ForwardRow, blob: i64) -> Result<(), Refusal> {
    forwards::set_step(conn, row.offer, ForwardStep::Whole(blob), row.until)?;
    let body = RelayBody::OfferForwarded {
        offer: row.offer,
        by: row.sender,
        to: row.receiver,
        from: row.start,
        until: row.until,
    };
    relay::append(conn, RelayId(Uuid::now_v7()), RoomId(row.offer.0), &body)?;
    Ok(())
}

/// Ends the uploads of an offered file.
pub(super) fn give_up_uploads(conn: &Connection, offer: OfferId) -> Result<Vec<UploadId>, Refusal> {
    let open = uploads::open_of(conn, offer)?;
    for upload in &open {
        uploads::set_cancelled(conn, upload.id)?;
    }
    Ok(open.into_iter().map(|upload| upload.id).collect())
}

fn let_go(conn: &Connection, row: &ForwardRow, until: TimeMs, at: TimeMs) -> Result<Vec<UploadId>, Refusal> {
    let ended = give_up_uploads(conn, row.offer)?;
    forwards::delete_pieces(conn, row.offer)?;
    forwards::set_step(conn, row.offer, ForwardStep::Over, until)?;
    if let ForwardStep::Whole(blob) = row.step {
        super::at_rest::unpin(conn, blob, at)?;
    }
    Ok(ended)
}

fn concerns(row: &ForwardRow, account: AccountId) -> bool {
    row.sender == account || row.receiver == account
}

fn of_party(conn: &Connection, offer: OfferId, account: AccountId) -> Result<ForwardRow, Refusal> {
    let row = forwards::get(conn, offer)?.filter(|row| concerns(row, account));
    let row = row.ok_or_else(rules::not_found)?;
    if row.step == ForwardStep::Over { Err(over()) } else { Ok(row) }
}

fn remembered(now: TimeMs) -> TimeMs {
    TimeMs(now.0 + i64::from(limits::FORWARD_OVER_DAYS) * 24 * 3_600_000)
}

fn over() -> Refusal {
    Refusal::new(ErrorCode::Gone, "this file is not kept any more")
}

fn not_yet() -> Refusal {
    Refusal::new(ErrorCode::Conflict, "not all of this file is there yet")
}
