//! What the transfer queue tells the direct path: what is offered to whom, and how fast. Neighbour: `transfer`.

use super::Manifest;
use futures_util::future::BoxFuture;
use pod_machine::transfer::Stamp;
use pod_shared::{ErrorCode, OfferId};
use std::path::PathBuf;
use std::sync::Arc;

/// The public key of a device. Connections prove that they have the secret one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerKey(pub [u8; 32]);

impl std::fmt::Debug for PeerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [a, b, c, d, ..] = self.0;
        write!(f, "PeerKey({a:02x}{b:02x}{c:02x}{d:02x}..)")
    }
}

/// A file that may be fetched.
#[derive(Clone)]
pub struct Source {
    /// Where it lies.
    pub path: PathBuf,
    /// What it was when it was read through; another file under the path is not sent.
    pub stamp: Stamp,
    /// What it holds.
    pub manifest: Arc<Manifest>,
    /// How fast it may go.
    pub pace: Arc<dyn Pace>,
}

/// The queue's list of what this device offers. Asked for each fetch anew: nothing is remembered here.
pub trait Book: Send + Sync + 'static {
    /// The file, if this offer was accepted and `peer` is the device that accepted it. Otherwise nothing: whoever asks
    /// learns no more than that.
    fn source(&self, offer: OfferId, peer: PeerKey) -> BoxFuture<'_, Option<Source>>;
    /// The receiver has this many bytes from the first one on durably: a multiple of a piece, or all. Must not block.
    fn served(&self, offer: OfferId, acked: u64);
    /// The fetch ended before the whole was there. Must not block.
    fn lost(&self, offer: OfferId, why: Lost);
}

/// Why a fetch ended on the sender's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The connection broke, or only the relay was left.
    Cut,
    /// The file is not what it was.
    Changed,
    /// The file cannot be read.
    Unreadable(ErrorCode),
    /// The receiver says that the bytes are not those of the manifest.
    Wrong,
    /// The receiver stopped it: paused, or cancelled.
    Stopped,
    /// The receiver cannot write.
    Disk,
}

/// A limit of speed, shared by whoever takes from it.
pub trait Pace: Send + Sync + 'static {
    /// Waits until this many bytes may move; at most `limits::DIRECT_SLICE_BYTES` are asked for at once.
    fn take(&self, bytes: u64) -> BoxFuture<'_, ()>;
}

/// No limit.
pub struct Unpaced;

impl Pace for Unpaced {
    fn take(&self, _bytes: u64) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
