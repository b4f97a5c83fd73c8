//! The windows: one main window, and one for each room that is opened in its own. All are made here, in code, because
//! a profile has its own folder for the web view.
//!
//! Size and place of each are remembered by label (window-state plugin); which rooms are open is in `remembered`. It
//! refuses to let a page leave the program's own pages or open windows by itself.

mod remembered;
#[cfg(test)]
mod tests;

pub(crate) use remembered::OpenRooms;

use crate::{drag::Drops, engine::Engine, looking::Looking, profile::Profile};
use pod_client::command::Command;
use pod_shared::RoomId;
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};
use tauri::{
    AppHandle, Emitter, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
    webview::NewWindowResponse,
};

/// Label of the main window.
pub(crate) const MAIN: &str = "main";
const ROOM: &str = "room-";

/// Whether a window that opens comes to the front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Focus {
    /// The person asked for it.
    Take,
    /// It opened by itself: whoever types elsewhere goes on typing there.
    Leave,
}

/// Label of a room's window.
pub(crate) fn room_label(room: RoomId) -> String {
    format!("{ROOM}{room}")
}

/// The room a label stands for.
pub(crate) fn room_of(label: &str) -> Option<RoomId> {
    label.strip_prefix(ROOM)?.parse().ok()
}

/// Opens the main window, or brings it to the front.
pub(crate) fn open_main(app: &AppHandle) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window(MAIN) {
        return bring_to_front(&window);
    }
    let builder = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .inner_size(1280.0, 800.0)
        .min_inner_size(300.0, 420.0);
    build(app, builder)
}

/// Opens a room's window; one that is there already comes to the front if the person asked.
pub(crate) fn open_room(app: &AppHandle, room: RoomId, focus: Focus) -> tauri::Result<()> {
    let label = room_label(room);
    if let Some(window) = app.get_webview_window(&label) {
        return match focus {
            Focus::Take => bring_to_front(&window),
            Focus::Leave => Ok(()),
        };
    }
    let page = WebviewUrl::App(format!("index.html?room={room}").into());
    let builder = WebviewWindowBuilder::new(app, label, page)
        .inner_size(780.0, 860.0)
        .min_inner_size(360.0, 420.0)
        .focused(focus == Focus::Take);
    build(app, builder)?;
    app.state::<OpenRooms>().add(room);
    Ok(())
}

/// Closes a room's window for good: this person is no longer in the room.
pub(crate) fn close_room(app: &AppHandle, room: RoomId) -> tauri::Result<()> {
    app.state::<OpenRooms>().remove(room);
    match app.get_webview_window(&room_label(room)) {
        Some(window) => window.destroy(),
        None => Ok(()),
    }
}

fn bring_to_front(window: &WebviewWindow) -> tauri::Result<()> {
    window.unminimize()?;
    window.show()?;
    window.set_focus()
}

fn build(app: &AppHandle, builder: WebviewWindowBuilder<'_, tauri::Wry, AppHandle>) -> tauri::Result<()> {
    let builder = builder
        .title("Pod")
        .data_directory(app.state::<Profile>().webview())
        .on_navigation(|url| is_own_page(url.scheme(), url.host_str()))
        .on_new_window(|_, _| NewWindowResponse::Deny);
    #[cfg(target_os = "macos")]
    let builder = builder.title_bar_style(tauri::TitleBarStyle::Overlay).hidden_title(true);
    #[cfg(not(target_os = "macos"))]
    let builder = builder.decorations(false).shadow(true);
    let window = builder.build()?;
    listen(&window);
    Ok(())
}

/// The program's own pages, as Linux and macOS (`tauri:`) and Windows (`tauri.localhost`) name them.
fn is_own_page(scheme: &str, host: Option<&str>) -> bool {
    match scheme {
        "tauri" => host == Some("localhost"),
        "http" | "https" => host == Some("tauri.localhost"),
        _ => false,
    }
}

fn listen(window: &WebviewWindow) {
    let (app, label) = (window.app_handle().clone(), window.label().to_owned());
    let maximised = AtomicBool::new(false);
    window.on_window_event(move |event| {
        if let WindowEvent::DragDrop(event) = event {
            tell_drag(&app, &label, event);
        } else if let WindowEvent::Resized(_) = event {
            tell_maximised(&app, &label, &maximised);
        } else if let WindowEvent::CloseRequested { .. } = event {
            if let Some(room) = room_of(&label) {
                app.state::<OpenRooms>().remove(room);
            }
        } else if let WindowEvent::Destroyed = event {
            look(&app, &label, Vec::new());
        }
    });
}

fn tell_drag(app: &AppHandle, label: &str, event: &tauri::DragDropEvent) {
    let scale = app.get_webview_window(label).and_then(|window| window.scale_factor().ok()).unwrap_or(1.0);
    let notice = {
        let drops = app.state::<Mutex<Drops>>();
        let mut drops = drops.lock().unwrap_or_else(PoisonError::into_inner);
        drops.heard(label, event, scale, Instant::now())
    };
    if let Some(notice) = notice
        && let Err(error) = app.emit_to(label, "drop", notice)
    {
        tracing::warn!(%error, "a window could not be told of a drag");
    }
}

fn tell_maximised(app: &AppHandle, label: &str, known: &AtomicBool) {
    let Some(now) = app.get_webview_window(label).and_then(|window| window.is_maximized().ok()) else {
        return;
    };
    if known.swap(now, Ordering::Relaxed) != now
        && let Err(error) = app.emit_to(label, "maximised", now)
    {
        tracing::warn!(%error, "a window could not be told that it is maximised");
    }
}

/// A window now shows these rooms; the pod is told what all windows show together.
pub(crate) fn look(app: &AppHandle, label: &str, rooms: Vec<RoomId>) {
    let rooms = app.state::<Looking>().set(label, rooms);
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = app.state::<Engine>().run(Command::Looking { rooms }).await {
            tracing::debug!(code = %error.code, "the pod did not take what is visible");
        }
    });
}
