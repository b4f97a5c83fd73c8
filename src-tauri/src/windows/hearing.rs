//! What the system tells of a window: drags over it, its place, its closing.

use super::{closing, folding, look};
use crate::{
    drag::{self, Drag},
    held::Held,
    pasted::Pasted,
    places::{Places, Seen},
    player::Player,
};
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use tauri::{AppHandle, Emitter, Manager, WebviewWindow, WindowEvent};

/// From now on.
pub(super) fn listen(window: &WebviewWindow) {
    let (app, label) = (window.app_handle().clone(), window.label().to_owned());
    let maximised = AtomicBool::new(false);
    window.on_window_event(move |event| {
        if let WindowEvent::DragDrop(event) = event {
            tell_drag(&app, &label, event);
        } else if let WindowEvent::Resized(_) = event {
            tell_maximised(&app, &label, &maximised);
            see_place(&app, &label);
        } else if let WindowEvent::Moved(_) = event {
            see_place(&app, &label);
        } else if let WindowEvent::CloseRequested { api, .. } = event {
            api.prevent_close();
            closing::asked(&app, &label);
        } else if let WindowEvent::Destroyed = event {
            gone(&app, &label);
        }
    });
}

fn tell_drag(app: &AppHandle, label: &str, event: &tauri::DragDropEvent) {
    let window = app.get_webview_window(label);
    let scale = window.as_ref().and_then(|window| window.scale_factor().ok()).unwrap_or(1.0);
    let alt = window.is_some_and(|window| drag::alt_is_held(&window));
    let notice = {
        let drag = app.state::<Mutex<Drag>>();
        let mut drag = drag.lock().unwrap_or_else(PoisonError::into_inner);
        drag.heard(event, scale, alt, |paths| hold(app, label, paths))
    };
    if let Some(notice) = notice
        && let Err(error) = app.emit_to(label, "drop", notice)
    {
        tracing::warn!(%error, "a window could not be told of a drag");
    }
}

/// Holds files for a window; answers their number.
pub(crate) fn hold(app: &AppHandle, label: &str, paths: Vec<std::path::PathBuf>) -> u64 {
    let (number, unused) = {
        let held = app.state::<Mutex<Held>>();
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        held.keep(label, paths)
    };
    app.state::<Pasted>().drop_unused(&unused);
    number
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

/// A hidden or minimised window has no place of its own.
fn see_place(app: &AppHandle, label: &str) {
    let Some(window) = app.get_webview_window(label) else { return };
    let Ok(Some(seen)) = seen(&window) else { return };
    let Some(folded) = app.state::<Places>().saw(label, seen) else { return };
    // The person dragged it narrow or wide.
    let told = folding::set_least(&window, folded).and_then(|()| app.emit_to(label, "folded", folded));
    if let Err(error) = told {
        tracing::warn!(%error, "a window could not be told that it is folded");
    }
}

fn seen(window: &WebviewWindow) -> tauri::Result<Option<Seen>> {
    if !window.is_visible()? || window.is_minimized()? {
        return Ok(None);
    }
    if window.is_maximized()? {
        return Ok(Some(Seen::Maximised));
    }
    let rect = folding::rect_of(window)?;
    Ok(Some(Seen::At(rect, f64::from(rect.width) / window.scale_factor()?)))
}

fn gone(app: &AppHandle, label: &str) {
    look(app, label, Vec::new());
    app.state::<Player>().end(label, None);
    let unused = {
        let held = app.state::<Mutex<Held>>();
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        held.forget(label)
    };
    app.state::<Pasted>().drop_unused(&unused);
}
