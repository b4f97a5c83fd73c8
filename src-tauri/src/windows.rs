//! The windows: one main window, one for each room that is opened in its own, one for each folder of a room that is
//! (its *sharing-room window*), and one for the transfers. All are made here, in code, because a profile has its own folder
//! for the web view.
//!
//! Where each was is in `places`; which ones are open in `remembered`; what happens when one closes in `closing`. It
//! refuses to let a page leave the program's own pages or open windows by itself.

pub(crate) mod closing;
mod first;
mod folding;
mod hearing;
#[cfg(target_os = "linux")]
mod lost_page;
mod remembered;
#[cfg(test)]
mod tests;

pub(crate) use first::FirstLooks;
pub(crate) use folding::{fold, keep_on_top};
pub(crate) use hearing::hold;
pub(crate) use remembered::{OpenWindows, begin};

use crate::{
    engine::Engine,
    links::Links,
    looking::Looking,
    places::{self, Places, Rect},
    profile::Profile,
};
use first::FirstLook;
use pod_client::command::Command;
use pod_shared::{EntryId, OfferId, Position, RoomId};
use tauri::{
    AppHandle, Emitter, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, webview::NewWindowResponse,
};

/// Label of the main window.
pub(crate) const MAIN: &str = "main";
/// Label of the window of the transfers.
pub(crate) const TRANSFERS: &str = "transfers";
const ROOM: &str = "room-";
const FOLDER: &str = "folder-";

/// Whether a window that opens comes to the front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Focus {
    /// The person asked for it.
    Take,
    /// It opened by itself: whoever types elsewhere goes on typing there.
    Leave,
    /// It stays hidden, in the tray.
    Hidden,
}

/// What a window shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The list of rooms and one of them.
    Main,
    /// The chat of a room.
    Room(RoomId),
    /// The folder of a room.
    Folder(RoomId),
    /// The queue of transfers.
    Transfers,
}

/// Sizes in CSS pixels: the first one, and the least.
struct Sizes {
    first: (f64, f64),
    least: (f64, f64),
}

impl Kind {
    /// The window a label stands for; a label that is none of ours is the main window's.
    pub(crate) fn of(label: &str) -> Self {
        let room = |prefix| label.strip_prefix(prefix).and_then(|room| room.parse::<RoomId>().ok());
        match (room(ROOM), room(FOLDER)) {
            (Some(room), _) => Self::Room(room),
            (None, Some(room)) => Self::Folder(room),
            (None, None) if label == TRANSFERS => Self::Transfers,
            (None, None) => Self::Main,
        }
    }

    /// Its label.
    pub(crate) fn label(self) -> String {
        match self {
            Self::Main => MAIN.to_owned(),
            Self::Room(room) => format!("{ROOM}{room}"),
            Self::Folder(room) => format!("{FOLDER}{room}"),
            Self::Transfers => TRANSFERS.to_owned(),
        }
    }

    /// The room it belongs to.
    pub(crate) fn room(self) -> Option<RoomId> {
        match self {
            Self::Main | Self::Transfers => None,
            Self::Room(room) | Self::Folder(room) => Some(room),
        }
    }

    fn page(self) -> String {
        match self {
            Self::Main => "index.html".to_owned(),
            Self::Room(room) => format!("index.html?room={room}"),
            Self::Folder(room) => format!("index.html?folder={room}"),
            Self::Transfers => "index.html?transfers".to_owned(),
        }
    }

    fn sizes(self) -> Sizes {
        match self {
            Self::Main => Sizes { first: (1280.0, 800.0), least: (300.0, 420.0) },
            Self::Room(_) => Sizes { first: (780.0, 860.0), least: (360.0, 420.0) },
            Self::Folder(_) => Sizes { first: (1360.0, 840.0), least: (640.0, 480.0) },
            Self::Transfers => Sizes { first: (1060.0, 720.0), least: (360.0, 420.0) },
        }
    }
}

/// The room a label stands for, of whichever kind of window.
pub(crate) fn room_of(label: &str) -> Option<RoomId> {
    Kind::of(label).room()
}

/// Opens the window of the transfers, or brings it to the front.
pub(crate) fn open_transfers(app: &AppHandle) -> tauri::Result<()> {
    open(app, Kind::Transfers, Focus::Take)
}

