//! Bytes of a text as people wrote it: UTF-8, UTF-16 with its mark, or one of the older ways of writing Korean, Chinese
//! and others. Pure.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// The text; nothing: these bytes are none.
pub(super) fn decoded(bytes: &[u8], truncated: bool) -> Option<String> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes.get(mark..)?);
        return Some(text.into_owned());
    }
    if bytes.contains(&0) {
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.to_owned()),
        // Only the last letter is cut in two.
        Err(error) if truncated && error.error_len().is_none() => {
            Some(String::from_utf8_lossy(bytes.get(..error.valid_up_to())?).into_owned())
        }
        Err(_) => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(bytes, !truncated);
            let (text, _) = detector.guess(None, Utf8Detection::Deny).decode_without_bom_handling(bytes);
            Some(text.into_owned())
        }
    }
}
