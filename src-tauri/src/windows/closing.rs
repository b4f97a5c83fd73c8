//! What closing a window does. The last one closed leaves Pod in the tray, where it goes on sending and receiving; a
//! desktop without a tray would have no way back to it, so there Pod quits.
//!
//! The main window is never destroyed while Pod runs, only hidden: menus speak to it, and it is back at once.

use super::{Kind, MAIN, OpenWindows, hide};
use crate::{engine::Engine, farewell, player::Player, tray};
use tauri::{AppHandle, Emitter, Manager};

/// What a closing does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closing {
    /// This window goes, others stay.
    Window,
    /// This window goes, and Pod stays in the tray.
    IntoTray,
    /// Pod quits.
    Quit,
}

/// What is known when a window is closed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    /// Another window can be seen, or brought back by the task bar.
    pub(super) others: bool,
    /// The setting `tray.close`.
    pub(super) wish: Option<&'a str>,
    /// The desktop shows the tray's icon.
    pub(super) tray: bool,
    /// The pod runs; one that could not start has nothing to go on with.
    pub(super) pod: bool,
}

pub(super) fn closing(around: Around<'_>) -> Closing {
    if around.others {
        Closing::Window
    } else if around.tray && around.pod && around.wish != Some("quit") {
        Closing::IntoTray
    } else {
        Closing::Quit
    }
}

/// The person closes a window.
pub(super) fn asked(app: &AppHandle, label: &str) {
    let (app, label) = (app.clone(), label.to_owned());
    tauri::async_runtime::spawn(async move {
        if let Err(error) = close(&app, &label).await {
            tracing::warn!(%error, "a window could not be closed");
        }
    });
}

async fn close(app: &AppHandle, label: &str) -> tauri::Result<()> {
    app.state::<OpenWindows>().remove(Kind::of(label));
    let engine = app.state::<Engine>();
    let wish = engine.setting("tray.close").await;
    let around = Around {
        others: others_are_there(app, label),
        wish: wish.as_deref(),
        tray: tray::is_shown().await,
        pod: engine.runs(),
    };
    match closing(around) {
        Closing::Window => leave(app, label),
        Closing::IntoTray => {
            leave(app, label)?;
            farewell::into_tray(app).await;
            Ok(())
        }
        Closing::Quit => {
            farewell::quit(app).await;
            Ok(())
        }
    }
}

fn others_are_there(app: &AppHandle, label: &str) -> bool {
    let windows = app.webview_windows();
    windows.iter().any(|(other, window)| other != label && window.is_visible().unwrap_or(false))
}

fn leave(app: &AppHandle, label: &str) -> tauri::Result<()> {
    let Some(window) = app.get_webview_window(label) else { return Ok(()) };
    if label != MAIN {
        return window.destroy();
    }
    window.hide()?;
    hide(app, label);
    // What it plays ends with it: nobody looks for a sound in a window that is gone.
    app.state::<Player>().end(label, None);
    app.emit_to(label, "hidden", ())
}
