//! Room links: kept by the digest of their code. A use counts once for each person, however often they ask.

use super::members::{self, MemberAsk};
use super::work::Work;
use super::{MessengerStore, column, rooms};
use crate::error::Refusal;
use pod_shared::links::RoomLink;
use pod_shared::socket::Person;
use pod_shared::{AccountId, ErrorCode, LinkId, Role, RoomId, TimeMs};
use rusqlite::{OptionalExtension, Row, params};

/// How long a link that is over is remembered, so that `check` and its uses stay plain, in milliseconds.
const REMEMBERED_MS: i64 = 30 * 24 * 3_600 * 1_000;

/// A link to be made.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// Its id.
    pub link: LinkId,
    /// The room.
    pub room: RoomId,
    /// SHA-256 of its code.
    pub digest: [u8; 32],
    /// Who makes it.
    pub by: AccountId,
    /// The role of who joins.
    pub role: Role,
    /// How many people may use it.
    pub uses: u32,
    /// Now.
    pub at: TimeMs,
    /// When it is over.
    pub expires_at: TimeMs,
}

/// Somebody who comes with a code.
#[derive(Clone, Debug)]
pub struct JoinAsk {
    /// SHA-256 of the code.
    pub digest: [u8; 32],
    /// Who.
    pub account: AccountId,
    /// Their name; nothing: the directory does not know them.
    pub person: Option<Person>,
    /// Now.
    pub at: TimeMs,
}

/// What a judgement on a joining rests on.
#[derive(Clone, Copy, Debug)]
pub struct JoinFacts {
    /// Somebody took the link back.
    pub revoked: bool,
    /// When it is over.
    pub expires_at: TimeMs,
    /// Now.
    pub at: TimeMs,
    /// How many people may still use it.
    pub uses_left: u64,
    /// This person used it before, and left.
    pub used_before: bool,
    /// This person was removed by somebody else.
    pub removed: bool,
    /// The present role of who made it.
    pub maker: Option<Role>,
    /// Members now.
    pub members: u64,
    /// The person is known to the directory.
    pub known: bool,
}

/// What the page of a link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The room's title.
    pub title: String,
    /// Who made the link.
    pub by_name: String,
}

/// A link as it is kept.
struct Held {
    link: LinkId,
    room: RoomId,
    by: AccountId,
    role: Role,
    digest: Vec<u8>,
    uses_left: u64,
    expires_at: TimeMs,
    revoked: bool,
}

const HELD: &str = "SELECT link, room, by, role, digest, uses_left, expires_at, revoked FROM links";

fn held(row: &Row<'_>) -> rusqlite::Result<Held> {
    Ok(Held {
        link: column::id(row, 0, LinkId::from_slice)?,
        room: column::room(row, 1)?,
        by: column::account(row, 2)?,
        role: column::role(row, 3)?.unwrap_or(Role::Viewer),
        digest: row.get(4)?,
        uses_left: column::count(row, 5)?,
        expires_at: TimeMs(row.get(6)?),
        revoked: row.get(7)?,
    })
}

fn by_digest(work: &Work<'_>, digest: &[u8; 32]) -> Result<Option<Held>, Refusal> {
    let mut statement = work.connection.prepare_cached(&format!("{HELD} WHERE digest = ?1"))?;
    Ok(statement.query_row([digest], held).optional()?)
}

impl MessengerStore {
    /// Makes a link; the same again changes nothing. Answers when it is over.
    ///
    /// # Errors
    /// `not_found`, `id_reused`, or what `decide` says of the asker's role and the links that can be used.
    pub async fn create_link(
        &self,
        new: NewLink,
        decide: fn(Role, links: u64) -> Result<(), Refusal>,
    ) -> Result<TimeMs, Refusal> {
        self.change(move |work| {
            let role = work.member(new.room, new.by)?;
            let mut statement =
                work.connection.prepare_cached(&format!("{HELD} WHERE link = ?1 OR digest = ?2"))?;
            let before =
                statement.query_row(params![new.link.as_bytes(), new.digest], held).optional()?;
            if let Some(before) = before {
                let same = before.link == new.link && before.room == new.room && before.by == new.by;
                return if same && before.digest == new.digest {
                    Ok(before.expires_at)
                } else {
                    Err(Refusal::new(ErrorCode::IdReused, "the id or the code stands for another link"))
                };
            }
            let links: u64 = work
                .connection
                .prepare_cached(
                    "SELECT count(*) FROM links
                     WHERE room = ?1 AND revoked = 0 AND uses_left > 0 AND expires_at > ?2",
                )?
                .query_row(params![new.room.as_bytes(), new.at.0], |row| column::count(row, 0))?;
            decide(role, links)?;
            work.connection
                .prepare_cached(
                    "INSERT INTO links (link, digest, room, by, role, uses, uses_left, made_at, expires_at, revoked)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, 0)",
                )?
                .execute(params![
                    new.link.as_bytes(),
                    new.digest,
                    new.room.as_bytes(),
                    new.by.as_bytes(),
                    new.role.code(),
                    new.uses,
                    new.at.0,
                    new.expires_at.0
                ])?;
            Ok(new.expires_at)
        })
        .await
    }

