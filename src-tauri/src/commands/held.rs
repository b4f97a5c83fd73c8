//! Files a window holds: choosing and pasting them, asking what they are, sending them.

use super::files;
use crate::{
    clipboard::{self, Copied},
    engine::{Engine, broken, refused},
    held::{self, Held, HeldFile},
    pasted::Pasted,
    windows, words,
};
use pod_client::view::ErrorView;
use pod_shared::{EntryId, ErrorCode, RoomId};
use serde::Serialize;
use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tauri::{AppHandle, Manager, State, WebviewWindow};

type HeldState<'a> = State<'a, Mutex<Held>>;

/// What a number stands for.
#[derive(Debug, Serialize)]
pub(crate) struct HeldView {
    files: Vec<HeldFile>,
}

fn lock<'a>(held: &'a HeldState<'_>) -> MutexGuard<'a, Held> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

fn gone() -> ErrorView {
    refused(ErrorCode::Gone, "these files were used already, or are held no more")
}

/// What is held under a number.
#[tauri::command]
pub(crate) async fn held(
    held: HeldState<'_>,
    window: WebviewWindow,
    drop: u64,
) -> Result<HeldView, ErrorView> {
    let files = lock(&held).files(window.label(), drop).ok_or_else(gone)?;
    let files = tauri::async_runtime::spawn_blocking(move || held::describe(&files)).await.map_err(broken)?;
    Ok(HeldView { files })
}

/// Forgets one of the files, or all of them.
#[tauri::command]
pub(crate) fn held_release(
    held: HeldState<'_>,
    pasted: State<'_, Pasted>,
    window: WebviewWindow,
    drop: u64,
    index: Option<usize>,
) {
    let unused = match index {
        Some(index) => lock(&held).take_one(window.label(), drop, index).into_iter().collect(),
        None => lock(&held).take(window.label(), drop).map(held::paths).unwrap_or_default(),
    };
    pasted.drop_unused(&unused);
}

/// The system's file dialog; the files are held. Nothing: the person closed it.
#[tauri::command]
pub(crate) async fn pick_held(
    app: AppHandle,
    window: WebviewWindow,
    room: RoomId,
) -> Result<Option<u64>, ErrorView> {
    tracing::debug!(%room, "files are chosen");
    let paths = files::chosen(&app, &window).await;
    Ok((!paths.is_empty()).then(|| windows::hold(&app, window.label(), paths)))
}

/// Holds what the clipboard has; nothing: neither files nor a picture.
#[tauri::command]
pub(crate) async fn paste(app: AppHandle, window: WebviewWindow) -> Result<Option<u64>, ErrorView> {
    let paths = match clipboard::read(&app).await.map_err(broken)? {
        None => return Ok(None),
        Some(Copied::Files(paths)) => paths,
        Some(Copied::Picture(png)) => vec![write(&app, png).await?],
    };
    Ok(Some(windows::hold(&app, window.label(), paths)))
}

async fn write(app: &AppHandle, png: Vec<u8>) -> Result<PathBuf, ErrorView> {
    let language = app.state::<Engine>().language().await;
    let name = format!("{} {}.png", words::pasted(language), clipboard::stamp());
    let app = app.clone();
    let written = move || app.state::<Pasted>().write(&name, &png);
    tauri::async_runtime::spawn_blocking(written).await.map_err(broken)?.map_err(broken)
}

/// Held files go into a room's folder. Answers how many.
#[tauri::command]
pub(crate) async fn drop_on(
    engine: State<'_, Engine>,
    held: HeldState<'_>,
    window: WebviewWindow,
    drop: u64,
    room: RoomId,
    parent: Option<EntryId>,
) -> Result<usize, ErrorView> {
    let taken = lock(&held).take(window.label(), drop).ok_or_else(gone)?;
    let sent = files::put(&engine, room, parent, held::paths(taken.clone())).await;
    if sent.is_err() {
        lock(&held).restore(window.label(), drop, taken);
    }
    sent
}
