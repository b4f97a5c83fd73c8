//! Offers as synchronised state: one row each, found by its transaction like presence, through an index for each of the
//! two people. What ended is kept a while for devices that have not heard of it; for those that come even later, the
//! person keeps a mark that something was forgotten.

use super::told::Told;
use super::work::Work;
use super::{MessengerStore, column, entitled};
use crate::error::Refusal;
use pod_shared::interlock::RelayBody;
use pod_shared::limits::OFFER_ENDED_DAYS;
use pod_shared::offer::{OfferState, OfferStep};
use pod_shared::{AccountId, ErrorCode, OfferId, RoomId, TimeMs, Txn};
use row::{HELD, OPEN};
use rusqlite::{Connection, OptionalExtension, StatementStatus, params};
use std::sync::Arc;

mod forwarded;
mod row;

pub(super) use forwarded::{expired, forwarded};

/// Offers ended or forgotten in one transaction.
const TIDY_MAX: usize = 256;
const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// Who offers to whom.
#[derive(Clone, Copy, Debug)]
pub struct Parties {
    /// Who offers.
    pub from: AccountId,
    /// To whom.
    pub to: AccountId,
}

/// What a judgement on a request rests on.
#[derive(Clone, Debug)]
pub struct AskFacts {
    /// The offer, when it is there already.
    pub held: Option<OfferState>,
    /// The two share a room now, or are contacts.
    pub related: bool,
    /// Offers from one to the other that are not over.
    pub open: u64,
}

/// An offer and the other side of it.
#[derive(Clone, Debug)]
pub struct OfferPeer {
    /// The offer.
    pub held: OfferState,
    /// The other person is to be seen: they are related, and their presence says so.
    pub there: bool,
}

/// What a device has to learn of offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// As they stand.
    pub offers: Vec<OfferState>,
    /// They are all there are.
    pub all: bool,
    /// Steps the database made to find them: a measure that does not depend on the machine.
    pub steps: u64,
}

impl MessengerStore {
    /// Somebody offers, or asks again.
    ///
    /// # Errors
    /// What `judge` says, or when the store cannot be written.
    pub async fn ask_offer(
        &self,
        offer: OfferId,
        parties: Parties,
        now: TimeMs,
        judge: impl FnOnce(AskFacts) -> Result<Option<OfferState>, Refusal> + Send + 'static,
    ) -> Result<(), Refusal> {
        self.change(move |work| {
            let Parties { from, to } = parties;
            let facts = AskFacts {
                held: held(work.connection, offer)?,
                related: entitled::related(work.connection, from, to, &mut 0)?,
                open: work
                    .connection
                    .prepare_cached(&format!(
                        "SELECT count(*) FROM offers WHERE sender = ?1 AND receiver = ?2 AND {OPEN}"
                    ))?
                    .query_row([from.as_bytes(), to.as_bytes()], |row| column::count(row, 0))?,
            };
            match judge(facts)? {
                Some(state) => {
                    // Who is blocked offers as if to somebody who never looks.
                    let hidden = entitled::blocks(work.connection, to, from)?;
                    write_for(work, state, now, hidden)
                }
                None => Ok(()),
            }
        })
        .await
    }

    /// One of the two says something of an offer.
    ///
    /// # Errors
    /// `not_found`, what `judge` says, or when the store cannot be written.
    pub async fn change_offer(
        &self,
        offer: OfferId,
        now: TimeMs,
        judge: impl FnOnce(OfferState) -> Result<Option<OfferState>, Refusal> + Send + 'static,
    ) -> Result<(), Refusal> {
        self.change(move |work| {
            let held = held(work.connection, offer)?.ok_or_else(no_such_offer)?;
            match judge(held)? {
                Some(state) => write(work, state, now),
                None => Ok(()),
            }
        })
        .await
    }

    /// The sender has the rest go through the server: the content service hears, in the same transaction, that it may
    /// take it.
    ///
    /// # Errors
    /// `not_found`, what `judge` says, or when the store cannot be written.
    pub async fn forward_offer(
        &self,
        offer: OfferId,
        now: TimeMs,
        judge: impl FnOnce(OfferState, bool) -> Result<Option<OfferState>, Refusal> + Send + 'static,
    ) -> Result<(), Refusal> {
        self.change(move |work| {
            let held = held(work.connection, offer)?.ok_or_else(no_such_offer)?;
            let (by, to) = (held.from, held.to);
            let related = entitled::related(work.connection, by, to, &mut 0)?;
            let Some(state) = judge(held, related)? else { return Ok(()) };
            work.relay(RoomId(offer.0), &RelayBody::OfferMay { offer, by, to })?;
            write(work, state, now)
        })
        .await
    }

