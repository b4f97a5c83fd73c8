//! The clipboard through GTK, which the windows stand on: the same code for X11 and Wayland.

use super::Copied;
use gtk::{gdk, gdk_pixbuf::Pixbuf, gio, gio::prelude::FileExt, glib};
use std::path::PathBuf;
use tauri::AppHandle;
use tokio::sync::oneshot;

/// What file managers of GNOME and its relatives offer; the first line says `copy` or `cut`.
const GNOME_FILES: &str = "x-special/gnome-copied-files";

/// Reads the clipboard; nothing: it has neither files nor a picture.
pub(crate) async fn read(app: &AppHandle) -> tauri::Result<Option<Copied>> {
    let (tell, told) = oneshot::channel();
    // GTK answers on the windows' thread, without keeping it waiting.
    app.run_on_main_thread(move || ask(tell))?;
    Ok(told.await.ok().flatten())
}

fn ask(tell: oneshot::Sender<Option<Copied>>) {
    let selection = gdk::SELECTION_CLIPBOARD;
    let clipboard = gtk::Clipboard::get(&selection);
    if gdk::selection_owner_get(&selection).is_some() {
        // One of our own windows copied: no file names are taken from it.
        return ask_for_picture(&clipboard, tell);
    }
    clipboard.request_uris(move |clipboard, uris| {
        let files = paths(uris.iter().map(glib::GString::as_str));
        if files.is_empty() {
            ask_for_gnome_files(clipboard, tell)
        } else {
            say(tell, Some(Copied::Files(files)))
        }
    });
}

fn ask_for_gnome_files(clipboard: &gtk::Clipboard, tell: oneshot::Sender<Option<Copied>>) {
    clipboard.request_contents(&gdk::Atom::intern(GNOME_FILES), move |clipboard, found| {
        let files = gnome_paths(&found.data());
        if files.is_empty() {
            ask_for_picture(clipboard, tell)
        } else {
            say(tell, Some(Copied::Files(files)))
        }
    });
}

fn ask_for_picture(clipboard: &gtk::Clipboard, tell: oneshot::Sender<Option<Copied>>) {
    clipboard.request_image(move |_, picture| say(tell, picture.and_then(png).map(Copied::Picture)));
}

fn say(tell: oneshot::Sender<Option<Copied>>, copied: Option<Copied>) {
    // Who asked may have left.
    drop(tell.send(copied));
}

fn png(picture: &Pixbuf) -> Option<Vec<u8>> {
    match picture.save_to_bufferv("png", &[]) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            tracing::warn!(%error, "a picture of the clipboard could not be written as PNG");
            None
        }
    }
}

/// Files on this computer; addresses of other places are left out.
pub(super) fn paths<'a>(uris: impl Iterator<Item = &'a str>) -> Vec<PathBuf> {
    uris.map(str::trim)
        .filter(|uri| uri.starts_with("file:"))
        .filter_map(|uri| gio::File::for_uri(uri).path())
        .collect()
}

pub(super) fn gnome_paths(data: &[u8]) -> Vec<PathBuf> {
    let text = String::from_utf8_lossy(data);
    match text.split_once('\n') {
        Some(("copy" | "cut", uris)) => paths(uris.lines()),
        Some(_) | None => Vec::new(),
    }
}

/// The time as it stands in a file's name: by the clock of the person.
pub(crate) fn stamp() -> String {
    let now = glib::DateTime::now_local().and_then(|now| now.format("%Y-%m-%d %H.%M.%S"));
    now.map(String::from).unwrap_or_default()
}
