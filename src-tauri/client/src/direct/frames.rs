//! What the two sides of a fetch say to each other, `pod/direct/1`. One stream for each fetch, opened by the receiver.
//!
//! Receiver: hello (offer, root, size), then asks and acks. Sender: the digests of all pieces, then the pieces asked for,
//! one after another. Either side gives up by resetting its half with a [`Code`]. All numbers are big-endian.

use super::part::Run;
use pod_shared::OfferId;

#[cfg(test)]
mod tests;

/// The protocol, for the handshake.
pub(super) const ALPN: &[u8] = b"pod/direct/1";
/// Bytes of a hello.
pub(super) const HELLO_BYTES: usize = 16 + 32 + 8;
/// Bytes of an ask or an ack.
pub(super) const FRAME_BYTES: usize = 9;

const ASK: u8 = 1;
const ACK: u8 = 2;

/// The first thing that the receiver says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hello {
    pub(super) offer: OfferId,
    /// What the receiver was offered.
    pub(super) root: [u8; 32],
    pub(super) size: u64,
}

impl Hello {
    pub(super) fn write(&self) -> [u8; HELLO_BYTES] {
        let mut bytes = [0; HELLO_BYTES];
        let parts = self.offer.as_bytes().iter().chain(&self.root);
        let size = self.size.to_be_bytes();
        for (byte, part) in bytes.iter_mut().zip(parts.chain(&size)) {
            *byte = *part;
        }
        bytes
    }

    pub(super) fn read(bytes: &[u8; HELLO_BYTES]) -> Option<Self> {
        let (offer, rest) = bytes.split_first_chunk::<16>()?;
        let (root, rest) = rest.split_first_chunk::<32>()?;
        let (size, _) = rest.split_first_chunk::<8>()?;
        let offer = OfferId::from_slice(offer)?;
        Some(Self { offer, root: *root, size: u64::from_be_bytes(*size) })
    }
}

/// What the receiver says after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// Send these pieces, after those asked for before.
    Ask(Run),
    /// So many bytes from the first one on are durable here.
    Ack(u64),
}

impl Frame {
    pub(super) fn write(self) -> [u8; FRAME_BYTES] {
        let (kind, value) = match self {
            Self::Ask(run) => (ASK, u64::from(run.first) << 32 | u64::from(run.count)),
            Self::Ack(bytes) => (ACK, bytes),
        };
        let [a, b, c, d, e, f, g, h] = value.to_be_bytes();
        [kind, a, b, c, d, e, f, g, h]
    }

    /// Nothing: no frame of this protocol.
    pub(super) fn read(bytes: [u8; FRAME_BYTES]) -> Option<Self> {
        let [kind, value @ ..] = bytes;
        let value = u64::from_be_bytes(value);
        match kind {
            ASK => {
                let (first, count) =
                    (u32::try_from(value >> 32).ok()?, u32::try_from(value & 0xffff_ffff).ok()?);
                (count > 0 && first.checked_add(count).is_some()).then_some(Self::Ask(Run { first, count }))
            }
            ACK => Some(Self::Ack(value)),
            _ => None,
        }
    }
}

/// Why one side gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// Stopped by a person or the queue.
    Stopped,
    /// Not for this device, not accepted, or unknown.
    Refused,
    /// The file is not what was offered.
    Changed,
    /// The file cannot be read, or the part file not be written.
    Disk,
    /// The bytes are not those of the manifest.
    Wrong,
    /// Only a relay is left between the two.
    Relayed,
    /// Too much is being sent already; later.
    Busy,
    /// Against the protocol.
    Nonsense,
}

impl Code {
    const ALL: [Self; 8] = [
        Self::Stopped,
        Self::Refused,
        Self::Changed,
        Self::Disk,
        Self::Wrong,
        Self::Relayed,
        Self::Busy,
        Self::Nonsense,
    ];

    /// On the wire: 1 and up, so that a stream that was just dropped (0) is none of them.
    pub(super) fn number(self) -> u32 {
        match self {
            Self::Stopped => 1,
            Self::Refused => 2,
            Self::Changed => 3,
            Self::Disk => 4,
            Self::Wrong => 5,
            Self::Relayed => 6,
            Self::Busy => 7,
            Self::Nonsense => 8,
        }
    }

    /// From the wire; what a newer Pod may say beside is taken as stopped.
    pub(super) fn from_number(number: u64) -> Self {
        Self::ALL.into_iter().find(|code| u64::from(code.number()) == number).unwrap_or(Self::Stopped)
    }
}