    /// The offer as one of its two people sees it.
    ///
    /// # Errors
    /// `not_found` for everybody else, or when the store cannot be read.
    pub async fn offer_peer(&self, offer: OfferId, account: AccountId) -> Result<OfferPeer, Refusal> {
        self.ask(move |connection| {
            let held = held(connection, offer)?
                .filter(|held| held.from == account || held.to == account)
                .ok_or_else(no_such_offer)?;
            let other = if held.from == account { held.to } else { held.from };
            let shown = connection
                .prepare_cached("SELECT 1 FROM presence WHERE account = ?1 AND state <> 0")?
                .exists([other.as_bytes()])?;
            let there = shown && entitled::sees(connection, account, other)?;
            Ok(OfferPeer { held, there })
        })
        .await
    }

    /// What a device has to learn of its person's offers after a transaction.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn offers_after(&self, account: AccountId, after: Txn) -> Result<Offers, Refusal> {
        self.ask(move |connection| {
            let mut steps = 0;
            let mut forgot = connection
                .prepare_cached("SELECT 1 FROM offers_forgotten WHERE account = ?1 AND txn > ?2")?;
            forgot.reset_status(StatementStatus::VmStep);
            let forgotten = forgot.exists(params![account.as_bytes(), after.0.cast_signed()])?;
            steps += u64::from(forgot.get_status(StatementStatus::VmStep).unsigned_abs());
            let all = forgotten || after.0 == 0;
            let after = if all { 0 } else { after.0.cast_signed() };
            let mut offers = Vec::new();
            for side in ["sender = ?1", "receiver = ?1 AND hidden = 0"] {
                let mut found =
                    connection.prepare_cached(&format!("{HELD} WHERE {side} AND txn > ?2 ORDER BY txn"))?;
                found.reset_status(StatementStatus::VmStep);
                for state in found.query_map(params![account.as_bytes(), after], row::state)? {
                    offers.push(state?);
                }
                steps += u64::from(found.get_status(StatementStatus::VmStep).unsigned_abs());
            }
            Ok(Offers { offers, all, steps })
        })
        .await
    }

    /// Ends the offers that nobody acted on in time, and forgets what ended long ago.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn tidy_offers(&self, now: TimeMs) -> Result<(), Refusal> {
        while self.change(move |work| tidy(work, now)).await? == TIDY_MAX {}
        Ok(())
    }
}

fn no_such_offer() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "no such offer")
}

fn held(connection: &Connection, offer: OfferId) -> Result<Option<OfferState>, Refusal> {
    let held = connection
        .prepare_cached(&format!("{HELD} WHERE offer = ?1"))?
        .query_row([offer.as_bytes()], row::state)
        .optional()?;
    Ok(held)
}

/// Writes how an offer stands now, and tells both people; of one that ended the content service hears, when it may hold
/// bytes of it.
fn write(work: &Work<'_>, state: OfferState, now: TimeMs) -> Result<(), Refusal> {
    write_for(work, state, now, false)
}

/// As [`write`]; of what is hidden once, the receiver never hears.
fn write_for(work: &Work<'_>, mut state: OfferState, now: TimeMs, hidden: bool) -> Result<(), Refusal> {
    let txn = work.next_txn()?;
    state.txn = txn;
    let ended_ms = i64::try_from(OFFER_ENDED_DAYS).unwrap_or(i64::MAX / DAY_MS) * DAY_MS;
    let until = state.until.unwrap_or(TimeMs(now.0.saturating_add(ended_ms)));
    let row::Kept { handed, hidden } = row::put(work.connection, &state, until, hidden)?;
    if state.step.is_over() && handed {
        tell_over(work, state.offer)?;
    }
    let to: Arc<[AccountId]> =
        if hidden { Arc::from([state.from]) } else { Arc::from([state.from, state.to]) };
    work.tell_by_txn(to, txn, Told::Offer(Box::new(state)));
    Ok(())
}

/// The content service needs to keep nothing of it.
fn tell_over(work: &Work<'_>, offer: OfferId) -> Result<(), Refusal> {
    work.relay(RoomId(offer.0), &RelayBody::OfferOver { offer }).map(|_| ())
}

fn tidy(work: &Work<'_>, now: TimeMs) -> Result<usize, Refusal> {
    let limit = i64::try_from(TIDY_MAX).unwrap_or(i64::MAX);
    let due = work
        .connection
        .prepare_cached(&format!("{HELD} WHERE until <= ?1 ORDER BY until LIMIT ?2"))?
        .query_map(params![now.0, limit], row::state)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let found = due.len();
    for state in due {
        if state.step.is_over() {
            forget(work.connection, &state)?;
        } else {
            write(work, OfferState { step: OfferStep::Expired, until: None, ..state }, now)?;
        }
    }
    Ok(found)
}

fn forget(connection: &Connection, state: &OfferState) -> Result<(), Refusal> {
    connection.prepare_cached("DELETE FROM offers WHERE offer = ?1")?.execute([state.offer.as_bytes()])?;
    for account in [state.from, state.to] {
        connection
            .prepare_cached(
                "INSERT INTO offers_forgotten (account, txn) VALUES (?1, ?2)
                 ON CONFLICT (account) DO UPDATE SET txn = max(txn, ?2)",
            )?
            .execute(params![account.as_bytes(), state.txn.0.cast_signed()])?;
    }
    Ok(())
}
