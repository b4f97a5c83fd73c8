//! What happened to one entry, from the folder's log as it is kept here.

use super::Cache;
use super::page::PlacedActivity;
use super::row::{self, int};
use crate::view::ErrorView;
use pod_shared::content::{Activity, ActivityKind, Entry};
use pod_shared::{AccountId, Position};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// Lines looked at for who has the newest version.
const LINES_MAX: usize = 4_096;

/// The newest lines about an entry, and who has its newest version.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    /// Newest first.
    pub(crate) lines: Vec<PlacedActivity>,
    /// Who stored the newest version, then who downloaded it, in that order.
    pub(crate) holders: Vec<AccountId>,
    /// Who opened the newest version, in that order.
    pub(crate) openers: Vec<AccountId>,
}

impl Cache {
    /// What happened to an entry: at most `limit` lines.
    pub(crate) async fn history_of(&self, entry: Entry, limit: u32) -> Result<History, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let mut history = History::default();
            let mut statement =
                tx.prepare_cached("SELECT body FROM activities WHERE entry = ?1 ORDER BY position DESC")?;
            let mut rows = statement.query([entry.id.as_bytes()])?;
            let (mut looked_at, mut stored) = (0, false);
            while let Some(row) = rows.next()?
                && looked_at < LINES_MAX
                && (history.lines.len() < limit as usize || !stored)
            {
                looked_at += 1;
                let activity: Activity = row::unpack(row, 0)?;
                if activity.version == entry.version && !stored {
                    stored = super::content::stores(&activity.kind);
                    if stored || activity.kind == ActivityKind::Downloaded {
                        history.holders.push(activity.by);
                    }
                    if activity.kind == ActivityKind::Opened {
                        history.openers.push(activity.by);
                    }
                }
                if history.lines.len() < limit as usize {
                    history.lines.push(placed(tx, &entry, activity)?);
                }
            }
            history.holders.reverse();
            history.openers.reverse();
            let mut seen = std::collections::BTreeSet::new();
            history.holders.retain(|person| seen.insert(*person));
            Ok(history)
        };
        self.read(run).await
    }
}

/// With its place in the chat, and as a line of its own: an upload's item stands in the chat, not here.
fn placed(tx: &Connection, entry: &Entry, mut activity: Activity) -> Result<PlacedActivity, ErrorView> {
    let pos: Option<i64> = tx
        .prepare_cached(
            "SELECT pos FROM events WHERE room = ?1 AND content_at >= ?2 ORDER BY content_at LIMIT 1",
        )?
        .query_row(params![entry.room.as_bytes(), int(activity.position.0)], |row| row.get(0))
        .optional()?;
    activity.upload = None;
    let pos = Position(pos.map_or(0, i64::unsigned_abs));
    Ok(PlacedActivity { pos, activity, end: None, told_before: false })
}
