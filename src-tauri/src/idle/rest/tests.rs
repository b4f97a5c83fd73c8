//! When somebody is away.

use super::{BACK_WITHIN, NOTHING_TOLD, Rest, judge};
use std::time::Duration;

#[test]
fn who_uses_neither_pod_nor_another_program_for_long_enough_is_away() {
    let s = Duration::from_secs;
    let here = |left| Rest { idle: false, look_again: s(left) };
    let away = |look_again| Rest { idle: true, look_again };
    let cases = [
        ("just used", Some(s(0)), s(0), here(300)),
        ("used elsewhere", Some(s(10)), s(900), here(290)),
        ("used here, and the system has not noticed", Some(s(900)), s(10), here(290)),
        ("a moment before", Some(s(299)), s(900), here(1)),
        ("exactly long enough", Some(s(300)), s(900), away(BACK_WITHIN)),
        ("long away", Some(s(4000)), s(4000), away(BACK_WITHIN)),
        ("the system tells nothing, used here", None, s(100), here(200)),
        ("the system tells nothing, not used here", None, s(300), away(NOTHING_TOLD)),
    ];
    for (what, system, windows, expect) in cases {
        assert_eq!(judge(system, windows, s(300)), expect, "{what}");
    }
}
