//! How pages are painted on a computer without a graphics processor (Linux: a virtual machine, a remote desktop).
//!
//! WebKit draws through OpenGL there too, which the processor then has to imitate: a frame takes more than twice as long as
//! one that the processor paints by itself. So it is told to do that, before it starts: one that is told while its page
//! comes up sometimes ends when its window changes its size at that moment (9 of 70 starts; none of 60 when told before).
//! With a graphics processor nothing is changed.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

#[cfg(test)]
mod tests;

/// Where the kernel shows the graphics processors that programs may draw with, and how it names them.
const PLACE: &str = "/dev/dri";
const NAME: &str = "renderD";
/// What WebKit reads when it starts. Whoever sets it has chosen already.
const TOLD: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// Replaces this process by one that tells WebKit, where that is of use and not done. To be called before anything else.
pub(crate) fn choose() {
    if std::env::var_os(TOLD).is_some() || has_processor(Path::new(PLACE)) {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let error = Command::new(program).args(std::env::args_os().skip(1)).env(TOLD, "1").exec();
    tracing::warn!(%error, "pages are painted as the system likes");
}

fn has_processor(place: &Path) -> bool {
    let Ok(found) = std::fs::read_dir(place) else { return false };
    found.filter_map(Result::ok).any(|one| one.file_name().as_encoded_bytes().starts_with(NAME.as_bytes()))
}
