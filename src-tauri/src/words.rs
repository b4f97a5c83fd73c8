//! The few sentences the shell says itself, in notifications: one table by language. All others are the page's.
//!
//! Names and texts of people stand alone in a notification's title or body wherever that is possible, so that no
//! sentence is joined from parts.

use pod_client::view::{Item, ItemKind, UploadPhase};

#[cfg(test)]
mod tests;

/// A language Pod speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// English.
    English,
    /// Korean.
    Korean,
    /// Chinese.
    Chinese,
}

impl Language {
    /// The language of a setting or of a system's locale; English where it is none of ours.
    pub(crate) fn of(tag: &str) -> Self {
        match tag.split(['-', '_', '.']).next() {
            Some("ko") => Self::Korean,
            Some("zh") => Self::Chinese,
            Some(_) | None => Self::English,
        }
    }
}

/// The longest text of a message in a notification; systems cut at about this length themselves.
const TEXT_CHARS_MAX: usize = 240;

/// What a notification says of an item; nothing: it is not worth one.
pub(crate) fn sentence(item: &Item, language: Language) -> Option<String> {
    match &item.kind {
        ItemKind::Message { text: Some(text), .. } => Some(text.chars().take(TEXT_CHARS_MAX).collect()),
        ItemKind::Message { text: None, .. } => Some(newer(language).to_owned()),
        ItemKind::Upload(upload) => match upload.phase {
            UploadPhase::Stored { .. } => Some(file(&upload.name, language)),
            UploadPhase::Waiting { .. }
            | UploadPhase::Moving { .. }
            | UploadPhase::Paused { .. }
            | UploadPhase::Cancelled
            | UploadPhase::Failed { .. }
            | UploadPhase::Deleted => None,
        },
        ItemKind::Created { .. } => Some(room(language).to_owned()),
        ItemKind::Activity(_) | ItemKind::Member { .. } | ItemKind::Renamed { .. } | ItemKind::FolderMade => {
            None
        }
    }
}

fn newer(language: Language) -> &'static str {
    match language {
        Language::English => "A message from a newer Pod",
        Language::Korean => "더 새로운 Pod에서 보낸 메시지",
        Language::Chinese => "来自更新版 Pod 的消息",
    }
}

fn file(name: &str, language: Language) -> String {
    match language {
        Language::English => format!("Sent a file: {name}"),
        Language::Korean => format!("파일 보냄: {name}"),
        Language::Chinese => format!("发送了文件：{name}"),
    }
}

fn room(language: Language) -> &'static str {
    match language {
        Language::English => "Made a room with you",
        Language::Korean => "함께할 방을 만들었어요",
        Language::Chinese => "和你一起建了一个房间",
    }
}
