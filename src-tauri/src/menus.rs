//! What the entries of the tray's menu and of the menu bar of macOS do. They have the same names, and the page is told of
//! them by the same event.

#[cfg(any(target_os = "macos", test))]
mod bar;

#[cfg(target_os = "macos")]
pub(crate) use bar::show;

use crate::{
    engine::Engine,
    farewell,
    windows::{self, Focus, MAIN},
};
use pod_client::command::{Command, TransferCommand};
use tauri::{AppHandle, Emitter, Manager};

/// Brings the main window back.
pub(crate) const OPEN: &str = "open";
/// Quits.
pub(crate) const QUIT: &str = "quit";
/// Makes a room.
pub(crate) const NEW_ROOM: &str = "new_room";
/// Stops all transfers.
pub(crate) const PAUSE_ALL: &str = "transfers_pause";
/// Lets them go on.
pub(crate) const RESUME_ALL: &str = "transfers_resume";
/// Opens the settings.
pub(crate) const SETTINGS: &str = "settings";
#[cfg(any(target_os = "macos", test))]
const HELP: &str = "help";
#[cfg(any(target_os = "macos", test))]
const JUMP: &str = "jump";
#[cfg(any(target_os = "macos", test))]
const MESSAGES: &str = "messages";

/// An entry was chosen. What is not Pod's own to do, the main window does.
pub(crate) fn chosen(app: &AppHandle, id: &str) {
    if id == QUIT {
        let app = app.clone();
        tauri::async_runtime::spawn(async move { farewell::quit(&app).await });
        return;
    }
    if id == PAUSE_ALL || id == RESUME_ALL {
        let (app, paused) = (app.clone(), id == PAUSE_ALL);
        tauri::async_runtime::spawn(async move { pause_all(&app, paused).await });
        return;
    }
    let told = windows::open_main(app, Focus::Take).and_then(|()| {
        if id == OPEN { Ok(()) } else { app.emit_to(MAIN, "menu", serde_json::json!({ "act": id })) }
    });
    if let Err(error) = told {
        tracing::warn!(%error, "an entry of the menu could not be followed");
    }
}

async fn pause_all(app: &AppHandle, paused: bool) {
    let asked = Command::AboutTransfers(TransferCommand::TransfersPause { paused });
    if let Err(error) = app.state::<Engine>().run(asked).await {
        tracing::warn!(code = %error.code, "the transfers could not be stopped or started");
    }
}
