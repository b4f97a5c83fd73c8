//! The device's key, kept and found again.

use super::*;

#[test]
fn a_kept_key_is_the_same_key() {
    let key = DeviceKey::fresh();
    assert!(DeviceKey::from_secret(&key.to_secret()) == Some(key.clone()));
    assert!(key != DeviceKey::fresh());
}

#[test]
fn what_is_no_key_is_none() {
    for text in ["", "AAAA", "not base64!", &"A".repeat(86)] {
        assert!(DeviceKey::from_secret(&Secret(text.to_owned())).is_none(), "{text}");
    }
}

#[test]
fn debug_output_hides_the_key() {
    let key = DeviceKey::fresh();
    assert_eq!(format!("{key:?}"), "DeviceKey(..)");
}
