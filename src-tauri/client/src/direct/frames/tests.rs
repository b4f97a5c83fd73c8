//! Frames written and read; the bytes of version 1 stay as they are.

use super::*;
use proptest::prelude::*;
use uuid::Uuid;

#[test]
fn the_bytes_of_a_hello_stay_as_they_are() {
    let hello = Hello { offer: OfferId(Uuid::from_bytes([1; 16])), root: [2; 32], size: 0x0304 };
    let expect = [&[1; 16][..], &[2; 32], &[0, 0, 0, 0, 0, 0, 3, 4]].concat();
    assert_eq!(hello.write().as_slice(), expect);
    assert_eq!(Hello::read(&hello.write()), Some(hello));
}

#[test]
fn the_bytes_of_asks_and_acks_stay_as_they_are() {
    let ask = Frame::Ask(Run { first: 0x0102, count: 3 });
    assert_eq!(ask.write(), [1, 0, 0, 1, 2, 0, 0, 0, 3]);
    assert_eq!(Frame::Ack(0x0102).write(), [2, 0, 0, 0, 0, 0, 0, 1, 2]);
}

#[test]
fn an_ask_for_nothing_or_past_the_last_number_is_no_frame() {
    assert_eq!(Frame::read([1, 0, 0, 0, 1, 0, 0, 0, 0]), None);
    assert_eq!(Frame::read([1, 255, 255, 255, 255, 0, 0, 0, 1]), None);
    assert_eq!(Frame::read([3, 0, 0, 0, 0, 0, 0, 0, 1]), None);
}

#[test]
fn each_code_is_read_as_it_was_written_and_new_ones_mean_stopped() {
    for code in Code::ALL {
        assert_eq!(Code::from_number(u64::from(code.number())), code);
    }
    assert_eq!(Code::from_number(0), Code::Stopped);
    assert_eq!(Code::from_number(77), Code::Stopped);
}

proptest! {
    #[test]
    fn what_is_read_is_what_was_written(bytes in any::<[u8; FRAME_BYTES]>()) {
        if let Some(frame) = Frame::read(bytes) {
            prop_assert_eq!(frame.write(), bytes);
        }
    }
}
