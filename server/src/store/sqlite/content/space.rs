//! How much may be kept: in a room, and of a person in all rooms. Asked before a byte comes, in the transaction that begins
//! the upload or links the content; what is on its way counts.

use super::ContentStore;
use super::table::members;
use super::table::used::{self, Used};
use crate::content::{Quotas, rules};
use crate::error::Refusal;
use pod_shared::content::Space;
use pod_shared::{AccountId, ErrorCode, RoomId};
use rusqlite::Connection;

impl ContentStore {
    /// What a room and a person take up, and may.
    pub(crate) async fn space(&self, account: AccountId, room: RoomId) -> Result<Space, Refusal> {
        let quotas = self.quotas;
        self.db
            .read(move |conn| {
                rules::reader(members::role(conn, room, account)?)?;
                let (room, own) = (used::in_room(conn, room)?, used::by(conn, account)?);
                Ok(Space {
                    room_used: room.kept + room.coming,
                    room_max: quotas.room_bytes,
                    own_used: own.kept + own.coming,
                    own_max: quotas.person_bytes,
                })
            })
            .await
    }
}

/// Refuses more bytes than the room, or the person, has left.
pub(super) fn require(
    conn: &Connection,
    quotas: Quotas,
    room: RoomId,
    by: AccountId,
    bytes: u64,
) -> Result<(), Refusal> {
    if let Some(most) = quotas.room_bytes {
        fits("this room", used::in_room(conn, room)?, most, bytes)?;
    }
    if let Some(most) = quotas.person_bytes {
        fits("you", used::by(conn, by)?, most, bytes)?;
    }
    Ok(())
}

fn fits(who: &str, used: Used, most: u64, bytes: u64) -> Result<(), Refusal> {
    let left = most.saturating_sub(used.kept).saturating_sub(used.coming);
    if bytes <= left {
        return Ok(());
    }
    let has = if who == "you" { "have" } else { "has" };
    let (left, most, bytes) = (said(left), said(most), said(bytes));
    Err(Refusal::new(
        ErrorCode::QuotaExceeded,
        format!("{who} {has} {left} left of {most}, and this takes {bytes}"),
    ))
}

/// A size as people say it.
fn said(bytes: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match UNITS.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit),
        None => format!("{bytes} bytes"),
    }
}
