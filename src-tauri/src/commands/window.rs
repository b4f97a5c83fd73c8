//! Windows: who one is, and what its own buttons do.

use crate::{
    crash,
    engine::broken,
    links::Links,
    places::Places,
    profile::Profile,
    windows::{self, FirstLooks, Focus, Kind, MAIN},
};
use pod_client::view::ErrorView;
use pod_shared::{EntryId, Position, RoomId};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use tauri::{AppHandle, State, WebviewWindow};

/// Who a window is, and what it is to tell the person first.
#[derive(Debug, Serialize)]
pub(crate) struct WindowInfo {
    kind: WindowKind,
    room: Option<RoomId>,
    entry: Option<EntryId>,
    goto: Option<Position>,
    folded: bool,
    top: bool,
    os: &'static str,
    locale: String,
    version: &'static str,
    link: Option<String>,
    crash: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum WindowKind {
    Main,
    Room,
    Folder,
    Transfers,
}

/// What the buttons of a title bar do.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Act {
    Minimise,
    ToggleMaximise,
    Close,
    Drag,
    Front,
}

/// Who this window is.
#[tauri::command]
pub(crate) fn window_info(
    window: WebviewWindow,
    profile: State<'_, Profile>,
    links: State<'_, Links>,
    places: State<'_, Places>,
    looks: State<'_, FirstLooks>,
) -> WindowInfo {
    let kind = Kind::of(window.label());
    let is_main = window.label() == MAIN;
    let (place, look) = (places.of(window.label()), looks.take(window.label()));
    WindowInfo {
        kind: match kind {
            Kind::Main => WindowKind::Main,
            Kind::Room(_) => WindowKind::Room,
            Kind::Folder(_) => WindowKind::Folder,
            Kind::Transfers => WindowKind::Transfers,
        },
        room: kind.room(),
        entry: look.entry,
        goto: look.goto,
        folded: place.folded,
        top: place.top,
        os: std::env::consts::OS,
        locale: sys_locale::get_locale().unwrap_or_else(|| "en".to_owned()),
        version: env!("CARGO_PKG_VERSION"),
        link: if is_main { links.take() } else { None },
        crash: if is_main { crash::unseen(&profile.reports()) } else { None },
    }
}

/// A button of the title bar.
#[tauri::command]
pub(crate) fn window_act(window: WebviewWindow, act: Act) -> Result<(), ErrorView> {
    let done = match act {
        Act::Minimise => window.minimize(),
        Act::ToggleMaximise => match window.is_maximized() {
            Ok(true) => window.unmaximize(),
            Ok(false) => window.maximize(),
            Err(error) => Err(error),
        },
        Act::Close => window.close(),
        Act::Drag => window.start_dragging(),
        Act::Front => window.set_focus(),
    };
    done.map_err(broken)
}

/// The title in the task bar.
#[tauri::command]
pub(crate) fn window_title(window: WebviewWindow, title: &str) -> Result<(), ErrorView> {
    window.set_title(title).map_err(broken)
}

/// A room in its own window. Off the main thread: on Windows a window made there would wait for itself.
#[tauri::command(async)]
pub(crate) fn open_room_window(app: AppHandle, room: RoomId) -> Result<(), ErrorView> {
    windows::open_room(&app, room, Focus::Take).map_err(broken)
}

/// The sharing-room window of a room, with an entry selected.
#[tauri::command(async)]
pub(crate) fn open_folder_window(
    app: AppHandle,
    room: RoomId,
    entry: Option<EntryId>,
) -> Result<(), ErrorView> {
    windows::open_folder(&app, room, entry).map_err(broken)
}

/// The window of the transfers; there is one.
#[tauri::command(async)]
pub(crate) fn open_transfers_window(app: AppHandle) -> Result<(), ErrorView> {
    windows::open_transfers(&app).map_err(broken)
}

/// To the compact size, or back.
#[tauri::command]
pub(crate) fn window_fold(window: WebviewWindow, folded: bool) -> Result<(), ErrorView> {
    windows::fold(&window, folded).map_err(broken)
}

/// Above all other windows, or not any more.
#[tauri::command]
pub(crate) fn window_top(window: WebviewWindow, on: bool) -> Result<(), ErrorView> {
    windows::keep_on_top(&window, on).map_err(broken)
}

/// The rooms this window shows now.
#[tauri::command]
pub(crate) fn looking(app: AppHandle, window: WebviewWindow, rooms: Vec<RoomId>) {
    windows::look(&app, window.label(), rooms);
}

/// The person has read about the crash.
#[tauri::command]
pub(crate) fn crash_seen(profile: State<'_, Profile>) -> Result<(), ErrorView> {
    crash::seen(&profile.reports()).map_err(broken)
}
