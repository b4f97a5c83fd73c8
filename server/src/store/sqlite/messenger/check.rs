//! The invariants of `messenger.db`, one line for each that does not hold, with ids only.

use super::{RoomPairs, column};
use crate::store::StoreError;
use pod_shared::RoomId;
use pod_shared::socket::EventKind;
use rusqlite::{Connection, Row};

/// Each question finds what must not be; the row's text is the line.
const QUESTIONS: &[&str] = &[
    // Positions of a room are 1..head without a hole, and its head is the last.
    "SELECT 'room ' || lower(hex(room)) || ': ' || count(pos) || ' events, head ' || head
     FROM rooms LEFT JOIN events USING (room) GROUP BY room
     HAVING count(pos) <> head OR coalesce(max(pos), 0) <> head OR coalesce(min(pos), 1) <> 1",
    // Transactions rise with positions.
    "SELECT 'room ' || lower(hex(room)) || ': event ' || pos || ' has an earlier transaction than the one before'
     FROM (SELECT room, pos, txn, lag(txn) OVER (PARTITION BY room ORDER BY pos) AS before FROM events)
     WHERE before >= txn",
    "SELECT 'event ' || events.txn || ' is beyond the head' FROM events, meta WHERE events.txn > meta.txn",
    "SELECT 'room ' || lower(hex(room)) || ' changed beyond the head' FROM rooms, meta
     WHERE last_txn > meta.txn OR title_txn > meta.txn OR folder_txn > meta.txn",
    "SELECT 'room ' || lower(hex(room)) || ' has an event after its last change'
     FROM rooms JOIN events USING (room) GROUP BY room HAVING max(events.txn) > last_txn",
    "SELECT 'member ' || lower(hex(account)) || ' of room ' || lower(hex(room)) || ' changed beyond the head'
     FROM members, meta WHERE members.txn > meta.txn OR since_txn > members.txn OR read_txn > meta.txn
        OR delivered_txn > meta.txn",
    "SELECT 'event ' || txn || ' has no room' FROM events WHERE room NOT IN (SELECT room FROM rooms)",
    "SELECT 'member ' || lower(hex(account)) || ' has no room ' || lower(hex(room)) FROM members
     WHERE room NOT IN (SELECT room FROM rooms)",
    "SELECT 'dirty room ' || lower(hex(room)) || ' of no device' FROM dirty
     WHERE device NOT IN (SELECT device FROM devices)",
    "SELECT 'message ' || lower(hex(id)) || ' has no event' FROM sent
     WHERE NOT EXISTS (SELECT 1 FROM events WHERE events.txn = sent.txn AND events.room IS NOT NULL AND kind = 2)",
    "SELECT 'event ' || events.txn || ' is a message without its id' FROM events LEFT JOIN sent USING (txn)
     WHERE kind = 2 AND sent.id IS NULL",
    "SELECT 'room ' || lower(hex(room)) || ' counts ' || rooms.members || ' members'
     FROM rooms WHERE rooms.members <> (SELECT count(*) FROM members WHERE members.room = rooms.room AND role IS NOT NULL)",
    "SELECT 'person ' || lower(hex(account)) || ' counts ' || rooms || ' rooms' FROM people
     WHERE rooms <> (SELECT count(*) FROM members WHERE members.account = people.account AND role IS NOT NULL)",
    "SELECT 'member ' || lower(hex(account)) || ' of room ' || lower(hex(room)) || ' read beyond the end'
     FROM members JOIN rooms USING (room) WHERE read_pos > head OR delivered_pos > head",
    "SELECT 'event ' || abouts.txn || ' is about no message of its room' FROM abouts
     LEFT JOIN events AS said ON said.txn = abouts.txn LEFT JOIN events AS held ON held.txn = target
     WHERE said.kind IS NOT 2 OR held.kind IS NOT 2 OR said.room IS NOT held.room OR held.txn >= said.txn
        OR target IN (SELECT txn FROM abouts)",
    "SELECT 'event ' || txn || ' is about a message that was deleted before' FROM abouts
     WHERE EXISTS (SELECT 1 FROM abouts AS ends WHERE ends.target = abouts.target AND ends.how = 3 AND ends.txn < abouts.txn)",
    "SELECT 'member ' || lower(hex(account)) || ' of room ' || lower(hex(room)) || ' waits for a row that is not there'
     FROM members WHERE settling IS NOT NULL AND settling NOT IN (SELECT id FROM relay_log)",
    // A member's last settled change is what the newest event about them says; the data is opaque here, so only that the
    // first event of a room is its making, and no other.
    "SELECT 'event ' || txn || ' is no beginning, or a second one' FROM events WHERE (kind = 1) <> (pos = 1)",
    "SELECT 'room ' || lower(hex(room)) || ': the folder stands nowhere without a folder' FROM rooms
     WHERE folder = 0 AND content_at > 0",
    "SELECT 'link ' || lower(hex(link)) || ' has no room' FROM links WHERE room NOT IN (SELECT room FROM rooms)",
    "SELECT 'link ' || lower(hex(link)) || ' counts ' || (uses - uses_left) || ' uses' FROM links
     WHERE uses - uses_left <> (SELECT count(*) FROM link_uses WHERE link_uses.link = links.link) OR uses_left < 0",
    "SELECT 'presence of ' || lower(hex(account)) || ' changed beyond the head' FROM presence, meta
     WHERE presence.txn > meta.txn OR chosen_txn > meta.txn",
    "SELECT 'offer ' || lower(hex(offer)) || ' changed beyond the head' FROM offers, meta WHERE offers.txn > meta.txn",
    "SELECT 'offer ' || lower(hex(offer)) || ' is to who makes it, or was never asked' FROM offers
     WHERE sender = receiver OR round < 1",
    "SELECT 'offer ' || lower(hex(offer)) || ' is accepted by no device' FROM offers
     WHERE receiver_device IS NULL AND (step IN (2, 10) OR coalesce(from_byte, 0) > 0)",
    "SELECT 'offer ' || lower(hex(offer)) || ' stands at step ' || step || ' without what belongs to it' FROM offers
     WHERE step NOT IN (1, 2, 3, 4, 5, 10, 11, 12, 13, 14) OR (step IN (4, 5)) <> (from_byte IS NOT NULL)
        OR (step = 13) <> (code IS NOT NULL) OR (step IN (4, 5) AND handed = 0)",
    "SELECT 'forgotten offers of ' || lower(hex(account)) || ' are beyond the head' FROM offers_forgotten, meta
     WHERE offers_forgotten.txn > meta.txn",
    "SELECT 'contact ' || lower(hex(other)) || ' of ' || lower(hex(owner)) || ' changed beyond the head' FROM contacts, meta
     WHERE contacts.txn > meta.txn OR since_txn > contacts.txn OR veil_txn > contacts.txn",
    "SELECT 'contact ' || lower(hex(held.other)) || ' of ' || lower(hex(held.owner)) || ' stands at ' || held.standing
         || ', and the other way at ' || coalesce(back.standing, 0)
     FROM contacts held LEFT JOIN contacts back ON back.owner = held.other AND back.other = held.owner
     WHERE held.owner = held.other
        OR CASE held.standing WHEN 4 THEN 4 = coalesce(back.standing, 0)
               WHEN 1 THEN coalesce(back.standing, 0) IN (2, 3)
               WHEN 2 THEN coalesce(back.standing, 0) = 1 AND held.blocked = 0
               WHEN 3 THEN coalesce(back.standing, 0) = 1
               ELSE coalesce(back.standing, 0) IN (0, 5) AND held.standing IN (0, 5) END = 0",
    "SELECT 'contact ' || lower(hex(other)) || ' of ' || lower(hex(owner)) || ' is gone and is not, or says what nobody asks'
     FROM contacts WHERE (gone_at IS NOT NULL) <> (standing = 0 AND blocked = 0)
        OR (text <> '' AND standing NOT IN (1, 2, 3)) OR (blocked = 1 AND veil_txn = 0)",
    "SELECT 'contacts of ' || lower(hex(owner)) || ' are counted as ' || kept || ', asking ' || asking
     FROM contact_counts WHERE kept <> (SELECT count(*) FROM contacts WHERE contacts.owner = contact_counts.owner AND gone_at IS NULL)
        OR asking <> (SELECT count(*) FROM contacts WHERE contacts.owner = contact_counts.owner AND standing = 2)",
    "SELECT 'contacts of ' || lower(hex(owner)) || ' are not counted' FROM contacts
     WHERE owner NOT IN (SELECT owner FROM contact_counts)",
    "SELECT 'profile of ' || lower(hex(account)) || ' changed beyond the head' FROM profiles, meta
     WHERE profiles.txn > meta.txn",
    "SELECT 'contact group ' || lower(hex(grp)) || ' of ' || lower(hex(owner)) || ' changed beyond the head'
     FROM contact_groups, meta WHERE contact_groups.txn > meta.txn",
    "SELECT 'contact ' || lower(hex(places.other)) || ' of ' || lower(hex(places.owner)) || ' is in a group that is not there'
     FROM contact_places places LEFT JOIN contact_groups held USING (owner, grp)
     WHERE held.owner IS NULL OR held.gone_at IS NOT NULL",
    "SELECT 'forgotten contacts of ' || lower(hex(owner)) || ' are beyond the head' FROM contacts_forgotten, meta
     WHERE contacts_forgotten.txn > meta.txn",
    "SELECT 'device ' || lower(hex(device)) || ' applied beyond the head' FROM devices, meta WHERE acked > meta.txn",
];

