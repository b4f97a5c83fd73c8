//! Which files can be looked into without fetching them whole: by their names, as every side judges it alike.
//!
//! A name is only a promise: whoever makes a preview looks at the bytes and refuses what is something else.

use crate::limits;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// What a look into a file shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum PreviewKind {
    /// A small picture of a picture.
    Image,
    /// The beginning of a text.
    Text,
    /// The beginning of a text in Markdown.
    Markdown,
    /// A PDF, of which only the pages looked at are read.
    Pdf,
    /// A sound, played from the folder.
    Audio,
    /// A film, played from the folder.
    Video,
}

const IMAGE: &[&str] = &["png", "jpg", "jpeg", "gif", "webp", "bmp"];
const MARKDOWN: &[&str] = &["md", "markdown"];
const AUDIO: &[&str] = &["mp3", "m4a", "aac", "ogg", "oga", "opus", "flac", "wav"];
const VIDEO: &[&str] = &["mp4", "m4v", "webm", "mkv", "mov", "ogv", "avi", "mpg", "mpeg", "3gp"];
const TEXT: &[&str] = &[
    "txt",
    "text",
    "log",
    "csv",
    "tsv",
    "json",
    "jsonl",
    "xml",
    "yaml",
    "yml",
    "toml",
    "ini",
    "conf",
    "cfg",
    "env",
    "html",
    "htm",
    "css",
    "scss",
    "js",
    "mjs",
    "ts",
    "tsx",
    "jsx",
    "svelte",
    "vue",
    "rs",
    "py",
    "rb",
    "go",
    "java",
    "kt",
    "swift",
    "c",
    "h",
    "cpp",
    "hpp",
    "cc",
    "cs",
    "php",
    "sh",
    "bash",
    "bat",
    "ps1",
    "sql",
    "tex",
    "srt",
    "diff",
    "patch",
    "gitignore",
];

impl PreviewKind {
    /// What a file of this name and size shows; nothing: no preview.
    #[must_use]
    pub fn of(name: &str, size: u64) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        let ending = ending.to_ascii_lowercase();
        let is_in = |list: &[&str]| list.contains(&ending.as_str());
        if size == 0 {
            None
        } else if is_in(IMAGE) {
            (size <= limits::PREVIEW_SOURCE_BYTES_MAX).then_some(Self::Image)
        } else if is_in(MARKDOWN) {
            Some(Self::Markdown)
        } else if is_in(TEXT) {
            Some(Self::Text)
        } else if is_in(AUDIO) {
            Some(Self::Audio)
        } else if is_in(VIDEO) {
            Some(Self::Video)
        } else {
            (ending == "pdf").then_some(Self::Pdf)
        }
    }
}
