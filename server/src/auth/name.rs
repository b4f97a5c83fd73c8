//! Which names an account may have, and how names are compared: without case, in composed form (NFC).

use crate::error::Refusal;
use pod_shared::ErrorCode;
use pod_shared::limits::{
    ACCOUNT_NAME_BYTES_MAX, DEVICE_LABEL_BYTES_MAX, DISPLAY_NAME_BYTES_MAX, PASSWORD_BYTES_MAX,
    PASSWORD_CHARS_MIN,
};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A unique name as it is kept: composed, and found good.
///
/// # Errors
/// `invalid_name`.
pub fn account(name: &str) -> Result<String, Refusal> {
    let name: String = name.nfc().collect();
    let is_good = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_') || is_combining_mark(c);
    let begins_well = name.chars().next().is_some_and(char::is_alphanumeric);
    if name.len() > ACCOUNT_NAME_BYTES_MAX || !begins_well || !name.chars().all(is_good) {
        let rule = "an account name is letters, digits, '.', '-' and '_', begins with a letter or digit, and is short";
        return Err(Refusal::new(ErrorCode::InvalidName, rule));
    }
    Ok(name)
}

/// A display name as it is kept: composed and trimmed.
///
/// # Errors
/// `invalid_name`.
pub fn display(name: &str) -> Result<String, Refusal> {
    label(name, DISPLAY_NAME_BYTES_MAX, "a display name")
}

/// A device's label as it is kept.
///
/// # Errors
/// `invalid_name`.
pub fn device(label_text: &str) -> Result<String, Refusal> {
    label(label_text, DEVICE_LABEL_BYTES_MAX, "a device's label")
}

/// Whether a password may be chosen.
///
/// # Errors
/// `weak_password` or `too_large`.
pub fn password(password: &str) -> Result<(), Refusal> {
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(Refusal::new(ErrorCode::TooLarge, "the password is too long"));
    }
    if password.chars().count() < PASSWORD_CHARS_MIN {
        return Err(Refusal::new(ErrorCode::WeakPassword, "the password is too short"));
    }
    Ok(())
}

/// How names are compared and searched. By way of upper case, so that letters which only differ there are one.
#[must_use]
pub fn fold(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.to_uppercase().to_lowercase().nfc().collect()
}

fn label(text: &str, bytes_max: usize, what: &str) -> Result<String, Refusal> {
    let text: String = text.trim().nfc().collect();
    if text.is_empty() || text.len() > bytes_max || text.chars().any(is_deceiving) {
        let rule = format!("{what} is not empty, has at most {bytes_max} bytes and no control characters");
        return Err(Refusal::new(ErrorCode::InvalidName, rule));
    }
    Ok(text)
}

/// Control characters, and those that turn the direction of the text around them.
fn is_deceiving(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}