/// One line for each invariant that does not hold; those of the relay log are its own.
///
/// # Errors
/// When the database cannot be read.
pub fn check(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut violations = Vec::new();
    for question in QUESTIONS {
        let mut statement = connection.prepare(question)?;
        for line in statement.query_map([], |row| row.get::<_, String>(0))? {
            violations.push(line?);
        }
    }
    let mut statement = connection.prepare(
        "SELECT events.txn, data, coalesce(abouts.how, 0) <> 3,
                EXISTS (SELECT 1 FROM abouts AS ends
                        WHERE ends.target IN (events.txn, abouts.target) AND ends.how = 3)
         FROM events LEFT JOIN abouts USING (txn)",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let txn: i64 = row.get(0)?;
        let (content, deleted): (bool, bool) = (row.get(2)?, row.get(3)?);
        match kind(row) {
            None => violations.push(format!("event {txn} cannot be read")),
            Some(EventKind::Message { body, .. }) if content && body.0.is_empty() != deleted => {
                violations.push(format!("event {txn} has a body although deleted, or none although not"));
            }
            Some(_) => {}
        }
    }
    Ok(violations)
}

fn kind(row: &Row<'_>) -> Option<EventKind> {
    let data = row.get_ref(1).ok().and_then(|data| data.as_blob().ok())?;
    pod_shared::wire::decode(data).ok()
}

/// Rooms with a folder, with their present members.
///
/// # Errors
/// When the database cannot be read.
pub fn pairs(connection: &Connection) -> Result<RoomPairs, StoreError> {
    let mut pairs = RoomPairs::new();
    let mut rooms = connection.prepare("SELECT room FROM rooms WHERE folder = 1")?;
    for room in rooms.query_map([], |row| column::room(row, 0))? {
        pairs.insert(room?, std::collections::BTreeMap::new());
    }
    let mut members = connection.prepare("SELECT room, account, role FROM members WHERE role IS NOT NULL")?;
    let mut rows = members.query([])?;
    while let Some(row) = rows.next()? {
        let room: RoomId = column::room(row, 0)?;
        if let (Some(pair), Some(role)) = (pairs.get_mut(&room), column::role(row, 2)?) {
            pair.insert(column::account(row, 1)?, role);
        }
    }
    Ok(pairs)
}