    /// The links of a room that can still be used, newest first.
    ///
    /// # Errors
    /// `not_found`, or what `decide` says of the asker's role.
    pub async fn links(
        &self,
        room: RoomId,
        by: AccountId,
        at: TimeMs,
        decide: fn(Role) -> Result<(), Refusal>,
    ) -> Result<Vec<RoomLink>, Refusal> {
        self.change(move |work| {
            decide(work.member(room, by)?)?;
            let mut statement = work.connection.prepare_cached(
                "SELECT link, by, coalesce(nullif(display_name, ''), name, ''), uses_left, expires_at
                 FROM links LEFT JOIN people ON people.account = links.by
                 WHERE room = ?1 AND revoked = 0 AND uses_left > 0 AND expires_at > ?2
                 ORDER BY made_at DESC, link DESC",
            )?;
            let links = statement.query_map(params![room.as_bytes(), at.0], |row| {
                Ok(RoomLink {
                    link: column::id(row, 0, LinkId::from_slice)?,
                    by: column::account(row, 1)?,
                    by_name: row.get(2)?,
                    uses_left: row.get(3)?,
                    expires_at: TimeMs(row.get(4)?),
                })
            })?;
            Ok(links.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Nobody joins with the link any more. Repeatable.
    ///
    /// # Errors
    /// `not_found`, or what `decide` says of the asker's role.
    pub async fn revoke_link(
        &self,
        room: RoomId,
        link: LinkId,
        by: AccountId,
        decide: fn(Role) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        self.change(move |work| {
            decide(work.member(room, by)?)?;
            let found = work
                .connection
                .prepare_cached("UPDATE links SET revoked = 1 WHERE link = ?1 AND room = ?2")?
                .execute([link.as_bytes(), room.as_bytes()])?;
            if found == 1 { Ok(()) } else { Err(Refusal::new(ErrorCode::NotFound, "no such link")) }
        })
        .await
    }

    /// Makes the person a member of the room that the code is for, after `decide` agreed. Who is in it already is.
    ///
    /// # Errors
    /// What `decide` says; `facts` is nothing for a code that nobody made. `too_many` for who is in too many rooms.
    pub async fn join(
        &self,
        ask: JoinAsk,
        decide: fn(Option<&JoinFacts>) -> Result<(), Refusal>,
    ) -> Result<RoomId, Refusal> {
        self.change(move |work| {
            let Some(link) = by_digest(work, &ask.digest)? else {
                decide(None)?;
                return Err(super::no_such_room());
            };
            let before = members::held(work, link.room, ask.account)?;
            if before.as_ref().is_some_and(|before| before.version.role.is_some()) {
                return Ok(link.room);
            }
            let used_before = work
                .connection
                .prepare_cached("SELECT 1 FROM link_uses WHERE link = ?1 AND account = ?2")?
                .exists([link.link.as_bytes(), ask.account.as_bytes()])?;
            let facts = JoinFacts {
                revoked: link.revoked,
                expires_at: link.expires_at,
                at: ask.at,
                uses_left: link.uses_left,
                used_before,
                removed: before.as_ref().is_some_and(|before| before.version.by != ask.account),
                maker: work.role(link.room, link.by)?,
                members: rooms::get(work, link.room)?.members,
                known: ask.person.is_some(),
            };
            decide(Some(&facts))?;
            if !used_before {
                count_use(work, link.link, ask.account)?;
            }
            let (room, role) = (link.room, Some(link.role));
            let change = MemberAsk {
                room,
                by: ask.account,
                at: ask.at,
                account: ask.account,
                person: ask.person,
                role,
            };
            members::set(work, &change, before)?;
            Ok(room)
        })
        .await
    }

    /// What to say of a link to who opens its page; nothing: it cannot be used.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn shown_link(
        &self,
        digest: [u8; 32],
        at: TimeMs,
        decide: fn(Option<&JoinFacts>) -> Result<(), Refusal>,
    ) -> Result<Option<Shown>, Refusal> {
        self.change(move |work| {
            let Some(link) = by_digest(work, &digest)? else { return Ok(None) };
            let room = rooms::get(work, link.room)?;
            let facts = JoinFacts {
                revoked: link.revoked,
                expires_at: link.expires_at,
                at,
                uses_left: link.uses_left,
                used_before: false,
                removed: false,
                maker: work.role(link.room, link.by)?,
                members: room.members,
                known: true,
            };
            if decide(Some(&facts)).is_err() {
                return Ok(None);
            }
            let maker = super::people::get(work, link.by)?;
            let by_name = if maker.display_name.is_empty() { maker.name } else { maker.display_name };
            Ok(Some(Shown { title: room.title, by_name }))
        })
        .await
    }

    /// Drops links that are over for long.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn forget_links(&self, now: TimeMs) -> Result<usize, Refusal> {
        self.change(move |work| {
            let before = now.0 - REMEMBERED_MS;
            work.connection
                .prepare_cached(
                    "DELETE FROM link_uses WHERE link IN (SELECT link FROM links WHERE expires_at < ?1)",
                )?
                .execute([before])?;
            let forgotten = work
                .connection
                .prepare_cached("DELETE FROM links WHERE expires_at < ?1")?
                .execute([before])?;
            Ok(forgotten)
        })
        .await
    }
}

fn count_use(work: &Work<'_>, link: LinkId, account: AccountId) -> Result<(), Refusal> {
    work.connection
        .prepare_cached("UPDATE links SET uses_left = uses_left - 1 WHERE link = ?1")?
        .execute([link.as_bytes()])?;
    work.connection
        .prepare_cached("INSERT INTO link_uses (link, account) VALUES (?1, ?2)")?
        .execute([link.as_bytes(), account.as_bytes()])?;
    Ok(())
}
