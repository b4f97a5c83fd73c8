//! Which files would run as programs when they are opened. They come from other people: nobody opens them, they are shown.

use std::path::Path;

/// Endings of names.
const PROGRAMS: &[&str] = &[
    "app", "appimage", "bat", "cmd", "com", "command", "cpl", "desktop", "exe", "hta", "jar", "js", "jse",
    "lnk", "msi", "msp", "pif", "ps1", "reg", "scf", "scr", "sh", "url", "vb", "vbe", "vbs", "workflow",
    "wsf", "wsh",
];

/// Whether this file would run as a program.
#[must_use]
pub fn is_program(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    extension.is_some_and(|extension| PROGRAMS.contains(&extension.as_str()))
}
