//! What this device offers, and what it hears of it.

use crate::words::say;
use futures_util::future::BoxFuture;
use pod_client::direct::{Book, Lost, Pace, PeerKey, Source};
use pod_shared::OfferId;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use tokio::sync::watch;

/// All offers, each for one device.
#[derive(Default)]
pub(crate) struct Offers(Mutex<BTreeMap<OfferId, (PeerKey, Source)>>);

impl Offers {
    /// One more.
    pub(crate) fn add(&self, offer: OfferId, peer: PeerKey, source: Source) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(offer, (peer, source));
    }
}

impl Book for Offers {
    fn source(&self, offer: OfferId, peer: PeerKey) -> BoxFuture<'_, Option<Source>> {
        let offers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let source =
            offers.get(&offer).filter(|(device, _)| *device == peer).map(|(_, source)| source.clone());
        Box::pin(std::future::ready(source))
    }

    fn served(&self, _offer: OfferId, acked: u64) {
        say(&json!({ "acked": acked }));
    }

    fn lost(&self, _offer: OfferId, why: Lost) {
        say(&json!({ "lost": format!("{why:?}") }));
    }
}

/// Counts what is sent, and may hold it.
pub(crate) struct Gate {
    sent: AtomicU64,
    open: watch::Sender<u64>,
}

impl Default for Gate {
    fn default() -> Self {
        Self { sent: AtomicU64::new(0), open: watch::Sender::new(u64::MAX) }
    }
}

impl Gate {
    /// So many bytes may go.
    pub(crate) fn hold_after(&self, bytes: u64) {
        self.open.send_replace(bytes);
    }

    /// The rest may go; says how much was sent before.
    pub(crate) fn open(&self) {
        say(&json!({ "sent": self.sent.load(Ordering::SeqCst) }));
        self.open.send_replace(u64::MAX);
    }
}

impl Pace for Gate {
    fn take(&self, bytes: u64) -> BoxFuture<'_, ()> {
        let sent = self.sent.fetch_add(bytes, Ordering::SeqCst) + bytes;
        let mut open = self.open.subscribe();
        Box::pin(async move {
            // The gate lives as long as the device.
            let _ = open.wait_for(|open| sent <= *open).await;
        })
    }
}
