//! Frames into rows: parts of a sync wait until it is whole; live frames are applied as they come. The key moves in the
//! same transaction.

use super::row::{self, int};
use super::{Cache, log, offers, pack, parts, tables};
use crate::view::ErrorView;
use pod_shared::offer::OfferState;
use pod_shared::presence::{MyPresence, Presence};
use pod_shared::socket::{EventKind, RoomEvent, ServerFrame};
use pod_shared::sync::{MemberState, RoomDelta, SyncKey, SyncKind};
use pod_shared::{AccountId, ErrorCode, MessageId, OfferId, Position, RoomId, Txn};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};

/// What the application of frames changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    /// Rooms whose row, members or read marks changed.
    pub(crate) rooms: BTreeSet<RoomId>,
    /// Rooms whose chat changed.
    pub(crate) chats: BTreeSet<RoomId>,
    /// Rooms this person is no longer in.
    pub(crate) gone: BTreeSet<RoomId>,
    /// New rooms that others made (N3).
    pub(crate) opened: BTreeSet<RoomId>,
    /// Rooms whose folder stands further than what is here.
    pub(crate) folders: BTreeSet<RoomId>,
    /// Messages of this person that are in a log now.
    pub(crate) own_messages: Vec<MessageId>,
    /// New messages of others, by room: where the first and the newest stand.
    pub(crate) arrived: BTreeMap<RoomId, Span>,
    /// The newest message of somebody else that is here now, by room.
    pub(crate) delivered: BTreeMap<RoomId, Position>,
    /// After a snapshot: where each room's log ends. Marks beyond belong to a log that is gone.
    pub(crate) heads: BTreeMap<RoomId, Position>,
    /// People whose presence changed.
    pub(crate) people: BTreeMap<AccountId, Presence>,
    /// What this person chose to be, when that changed.
    pub(crate) mine: Option<MyPresence>,
    /// Settings of the person that changed on some device.
    pub(crate) settings: BTreeSet<String>,
    /// Offers that changed.
    pub(crate) offers: Vec<OfferState>,
    /// Offers that the messenger has forgotten.
    pub(crate) offers_gone: BTreeSet<OfferId>,
    /// People who stand otherwise as contacts.
    pub(crate) contacts: BTreeSet<AccountId>,
    /// Contact groups changed.
    pub(crate) contact_groups: bool,
    /// Who asks to be a contact, and did not before.
    pub(crate) asking: Vec<AccountId>,
}

/// A stretch of a log, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) first: Position,
    pub(crate) last: Position,
}

impl Span {
    /// From the lower of the first to the higher of the last.
    pub(crate) fn join(&mut self, more: Self) {
        self.first = self.first.min(more.first);
        self.last = self.last.max(more.last);
    }
}

/// How a log's rows reach this device, and so what they may cause.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As they happen, or at a reconnect: they are news.
    News,
    /// In a snapshot: they are how things are.
    Snapshot,
}

pub(super) struct Applying<'a> {
    pub(super) tx: &'a Connection,
    pub(super) me: AccountId,
    way: Way,
    pub(super) touched: Touched,
}

impl Cache {
    /// The sync is whole: applies its parts and its key at once.
    pub(crate) async fn apply_sync(
        &self,
        me: AccountId,
        kind: SyncKind,
        key: Option<SyncKey>,
    ) -> Result<Touched, ErrorView> {
        let run = move |tx: &rusqlite::Transaction<'_>| {
            let way = if kind == SyncKind::Full { Way::Snapshot } else { Way::News };
            let mut applying = Applying { tx, me, way, touched: Touched::default() };
            let parts = parts::kept(tx)?;
            // Only what replaces everything looks at everything.
            let before = match kind {
                SyncKind::Full => Some((heads(tx)?, offers::ids(tx)?)),
                SyncKind::Null | SyncKind::Delta => None,
            };
            if before.is_some() {
                tables::clear(tx)?;
            }
            let (offers, contacts) = applying.parts(parts)?;
            let (rooms_before, offers_before) = before.unzip();
            applying.offer_parts(offers, offers_before)?;
            applying.contact_parts(contacts, kind == SyncKind::Full)?;
            parts::drop_all(tx)?;
            write_key(tx, key.as_ref())?;
            let mut touched = applying.touched;
            if let Some(before) = rooms_before {
                touched.heads = heads(tx)?;
                touched.gone = before.into_keys().filter(|room| !touched.heads.contains_key(room)).collect();
            }
            Ok(touched)
        };
        self.db.run(run).await
    }

    /// Applies durable frames in their order, and the key with them.
    pub(crate) async fn apply_live(
        &self,
        me: AccountId,
        frames: Vec<ServerFrame>,
    ) -> Result<Touched, ErrorView> {
        let run = move |tx: &rusqlite::Transaction<'_>| {
            let mut applying = Applying { tx, me, way: Way::News, touched: Touched::default() };
            let mut newest = Txn(0);
            for frame in frames {
                if let Some(txn) = applying.frame(frame)? {
                    newest = newest.max(txn);
                }
            }
            if let Some(mut key) = row::key(tx)?
                && newest > key.txn
            {
                key.txn = newest;
                write_key(tx, Some(&key))?;
            }
            Ok(applying.touched)
        };
        self.db.run(run).await
    }
}