/// A notification about an offer was clicked: the main window shows it.
pub(crate) fn show_offer(app: &AppHandle, batch: OfferId) -> tauri::Result<()> {
    open_main(app, Focus::Take)?;
    app.emit_to(MAIN, "offer", serde_json::json!({ "batch": batch }))
}

/// Opens the main window, or brings it to the front.
pub(crate) fn open_main(app: &AppHandle, focus: Focus) -> tauri::Result<()> {
    open(app, Kind::Main, focus)?;
    if focus == Focus::Take {
        remembered::after_main(app);
    }
    Ok(())
}

/// Opens a room's window; one that is there already comes to the front if the person asked.
pub(crate) fn open_room(app: &AppHandle, room: RoomId, focus: Focus) -> tauri::Result<()> {
    open(app, Kind::Room(room), focus)
}

/// Opens the sharing-room window of a room, or brings it to the front, with an entry selected.
pub(crate) fn open_folder(app: &AppHandle, room: RoomId, entry: Option<EntryId>) -> tauri::Result<()> {
    let kind = Kind::Folder(room);
    if let (Some(entry), Some(window)) = (entry, app.get_webview_window(&kind.label())) {
        window.emit_to(window.label(), "select", serde_json::json!({ "entry": entry }))?;
    } else {
        app.state::<FirstLooks>().set(&kind.label(), FirstLook { entry, goto: None });
    }
    open(app, kind, Focus::Take)
}

/// Shows a place in a room's chat, in the window that shows the room already or else in its own.
pub(crate) fn go_to(app: &AppHandle, room: RoomId, pos: Option<Position>) -> tauri::Result<()> {
    let own = Kind::Room(room).label();
    let shown = app.state::<Looking>().windows_on(room);
    let label = if app.get_webview_window(&own).is_some() {
        own
    } else {
        shown.into_iter().find(|label| label == MAIN).unwrap_or(own)
    };
    match (app.get_webview_window(&label), pos) {
        (Some(_), Some(pos)) => {
            app.emit_to(&label, "goto", serde_json::json!({ "room": room, "pos": pos }))?;
        }
        (None, Some(_)) => app.state::<FirstLooks>().set(&label, FirstLook { entry: None, goto: pos }),
        (_, None) => {}
    }
    if label == MAIN { open_main(app, Focus::Take) } else { open_room(app, room, Focus::Take) }
}

/// A `pod://` link goes to the main window, which comes to the front.
pub(crate) fn give_link(app: &AppHandle, link: &str) -> tauri::Result<()> {
    open_main(app, Focus::Take)?;
    app.state::<Links>().keep(Some(link.to_owned()));
    app.emit_to(MAIN, "link", serde_json::json!({ "text": link }))
}

/// Closes a room's windows for good: this person is no longer in the room.
pub(crate) fn close_room(app: &AppHandle, room: RoomId) -> tauri::Result<()> {
    for kind in [Kind::Room(room), Kind::Folder(room)] {
        app.state::<OpenWindows>().remove(kind);
        if let Some(window) = app.get_webview_window(&kind.label()) {
            window.destroy()?;
        }
    }
    Ok(())
}

fn open(app: &AppHandle, kind: Kind, focus: Focus) -> tauri::Result<()> {
    match (app.get_webview_window(&kind.label()), focus) {
        (Some(window), Focus::Take) => bring_to_front(&window),
        (Some(_), Focus::Leave | Focus::Hidden) => Ok(()),
        (None, _) => build(app, kind, focus),
    }
}

fn bring_to_front(window: &WebviewWindow) -> tauri::Result<()> {
    window.unminimize()?;
    window.show()?;
    show_again(window.app_handle(), window.label());
    window.set_focus()
}

fn build(app: &AppHandle, kind: Kind, focus: Focus) -> tauri::Result<()> {
    let page = WebviewUrl::App(kind.page().into());
    let builder = WebviewWindowBuilder::new(app, kind.label(), page)
        .title("Pod")
        .focused(focus == Focus::Take)
        .visible(focus != Focus::Hidden)
        .data_directory(app.state::<Profile>().webview())
        .on_navigation(|url| is_own_page(url.scheme(), url.host_str()))
        .on_new_window(|_, _| NewWindowResponse::Deny);
    #[cfg(target_os = "macos")]
    let builder = builder.title_bar_style(tauri::TitleBarStyle::Overlay).hidden_title(true);
    #[cfg(not(target_os = "macos"))]
    let builder = builder.decorations(false).shadow(true);
    let window = at_its_place(app, kind, builder)?.build()?;
    #[cfg(target_os = "linux")]
    lost_page::listen(&window)?;
    hearing::listen(&window);
    app.state::<OpenWindows>().add(kind);
    if focus == Focus::Hidden {
        hide(app, window.label());
    }
    Ok(())
}

