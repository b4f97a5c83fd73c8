//! Files straight from one person's pod to the other's, past the server.
//!
//! The life of a fetch: the receiver's pod gets the sender's endpoint from the messenger, dials it, and waits until the
//! two see each other without a relay between them; it names the offer; the sender asks its [`Book`] whether this device
//! may have it, and sends the manifest; the receiver reads again what its part file holds, asks for the pieces that are
//! missing, checks each before it is written, and tells what is durable; at the last byte both know that it is whole. A
//! connection that breaks costs the pieces that were not on the disk: the next fetch begins with them.
//!
//! Refuses to send bulk over a relay, to serve anybody whom the [`Book`] does not name, and to look for addresses
//! anywhere but in what the messenger handed over. Neighbours: `transfer` decides when, the messenger brings endpoints.

mod address;
mod book;
mod disk;
#[cfg(feature = "direct")]
mod frames;
#[cfg(feature = "direct")]
mod intake;
mod key;
#[cfg(feature = "direct")]
mod lines;
mod manifest;
#[cfg(feature = "direct")]
mod near;
mod nowhere;
#[cfg(feature = "direct")]
mod outlet;
pub mod part;
#[cfg(feature = "direct")]
mod pull;
#[cfg(feature = "direct")]
mod quic;
#[cfg(feature = "direct")]
mod relay;
#[cfg(feature = "direct")]
mod running;
#[cfg(feature = "direct")]
mod serve;
#[cfg(feature = "direct")]
mod ways;

#[cfg(test)]
#[cfg(feature = "direct")]
mod tests;

pub use address::peer_key;
pub use book::{Book, Lost, Pace, PeerKey, Source, Unpaced};
pub use key::{DeviceKey, LateKey};
pub use manifest::{Manifest, pieces_of, read_through};

use futures_util::future::BoxFuture;
use pod_shared::offer::RelayInfo;
use pod_shared::{ErrorCode, OfferId};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// What is to be fetched, from whom, and where to.
#[derive(Clone)]
pub struct PullAsk {
    /// The offer.
    pub offer: OfferId,
    /// Where the sender's device is, as the messenger told.
    pub peer_endpoint: Vec<u8>,
    /// What the file is: [`Manifest::root`], from the offer.
    pub manifest_root: [u8; 32],
    /// Bytes of the whole.
    pub size: u64,
    /// The part file; what it holds already is not fetched again.
    pub part: PathBuf,
    /// How long to look for a direct way.
    pub wait: Duration,
    /// How fast it may go.
    pub pace: Arc<dyn Pace>,
}

/// Why a fetch did not bring the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PullTrouble {
    /// The two devices do not see each other without a relay, or not at all.
    NoWay,
    /// The way broke; what came is kept.
    Lost,
    /// The sender's device does not serve this offer to this device.
    Refused,
    /// The sender's file is not what was offered any more.
    SourceChanged,
    /// The part file cannot be written: `disk_full` or `file_unreadable`.
    Disk(ErrorCode),
    /// What came is not what was offered; nothing of it was written.
    Wrong,
    /// Stopped here, or by a newer fetch of the same offer.
    Stopped,
}

/// A way to fetch and to be fetched from.
pub trait DirectTransport: Send + Sync + 'static {
    /// Where this device can be met, for the messenger; nothing as long as nowhere.
    fn endpoint(&self) -> watch::Receiver<Option<Vec<u8>>>;
    /// The relay over which devices meet, as the server says; nothing: none.
    fn relay(&self, relay: Option<RelayInfo>);
    /// The network of this computer changed.
    fn network_changed(&self);
    /// Fetches a file into its part file; goes on where an earlier fetch stopped. `progress` is told how many bytes are
    /// there, checked; first what there was. Dropping the future stops it.
    fn pull(&self, ask: PullAsk, progress: mpsc::Sender<u64>) -> BoxFuture<'static, Result<(), PullTrouble>>;
    /// Stops fetching and serving this offer; the [`Book`] is not told.
    fn stop(&self, offer: OfferId);
}

/// The direct path of this device; cheap to clone. It ends when the last one is dropped.
#[derive(Clone)]
pub struct Direct(Arc<dyn DirectTransport>);

impl Direct {
    /// Begins to listen, in the background. Needs a runtime.
    #[must_use]
    pub fn start(key: &DeviceKey, book: Arc<dyn Book>) -> Self {
        Self::start_with(watch::channel(Some(key.clone())).1, book)
    }

    /// The same, as soon as there is a key; where it ends without one there is never a way.
    #[must_use]
    pub fn start_with(key: LateKey, book: Arc<dyn Book>) -> Self {
        #[cfg(feature = "direct")]
        return Self(Arc::new(quic::Quic::start(key, book)));
        #[cfg(not(feature = "direct"))]
        {
            let _ = (key, book);
            Self::nowhere()
        }
    }

    /// A path that never leads anywhere.
    #[must_use]
    pub fn nowhere() -> Self {
        Self(Arc::new(nowhere::Nowhere::new()))
    }
}

impl std::ops::Deref for Direct {
    type Target = dyn DirectTransport;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}
