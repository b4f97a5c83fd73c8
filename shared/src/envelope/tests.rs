//! The envelope of a message: what is sealed opens, what a newer Pod sealed is left alone.

use super::Envelope;
use crate::bytes::ByteString;
use proptest::prelude::*;

#[test]
fn an_envelope_of_a_newer_version_stays_closed() {
    let newer = Envelope { v: 2, content: Envelope::text("x").content };
    assert_eq!(Envelope::open(&newer.seal().unwrap()), None);
    assert_eq!(Envelope::open(&ByteString(b"plain".to_vec())), None);
    assert_eq!(Envelope::open(&ByteString(Vec::new())), None);
}

#[test]
fn the_text_of_a_message_never_shows_in_debug_output() {
    let envelope = Envelope::text("the secret plan");
    let shown = format!("{envelope:?} {:?}", envelope.seal().unwrap());
    assert!(!shown.contains("secret"), "{shown}");
}

proptest! {
    #[test]
    fn a_sealed_text_opens_as_it_was(text in any::<String>()) {
        let envelope = Envelope::text(text);
        prop_assert_eq!(Envelope::open(&envelope.seal().unwrap()), Some(envelope));
    }
}
