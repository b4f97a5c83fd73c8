//! Passes for the relay: each is good for one device, and of one life of the process.

use super::{About, Passes, RelayPlace};
use pod_shared::DeviceId;
use uuid::Uuid;

#[test]
fn a_pass_is_known_again_and_nothing_like_it_is() {
    let passes = Passes::default();
    let device = DeviceId(Uuid::now_v7());
    let pass = passes.of(device);
    assert_eq!(passes.device(&pass), Some(device));
    assert_eq!(Passes::default().device(&pass), None, "another life, another secret");
    for at in 0..pass.len() {
        let mut other = pass.clone().into_bytes();
        other[at] = if other[at] == b'0' { b'1' } else { b'0' };
        assert_eq!(passes.device(&String::from_utf8(other).unwrap()), None, "changed at {at}");
        assert_eq!(passes.device(&pass[..at]), None, "cut at {at}");
    }
    for nonsense in ["", "봄봄봄봄봄봄봄봄봄봄봄", &"f".repeat(96), &"é".repeat(48)] {
        assert_eq!(passes.device(nonsense), None);
    }
}

#[test]
fn the_secret_of_passes_and_a_pass_never_show_in_debug_output() {
    let about = About::new("x");
    let device = DeviceId(Uuid::now_v7());
    assert_eq!(about.relay(device), None);
    let (url, passes) = ("http://127.0.0.1:7601".to_owned(), Passes::default());
    let place = RelayPlace { url, fingerprint: None, passes: passes.clone() };
    let shown = format!("{place:?}");
    about.relay_is_at(place);
    let info = about.relay(device).unwrap();
    assert_eq!(info.token, passes.of(device));
    let shown = format!("{shown} {info:?}");
    assert!(!shown.contains(&info.token) && shown.contains("7601"), "{shown}");
}
