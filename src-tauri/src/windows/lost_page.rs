//! A page whose process ended (WebKit had a defect, or the system took its memory) is loaded again: its window would
//! stay empty. What the person wrote is a draft on disk, and Rust holds everything else.

use std::cell::RefCell;
use std::time::{Duration, Instant};
use tauri::WebviewWindow;
use webkit2gtk::WebViewExt;

#[cfg(test)]
mod tests;

/// A page that ends more often than this within [`WITHIN`] is left alone: it would end again.
const TIMES_MAX: usize = 3;
const WITHIN: Duration = Duration::from_secs(60);

/// From now on.
pub(super) fn listen(window: &WebviewWindow) -> tauri::Result<()> {
    let label = window.label().to_owned();
    window.with_webview(move |view| {
        let ends = RefCell::new(Vec::new());
        view.inner().connect_web_process_terminated(move |view, reason| {
            let again = may_load_again(&mut ends.borrow_mut(), Instant::now());
            tracing::warn!(window = label, ?reason, again, "the process of a page ended");
            if again {
                view.reload();
            }
        });
    })
}

/// Whether a page that ended now is worth another try; notes the end.
fn may_load_again(ends: &mut Vec<Instant>, now: Instant) -> bool {
    ends.retain(|end| now.duration_since(*end) < WITHIN);
    ends.push(now);
    ends.len() <= TIMES_MAX
}
