//! Comments and ratings: written by who may write in the room, read by all of it.

use super::entries::{about, id_reused};
use super::sight::{changer, require_seen};
use super::table::activities::{About, append};
use super::table::{comments, entries, members, ratings};
use super::tree::{live, visible};
use super::{ContentStore, Doing};
use crate::content::rules;
use crate::error::Refusal;
use pod_shared::content::{AboutNew, ActivityKind, Comment, CommentNew, CommentPage, Entry, RatingPage};
use pod_shared::{AccountId, CommentId, EntryId, ErrorCode, limits};
use rusqlite::Connection;

impl ContentStore {
    /// Says something about an entry. Repeatable by the id.
    pub(crate) async fn comment(
        &self,
        doing: Doing,
        entry: EntryId,
        new: CommentNew,
    ) -> Result<Comment, Refusal> {
        self.change(move |conn| {
            let entry = writable(conn, doing, entry)?;
            if let Some((there, on)) = comments::get(conn, new.id)? {
                let same = (on, there.by, there.reply) == (entry.id, doing.by, new.reply);
                let said = there.text.as_ref().is_none_or(|text| *text == new.text);
                return if same && said { Ok(there) } else { Err(id_reused()) };
            }
            if let Some(reply) = new.reply
                && comments::get(conn, reply)?.is_none_or(|(_, on)| on != entry.id)
            {
                return Err(rules::not_found());
            }
            for account in &new.mentions {
                // Who is named must be there to read it.
                require_seen(conn, *account, &entry)?;
            }
            let seq = comments::newest(conn, entry.id)? + 1;
            if seq > limits::COMMENTS_PER_ENTRY_MAX {
                return Err(Refusal::new(ErrorCode::TooMany, "that many comments cannot be on one entry"));
            }
            let comment = Comment {
                id: new.id,
                seq: u32::try_from(seq).unwrap_or(u32::MAX),
                by: doing.by,
                at: doing.at,
                version: entry.version,
                text: Some(new.text),
                mentions: new.mentions,
                reply: new.reply,
            };
            comments::insert(conn, entry.id, &comment)?;
            tell(conn, doing, &entry, &ActivityKind::Commented, Some(comment.id))?;
            Ok(comment)
        })
        .await
    }

    /// Comments on an entry before a place, the newest first.
    pub(crate) async fn comments(
        &self,
        account: AccountId,
        entry: EntryId,
        before: u32,
        limit: u32,
    ) -> Result<CommentPage, Refusal> {
        self.db
            .read(move |conn| {
                let entry = visible(conn, account, entry).and_then(|entry| live(conn, entry))?;
                let mut comments = comments::before(conn, entry.id, before, limit + 1)?;
                let more = comments.len() > limit as usize;
                comments.truncate(limit as usize);
                Ok(CommentPage { comments, more })
            })
            .await
    }

    /// Takes the text of a comment away, for whoever wrote it or manages the room. Repeatable.
    pub(crate) async fn delete_comment(&self, doing: Doing, comment: CommentId) -> Result<(), Refusal> {
        self.change(move |conn| {
            let (comment, on) = comments::get(conn, comment)?.ok_or_else(rules::not_found)?;
            let entry = visible(conn, doing.by, on)?;
            if comment.by != doing.by {
                rules::manager(members::role(conn, entry.room, doing.by)?)?;
            }
            if comment.text.is_some() {
                comments::clear(conn, entry.id, comment.id)?;
                tell(conn, doing, &entry, &ActivityKind::CommentDeleted, Some(comment.id))?;
            }
            Ok(())
        })
        .await
    }

    /// Sets one's own rating of an entry, or takes it back; answers the entry. Repeatable.
    pub(crate) async fn rate(
        &self,
        doing: Doing,
        entry: EntryId,
        halves: Option<u8>,
    ) -> Result<Entry, Refusal> {
        self.change(move |conn| {
            let entry = writable(conn, doing, entry)?;
            if ratings::get(conn, entry.id, doing.by)? == halves {
                return Ok(entry);
            }
            ratings::set(conn, entry.id, doing.by, halves, doing.at)?;
            tell(conn, doing, &entry, &ActivityKind::Rated { halves: halves.unwrap_or(0) }, None)?;
            entries::get(conn, entry.id)?.ok_or_else(rules::not_found)
        })
        .await
    }

    /// Says what an entry is; answers it. Repeatable.
    pub(crate) async fn describe(
        &self,
        doing: Doing,
        entry: EntryId,
        about: AboutNew,
    ) -> Result<Entry, Refusal> {
        self.change(move |conn| {
            let mut entry = writable(conn, doing, entry)?;
            changer(conn, doing.by, &entry)?;
            if (&entry.description, &entry.tags) == (&about.description, &about.tags) {
                return Ok(entry);
            }
            (entry.description, entry.tags) = (about.description, about.tags);
            let kind = ActivityKind::MetadataChanged;
            entry.position = append(conn, entry.room, doing, &kind, super::entries::about(&entry))?;
            entries::set_about(conn, &entry)?;
            Ok(entry)
        })
        .await
    }

    /// Who rated an entry how.
    pub(crate) async fn ratings(&self, account: AccountId, entry: EntryId) -> Result<RatingPage, Refusal> {
        self.db
            .read(move |conn| {
                let entry = visible(conn, account, entry).and_then(|entry| live(conn, entry))?;
                let most = u32::try_from(limits::MEMBERS_PER_ROOM_MAX).unwrap_or(u32::MAX);
                Ok(RatingPage { ratings: ratings::of(conn, entry.id, most)? })
            })
            .await
    }
}

fn writable(conn: &Connection, doing: Doing, entry: EntryId) -> Result<Entry, Refusal> {
    let entry = visible(conn, doing.by, entry).and_then(|entry| live(conn, entry))?;
    rules::writer(members::role(conn, entry.room, doing.by)?)?;
    Ok(entry)
}

fn tell(
    conn: &Connection,
    doing: Doing,
    entry: &Entry,
    kind: &ActivityKind,
    comment: Option<CommentId>,
) -> Result<(), Refusal> {
    let position = append(conn, entry.room, doing, kind, About { comment, ..about(entry) })?;
    entries::set_position(conn, entry.id, position)?;
    Ok(())
}
