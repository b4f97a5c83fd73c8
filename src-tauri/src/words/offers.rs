//! What is said of offers in notifications.

use super::{Language, TEXT_CHARS_MAX};
use pod_client::view::{OfferAsks, OfferView};

/// It was accepted once and broke off.
pub(crate) fn is_rest(offer: &OfferView) -> bool {
    match offer.step {
        OfferAsks::Interrupted => true,
        OfferAsks::Asked | OfferAsks::Forwarded => false,
    }
}

/// What somebody wants: all of these files are theirs and stand at the same point.
pub(crate) fn offered(batch: &[OfferView], language: Language) -> String {
    let Some(first) = batch.first() else { return String::new() };
    let (who, count) = (&first.from.name, batch.len());
    match (language, is_rest(first)) {
        (Language::English, false) if count == 1 => format!("{who} wants to send you a file"),
        (Language::English, false) => format!("{who} wants to send you {count} files"),
        (Language::Korean, false) => format!("{who} 님이 파일 {count}개를 보내려고 합니다"),
        (Language::Chinese, false) => format!("{who} 想发送 {count} 个文件给您"),
        (Language::English, true) => format!("The connection to {who} broke. Accept takes the rest"),
        (Language::Korean, true) => format!("{who} 님과 연결이 끊겼습니다. 받기를 누르면 나머지를 받습니다"),
        (Language::Chinese, true) => format!("与 {who} 的连接中断。接收即可取得其余部分"),
    }
}

/// No longer than a notification shows.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(TEXT_CHARS_MAX).collect()
}
