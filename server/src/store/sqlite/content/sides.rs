//! The content half of the interlock: rows that wait for the messenger, and the messenger's rows applied here.

use super::table::activities::{About, append};
use super::table::{groups, permits};
use super::{ContentStore, Doing, Loss};
use crate::error::Refusal;
use crate::store::sqlite::relay;
use pod_shared::content::ActivityKind;
use pod_shared::interlock::{MemberVersion, RelayBody, RelayRow, RowsApplied};
use pod_shared::{AccountId, RelayId, RoomId, TimeMs, UploadId};
use rusqlite::Connection;
use std::collections::HashSet;
use std::sync::Arc;

/// What applying one row came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Applied {
    /// It holds now, or did before; these uploads ended by it.
    Yes(Vec<UploadId>),
    /// It can never hold, and why.
    Never(&'static str),
}

/// What applying one row left to tell after the commit.
struct Outcome {
    applied: Applied,
    lost: Vec<AccountId>,
}

impl ContentStore {
    /// The oldest rows that wait, but none of the rooms `held`. Of several that say where a folder stands only the newest
    /// is kept.
    pub(crate) async fn pending(&self, limit: usize, held: Vec<RoomId>) -> Result<Vec<RelayRow>, Refusal> {
        let rows = self.db.read(move |conn| Ok::<_, Refusal>(relay::pending(conn, limit, &held)?)).await?;
        let (rows, overtaken) = without_overtaken(rows);
        if !overtaken.is_empty() {
            let outcome = RowsApplied { applied: overtaken, refused: Vec::new() };
            self.settled(outcome).await?;
        }
        Ok(rows)
    }

    /// Rows that wait no longer.
    pub(crate) async fn settled(&self, outcome: RowsApplied) -> Result<(), Refusal> {
        self.db.write(move |conn| Ok(relay::settle(conn, &outcome).map(|_| ())?)).await
    }

    /// Drops the ids of rows that the messenger never sends again.
    pub(crate) async fn forget(&self, ids: Vec<RelayId>) -> Result<(), Refusal> {
        self.db.write(move |conn| Ok(relay::forget(conn, &ids)?)).await
    }

    /// Whether a row still waits for the other side.
    pub(crate) async fn waits(&self, row: RelayId) -> Result<bool, Refusal> {
        self.db.read(move |conn| Ok(relay::waits(conn, row)?)).await
    }

    /// Applies one row of the messenger and keeps its id.
    pub(crate) async fn apply(&self, now: TimeMs, row: RelayRow) -> Result<Applied, Refusal> {
        let (woken, losses, room) = (Arc::clone(&self.woken), self.losses.clone(), row.room);
        let change = move |conn: &Connection| {
            if relay::applied_before(conn, row.id)? {
                return Ok(Outcome { applied: Applied::Yes(Vec::new()), lost: Vec::new() });
            }
            let outcome = apply(conn, now, row.room, row.body)?;
            if matches!(outcome.applied, Applied::Yes(_)) {
                relay::mark_applied(conn, row.id)?;
            }
            Ok(outcome)
        };
        let tell = move |outcome: &Outcome| {
            for account in &outcome.lost {
                // Nobody streams: nobody listens.
                let _ = losses.send(Loss { room, account: Some(*account) });
            }
            woken.notify_one();
        };
        self.db.write_then(change, tell).await.map(|outcome| outcome.applied)
    }
}

/// Splits off the rows that a later one of the same room overtakes.
fn without_overtaken(rows: Vec<RelayRow>) -> (Vec<RelayRow>, Vec<RelayId>) {
    let mut told = HashSet::new();
    let mut overtaken = Vec::new();
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows.into_iter().rev() {
        if matches!(row.body, RelayBody::FolderAt { .. }) && !told.insert(row.room) {
            overtaken.push(row.id);
        } else {
            kept.push(row);
        }
    }
    kept.reverse();
    (kept, overtaken)
}

fn apply(conn: &Connection, now: TimeMs, room: RoomId, body: RelayBody) -> Result<Outcome, Refusal> {
    let held = groups::get(conn, room)?;
    match (body, held) {
        (RelayBody::Pair { title, creator, at, members }, None) => {
            let doing = Doing { by: creator, at, device: None };
            super::groups::make(conn, room, &title, doing, &members)?;
            append(conn, room, doing, &ActivityKind::GroupCreated, About::default())?;
            Ok(Outcome { applied: Applied::Yes(Vec::new()), lost: Vec::new() })
        }
        // The id alone joins nobody to a group: only its maker makes its other half.
        (RelayBody::Pair { creator, .. }, Some(held)) if creator != held.created_by => {
            Ok(never("the group has another maker"))
        }
        (RelayBody::Pair { members, .. }, Some(_)) => merge_all(conn, now, room, &members),
        (RelayBody::Member { member }, Some(_)) => merge_all(conn, now, room, &[member]),
        (RelayBody::Title { title, counter }, Some(held)) => {
            if (counter, &title) > (held.title_counter, &held.title) {
                groups::set_title(conn, room, &title, counter)?;
            }
            Ok(Outcome { applied: Applied::Yes(Vec::new()), lost: Vec::new() })
        }
        (RelayBody::Member { .. } | RelayBody::Title { .. }, None) => Ok(never("there is no such group")),
        (RelayBody::OfferMay { offer, by, to }, _) => {
            permits::put(conn, offer, by, to)?;
            Ok(Outcome { applied: Applied::Yes(Vec::new()), lost: Vec::new() })
        }
        (RelayBody::OfferOver { offer }, _) => {
            let ended = super::forwards::no_longer_needed(conn, offer, now)?;
            Ok(Outcome { applied: Applied::Yes(ended), lost: Vec::new() })
        }
        (RelayBody::OfferForwarded { .. } | RelayBody::OfferExpired { .. }, _) => {
            Ok(never("only the content service says what is forwarded"))
        }
        (RelayBody::FolderAt { .. }, _) => Ok(never("only the content service says where a folder stands")),
    }
}

fn merge_all(
    conn: &Connection,
    now: TimeMs,
    room: RoomId,
    all: &[MemberVersion],
) -> Result<Outcome, Refusal> {
    let (mut ended, mut losers) = (Vec::new(), Vec::new());
    for member in all {
        let doing = Doing { by: member.by, at: now, device: None };
        let (uploads, lost) = super::members::merge(conn, doing, room, member)?;
        ended.extend(uploads);
        losers.extend(lost.then_some(member.account));
    }
    Ok(Outcome { applied: Applied::Yes(ended), lost: losers })
}

fn never(why: &'static str) -> Outcome {
    Outcome { applied: Applied::Never(why), lost: Vec::new() }
}
