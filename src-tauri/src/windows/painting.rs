//! How pages are painted on a computer without a graphics processor (Linux: a virtual machine, a remote desktop).
//!
//! WebKit draws through OpenGL there too, which the processor then has to imitate: a frame takes more than twice as long as
//! one that the processor paints by itself. So it is told to do that. With a graphics processor nothing is changed.

use gtk::glib::{self, prelude::ObjectExt};
use std::path::Path;
use tauri::WebviewWindow;

#[cfg(test)]
mod tests;

/// Where the kernel shows the graphics processors that programs may draw with, and how it names them.
const PLACE: &str = "/dev/dri";
const NAME: &str = "renderD";
/// The web view's own words for it.
const POLICY: &str = "hardware-acceleration-policy";
const NEVER: &str = "never";

/// Before the page is read.
pub(super) fn choose(window: &WebviewWindow) -> tauri::Result<()> {
    if has_processor(Path::new(PLACE)) {
        return Ok(());
    }
    window.with_webview(|view| {
        let settings = view.inner().property::<glib::Object>("settings");
        let never = settings
            .find_property(POLICY)
            .and_then(|policy| glib::EnumClass::with_type(policy.value_type()))
            .and_then(|policies| policies.to_value_by_nick(NEVER));
        match never {
            Some(never) => settings.set_property_from_value(POLICY, &never),
            None => tracing::debug!("this web view cannot be told how to paint"),
        }
    })
}

fn has_processor(place: &Path) -> bool {
    let Ok(found) = std::fs::read_dir(place) else { return false };
    found.filter_map(Result::ok).any(|one| one.file_name().as_encoded_bytes().starts_with(NAME.as_bytes()))
}
