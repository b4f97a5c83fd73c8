//! What the entries of the tray's menu and of the menu bar of macOS do. They have the same names, and the page is told of
//! them by the same event.

#[cfg(any(target_os = "macos", test))]
mod bar;

#[cfg(target_os = "macos")]
pub(crate) use bar::show;

use crate::{
    farewell,
    windows::{self, Focus, MAIN},
};
use tauri::{AppHandle, Emitter};

/// Brings the main window back.
pub(crate) const OPEN: &str = "open";
/// Quits.
pub(crate) const QUIT: &str = "quit";
/// Makes a room.
pub(crate) const NEW_ROOM: &str = "new_room";
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
    let told = windows::open_main(app, Focus::Take).and_then(|()| {
        if id == OPEN { Ok(()) } else { app.emit_to(MAIN, "menu", serde_json::json!({ "act": id })) }
    });
    if let Err(error) = told {
        tracing::warn!(%error, "an entry of the menu could not be followed");
    }
}
