//! An older Pod meets a newer one: unknown fields are ignored, unknown frames skipped, broken bytes refused.

use crate::socket::{ClientFrame, EventKind, ServerFrame};
use crate::wire::{Decoded, decode, decode_frame, encode};
use crate::{AccountId, ErrorBody, ErrorCode, RoomId, Txn};
use serde::Serialize;

/// A frame as a newer Pod would write it.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Newer {
    Applied { txn: u64, more: Vec<u8> },
    Teleport { room: [u8; 4] },
    Blink,
}

#[test]
fn an_unknown_field_is_ignored() {
    let bytes = encode(&Newer::Applied { txn: 7, more: vec![1, 2] }).unwrap();
    assert_eq!(decode_frame(&bytes), Ok(Decoded::Known(ClientFrame::Applied { txn: Txn(7) })));
}

#[test]
fn an_unknown_frame_is_told_from_a_broken_one() {
    for newer in [Newer::Teleport { room: [1, 2, 3, 4] }, Newer::Blink] {
        let bytes = encode(&newer).unwrap();
        assert_eq!(decode_frame::<ClientFrame>(&bytes), Ok(Decoded::Unknown));
        assert_eq!(decode_frame::<ServerFrame>(&bytes), Ok(Decoded::Unknown));
    }
}

#[test]
fn an_event_of_an_unknown_kind_makes_its_frame_unknown() {
    #[derive(Serialize)]
    enum Kind {
        #[serde(rename = "pinned")]
        Pinned { by: u8 },
    }
    #[derive(Serialize)]
    struct Event {
        room: RoomId,
        pos: u64,
        txn: u64,
        at: i64,
        by: AccountId,
        kind: Kind,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Frame {
        Event(Event),
    }
    let id = uuid::Uuid::from_u128(5);
    let kind = Kind::Pinned { by: 1 };
    let event = Event { room: RoomId(id), pos: 1, txn: 1, at: 0, by: AccountId(id), kind };
    let bytes = encode(&Frame::Event(event)).unwrap();
    assert_eq!(decode_frame::<ServerFrame>(&bytes), Ok(Decoded::Unknown));
    assert!(decode::<EventKind>(&encode(&Kind::Pinned { by: 1 }).unwrap()).is_err());
}

#[test]
fn broken_bytes_are_refused_and_not_taken_for_a_newer_frame() {
    let whole = encode(&ClientFrame::Applied { txn: Txn(7) }).unwrap();
    for end in 0..whole.len() {
        assert!(decode_frame::<ClientFrame>(&whole[..end]).is_err(), "{end} bytes of the frame were taken");
    }
    let mut longer = whole;
    longer.push(0);
    assert!(decode_frame::<ClientFrame>(&longer).is_err(), "bytes after the frame were overlooked");
    for broken in
        [&[][..], &[0xff], &[0xa2, 0x61, 0x61, 0x01, 0x61, 0x62, 0x02], &[0x05], &[0xf6], b"\x80", b"{}"]
    {
        assert!(decode_frame::<ClientFrame>(broken).is_err(), "{broken:x?} was taken");
    }
}

#[test]
fn a_text_that_speaks_of_an_unknown_variant_is_no_newer_frame() {
    let error = ErrorBody::new(ErrorCode::Internal, "unknown variant");
    let bytes = encode(&ServerFrame::Bye { error: error.clone() }).unwrap();
    assert_eq!(decode_frame(&bytes), Ok(Decoded::Known(ServerFrame::Bye { error })));
    // `applied` with a text where the number belongs.
    let bytes = b"\xa1\x67applied\xa1\x63txn\x6funknown variant";
    assert!(decode_frame::<ClientFrame>(bytes).is_err());
}

#[test]
fn a_list_that_claims_to_be_huge_takes_no_memory() {
    let mut bytes = b"\xa1\x67looking\xa1\x65rooms".to_vec();
    bytes.extend([0x9b, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    assert!(decode_frame::<ClientFrame>(&bytes).is_err());
}

#[test]
fn deep_nesting_in_an_unknown_field_is_survived() {
    let mut bytes = b"\xa1\x67applied\xa2\x63txn\x07\x64deep".to_vec();
    bytes.extend(std::iter::repeat_n(0x81, 60_000));
    bytes.push(0x00);
    assert_eq!(decode_frame(&bytes), Ok(Decoded::Known(ClientFrame::Applied { txn: Txn(7) })));
}