impl Applying<'_> {
    fn frame(&mut self, frame: ServerFrame) -> Result<Option<Txn>, ErrorView> {
        match frame {
            ServerFrame::Event(event) => {
                let txn = event.txn;
                self.event(&event)?;
                Ok(Some(txn))
            }
            ServerFrame::Room(delta) => {
                let txn = delta.txn;
                self.room(delta)?;
                Ok(Some(txn))
            }
            ServerFrame::Read { txn, room, account, pos } => {
                self.read(room, account, pos)?;
                Ok(Some(txn))
            }
            ServerFrame::Delivered { txn, room, account, pos } => {
                self.delivered(room, account, pos)?;
                Ok(Some(txn))
            }
            ServerFrame::Presence { txn, people } => self.presences(txn, people),
            ServerFrame::MyPresence { txn, mine } => self.chose(txn, &mine),
            ServerFrame::Contacts { txn, contacts, groups } => self.contacts(txn, &contacts, &groups),
            ServerFrame::Profiles { txn, profiles } => self.said_of_themselves(txn, profiles),
            ServerFrame::Setting { txn, setting } => {
                self.settings(vec![setting])?;
                Ok(Some(txn))
            }
            ServerFrame::Offer { offer } => {
                let txn = offer.txn;
                offers::write(self.tx, &mut self.touched, offer)?;
                Ok(Some(txn))
            }
            ServerFrame::Hello(_)
            | ServerFrame::Again(_)
            | ServerFrame::SyncPresences(_)
            | ServerFrame::SyncEnded(_)
            | ServerFrame::SyncOffers { .. }
            | ServerFrame::SyncContacts { .. }
            | ServerFrame::Typing { .. }
            | ServerFrame::SyncPart { .. }
            | ServerFrame::SyncPeople { .. }
            | ServerFrame::SyncSettings { .. }
            | ServerFrame::SyncProfiles(_)
            | ServerFrame::SyncEnd { .. }
            | ServerFrame::Accepted { .. }
            | ServerFrame::Refused { .. }
            | ServerFrame::Answer { .. }
            | ServerFrame::Progress(_)
            | ServerFrame::Bye { .. } => Ok(None),
        }
    }

    pub(super) fn room(&mut self, delta: RoomDelta) -> Result<(), ErrorView> {
        let room = delta.room;
        if delta.gone {
            if self
                .tx
                .query_row("SELECT 1 FROM rooms WHERE id = ?1", [room.as_bytes()], |_| Ok(()))
                .optional()?
                .is_some()
            {
                self.touched.gone.insert(room);
            }
            return tables::drop_room(self.tx, room);
        }
        let new = self.tx.execute("INSERT OR IGNORE INTO rooms (id) VALUES (?1)", [room.as_bytes()])? == 1;
        if delta.gap {
            log::forget(self.tx, room)?;
        }
        for event in &delta.events {
            self.event(event)?;
        }
        self.fields(&delta)?;
        for member in &delta.members {
            write_member(self.tx, room, member)?;
        }
        if let Some(read) = delta.read {
            self.read(room, self.me, read)?;
        }
        for (account, pos) in &delta.reads {
            self.read(room, *account, *pos)?;
        }
        for (account, pos) in &delta.delivered {
            self.delivered(room, *account, *pos)?;
        }
        let behind: bool = self.tx.query_row(
            "SELECT content_at > content_pos FROM rooms WHERE id = ?1",
            [room.as_bytes()],
            |row| row.get(0),
        )?;
        if behind {
            self.touched.folders.insert(room);
        }
        if new && self.way == Way::News && delta.created_by != Some(self.me) {
            self.touched.opened.insert(room);
        }
        self.touched.rooms.insert(room);
        self.touched.chats.insert(room);
        Ok(())
    }

    fn fields(&self, delta: &RoomDelta) -> Result<(), ErrorView> {
        self.tx.execute(
            "UPDATE rooms SET title = coalesce(?2, title), created_by = coalesce(?3, created_by),
                 created_at = coalesce(?4, created_at), folder = coalesce(?5, folder),
                 head = max(head, ?6), content_at = max(content_at, ?7),
                 last_at = max(last_at, coalesce(?4, 0))
             WHERE id = ?1",
            params![
                delta.room.as_bytes(),
                delta.title,
                delta.created_by.map(|id| id.as_bytes().to_vec()),
                delta.created_at.map(|at| at.0),
                delta.folder,
                int(delta.head.0),
                int(delta.content_at.0),
            ],
        )?;
        Ok(())
    }

    /// One row of a log, at the end of what is here.
    fn event(&mut self, event: &RoomEvent) -> Result<(), ErrorView> {
        let room = event.room;
        // Everything up to the head is applied, if anything of the log is here.
        let head = log::bounds(self.tx, room)?.filter(|(oldest, _)| *oldest > 0).map(|(_, head)| head);
        if head.is_some_and(|head| event.pos.0 <= head) {
            return Ok(());
        }
        if head.is_some_and(|head| event.pos.0 > head + 1) {
            log::forget(self.tx, room)?;
        }
        self.tx.execute("INSERT OR IGNORE INTO rooms (id) VALUES (?1)", [room.as_bytes()])?;
        log::write(self.tx, self.me, event)?;
        // What is about an earlier message makes the room no newer.
        let about = matches!(event.kind, EventKind::Message { about: Some(_), .. });
        let at = if about { 0 } else { event.at.0 };
        self.tx.execute(
            "UPDATE rooms SET head = max(head, ?2), oldest = CASE oldest WHEN 0 THEN ?2 ELSE oldest END,
                 last_at = max(last_at, ?3) WHERE id = ?1",
            params![room.as_bytes(), int(event.pos.0), at],
        )?;
        self.effect(event)?;
        self.touched.chats.insert(room);
        self.touched.rooms.insert(room);
        Ok(())
    }

    fn effect(&mut self, event: &RoomEvent) -> Result<(), ErrorView> {
        let room = event.room;
        match &event.kind {
            EventKind::Created { title } | EventKind::Renamed { title } => {
                self.tx
                    .execute("UPDATE rooms SET title = ?2 WHERE id = ?1", params![room.as_bytes(), title])?;
            }
            EventKind::Message { id, body, about } => {
                if event.by == self.me {
                    self.touched.own_messages.push(*id);
                    return Ok(());
                }
                if self.way == Way::News && about.is_none() && !body.0.is_empty() {
                    let here = Span { first: event.pos, last: event.pos };
                    self.touched.arrived.entry(room).or_insert(here).join(here);
                }
                self.touched.delivered.insert(room, event.pos);
            }
            EventKind::Member { account, name, display_name, role } => {
                let member = MemberState {
                    account: *account,
                    name: name.clone(),
                    display_name: display_name.clone(),
                    role: *role,
                };
                write_member(self.tx, room, &member)?;
            }
            EventKind::FolderMade {} => {
                self.tx.execute("UPDATE rooms SET folder = 1 WHERE id = ?1", [room.as_bytes()])?;
            }
            EventKind::Folder { at } => {
                self.tx.execute(
                    "UPDATE rooms SET folder = 1, content_at = max(content_at, ?2) WHERE id = ?1",
                    params![room.as_bytes(), int(at.0)],
                )?;
                self.touched.folders.insert(room);
            }
        }
        Ok(())
    }

    fn delivered(&mut self, room: RoomId, account: AccountId, pos: Position) -> Result<(), ErrorView> {
        self.tx.execute(
            "INSERT INTO reads (room, account, pos, delivered) VALUES (?1, ?2, 0, ?3)
             ON CONFLICT (room, account) DO UPDATE SET delivered = max(delivered, excluded.delivered)",
            params![room.as_bytes(), account.as_bytes(), int(pos.0)],
        )?;
        self.touched.chats.insert(room);
        Ok(())
    }

    fn read(&mut self, room: RoomId, account: AccountId, pos: Position) -> Result<(), ErrorView> {
        if account == self.me {
            self.tx.execute(
                "UPDATE rooms SET read = max(read, ?2) WHERE id = ?1",
                params![room.as_bytes(), int(pos.0)],
            )?;
        }
        self.tx.execute(
            "INSERT INTO reads (room, account, pos) VALUES (?1, ?2, ?3)
             ON CONFLICT (room, account) DO UPDATE SET pos = max(pos, excluded.pos)",
            params![room.as_bytes(), account.as_bytes(), int(pos.0)],
        )?;
        self.touched.rooms.insert(room);
        self.touched.chats.insert(room);
        Ok(())
    }
}

