//! The stored numbers of presence stand for themselves.

use super::*;

#[test]
fn a_stored_number_stands_for_the_state_it_was_made_from() {
    for code in 0..4 {
        assert_eq!(PresenceState::from_code(code).unwrap().code(), code);
        assert_eq!(PresenceChoice::from_code(code).unwrap().code(), code);
    }
    assert_eq!(PresenceState::from_code(4), None);
    assert_eq!(PresenceChoice::from_code(4), None);
}
