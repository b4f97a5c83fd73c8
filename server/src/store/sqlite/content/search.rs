//! Finding files and folders by what they are called, what is said of them and what they say (O8, N11), among what a person
//! may see; and keeping the index of words in step.
//!
//! Triggers of the database note whose words changed, in the transaction that changes them; so a kill loses nothing, and
//! whoever writes an entry need not think of the index.

use super::ContentStore;
use super::seen::Seeing;
use super::table::words::{self, Candidate, Cut};
use super::table::{blobs, entries, versions};
use crate::content::{rules, tokens};
use crate::error::Refusal;
use crate::secret;
use crate::store::sqlite::content::Lying;
use pod_shared::content::{Entry, EntryKind, PreviewKind, SearchAsk, SearchHit, SearchPage};
use pod_shared::{AccountId, EntryId, ErrorCode, limits};
use rusqlite::Connection;

/// A file whose content is to be read for the index.
#[derive(Clone, Debug)]
pub(crate) struct ToRead {
    /// The file.
    pub(crate) entry: EntryId,
    /// Its name, which says what it is.
    pub(crate) name: String,
    /// Bytes.
    pub(crate) size: u64,
    /// SHA-256 of the content.
    pub(crate) digest: [u8; 32],
    /// Where it lies.
    pub(crate) lying: Lying,
}

/// What comes next for the index.
#[derive(Debug)]
pub(crate) enum NextText {
    /// Nothing.
    None,
    /// It was settled without reading.
    Settled,
    /// This is to be read.
    Read(ToRead),
}

impl ContentStore {
    /// What is asked for, among what a person may see; what came last first.
    pub(crate) async fn search(&self, account: AccountId, ask: SearchAsk) -> Result<SearchPage, Refusal> {
        let typed = tokens::question(&ask.text)
            .map_err(|_| Refusal::new(ErrorCode::TooMany, "that many words cannot be looked for at once"))?;
        self.db.read(move |conn| search(conn, account, &ask, typed)).await
    }

    /// Puts some of the words that changed into the index; false: there are none.
    pub(crate) async fn index_some(&self) -> Result<bool, Refusal> {
        // Nothing is written, and nobody held up, where nothing is to be done.
        if !self.db.read(|conn| Ok::<_, Refusal>(!words::unindexed(conn, 1)?.is_empty())).await? {
            return Ok(false);
        }
        self.db
            .write(move |conn| {
                let some = words::unindexed(conn, limits::INDEX_BATCH_MAX)?;
                for entry in &some {
                    index(conn, *entry)?;
                }
                Ok(!some.is_empty())
            })
            .await
    }

    /// The next file to read.
    pub(crate) async fn next_to_read(&self) -> Result<NextText, Refusal> {
        if self.db.read(|conn| Ok::<_, Refusal>(words::unread(conn)?.is_none())).await? {
            return Ok(NextText::None);
        }
        self.db
            .write(move |conn| {
                let Some((id, digest)) = words::unread(conn)? else { return Ok(NextText::None) };
                if let Some(text) = words::text_of(conn, &digest)? {
                    keep(conn, id, &digest, &text)?;
                    return Ok(NextText::Settled);
                }
                let entry = entries::get(conn, id)?.filter(|entry| entry.digest == secret::hex(&digest));
                let of = |entry: Entry| {
                    Ok::<_, Refusal>(versions::get(conn, id, entry.version)?.map(|(_, blob)| (entry, blob)))
                };
                let Some((entry, blob)) = entry.map(of).transpose()?.flatten() else {
                    words::was_read(conn, id, &digest)?;
                    return Ok(NextText::Settled);
                };
                let lying = blobs::lying(conn, blob)?.ok_or_else(rules::not_found)?;
                let (name, size) = (entry.name, entry.size);
                Ok(NextText::Read(ToRead { entry: id, name, size, digest, lying }))
            })
            .await
    }

    /// A file was read: this is what it says, cut for the index; nothing where it cannot be read.
    pub(crate) async fn keep_text(&self, of: &ToRead, cut: String) -> Result<(), Refusal> {
        let (entry, digest) = (of.entry, of.digest);
        self.db.write(move |conn| keep(conn, entry, &digest, &cut)).await
    }
}

