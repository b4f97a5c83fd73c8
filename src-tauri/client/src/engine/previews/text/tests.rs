//! Texts as they lie on people's disks.

use super::decoded;
use encoding_rs::{EUC_KR, GB18030, SHIFT_JIS};

const KOREAN: &str = "회의 자료를 공유합니다. 내일 오전 열 시에 모두 모여 주세요.";
const CHINESE: &str = "会议资料已经共享，请大家明天上午十点准时参加。";
const JAPANESE: &str = "会議の資料を共有します。明日の午前十時に集まってください。";

#[test]
fn old_and_new_ways_of_writing_are_read() {
    let utf16 = |text: &str| -> Vec<u8> {
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    };
    let table: [(&str, Vec<u8>); 7] = [
        (KOREAN, KOREAN.as_bytes().to_vec()),
        (KOREAN, [b"\xef\xbb\xbf", KOREAN.as_bytes()].concat()),
        (KOREAN, utf16(KOREAN)),
        (KOREAN, EUC_KR.encode(KOREAN).0.into_owned()),
        (CHINESE, GB18030.encode(CHINESE).0.into_owned()),
        (JAPANESE, SHIFT_JIS.encode(JAPANESE).0.into_owned()),
        ("", Vec::new()),
    ];
    for (text, bytes) in table {
        assert_eq!(decoded(&bytes, false).as_deref(), Some(text));
    }
}

#[test]
fn a_letter_cut_in_two_is_left_out_and_bytes_that_are_no_text_are_none() {
    let bytes = KOREAN.as_bytes();
    for end in [bytes.len(), bytes.len() - 3, bytes.len() - 5] {
        let text = decoded(&bytes[..end], true).unwrap();
        assert!(KOREAN.starts_with(&text) && !text.is_empty(), "{text}");
    }
    let old = EUC_KR.encode(KOREAN).0.into_owned();
    let even = old.len() - usize::from(old.last().is_some_and(|last| last.is_ascii())) - 1;
    assert!(KOREAN.starts_with(&decoded(&old[..even], true).unwrap()));
    assert_eq!(decoded(b"\x7fELF\x02\x01\x01\0\0\0", false), None);
}
