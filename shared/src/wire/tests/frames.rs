//! The bytes of each frame as they are checked in: a changed byte is a changed protocol.
//!
//! `frames.txt` holds a name and the hex of each frame. When the protocol grows on purpose, the failing test prints
//! the new line; an old line is never edited, as older pods speak it.

use super::samples::{client_frames, room, server_frames};
use crate::bytes::ByteString;
use crate::socket::{ClientFrame, ServerFrame};
use crate::wire::{Decoded, decode_frame, encode};
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;

const RECORDED: &str = include_str!("frames.txt");

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn compare<T: Serialize + DeserializeOwned + PartialEq + Debug>(
    frames: Vec<(&str, T)>,
    wrong: &mut Vec<String>,
) {
    for (name, frame) in frames {
        let bytes = encode(&frame).unwrap();
        assert_eq!(decode_frame(&bytes), Ok(Decoded::Known(frame)), "{name} does not come back");
        let line = format!("{name} {}", hex(&bytes));
        if !RECORDED.lines().any(|recorded| recorded == line) {
            wrong.push(line);
        }
    }
}

#[test]
fn each_frame_has_the_recorded_bytes_and_comes_back_from_them() {
    let mut wrong = Vec::new();
    compare(client_frames(), &mut wrong);
    compare(server_frames(), &mut wrong);
    assert!(wrong.is_empty(), "not recorded in frames.txt:\n{}", wrong.join("\n"));
}

#[test]
fn every_recorded_frame_is_still_understood() {
    for line in RECORDED.lines() {
        let (name, bytes) = line.split_once(' ').map(|(name, hex)| (name, unhex(hex))).unwrap();
        let known = if name.starts_with("client.") {
            matches!(decode_frame::<ClientFrame>(&bytes), Ok(Decoded::Known(_)))
        } else {
            matches!(decode_frame::<ServerFrame>(&bytes), Ok(Decoded::Known(_)))
        };
        assert!(known, "{name} is not understood any more");
    }
    assert!(RECORDED.lines().count() >= client_frames().len() + server_frames().len());
}

#[test]
fn an_id_is_sixteen_bytes() {
    assert_eq!(hex(&encode(&room()).unwrap()), format!("50{}", room().0.simple()));
}

#[test]
fn a_body_is_one_byte_string() {
    assert_eq!(hex(&encode(&ByteString(vec![0, 255, 7])).unwrap()), "4300ff07");
}