fn write_member(tx: &Connection, room: RoomId, member: &MemberState) -> Result<(), ErrorView> {
    tx.execute(
        "INSERT INTO members (room, account, name, display_name, role) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (room, account) DO UPDATE
         SET name = excluded.name, display_name = excluded.display_name, role = excluded.role",
        params![
            room.as_bytes(),
            member.account.as_bytes(),
            member.name,
            member.display_name,
            member.role.map(pod_shared::Role::code),
        ],
    )?;
    Ok(())
}

fn write_key(tx: &Connection, key: Option<&SyncKey>) -> Result<(), ErrorView> {
    let changed = tx.execute("UPDATE owner SET sync_key = ?1", params![key.map(pack).transpose()?])?;
    if changed == 1 {
        return Ok(());
    }
    Err(ErrorView::new(ErrorCode::Internal, "the cache belongs to nobody"))
}

/// All rooms, and where their logs end.
pub(super) fn heads(tx: &Connection) -> Result<BTreeMap<RoomId, Position>, ErrorView> {
    let mut statement = tx.prepare("SELECT id, head FROM rooms")?;
    let heads = statement
        .query_map([], |row| Ok((row::id(row, 0, RoomId::from_slice)?, Position(row::uint(row, 1)?))))?;
    Ok(heads.collect::<Result<_, _>>()?)
}
