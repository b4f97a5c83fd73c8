//! What a person asks about linked folders.

use super::{Desk, keeper};
use crate::command::{Answer, LinkedCommand};
use crate::engine::{fresh, rooms};
use crate::state::linked::{self, Linked};
use crate::view::ErrorView;
use pod_shared::content::EntryKind;
use pod_shared::{EntryId, ErrorCode, LinkedId, RoomId};
use std::path::{Path, PathBuf};

/// Does it.
pub(in crate::engine) async fn run(desk: &Desk, command: LinkedCommand) -> Result<Answer, ErrorView> {
    match command {
        LinkedCommand::LinkedAdd { room, entry, path } => add(desk, room, entry, path).await,
        LinkedCommand::LinkedFolders => {
            desk.me()?;
            Ok(Answer::LinkedFolders(desk.linked.views()))
        }
        LinkedCommand::LinkedRemove { id } => {
            let linked = known(desk, id).await?;
            linked::remove(&desk.state, id).await?;
            desk.linked.changed.notify_one();
            keeper::let_go(linked).await;
            Ok(Answer::Done)
        }
        LinkedCommand::LinkedPause { id, paused } => {
            known(desk, id).await?;
            linked::pause(&desk.state, id, paused).await?;
            desk.linked.changed.notify_one();
            Ok(Answer::Done)
        }
        LinkedCommand::LinkedAnswer { id, delete } => answer(desk, id, delete).await,
    }
}

async fn known(desk: &Desk, id: LinkedId) -> Result<Linked, ErrorView> {
    let all = keeper::all(desk).await?;
    let missing = || ErrorView::new(ErrorCode::NotFound, "there is no such linked folder");
    all.into_iter().find(|linked| linked.id == id).ok_or_else(missing)
}

async fn add(desk: &Desk, room: RoomId, entry: Option<EntryId>, path: PathBuf) -> Result<Answer, ErrorView> {
    let me = desk.me()?;
    rooms::known(desk, room).await?;
    if let Some(id) = entry {
        let found = desk.cache.entry(id).await?.filter(|entry| entry.room == room && !entry.deleted);
        if found.is_none_or(|entry| entry.kind != EntryKind::Folder) {
            return Err(ErrorView::new(ErrorCode::NotFound, "the room has no such folder"));
        }
    }
    let all = keeper::all(desk).await?;
    let refused = |what: &str| ErrorView::new(ErrorCode::Conflict, what);
    if all.iter().any(|linked| linked.room == room && linked.entry == entry) {
        return Err(refused("this folder of the room is kept on this computer already"));
    }
    let others: Vec<PathBuf> = all.into_iter().map(|linked| linked.path).collect();
    let profile = desk.profile.to_path_buf();
    let made = tokio::task::spawn_blocking(move || {
        let path = std::path::absolute(&path)?;
        std::fs::create_dir_all(&path)?;
        // Two names of one place are one place.
        let path = std::fs::canonicalize(&path)?;
        let profile = std::fs::canonicalize(&profile)?;
        let overlaps = |other: &Path| path.starts_with(other) || other.starts_with(&path);
        if path.to_str().is_none() || overlaps(&profile) {
            return Err(refused("this folder cannot be linked"));
        }
        if others.iter().any(|other| overlaps(other)) {
            return Err(refused("this folder, or one in or above it, is linked already"));
        }
        let linked = Linked { id: fresh(LinkedId::from_slice)?, room, entry, path, paused: false };
        keeper::mark(&linked)?;
        Ok(linked)
    });
    let linked = made.await.map_err(|_| ErrorView::stopped())??;
    let title = desk.cache.room_title(room).await.unwrap_or_default();
    let view = super::first_view(&linked, title);
    linked::add(&desk.state, me.id, linked).await?;
    desk.linked.changed.notify_one();
    Ok(Answer::LinkedFolders(vec![view]))
}

/// Deletes what was asked about, or brings it back: what has no base is new, and comes from the other side.
async fn answer(desk: &Desk, id: LinkedId, delete: bool) -> Result<Answer, ErrorView> {
    known(desk, id).await?;
    let nothing = || ErrorView::new(ErrorCode::NotFound, "nothing is asked about this folder");
    let question = desk.linked.question(id).ok_or_else(nothing)?;
    let entries: std::collections::BTreeSet<EntryId> =
        question.here.into_iter().chain(question.there).collect();
    if delete {
        linked::allow(&desk.state, id, entries).await?;
    } else {
        linked::note(&desk.state, id, Vec::new(), entries.into_iter().collect()).await?;
    }
    desk.linked.look(id);
    Ok(Answer::Done)
}