/// Where it was, on a screen that is there.
fn at_its_place<'a>(
    app: &'a AppHandle,
    kind: Kind,
    builder: WebviewWindowBuilder<'a, tauri::Wry, AppHandle>,
) -> tauri::Result<WebviewWindowBuilder<'a, tauri::Wry, AppHandle>> {
    let place = app.state::<Places>().of(&kind.label());
    let Sizes { first, least } = kind.sizes();
    let (first, least) =
        if place.folded { (folding::COMPACT, folding::COMPACT_LEAST) } else { (first, least) };
    let builder = builder.min_inner_size(least.0, least.1).always_on_top(place.top);
    let screens = folding::screens(app)?;
    let areas = screens.iter().map(|(area, _)| *area).collect::<Vec<_>>();
    let Some(rect) = place.now().or_else(|| beside_main(app, kind, first, &areas)) else {
        return Ok(builder.inner_size(first.0, first.1));
    };
    let rect = places::on_screen(rect, &areas);
    let scale = places::screen_of(rect, &areas)
        .and_then(|area| screens.iter().find(|(known, _)| *known == area))
        .map_or(1.0, |(_, scale)| *scale);
    let Rect { x, y, width, height } = rect;
    Ok(builder
        .inner_size(f64::from(width) / scale, f64::from(height) / scale)
        .position(f64::from(x) / scale, f64::from(y) / scale)
        .maximized(place.maximised && !place.folded))
}

/// The place of a window that was never open: beside the main window where that can be seen.
fn beside_main(app: &AppHandle, kind: Kind, size: (f64, f64), areas: &[Rect]) -> Option<Rect> {
    let main = app.get_webview_window(MAIN).filter(|_| kind != Kind::Main)?;
    let seen = main.is_visible().unwrap_or(false) && !main.is_minimized().unwrap_or(true);
    let rect = folding::rect_of(&main).ok().filter(|_| seen)?;
    let size = folding::pixels(size, main.scale_factor().ok()?);
    let windows = app.webview_windows();
    let taken = windows.values().filter_map(|window| folding::rect_of(window).ok()).collect::<Vec<_>>();
    let screen = places::screen_of(rect, areas)?;
    Some(places::beside(rect, size.0, size.1, screen, &taken))
}

/// The program's own pages, as Linux and macOS (`tauri:`) and Windows (`tauri.localhost`) name them.
fn is_own_page(scheme: &str, host: Option<&str>) -> bool {
    match scheme {
        "tauri" => host == Some("localhost"),
        "http" | "https" => host == Some("tauri.localhost"),
        _ => false,
    }
}

/// The same, as a page's origin is written.
pub(crate) fn is_own_origin(origin: &str) -> bool {
    origin.split_once("://").is_some_and(|(scheme, host)| is_own_page(scheme, Some(host)))
}

/// A window now shows these rooms; the pod is told what all windows show together.
pub(crate) fn look(app: &AppHandle, label: &str, rooms: Vec<RoomId>) {
    app.state::<Looking>().set(label, rooms);
    tell_looking(app);
}

/// A window is hidden: it shows nothing until it is shown again.
fn hide(app: &AppHandle, label: &str) {
    app.state::<Looking>().hide(label);
    tell_looking(app);
}

fn show_again(app: &AppHandle, label: &str) {
    app.state::<Looking>().show(label);
    tell_looking(app);
}

/// What counts is what is visible when the pod hears of it: while it starts several changes may wait.
fn tell_looking(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let told = match app.state::<Engine>().pod().await {
            Ok(pod) => pod.run(Command::Looking { rooms: app.state::<Looking>().sum() }).await,
            Err(error) => Err(error),
        };
        if let Err(error) = told {
            tracing::debug!(code = %error.code, "the pod did not take what is visible");
        }
    });
}
