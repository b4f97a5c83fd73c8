//! What a person asks about files that they edit.

use super::{Desk, Told, disk, keeper};
use crate::engine::{browse, locks, opened};
use crate::state::edits::{self, EditRow};
use crate::state::linked;
use crate::view::{EditView, ErrorView};
use pod_machine::edit::{Edit, News, Site};
use pod_machine::folder::from_server;
use pod_shared::content::{Entry, EntryKind};
use pod_shared::{EntryId, ErrorCode};
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::oneshot;

/// The keeper of a new edit is there within this time.
const KEEPER_WAIT: Duration = Duration::from_secs(5);

/// Begins to edit a file: takes its lock, and has it fetched; or finds the edit that is there.
pub(in crate::engine) async fn begin(desk: &Desk, id: EntryId) -> Result<EditView, ErrorView> {
    let me = desk.me()?;
    let _turn = desk.edits.turn.lock().await;
    if let Some(view) = desk.edits.view(id) {
        return Ok(view);
    }
    let entry = browse::open(desk, id).await?;
    if entry.kind != EntryKind::File {
        return Err(ErrorView::new(ErrorCode::BadRequest, "a folder cannot be edited"));
    }
    let (site, path) = match linked_place(desk, &entry).await? {
        Some(path) => (Site::Linked, path),
        None => (Site::Own, own_place(desk, &entry)),
    };
    let mut row = EditRow { room: entry.room, name: entry.name, path, edit: Edit::of(id, site) };
    edits::add(&desk.state, me.id, row.clone()).await?;
    match locks::take(desk, id).await {
        Ok(grant) => row.edit.hear(News::Granted { fence: grant.fence, version: grant.version }),
        Err(error) => {
            edits::forget(&desk.state, me.id, id).await?;
            return Err(error);
        }
    }
    edits::save(&desk.state, me.id, id, row.clone()).await?;
    let mut events = desk.sink.events.subscribe();
    desk.edits.changed.notify_one();
    // Whoever asks next finds it.
    while desk.edits.view(id).is_none() && tokio::time::timeout(KEEPER_WAIT, events.recv()).await.is_ok() {}
    // Who edits a file looks at it.
    opened::note(desk, id).await?;
    Ok(desk.edits.view(id).unwrap_or_else(|| keeper::view_of(&row, None)))
}

/// All edits.
pub(in crate::engine) fn list(desk: &Desk) -> Result<Vec<EditView>, ErrorView> {
    desk.me()?;
    Ok(desk.edits.views())
}

/// The person is done with it.
pub(in crate::engine) async fn done(desk: &Desk, id: EntryId) -> Result<(), ErrorView> {
    tell(desk, id, Told::Done).await
}

/// Tries again what could not be sent.
pub(in crate::engine) async fn retry(desk: &Desk, id: EntryId) -> Result<(), ErrorView> {
    tell(desk, id, Told::Retry).await
}

/// Ends it as it is; what was not sent stays on this computer. Answers where.
pub(in crate::engine) async fn leave(desk: &Desk, id: EntryId) -> Result<PathBuf, ErrorView> {
    let (answer, answered) = oneshot::channel();
    tell(desk, id, Told::Leave(answer)).await?;
    answered.await.unwrap_or_else(|_| Err(ErrorView::stopped()))
}

async fn tell(desk: &Desk, id: EntryId, told: Told) -> Result<(), ErrorView> {
    desk.me()?;
    let missing = || ErrorView::new(ErrorCode::NotFound, "this file is not being edited here");
    let keeper = desk.edits.shown().get(&id).map(|shown| shown.told.clone()).ok_or_else(missing)?;
    keeper.send(told).await.map_err(|_| missing())
}

/// A place of its own below the profile, which nothing else uses.
fn own_place(desk: &Desk, entry: &Entry) -> PathBuf {
    let folder = desk.profile.join("edits").join(uuid::Uuid::now_v7().to_string());
    folder.join(from_server(&entry.name))
}

/// Where a linked folder has the newest version, untouched.
async fn linked_place(desk: &Desk, entry: &Entry) -> Result<Option<PathBuf>, ErrorView> {
    for folder in linked::all(&desk.state, desk.me()?.id).await? {
        if folder.room != entry.room || folder.paused {
            continue;
        }
        let (bases, _) = linked::known(&desk.state, folder.id).await?;
        let Some(base) = bases.iter().find(|base| base.entry == entry.id && base.digest == entry.digest)
        else {
            continue;
        };
        let mut names = vec![base.local.clone()];
        let mut above = base.parent;
        while let Some(id) = above.filter(|id| Some(*id) != folder.entry) {
            let Some(parent) = bases.iter().find(|base| base.entry == id) else { break };
            names.push(parent.local.clone());
            above = parent.parent;
        }
        let (mark, path) =
            (base.mark, names.iter().rev().fold(folder.path.clone(), |path, name| path.join(name)));
        if above == folder.entry && disk::is(path.clone(), mark).await? {
            return Ok(Some(path));
        }
    }
    Ok(None)
}
