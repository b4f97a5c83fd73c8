//! Whether Alt is held while files are over a window. During a drag the keyboard belongs to the program the files come
//! from, so no window hears of a key: the system is asked.
//!
//! Linux: the state of the pointer as the window's server knows it (on Wayland only as far as it tells us). macOS: the
//! session's own flags. Windows tells none that safe code can ask for: there files that are to wait for a message are let
//! go on the field one writes in, which works everywhere.

use tauri::WebviewWindow;

/// Alt is held now. For the windows' own thread.
#[cfg(target_os = "linux")]
pub(crate) fn is_held(window: &WebviewWindow) -> bool {
    use gtk::{
        gdk::{ModifierType, prelude::SeatExt},
        prelude::WidgetExt,
    };
    let Some(window) = window.gtk_window().ok().and_then(|window| window.window()) else { return false };
    let Some(pointer) = window.display().default_seat().and_then(|seat| seat.pointer()) else { return false };
    let (_, _, _, held) = window.device_position(&pointer);
    held.contains(ModifierType::MOD1_MASK)
}

/// Alt is held now.
#[cfg(target_os = "macos")]
pub(crate) fn is_held(_window: &WebviewWindow) -> bool {
    use objc2_core_graphics::{CGEventFlags, CGEventSource, CGEventSourceStateID};
    CGEventSource::flags_state(CGEventSourceStateID::CombinedSessionState)
        .contains(CGEventFlags::MaskAlternate)
}

/// Not told.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub(crate) fn is_held(_window: &WebviewWindow) -> bool {
    false
}
