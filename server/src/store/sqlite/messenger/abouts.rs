//! Messages about earlier messages: what each is about, and that nothing of a deleted message stays.

use super::work::Work;
use crate::error::Refusal;
use pod_shared::bytes::ByteString;
use pod_shared::socket::{About, AboutKind, EventKind};
use pod_shared::{RoomId, Txn, wire};
use rusqlite::{OptionalExtension, params};

/// The message that another is about, as the store knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// No such message of that person in that room.
    Unknown,
    /// It is itself about another.
    About,
    /// It was deleted.
    Deleted,
    /// It stands.
    Stands,
}

/// The stored number of what one message does to another; its meaning never changes.
fn code(how: AboutKind) -> u8 {
    match how {
        AboutKind::Edit => 1,
        AboutKind::Reaction => 2,
        AboutKind::Deletion => 3,
    }
}

/// The earlier message, and its transaction where it stands.
pub(super) fn find(work: &Work<'_>, room: RoomId, about: About) -> Result<(Target, Txn), Refusal> {
    let txn: Option<i64> = work
        .connection
        .prepare_cached(
            "SELECT sent.txn FROM sent JOIN events ON events.txn = sent.txn
             WHERE sent.account = ?1 AND sent.id = ?2 AND events.room = ?3",
        )?
        .query_row(params![about.author.as_bytes(), about.message.as_bytes(), room.as_bytes()], |row| {
            row.get(0)
        })
        .optional()?;
    let Some(txn) = txn else { return Ok((Target::Unknown, Txn(0))) };
    let holds = |sql| work.connection.prepare_cached(sql)?.exists([txn]);
    let target = if holds("SELECT 1 FROM abouts WHERE txn = ?1")? {
        Target::About
    } else if holds("SELECT 1 FROM abouts WHERE target = ?1 AND how = 3")? {
        Target::Deleted
    } else {
        Target::Stands
    };
    Ok((target, Txn(txn.cast_unsigned())))
}

/// Keeps what a new message is about; a deletion empties the earlier one and all that was said about it.
pub(super) fn keep(work: &Work<'_>, txn: Txn, target: Txn, how: AboutKind) -> Result<(), Refusal> {
    if how == AboutKind::Deletion {
        empty(work, target)?;
    }
    work.connection
        .prepare_cached("INSERT INTO abouts (txn, target, how) VALUES (?1, ?2, ?3)")?
        .execute(params![txn.0.cast_signed(), target.0.cast_signed(), code(how)])?;
    Ok(())
}

/// Takes the bodies of a message and of its edits and reactions away, and the digests that would tell of them.
fn empty(work: &Work<'_>, target: Txn) -> Result<(), Refusal> {
    let mut txns = vec![target.0.cast_signed()];
    let mut statement = work.connection.prepare_cached("SELECT txn FROM abouts WHERE target = ?1")?;
    for txn in statement.query_map([target.0.cast_signed()], |row| row.get(0))? {
        txns.push(txn?);
    }
    for txn in txns {
        let (by, data): (Vec<u8>, Vec<u8>) = work
            .connection
            .prepare_cached("SELECT by, data FROM events WHERE txn = ?1")?
            .query_row([txn], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let kind = wire::decode(&data).map_err(|error| Refusal::internal(&error))?;
        let EventKind::Message { id, about, .. } = kind else { continue };
        let emptied = EventKind::Message { id, body: ByteString(Vec::new()), about };
        work.connection
            .prepare_cached("UPDATE events SET data = ?2 WHERE txn = ?1")?
            .execute(params![txn, super::column::kind_data(&emptied)?])?;
        work.connection
            .prepare_cached("UPDATE sent SET digest = x'' WHERE account = ?1 AND id = ?2")?
            .execute(params![by, id.as_bytes()])?;
    }
    Ok(())
}
