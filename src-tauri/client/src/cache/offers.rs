//! Offers as the messenger has them: those this person made and those made to them, ended ones too, until the messenger
//! forgets them.

use super::apply::{Applying, Touched};
use super::{Cache, pack, row};
use crate::view::ErrorView;
use pod_shared::OfferId;
use pod_shared::offer::OfferState;
use rusqlite::{Connection, Transaction, params};
use std::collections::BTreeSet;

/// One row for each offer; parts are those of a sync on its way.
pub(super) const TABLES: &str = "
CREATE TABLE offers (
    offer BLOB PRIMARY KEY,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE offer_parts (
    seq INTEGER PRIMARY KEY,
    body BLOB NOT NULL
) STRICT;
-- What was never told under the old key is told with everything.
UPDATE owner SET sync_key = NULL;
";

/// One part of a sync: offers, and whether these are all.
pub(super) type Part = (Vec<OfferState>, bool);

impl Cache {
    /// Every offer that is known.
    pub(crate) async fn offers(&self) -> Result<Vec<OfferState>, ErrorView> {
        let run = |tx: &Transaction<'_>| {
            let mut statement = tx.prepare_cached("SELECT body FROM offers ORDER BY offer")?;
            let offers = statement.query_map([], |row| row::unpack(row, 0))?;
            Ok(offers.collect::<Result<_, _>>()?)
        };
        self.read(run).await
    }
}

/// The ids of all that are known.
pub(super) fn ids(tx: &Connection) -> Result<BTreeSet<OfferId>, ErrorView> {
    let mut statement = tx.prepare("SELECT offer FROM offers")?;
    let ids = statement.query_map([], |row| row::id(row, 0, OfferId::from_slice))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

pub(super) fn write(tx: &Connection, touched: &mut Touched, offer: OfferState) -> Result<(), ErrorView> {
    tx.prepare_cached("INSERT OR REPLACE INTO offers (offer, body) VALUES (?1, ?2)")?
        .execute(params![offer.offer.as_bytes(), pack(&offer)?])?;
    touched.offers.push(offer);
    Ok(())
}

impl Applying<'_> {
    /// Offers of a sync; what is not among all of them is over and forgotten. `before`: those that a snapshot replaces.
    pub(super) fn offer_parts(
        &mut self,
        parts: Vec<Part>,
        before: Option<BTreeSet<OfferId>>,
    ) -> Result<(), ErrorView> {
        let mut gone = match before {
            Some(before) => before,
            None if parts.iter().any(|(_, all)| *all) => ids(self.tx)?,
            None => BTreeSet::new(),
        };
        for offer in parts.into_iter().flat_map(|(offers, _)| offers) {
            gone.remove(&offer.offer);
            write(self.tx, &mut self.touched, offer)?;
        }
        for offer in &gone {
            self.tx.execute("DELETE FROM offers WHERE offer = ?1", [offer.as_bytes()])?;
        }
        self.touched.offers_gone = gone;
        Ok(())
    }
}
