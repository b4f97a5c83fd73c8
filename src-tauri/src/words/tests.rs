//! Languages by tag.

use super::Language;

#[test]
fn a_locale_finds_its_language_or_english() {
    let cases = [
        ("ko", Language::Korean),
        ("ko-KR", Language::Korean),
        ("zh_TW.UTF-8", Language::Chinese),
        ("en-GB", Language::English),
        ("fr", Language::English),
        ("", Language::English),
    ];
    for (tag, expect) in cases {
        assert_eq!(Language::of(tag), expect, "{tag}");
    }
}
