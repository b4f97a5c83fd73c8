//! A window has one dialog at a time, and the next one after it.

use super::Choosing;

#[test]
fn a_window_has_one_dialog_at_a_time() {
    let choosing = Choosing::default();
    let turn = choosing.begin("main");
    assert!(turn.is_some());
    assert!(choosing.begin("main").is_none());
    assert!(choosing.begin("room-1").is_some(), "another window has its own");
    drop(turn);
    assert!(choosing.begin("main").is_some());
}
