//! The row of an offer.

use crate::store::sqlite::messenger::column;
use pod_shared::bytes::ByteString;
use pod_shared::offer::{OfferState, OfferStep};
use pod_shared::{AccountId, DeviceId, ErrorCode, OfferId, TimeMs, Txn};
use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

/// What [`state`] reads.
pub(super) const HELD: &str =
    "SELECT offer, sender, sender_device, receiver, receiver_device, body, round, step,
     from_byte, code, at, until, txn FROM offers";

/// Of offers that are not over.
pub(super) const OPEN: &str = "step < 10";

/// The stored number of a step; its meaning never changes. Those that are over begin at 10.
fn code(step: OfferStep) -> u8 {
    match step {
        OfferStep::Asked => 1,
        OfferStep::Accepted => 2,
        OfferStep::Interrupted => 3,
        OfferStep::Forwarding { .. } => 4,
        OfferStep::Forwarded { .. } => 5,
        OfferStep::Paused => 6,
        OfferStep::Done => 10,
        OfferStep::Declined => 11,
        OfferStep::Cancelled => 12,
        OfferStep::Failed { .. } => 13,
        OfferStep::Expired => 14,
    }
}

fn step(row: &Row<'_>) -> rusqlite::Result<OfferStep> {
    let broken = |at, what: &str| rusqlite::Error::FromSqlConversionFailure(at, Type::Integer, what.into());
    Ok(match row.get::<_, u8>(7)? {
        1 => OfferStep::Asked,
        2 => OfferStep::Accepted,
        3 => OfferStep::Interrupted,
        4 => OfferStep::Forwarding { from: column::count(row, 8)? },
        5 => OfferStep::Forwarded { from: column::count(row, 8)? },
        6 => OfferStep::Paused,
        10 => OfferStep::Done,
        11 => OfferStep::Declined,
        12 => OfferStep::Cancelled,
        13 => {
            let name: String = row.get(9)?;
            let name: StrDeserializer<'_, Error> = name.as_str().into_deserializer();
            let code = ErrorCode::deserialize(name).map_err(|_| broken(9, "not an error code"))?;
            OfferStep::Failed { code }
        }
        14 => OfferStep::Expired,
        _ => return Err(broken(7, "not a step")),
    })
}

/// An offer.
pub(super) fn state(row: &Row<'_>) -> rusqlite::Result<OfferState> {
    let step = step(row)?;
    let to_device = row.get_ref(4)?.as_blob_or_null()?.and_then(DeviceId::from_slice);
    Ok(OfferState {
        offer: column::id(row, 0, OfferId::from_slice)?,
        from: column::id(row, 1, AccountId::from_slice)?,
        from_device: column::id(row, 2, DeviceId::from_slice)?,
        to: column::account(row, 3)?,
        to_device,
        body: ByteString(row.get(5)?),
        round: row.get(6)?,
        step,
        at: TimeMs(row.get(10)?),
        until: if step.is_over() { None } else { Some(TimeMs(row.get(11)?)) },
        txn: Txn(column::count(row, 12)?),
    })
}

/// What is kept of an offer beside its state.
pub(super) struct Kept {
    /// The content service may hold bytes of it.
    pub(super) handed: bool,
    /// The receiver blocked the sender when it was asked.
    pub(super) hidden: bool,
}

/// Writes it.
pub(super) fn put(
    connection: &Connection,
    state: &OfferState,
    until: TimeMs,
    hidden: bool,
) -> rusqlite::Result<Kept> {
    let (from, failed) = match state.step {
        OfferStep::Forwarding { from } | OfferStep::Forwarded { from } => (Some(from.cast_signed()), None),
        OfferStep::Failed { code } => (None, Some(code.to_string())),
        OfferStep::Asked
        | OfferStep::Accepted
        | OfferStep::Interrupted
        | OfferStep::Paused
        | OfferStep::Done
        | OfferStep::Declined
        | OfferStep::Cancelled
        | OfferStep::Expired => (None, None),
    };
    connection
        .prepare_cached(
            "INSERT INTO offers (offer, sender, sender_device, receiver, receiver_device, body, round, step,
                 from_byte, code, handed, at, until, txn, hidden)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
             ON CONFLICT (offer) DO UPDATE SET
                 sender_device = ?3, receiver_device = ?5, body = ?6, round = ?7, step = ?8,
                 from_byte = ?9, code = ?10, handed = max(handed, ?11), until = ?13, txn = ?14,
                 hidden = max(hidden, ?15)
             RETURNING handed, hidden",
        )?
        .query_row(
            params![
                state.offer.as_bytes(),
                state.from.as_bytes(),
                state.from_device.as_bytes(),
                state.to.as_bytes(),
                state.to_device.as_ref().map(|device| device.as_bytes().as_slice()),
                state.body.0,
                state.round,
                code(state.step),
                from,
                failed,
                from.is_some(),
                state.at.0,
                until.0,
                state.txn.0.cast_signed(),
                hidden
            ],
            |row| Ok(Kept { handed: row.get(0)?, hidden: row.get(1)? }),
        )
}
