//! What the system's clipboard has for a paste: files another program copied, or a picture. Read natively, because a
//! page would see neither paths nor, in every web view, pictures.
//!
//! It refuses file names that Pod's own windows put on the clipboard: else a page could name a file by copying its
//! address and pasting it. Text is no business of this module; the page pastes it by itself.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod native;
#[cfg(all(test, target_os = "linux"))]
mod tests;

#[cfg(target_os = "linux")]
pub(crate) use linux::{read, stamp};
#[cfg(not(target_os = "linux"))]
pub(crate) use native::{read, stamp};

use std::path::PathBuf;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Copied {
    /// Files, by their paths.
    Files(Vec<PathBuf>),
    /// A picture, as PNG.
    Picture(Vec<u8>),
}
