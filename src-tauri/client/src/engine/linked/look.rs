//! What a round looks at: what changed, or everything.

use super::known::{Standing, There};
use super::round::{Round, today};
use crate::folder::places::look_at;
use crate::folder::scan;
use crate::folder::watch::Places;
use crate::view::ErrorView;
use pod_machine::folder::{Changed, Part, Seen, narrow, restless};
use pod_shared::EntryId;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Digests of files that are not there any more, kept before they are cleared away.
const DIGESTS_SPARE: usize = 1_000;
/// So few changes are always looked at by themselves.
const CHANGES_FEW: usize = 64;
/// Where more than one of so many changed, everything is looked at.
const CHANGED_OF: usize = 4;

/// What a round has looked at.
#[derive(Clone)]
pub(super) struct Looked {
    /// The trees, or what matters of them.
    pub(super) part: Part,
    /// Files that have a base, where it is only a part.
    pub(super) files: Option<usize>,
    /// Something in the linked folder itself came or went just now.
    pub(super) restless: bool,
    /// Something was left because it was just changing: look again after this time.
    pub(super) again_in: Option<Duration>,
}

impl Round {
    /// What changed since the last round; nothing: look at everything.
    pub(super) fn changed(
        &self,
        before: Option<Changed>,
        places: Places,
        touched: Option<BTreeSet<EntryId>>,
        landed: BTreeSet<EntryId>,
        moving: &BTreeSet<String>,
    ) -> Option<Changed> {
        let (Some(mut changed), Places::Some(places), Some(touched)) = (before, places, touched) else {
            return None;
        };
        changed.paths.extend(places.iter().filter_map(|place| self.inside(place)));
        changed.paths.extend(self.moved.iter().chain(moving).cloned());
        changed.paths.remove("");
        changed.entries.extend(touched.into_iter().chain(landed));
        let count = changed.paths.len() + changed.entries.len();
        let few = count <= CHANGES_FEW || count * CHANGED_OF < self.known.tree.len() + self.known.files();
        few.then_some(changed)
    }

    /// Looks.
    pub(super) async fn look(&mut self, changed: Option<Changed>, person: &str) -> Result<Looked, ErrorView> {
        match changed {
            Some(changed) => self.look_at_some(changed, person.to_owned()).await,
            None => self.look_at_everything().await,
        }
    }

    async fn look_at_everything(&mut self) -> Result<Looked, ErrorView> {
        let remote = self.desk.cache.tree(self.linked.room, self.linked.entry).await?;
        let (root, id) = (self.linked.path.clone(), self.linked.id);
        let known = std::mem::take(&mut self.digests);
        // Dropped with the keeper: a long look ends then.
        let stop = CancellationToken::new();
        let _guard = stop.clone().drop_guard();
        let look = move || {
            let found = scan::scan(&root, id, &known, &|| stop.is_cancelled());
            (found, known)
        };
        let (found, known) = tokio::task::spawn_blocking(look).await.map_err(|_| ErrorView::stopped())?;
        self.digests = known;
        let found = found?;
        if self.digests.len() > 2 * found.locals.len() + DIGESTS_SPARE {
            let there = found.locals.iter().filter_map(|local| match &local.seen {
                Seen::File { digest, mark } => Some((scan::key(mark), digest.clone())),
                Seen::Folder { .. } | Seen::Alone(_) => None,
            });
            self.digests = there.collect();
        }
        self.digests.extend(found.read.iter().map(|(mark, digest)| (scan::key(mark), digest.clone())));
        let tree = found.locals.iter().map(|local| (local.path.clone(), local.clone())).collect();
        Arc::make_mut(&mut self.known).tree = tree;
        let (paths, entries) = self.known.everything(remote.iter().map(|entry| entry.id));
        let bases = self.known.bases().cloned().collect();
        let part = Part { local: found.locals, remote, bases, paths, entries };
        Ok(Looked { part, files: None, restless: found.restless, again_in: found.again_in })
    }

    async fn look_at_some(&mut self, mut changed: Changed, person: String) -> Result<Looked, ErrorView> {
        let (root, id, tree) = (self.linked.path.clone(), self.linked.id, Arc::clone(&self.known));
        let (known, paths) = (std::mem::take(&mut self.digests), changed.paths.clone());
        let stop = CancellationToken::new();
        let _guard = stop.clone().drop_guard();
        let look = move || {
            let found = look_at(&root, id, &known, &tree.tree, &paths, &|| stop.is_cancelled());
            (found, known)
        };
        let (found, digests) = tokio::task::spawn_blocking(look).await.map_err(|_| ErrorView::stopped())?;
        self.digests = digests;
        let found = found?;
        self.digests.extend(found.read.iter().map(|(mark, digest)| (scan::key(mark), digest.clone())));
        changed.paths.extend(Arc::make_mut(&mut self.known).saw(&found));
        let (known, root, date) = (Arc::clone(&self.known), self.linked.entry, today());
        let ask = move |entries: &crate::cache::EntriesNow<'_>| {
            let standing = Standing::new(&known, There::Cache(entries), &changed.entries);
            let part = narrow(&standing, root, &changed, (&person, &date));
            standing.ended().map(|()| part)
        };
        let part = self.desk.cache.at_one_moment(ask).await?;
        let files = Some(self.known.files());
        Ok(Looked { part, files, restless: found.restless, again_in: found.again_in })
    }

    /// What is to be looked at again with the next change.
    pub(super) async fn what_is_restless(&self, looked: Looked) -> Result<Changed, ErrorView> {
        let (known, root, mut part) = (Arc::clone(&self.known), self.linked.entry, looked.part);
        if looked.files.is_some() {
            let ask = move |entries: &crate::cache::EntriesNow<'_>| {
                let standing = Standing::new(&known, There::Cache(entries), &BTreeSet::new());
                let changed = restless(&standing, root, &part);
                standing.ended().map(|()| changed)
            };
            return self.desk.cache.at_one_moment(ask).await;
        }
        // After a look at everything nobody need be asked for each.
        let compare = move || {
            let all = std::mem::take(&mut part.remote).into_iter().map(|entry| (entry.id, entry)).collect();
            let standing = Standing::new(&known, There::All(all), &BTreeSet::new());
            restless(&standing, root, &part)
        };
        tokio::task::spawn_blocking(compare).await.map_err(|_| ErrorView::stopped())
    }
}
