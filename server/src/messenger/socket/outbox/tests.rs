//! As much waits for a connection as the limits say, and no more.

use super::{Outbox, Wanted};
use bytes::Bytes;
use futures_util::FutureExt;
use pod_shared::Txn;
use pod_shared::limits::{CONNECTION_QUEUE_BYTES_MAX, CONNECTION_QUEUE_FRAMES_MAX};
use std::collections::HashMap;

/// What the connection would write now.
fn taken(outbox: &Outbox) -> usize {
    let mut frames = Vec::new();
    outbox.take_some(&mut frames, usize::MAX);
    frames.len()
}

fn open() -> Outbox {
    let outbox = Outbox::default();
    outbox.release(Txn(0), HashMap::new(), Wanted { presence: true, offers: true, contacts: true });
    outbox
}

#[test]
fn one_frame_or_byte_beyond_the_limit_cuts_the_connection_and_lets_all_go() {
    let large = Bytes::from(vec![7; CONNECTION_QUEUE_BYTES_MAX / 4]);
    for (frame, most) in [(Bytes::from_static(b"x"), CONNECTION_QUEUE_FRAMES_MAX), (large, 4)] {
        let outbox = open();
        (0..most).for_each(|_| outbox.put(frame.clone()));
        assert!(outbox.cut().now_or_never().is_none(), "as much as the limit says may wait");
        assert_eq!(taken(&outbox), most);

        let outbox = open();
        (0..=most).for_each(|_| outbox.put(frame.clone()));
        assert!(outbox.cut().now_or_never().is_some());
        assert_eq!(taken(&outbox), 0);
        outbox.put(frame);
        assert_eq!(taken(&outbox), 0, "nothing is taken any more");
    }
}
