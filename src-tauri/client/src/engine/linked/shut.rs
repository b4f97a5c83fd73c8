//! What of a linked folder is not this person's to change: what they may only view, and what is no longer shared with them.

use super::look::Looked;
use super::round::Round;
use crate::engine::permits::Permits;
use crate::view::ErrorView;
use pod_shared::EntryId;
use pod_shared::content::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// For one round.
#[derive(Clone, Debug, Default)]
pub(super) struct Shut {
    /// What may only be viewed.
    pub(super) closed: BTreeSet<EntryId>,
    /// What both sides had, and of which the cache knows nothing any more: it is hidden from this person.
    pub(super) hidden: BTreeSet<EntryId>,
}

impl Round {
    /// The folders from the top of the room down to the linked one.
    pub(super) async fn above(&self) -> Result<Vec<Entry>, ErrorView> {
        match self.linked.entry {
            Some(entry) => self.desk.cache.path_to(entry).await,
            None => Ok(Vec::new()),
        }
    }

    /// Of what was looked at.
    pub(super) async fn shut(
        &self,
        permits: Permits,
        above: &[Entry],
        looked: &Looked,
    ) -> Result<Shut, ErrorView> {
        let (remote, bases) = (&looked.part.remote, &looked.part.bases);
        let there: BTreeSet<EntryId> = remote.iter().map(|entry| entry.id).collect();
        let missing = bases.iter().map(|base| base.entry).filter(|id| !there.contains(id)).collect();
        let hidden = self.desk.cache.unknown(missing).await?;
        // Everything was looked at: all folders above everything are there.
        if looked.files.is_none() {
            return Ok(Shut { closed: permits.closed(above, remote), hidden });
        }
        let mut paths: BTreeMap<EntryId, Vec<Entry>> = BTreeMap::new();
        let mut closed = BTreeSet::new();
        for entry in remote {
            let path = match entry.parent {
                Some(parent) if !paths.contains_key(&parent) => {
                    let path = self.desk.cache.path_to(parent).await?;
                    paths.entry(parent).or_insert(path)
                }
                Some(parent) => paths.entry(parent).or_default(),
                None => &mut Vec::new(),
            };
            if !permits.may_change(path, Some(entry)) {
                closed.insert(entry.id);
            }
        }
        Ok(Shut { closed, hidden })
    }
}
