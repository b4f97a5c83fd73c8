//! What went over a connection after authentication: of a WebSocket the frames behind the upgrade, of XMPP what comes after
//! `<success/>`. Application bytes are counted apart from what WebSocket puts around them.

use super::tap::{Chunk, Line, Way};
use pod_shared::socket::{ClientFrame, ServerFrame};
use pod_shared::sync::SyncKind;
use pod_shared::wire::{Decoded, decode_frame};
use std::time::Instant;

/// What an exchange cost, until the device was right.
#[derive(Clone, Debug, Default)]
pub(super) struct Cost {
    /// Application bytes.
    pub(super) up: usize,
    pub(super) down: usize,
    /// Bytes of WebSocket framing, both ways.
    pub(super) framing: usize,
    /// Questions that had to be answered before the next.
    pub(super) round_trips: usize,
    /// From the opening of the connection until the device had everything; of Pod, on its disk.
    pub(super) ms: f64,
    /// Application bytes within the next seconds, which no sync needs: what else a pod tells.
    pub(super) up_after: usize,
    pub(super) down_after: usize,
    /// Of Pod: what kind of sync it was.
    pub(super) kind: Option<SyncKind>,
}

struct Frame {
    at: Instant,
    way: Way,
    payload: Vec<u8>,
    framing: usize,
}

/// One direction of a WebSocket: what is not yet a whole frame.
#[derive(Default)]
struct Half {
    rest: Vec<u8>,
    upgraded: bool,
}

impl Half {
    fn take(&mut self, chunk: &Chunk, frames: &mut Vec<Frame>) {
        self.rest.extend_from_slice(&chunk.bytes);
        if !self.upgraded {
            let Some(end) = find(&self.rest, b"\r\n\r\n") else { return };
            self.rest.drain(..end + 4);
            self.upgraded = true;
        }
        while let Some((opcode, head, payload)) = frame_at(&self.rest) {
            let whole = head + payload.len();
            if opcode <= 2 {
                frames.push(Frame { at: chunk.at, way: chunk.way, payload, framing: head });
            }
            self.rest.drain(..whole);
        }
    }
}

/// Opcode, bytes before the payload, and the payload without its mask, of the whole frame at the beginning.
fn frame_at(bytes: &[u8]) -> Option<(u8, usize, Vec<u8>)> {
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    let (mut head, length) = match second & 0x7f {
        short @ 0..126 => (2, usize::from(short)),
        126 => (4, usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        _ => (10, usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?),
    };
    let mask = if second & 0x80 == 0 {
        [0; 4]
    } else {
        head += 4;
        bytes.get(head - 4..head)?.try_into().ok()?
    };
    let masked = bytes.get(head..head + length)?;
    let payload = masked.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
    Some((first & 0x0f, head, payload))
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// The sync of a pod on this connection, once the pod said that it is applied.
pub(super) fn of_pod(line: &Line) -> Option<Cost> {
    let first = line.chunks.first()?;
    if !first.bytes.starts_with(b"GET /v1/socket") {
        return None;
    }
    let (mut up, mut down, mut frames) = (Half::default(), Half::default(), Vec::new());
    for chunk in &line.chunks {
        let half = if chunk.way == Way::Up { &mut up } else { &mut down };
        half.take(chunk, &mut frames);
    }
    let (mut cost, mut done, mut asked) = (Cost::default(), None, Way::Down);
    for frame in &frames {
        let counted = match (done, frame.way) {
            (None, Way::Up) => &mut cost.up,
            (None, Way::Down) => &mut cost.down,
            (Some(_), Way::Up) => &mut cost.up_after,
            (Some(_), Way::Down) => &mut cost.down_after,
        };
        *counted += frame.payload.len();
        if done.is_some() {
            continue;
        }
        cost.framing += frame.framing;
        // What says that all is applied waits for nothing.
        if cost.kind.is_none() {
            cost.round_trips += usize::from(asked == Way::Down && frame.way == Way::Up);
            asked = frame.way;
        }
        match frame.way {
            Way::Down => match decode_frame(&frame.payload) {
                Ok(Decoded::Known(ServerFrame::SyncEnd { kind, .. })) => cost.kind = Some(kind),
                Ok(Decoded::Known(ServerFrame::SyncEnded(ended))) => cost.kind = Some(ended.0),
                Ok(_) | Err(_) => {}
            },
            Way::Up => {
                let said = decode_frame(&frame.payload);
                if let Ok(Decoded::Known(ClientFrame::Applied { .. })) = said
                    && cost.kind.is_some()
                {
                    done = Some(frame.at);
                }
            }
        }
    }
    cost.ms = done?.duration_since(line.opened).as_secs_f64() * 1_000.0;
    Some(cost)
}

/// What a client of XMPP moved on this connection after its authentication.
pub(super) fn of_xmpp(line: &Line) -> Option<Cost> {
    let mut cost = Cost::default();
    let (mut up, mut down, mut asked, mut last) = (Vec::new(), Vec::new(), Way::Down, line.opened);
    for chunk in &line.chunks {
        let (all, end): (&mut Vec<u8>, &[u8]) = match chunk.way {
            Way::Up => (&mut up, b"</auth>"),
            Way::Down => (&mut down, b"<success"),
        };
        let before = find(all, end).is_some();
        all.extend_from_slice(&chunk.bytes);
        if !before {
            continue;
        }
        match chunk.way {
            Way::Up => {
                cost.up += chunk.bytes.len();
                cost.round_trips += usize::from(asked == Way::Down);
            }
            Way::Down => cost.down += chunk.bytes.len(),
        }
        (asked, last) = (chunk.way, chunk.at);
    }
    cost.ms = last.duration_since(line.opened).as_secs_f64() * 1_000.0;
    (cost.round_trips > 0).then_some(cost)
}
