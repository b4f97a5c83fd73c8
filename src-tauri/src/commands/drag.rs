//! Files dragged out of a window: the real ones, under their real names. What is not here yet is fetched first.

use super::{files::local_path, offers::received};
use crate::{
    drag_out,
    engine::{Engine, broken, refused},
};
use pod_client::{command::Command, view::ErrorView};
use pod_shared::{EntryId, ErrorCode, TransferId};
use serde::Serialize;
use tauri::{State, WebviewWindow};

/// Files that are dragged at once; who wants more has a folder.
const DRAGGED_MAX: usize = 500;

/// What became of the wish to drag files out.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DraggedOut {
    /// They were let go, here or elsewhere.
    Dragged,
    /// Not all of them are here yet: they are being fetched, and can be dragged then.
    Fetching,
}

/// The pointer, whose button is down, drags these files. Answers when they were let go.
#[tauri::command]
pub(crate) async fn drag_out(
    engine: State<'_, Engine>,
    window: WebviewWindow,
    entries: Vec<EntryId>,
) -> Result<DraggedOut, ErrorView> {
    is_draggable(entries.len())?;
    let mut paths = Vec::with_capacity(entries.len());
    let mut absent = Vec::new();
    for entry in entries {
        match local_path(&engine, entry).await? {
            Some(path) => paths.push(path),
            None => absent.push(entry),
        }
    }
    if absent.is_empty() {
        drag_out::drag(&window, paths).await.map_err(broken)?;
        return Ok(DraggedOut::Dragged);
    }
    for entry in absent {
        engine.run(Command::Get { entry, dest: None }).await?;
    }
    Ok(DraggedOut::Fetching)
}

/// The same with files that came from a person. Answers when they were let go.
#[tauri::command]
pub(crate) async fn drag_received(
    engine: State<'_, Engine>,
    window: WebviewWindow,
    ids: Vec<TransferId>,
) -> Result<(), ErrorView> {
    is_draggable(ids.len())?;
    let mut paths = Vec::with_capacity(ids.len());
    for id in ids {
        paths.push(received(&engine, id).await?);
    }
    drag_out::drag(&window, paths).await.map_err(broken)
}

fn is_draggable(count: usize) -> Result<(), ErrorView> {
    match count {
        1..=DRAGGED_MAX => Ok(()),
        _ => Err(refused(ErrorCode::TooMany, "so many files are not dragged at once")),
    }
}
