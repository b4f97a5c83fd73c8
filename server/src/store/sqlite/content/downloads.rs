//! What a download needs to know, and telling it once for each person and version (N8).

use super::entries::about;
use super::table::activities::append;
use super::table::{blobs, versions};
use super::tree::visible;
use super::versions::file;
use super::{ContentStore, Doing, Lying};
use crate::content::rules;
use crate::error::Refusal;
use pod_shared::AccountId;
use pod_shared::EntryId;
use pod_shared::content::{ActivityKind, Entry};

/// A version of a file, and where its bytes lie.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// The file, with number, size and digest of that version.
    pub(crate) entry: Entry,
    /// Where they lie.
    pub(crate) lying: Lying,
}

impl ContentStore {
    /// A version of a file, for a member; nothing: the newest.
    pub(crate) async fn stored(
        &self,
        account: AccountId,
        entry: EntryId,
        version: Option<u32>,
    ) -> Result<Stored, Refusal> {
        self.db
            .read(move |conn| {
                let mut entry = file(conn, account, entry)?;
                let wanted = version.unwrap_or(entry.version);
                let Some((found, blob)) = versions::get(conn, entry.id, wanted)? else {
                    return Err(match version {
                        Some(_) => rules::not_found(),
                        None => Refusal::internal(&"a file without a stored content"),
                    });
                };
                let lying = blobs::lying(conn, blob)?
                    .ok_or_else(|| Refusal::internal(&"a version without a stored content"))?;
                if found.version != entry.version {
                    (entry.version, entry.size, entry.digest) = (found.version, found.size, found.digest);
                }
                Ok(Stored { entry, lying })
            })
            .await
    }

    /// A person has downloaded this version. Told the first time.
    pub(crate) async fn downloaded(&self, doing: Doing, entry: EntryId, version: u32) -> Result<(), Refusal> {
        self.change(move |conn| {
            let mut entry = visible(conn, doing.by, entry)?;
            if blobs::keep_download(conn, entry.id, version, doing.by, doing.at)? {
                entry.version = version;
                append(conn, entry.room, doing, &ActivityKind::Downloaded, about(&entry))?;
            }
            Ok(())
        })
        .await
    }
}
