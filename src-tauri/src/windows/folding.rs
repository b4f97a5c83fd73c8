//! Folding a window to the compact size and back, and keeping it above others.

use super::Kind;
use crate::places::{self, Places, Rect};
use tauri::{AppHandle, Emitter, LogicalSize, Manager, PhysicalPosition, PhysicalSize, WebviewWindow};

/// A folded window, in CSS pixels: the first size, and the least.
pub(super) const COMPACT: (f64, f64) = (320.0, 560.0);
pub(super) const COMPACT_LEAST: (f64, f64) = (300.0, 420.0);

/// What windows may use of each screen, and how many pixels make one of the page's.
pub(super) fn screens(app: &AppHandle) -> tauri::Result<Vec<(Rect, f64)>> {
    let screens = app.available_monitors()?;
    let area = |monitor: &tauri::Monitor| {
        let area = monitor.work_area();
        let rect =
            Rect { x: area.position.x, y: area.position.y, width: area.size.width, height: area.size.height };
        (rect, monitor.scale_factor())
    };
    Ok(screens.iter().map(area).collect())
}

/// Where a window is now.
pub(super) fn rect_of(window: &WebviewWindow) -> tauri::Result<Rect> {
    let (at, size) = (window.outer_position()?, window.inner_size()?);
    Ok(Rect { x: at.x, y: at.y, width: size.width, height: size.height })
}

/// Folds or expands a window. The edge nearest to the screen's edge stays where it is.
pub(crate) fn fold(window: &WebviewWindow, folded: bool) -> tauri::Result<()> {
    let (app, label) = (window.app_handle(), window.label());
    let places = app.state::<Places>();
    let before = places.of(label);
    let scale = window.scale_factor()?;
    let here = rect_of(window)?;
    if before.is(folded, f64::from(here.width) / scale) {
        return Ok(());
    }
    let first = if folded { COMPACT } else { Kind::of(label).sizes().first };
    places.fold(label, folded);
    if folded && window.is_maximized()? {
        window.unmaximize()?;
    }
    // A maximised window folds from the place it had before.
    let now = match before.expanded {
        Some(expanded) if folded && before.maximised => expanded,
        Some(_) | None => here,
    };
    let known = if folded { before.compact } else { before.expanded };
    let (width, height) = known.map_or_else(|| pixels(first, scale), |rect| (rect.width, rect.height));
    let areas = screens(app)?.into_iter().map(|(area, _)| area).collect::<Vec<_>>();
    let screen = places::screen_of(now, &areas).unwrap_or(now);
    let target = places::resized(now, width, height, screen);
    set_least(window, folded)?;
    window.set_size(PhysicalSize::new(target.width, target.height))?;
    window.set_position(PhysicalPosition::new(target.x, target.y))?;
    if !folded && before.maximised {
        window.maximize()?;
    }
    app.emit_to(label, "folded", folded)
}

/// The window may be this small from now on.
pub(super) fn set_least(window: &WebviewWindow, folded: bool) -> tauri::Result<()> {
    let least = if folded { COMPACT_LEAST } else { Kind::of(window.label()).sizes().least };
    window.set_min_size(Some(LogicalSize::new(least.0, least.1)))
}

pub(super) fn pixels(size: (f64, f64), scale: f64) -> (u32, u32) {
    let size = LogicalSize::new(size.0, size.1).to_physical::<u32>(scale);
    (size.width, size.height)
}

/// Keeps a window above all others, or not any more.
pub(crate) fn keep_on_top(window: &WebviewWindow, on: bool) -> tauri::Result<()> {
    window.set_always_on_top(on)?;
    window.app_handle().state::<Places>().top(window.label(), on);
    Ok(())
}
