//! What an older or a newer client leaves out or adds is no matter.

use super::{InstantAnswer, InstantNew};
use crate::limits;

#[test]
fn a_question_may_leave_out_what_it_need_not_say_and_say_more() {
    let id = "01930000-0000-7000-8000-000000000015";
    let size = limits::INSTANT_BYTES_MIN;
    let text = format!(
        r#"{{"id":"{id}","room":"{id}","parent":null,"filename":"a","sha256":"00","size":{size},"later":1}}"#
    );
    let new: InstantNew = serde_json::from_str(&text).unwrap();
    assert_eq!((new.parent, new.modified_ms, new.size), (None, None, size));
    let answer: InstantAnswer = serde_json::from_str(r#"{"is":"prove","nonce":"00","later":1}"#).unwrap();
    assert_eq!(answer, InstantAnswer::Prove { nonce: "00".into() });
}
