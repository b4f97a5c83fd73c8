//! A sync on its way: its parts as they came, which stand for nothing until the end applies them together.

use super::apply::Applying;
use super::{Cache, contacts, offers, pack, row};
use crate::view::ErrorView;
use pod_shared::socket::ServerFrame;
use rusqlite::{Connection, Transaction, params};

/// One table for the parts of every kind.
pub(super) const TABLES: &str = "
DROP TABLE people_parts;
DROP TABLE offer_parts;
DROP TABLE contact_parts;
-- Those of another form stand for nothing any more.
DELETE FROM parts;
";

impl Cache {
    /// Keeps one part of a sync that is not whole yet.
    pub(crate) async fn keep(&self, part: &ServerFrame) -> Result<(), ErrorView> {
        let body = pack(part)?;
        let run = move |tx: &Transaction<'_>| {
            tx.execute("INSERT INTO parts (body) VALUES (?1)", params![body])?;
            Ok(())
        };
        self.db.run(run).await
    }
}

/// The parts of a sync that is whole now, in their order.
pub(super) fn kept(tx: &Connection) -> Result<Vec<ServerFrame>, ErrorView> {
    let mut statement = tx.prepare("SELECT body FROM parts ORDER BY seq")?;
    let parts = statement.query_map([], |row| row::unpack(row, 0))?;
    Ok(parts.collect::<Result<_, _>>()?)
}

/// Drops them.
pub(super) fn drop_all(tx: &Connection) -> Result<(), ErrorView> {
    tx.execute("DELETE FROM parts", [])?;
    Ok(())
}

impl Applying<'_> {
    /// Applies rooms, people and settings; gives back what is told from what is gone: offers and contacts.
    pub(super) fn parts(
        &mut self,
        parts: Vec<ServerFrame>,
    ) -> Result<(Vec<offers::Part>, Vec<contacts::Part>), ErrorView> {
        let (mut offered, mut known) = (Vec::new(), Vec::new());
        for part in parts {
            match part {
                ServerFrame::SyncPart { rooms } => {
                    for delta in rooms {
                        self.room(delta)?;
                    }
                }
                ServerFrame::SyncPeople { people, mine } => self.people_part(&people, mine.as_ref())?,
                ServerFrame::SyncOffers { offers, all } => offered.push((offers, all)),
                ServerFrame::SyncContacts { contacts, groups, all } => known.push((contacts, groups, all)),
                ServerFrame::SyncSettings { settings } => self.settings(settings)?,
                ServerFrame::SyncProfiles(profiles) => self.profiles(profiles)?,
                // No parts of a sync: nothing of it is kept.
                ServerFrame::Hello(_)
                | ServerFrame::Again(_)
                | ServerFrame::SyncPresences(_)
                | ServerFrame::SyncEnded(_)
                | ServerFrame::SyncEnd { .. }
                | ServerFrame::Event(_)
                | ServerFrame::Room(_)
                | ServerFrame::Read { .. }
                | ServerFrame::Delivered { .. }
                | ServerFrame::Typing { .. }
                | ServerFrame::Presence { .. }
                | ServerFrame::MyPresence { .. }
                | ServerFrame::Contacts { .. }
                | ServerFrame::Setting { .. }
                | ServerFrame::Profiles { .. }
                | ServerFrame::Offer { .. }
                | ServerFrame::Accepted { .. }
                | ServerFrame::Refused { .. }
                | ServerFrame::Answer { .. }
                | ServerFrame::Progress(_)
                | ServerFrame::Bye { .. } => {}
            }
        }
        Ok((offered, known))
    }
}
