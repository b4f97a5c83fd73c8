//! Bytes of a text as people wrote it: UTF-8, UTF-16 with its mark, or one of the older ways of writing Korean, Chinese
//! and others, which many files still are in. Pure.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

#[cfg(test)]
mod tests;

/// The text; nothing: these bytes are none. The beginning of a text may end within a letter, which is then left out.
pub(super) fn decoded(bytes: &[u8], truncated: bool) -> Option<String> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Some(whole(encoding, bytes.get(mark..)?, truncated));
    }
    if bytes.contains(&0) {
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.to_owned()),
        // Only the last letter is cut in two.
        Err(error) if truncated && error.error_len().is_none() => Some(whole(UTF_8, bytes, truncated)),
        Err(_) => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(bytes, !truncated);
            Some(whole(detector.guess(None, Utf8Detection::Deny), bytes, truncated))
        }
    }
}

fn whole(encoding: &'static Encoding, bytes: &[u8], truncated: bool) -> String {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let mut text = text.into_owned();
    if truncated && text.ends_with(char::REPLACEMENT_CHARACTER) {
        text.pop();
    }
    text
}