/// Keeps a text if the file still has that content.
fn keep(conn: &Connection, id: EntryId, digest: &[u8; 32], text: &str) -> Result<(), Refusal> {
    words::was_read(conn, id, digest)?;
    let same = entries::get(conn, id)?.is_some_and(|entry| entry.digest == secret::hex(digest));
    if let Some(document) = words::document(conn, id)?.filter(|_| same) {
        words::set_text(conn, document.doc, Some(digest), text)?;
    }
    Ok(())
}

/// Puts the words of an entry into the index, and has its content read if that is another one.
fn index(conn: &Connection, id: EntryId) -> Result<(), Refusal> {
    words::indexed(conn, id)?;
    let Some(entry) = entries::get(conn, id)? else { return Ok(()) };
    if entries::is_purged(conn, id)? {
        return Ok(words::remove(conn, id)?);
    }
    let about = [entry.description.clone(), entry.tags.join("\n")].join("\n");
    let cut = Cut {
        room: entry.room.0.simple().to_string(),
        name: tokens::name(&entry.name),
        about: tokens::text(&about),
        said: tokens::text(&words::comments(conn, id)?.join("\n")),
    };
    let document = match words::document(conn, id)? {
        Some(document) => {
            words::update(conn, document.doc, &cut)?;
            document
        }
        None => words::insert(conn, id, &cut)?,
    };
    let Some(digest) = secret::unhex(&entry.digest) else { return Ok(()) };
    if document.digest == Some(digest) {
        return Ok(());
    }
    if document.digest.is_some() {
        words::set_text(conn, document.doc, None, "")?;
    }
    if readable(&entry.name, entry.size) {
        words::read_later(conn, id, &digest)?;
    }
    Ok(())
}

/// Whether a file of this name is read for the index.
fn readable(name: &str, size: u64) -> bool {
    let kind = PreviewKind::of(name, size);
    size > 0 && matches!(kind, Some(PreviewKind::Text | PreviewKind::Markdown | PreviewKind::Pdf))
}

fn search(
    conn: &Connection,
    account: AccountId,
    ask: &SearchAsk,
    typed: Option<String>,
) -> Result<SearchPage, Refusal> {
    let mut seeing = Seeing::new(conn, account);
    for room in &ask.rooms {
        seeing.require_room(*room)?;
    }
    let rooms: Vec<String> = ask.rooms.iter().map(|room| format!("\"{}\"", room.0.simple())).collect();
    let mut question = format!("(room : ({}))", rooms.join(" OR "));
    if let Some(typed) = typed {
        question = format!("{question} AND {typed}");
    }
    let limit = ask.limit.unwrap_or(limits::CONTENT_PAGE_MAX).clamp(1, limits::CONTENT_PAGE_MAX) as usize;
    let (mut found, mut next, mut looked) = (Vec::new(), None, 0);
    words::each(conn, &question, words::end(ask.after), |candidate| {
        looked += 1;
        if found.len() == limit || looked > limits::SEARCH_LOOKED_MAX {
            return Ok(false);
        }
        next = u64::try_from(candidate.doc).ok();
        if fits(ask, &candidate)
            && let Some(path) = seeing.path(candidate.parent)?
            && let Some(entry) = entries::get(conn, candidate.entry)?
            && seeing.sees(&entry)?
        {
            found.push(SearchHit { entry, path });
        }
        Ok(true)
    })?;
    let more = found.len() == limit || looked > limits::SEARCH_LOOKED_MAX;
    Ok(SearchPage { found, next: next.filter(|_| more) })
}

/// Whether an entry is one of those that are asked for, its words apart.
fn fits(ask: &SearchAsk, of: &Candidate) -> bool {
    let ending = || of.name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    let (halves, rated) = of.rating;
    ask.by.is_none_or(|by| by == of.created_by)
        && ask.kind.is_none_or(|kind| kind == of.kind)
        && (ask.endings.is_empty()
            || (of.kind == EntryKind::File && ending().is_some_and(|ending| ask.endings.contains(&ending))))
        && ask.since.is_none_or(|since| of.modified_at >= since)
        && ask.until.is_none_or(|until| of.modified_at <= until)
        && ask.size_min.is_none_or(|least| of.kind == EntryKind::File && of.size >= least)
        && ask.size_max.is_none_or(|most| of.kind == EntryKind::File && of.size <= most)
        && ask.halves_min.is_none_or(|least| rated > 0 && halves >= u64::from(least) * rated)
        && ask
            .tag
            .as_ref()
            .is_none_or(|tag| of.tags.lines().any(|one| one.to_lowercase() == tag.to_lowercase()))
}
