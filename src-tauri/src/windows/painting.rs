//! How pages are painted on a computer without a graphics processor (Linux: a virtual machine, a remote desktop).
//!
//! WebKit draws through OpenGL there too, which the processor then has to imitate: a frame takes more than twice as long as
//! one that the processor paints by itself. So it is told to do that. With a graphics processor nothing is changed.

use std::path::Path;
use tauri::WebviewWindow;
use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};

#[cfg(test)]
mod tests;

/// Where the kernel shows the graphics processors that programs may draw with, and how it names them.
const PLACE: &str = "/dev/dri";
const NAME: &str = "renderD";

/// Before the page is read.
pub(super) fn choose(window: &WebviewWindow) -> tauri::Result<()> {
    if has_processor(Path::new(PLACE)) {
        return Ok(());
    }
    window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

fn has_processor(place: &Path) -> bool {
    let Ok(found) = std::fs::read_dir(place) else { return false };
    found.filter_map(Result::ok).any(|one| one.file_name().as_encoded_bytes().starts_with(NAME.as_bytes()))
}
