//! What a download needs to know, and telling it once for each person and version (N8).

use super::entries::about;
use super::table::activities::append;
use super::table::blobs;
use super::tree::{live, visible};
use super::{ContentStore, Doing, Lying};
use crate::content::rules;
use crate::error::Refusal;
use pod_shared::AccountId;
use pod_shared::EntryId;
use pod_shared::content::{ActivityKind, Entry, EntryKind};

/// The newest version of a file, and where its bytes lie.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// The file.
    pub(crate) entry: Entry,
    /// Where they lie.
    pub(crate) lying: Lying,
}

impl ContentStore {
    /// The newest version of a file, for a member.
    pub(crate) async fn stored(&self, account: AccountId, entry: EntryId) -> Result<Stored, Refusal> {
        self.db
            .read(move |conn| {
                let entry = visible(conn, account, entry).and_then(|entry| live(conn, entry))?;
                if entry.kind != EntryKind::File {
                    return Err(rules::not_found());
                }
                let lying = blobs::of_version(conn, entry.id, entry.version)?
                    .ok_or_else(|| Refusal::internal(&"a file without a stored content"))?;
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
