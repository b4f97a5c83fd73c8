//! What a notification says of who asks to be a contact.

use super::Language;

/// Its title.
pub(crate) fn contact_asks(who: &str, language: Language) -> String {
    match language {
        Language::English => format!("{who} asks to be your contact"),
        Language::Korean => format!("{who} 님이 연락처 추가를 요청했습니다"),
        Language::Chinese => format!("{who} 想加你为联系人"),
    }
}
