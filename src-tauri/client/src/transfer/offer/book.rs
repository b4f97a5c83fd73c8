//! What this device may serve straight, and to whom: only the device that the messenger names for an accepted offer.

use crate::direct::{Book, Lost, Manifest, PeerKey, Source, peer_key};
use crate::engine::Asker;
use crate::transfer::pace::Pace;
use crate::transfer::reports::Report;
use futures_util::future::BoxFuture;
use pod_machine::offer::UpInput;
use pod_machine::transfer::{Stamp, Trouble};
use pod_shared::offer::OfferRequest;
use pod_shared::socket::{Answer, Request};
use pod_shared::{DeviceId, OfferId};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;

/// The messenger must say within this time whose device asks.
const ANSWER: Duration = Duration::from_secs(5);

/// One file that may be fetched.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) path: PathBuf,
    pub(super) stamp: Stamp,
    pub(super) manifest: Arc<Manifest>,
    pub(super) device: Option<DeviceId>,
}

#[derive(Default)]
struct Pages {
    entries: BTreeMap<OfferId, Entry>,
    /// Keys of devices as the messenger told, for while it cannot be asked.
    keys: BTreeMap<DeviceId, PeerKey>,
}

/// The list; cheap to clone.
#[derive(Clone)]
pub(in crate::transfer) struct Ledger {
    pages: Arc<Mutex<Pages>>,
    asker: Asker,
    pace: Arc<Pace>,
    reports: mpsc::Sender<Report>,
}

impl Ledger {
    pub(in crate::transfer) fn new(asker: Asker, pace: Arc<Pace>, reports: mpsc::Sender<Report>) -> Self {
        Self { pages: Arc::default(), asker, pace, reports }
    }

    /// This file may be fetched, or not any more.
    pub(super) fn set(&self, offer: OfferId, entry: Option<Entry>) {
        let mut pages = self.pages();
        match entry {
            Some(entry) => drop(pages.entries.insert(offer, entry)),
            None => drop(pages.entries.remove(&offer)),
        }
    }

    /// Nothing may be fetched any more.
    pub(super) fn clear(&self) {
        *self.pages() = Pages::default();
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this key is that of the device which accepted.
    async fn may(&self, offer: OfferId, device: DeviceId, peer: PeerKey) -> bool {
        let asked = self.asker.request(Request::Offer(OfferRequest::Peer { offer }));
        match tokio::time::timeout(ANSWER, asked).await {
            Ok(Ok(Answer::Peer { device: Some(named), endpoint: Some(endpoint), .. })) => {
                let key = peer_key(&endpoint.0);
                if let Some(key) = key {
                    self.pages().keys.insert(named, key);
                }
                named == device && key == Some(peer)
            }
            Ok(Ok(_)) => false,
            // The messenger cannot be asked: what it last said of this device holds.
            Ok(Err(_)) | Err(_) => self.pages().keys.get(&device) == Some(&peer),
        }
    }

    fn tell(&self, offer: OfferId, input: UpInput) {
        let (reports, report) = (self.reports.clone(), Report::Served { offer, input });
        if let Err(mpsc::error::TrySendError::Full(report)) = reports.clone().try_send(report) {
            tokio::spawn(async move {
                // The queue may be stopping; the receiver asks again.
                let _ = reports.send(report).await;
            });
        }
    }
}

impl Book for Ledger {
    fn source(&self, offer: OfferId, peer: PeerKey) -> BoxFuture<'_, Option<Source>> {
        Box::pin(async move {
            let entry = self.pages().entries.get(&offer).cloned()?;
            let device = entry.device?;
            if !self.may(offer, device, peer).await {
                return None;
            }
            // It may have been taken back meanwhile.
            self.pages().entries.get(&offer)?;
            self.tell(offer, UpInput::Served { acked: 0 });
            let Entry { path, stamp, manifest, .. } = entry;
            Some(Source { path, stamp, manifest, pace: self.pace.clone() })
        })
    }

    fn served(&self, offer: OfferId, acked: u64) {
        self.tell(offer, UpInput::Served { acked });
    }

    fn lost(&self, offer: OfferId, why: Lost) {
        let trouble = |trouble| UpInput::Trouble { trouble, jitter: 0 };
        let input = match why {
            Lost::Cut => UpInput::Cut,
            Lost::Stopped | Lost::Disk => UpInput::LetGo,
            Lost::Changed => trouble(Trouble::SourceChanged),
            Lost::Wrong => trouble(Trouble::BytesWrong),
            Lost::Unreadable(code) => trouble(Trouble::Person(code)),
        };
        self.tell(offer, input);
    }
}
