//! The file of a skin: chosen in the system's dialog, read here, and its text handed to the page, which judges it.
//!
//! A skin is data: nothing of the file is run, no path reaches the page, and what is not plain or too large is refused.

use crate::{
    choosing::Choosing,
    engine::{Engine, broken, refused},
    words,
};
use pod_client::view::ErrorView;
use pod_shared::{ErrorCode, limits::SKIN_FILE_BYTES_MAX};
use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};
use tauri::{AppHandle, Manager, WebviewWindow};
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

#[cfg(test)]
mod tests;

/// The system's dialog for the file of a skin; its text. Nothing: the person closed it, or has it open already.
#[tauri::command]
pub(crate) async fn pick_skin(app: AppHandle, window: WebviewWindow) -> Result<Option<String>, ErrorView> {
    let Some(_turn) = app.state::<Choosing>().begin(window.label()) else { return Ok(None) };
    let (tell, told) = oneshot::channel();
    let title = words::choose_skin(app.state::<Engine>().language().await);
    app.dialog().file().set_parent(&window).set_title(title).add_filter("JSON", &["json"]).pick_file(
        move |picked| {
            drop(tell.send(picked));
        },
    );
    match told.await.ok().flatten().and_then(|path| path.into_path().ok()) {
        Some(path) => {
            tauri::async_runtime::spawn_blocking(move || read(&path)).await.map_err(broken)?.map(Some)
        }
        None => Ok(None),
    }
}

fn read(path: &Path) -> Result<String, ErrorView> {
    let mut bytes = Vec::new();
    let unreadable = |error: io::Error| refused(ErrorCode::FileUnreadable, error.to_string());
    // Only a plain file is looked into: a pipe would never end.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(refused(ErrorCode::FileUnreadable, "this is no plain file"));
    }
    let file = File::open(path).map_err(unreadable)?;
    let read = file.take(SKIN_FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if read as u64 > SKIN_FILE_BYTES_MAX {
        return Err(refused(ErrorCode::TooLarge, "a skin is a small file"));
    }
    String::from_utf8(bytes).map_err(|_| refused(ErrorCode::BadRequest, "the file is not text"))
}
