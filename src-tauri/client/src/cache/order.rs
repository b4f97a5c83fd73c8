//! How names stand in a folder, as bytes that compare the way people expect: without case, numbers by their value
//! (`a2` before `a10`), Korean composed and in its own order, Chinese characters behind all other scripts. Pure.

use unicode_normalization::UnicodeNormalization;

#[cfg(test)]
mod tests;

/// Stands before a Chinese character: larger than any first byte of UTF-8.
const HAN: u8 = 0xf8;

/// A name as it is searched: composed, wide and narrow forms alike, without case.
pub(super) fn folded(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

/// A name as it is sorted.
pub(super) fn name_key(name: &str) -> Vec<u8> {
    let folded = folded(name);
    let mut key = Vec::with_capacity(folded.len() + 4);
    let mut rest = folded.as_str();
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (number, behind) = rest.split_at(digits);
            let number = number.trim_start_matches('0');
            // A longer number is a larger one. No name has more digits than a byte counts.
            key.extend([b'0', u8::try_from(number.len()).unwrap_or(u8::MAX)]);
            key.extend(number.as_bytes());
            rest = behind;
            continue;
        }
        if is_han(first) {
            key.push(HAN);
        }
        let (letter, behind) = rest.split_at(first.len_utf8());
        key.extend(letter.as_bytes());
        rest = behind;
    }
    key
}

/// The kind of a file by its name: the ending without case; none: empty.
pub(super) fn type_key(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((before, ending)) if !before.is_empty() => folded(ending),
        Some(_) | None => String::new(),
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
