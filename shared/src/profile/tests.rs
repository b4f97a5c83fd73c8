//! What may be said of oneself.

use super::ProfileFields;
use crate::ErrorCode;
use crate::limits::{PROFILE_LINE_BYTES_MAX, PROFILE_TEXT_BYTES_MAX};

fn with(name: &str, text: String) -> ProfileFields {
    let mut profile = ProfileFields::default();
    *profile.named_mut(name).unwrap() = text;
    profile
}

#[test]
fn each_field_has_its_limit_and_only_texts_have_lines() {
    for (name, limit, lines) in [
        ("title", PROFILE_LINE_BYTES_MAX, false),
        ("organisation", PROFILE_LINE_BYTES_MAX, false),
        ("phone", PROFILE_LINE_BYTES_MAX, false),
        ("mail", PROFILE_LINE_BYTES_MAX, false),
        ("address", PROFILE_TEXT_BYTES_MAX, true),
        ("about", PROFILE_TEXT_BYTES_MAX, true),
    ] {
        assert_eq!(with(name, "x".repeat(limit)).check(), Ok(()), "{name}");
        assert_eq!(with(name, "x".repeat(limit + 1)).check(), Err(ErrorCode::TooLarge), "{name}");
        assert_eq!(
            with(name, "a\nb".into()).check(),
            if lines { Ok(()) } else { Err(ErrorCode::BadRequest) }
        );
        assert_eq!(with(name, "a\u{7}b".into()).check(), Err(ErrorCode::BadRequest), "{name}");
        assert_eq!(with(name, " x \n".into()).trimmed(), with(name, "x".into()));
        assert!(!with(name, "x".into()).is_empty());
    }
    assert!(ProfileFields::default().is_empty());
    assert!(ProfileFields::default().named_mut("shoe size").is_none());
}
