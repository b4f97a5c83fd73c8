//! Two devices in one process, over loopback: files that arrive, fetches that break, and who is turned away.

mod breaks;
mod limits;
mod strangers;
mod whole;

use super::*;
use futures_util::future::BoxFuture;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;
use uuid::Uuid;

const MIB: usize = 1024 * 1024;
/// For any one step on a busy machine.
const STEP: Duration = Duration::from_secs(30);

async fn soon<T>(what: &str, coming: impl Future<Output = T>) -> T {
    let came = tokio::time::timeout(STEP, coming).await;
    came.unwrap_or_else(|_| panic!("waited in vain: {what}"))
}

/// What a device offers to whom, and what it hears of it.
struct Offers {
    open: Mutex<BTreeMap<OfferId, (PeerKey, Source)>>,
    acked: watch::Sender<u64>,
    lost: mpsc::Sender<Lost>,
}

impl Book for Offers {
    fn source(&self, offer: OfferId, peer: PeerKey) -> BoxFuture<'_, Option<Source>> {
        let open = self.open.lock().unwrap();
        let source = open.get(&offer).filter(|(device, _)| *device == peer).map(|(_, source)| source.clone());
        Box::pin(std::future::ready(source))
    }

    fn served(&self, _offer: OfferId, acked: u64) {
        self.acked.send_replace(acked);
    }

    fn lost(&self, _offer: OfferId, why: Lost) {
        self.lost.try_send(why).unwrap();
    }
}

/// Counts bytes, and lets so many pass.
struct Gate {
    taken: AtomicU64,
    open: watch::Sender<u64>,
}

impl Gate {
    fn new(open: u64) -> Arc<Self> {
        Arc::new(Self { taken: AtomicU64::new(0), open: watch::Sender::new(open) })
    }

    fn wide() -> Arc<Self> {
        Self::new(u64::MAX)
    }

    fn taken(&self) -> u64 {
        self.taken.load(Ordering::SeqCst)
    }
}

impl Pace for Gate {
    fn take(&self, bytes: u64) -> BoxFuture<'_, ()> {
        assert!(bytes <= pod_shared::limits::DIRECT_SLICE_BYTES as u64);
        let taken = self.taken.fetch_add(bytes, Ordering::SeqCst) + bytes;
        let mut open = self.open.subscribe();
        Box::pin(async move {
            let _ = open.wait_for(|open| taken <= *open).await;
        })
    }
}

/// One device.
struct Device {
    direct: Direct,
    offers: Arc<Offers>,
    lost: mpsc::Receiver<Lost>,
    key: DeviceKey,
}

impl Device {
    fn new() -> Self {
        Self::with(DeviceKey::fresh())
    }

    fn with(key: DeviceKey) -> Self {
        let (lost, hears) = mpsc::channel(64);
        let offers = Arc::new(Offers { open: Mutex::default(), acked: watch::Sender::new(0), lost });
        let direct = Direct::start(&key, Arc::clone(&offers) as Arc<dyn Book>);
        Self { direct, offers, lost: hears, key }
    }

    async fn endpoint(&self) -> Vec<u8> {
        let mut endpoint = self.direct.endpoint();
        let there = soon("an endpoint", endpoint.wait_for(Option::is_some)).await;
        there.unwrap().clone().unwrap()
    }

    async fn peer_key(&self) -> PeerKey {
        peer_key(&self.endpoint().await).unwrap()
    }

    async fn acked(&self, bytes: u64) {
        let mut acked = self.offers.acked.subscribe();
        soon("an acknowledgement", acked.wait_for(|acked| *acked >= bytes)).await.unwrap();
    }
}

/// A file on one device that was offered to another one, which accepted it.
struct Offered {
    folder: TempDir,
    sender: Device,
    receiver: Device,
    offer: OfferId,
    bytes: Vec<u8>,
    manifest: Arc<Manifest>,
    gate: Arc<Gate>,
}

impl Offered {
    async fn new(size: usize) -> Self {
        Self::through(size, Gate::wide()).await
    }

    /// The sender sends through this gate.
    async fn through(size: usize, gate: Arc<Gate>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bytes: Vec<u8> = (0..size).map(|at| (at / 1000 + at % 253) as u8).collect();
        std::fs::write(folder.path().join("source"), &bytes).unwrap();
        let (_, manifest, stamp) = read_through(&folder.path().join("source"), &|| false).unwrap();
        let (sender, receiver, manifest) = (Device::new(), Device::new(), Arc::new(manifest));
        let this = Self { folder, sender, receiver, offer: offer(), bytes, manifest, gate };
        let source = Source {
            path: this.source(),
            stamp,
            manifest: Arc::clone(&this.manifest),
            pace: Arc::clone(&this.gate) as Arc<dyn Pace>,
        };
        let peer = this.receiver.peer_key().await;
        this.sender.offers.open.lock().unwrap().insert(this.offer, (peer, source));
        this
    }

    fn source(&self) -> PathBuf {
        self.folder.path().join("source")
    }

    fn part(&self) -> PathBuf {
        self.folder.path().join("part")
    }

    async fn ask(&self) -> PullAsk {
        PullAsk {
            offer: self.offer,
            peer_endpoint: self.sender.endpoint().await,
            manifest_root: self.manifest.root(),
            size: self.manifest.size(),
            part: self.part(),
            wait: STEP,
            pace: Arc::new(Unpaced),
        }
    }

    async fn pull(&self) -> Result<(), PullTrouble> {
        let ask = self.ask().await;
        soon("the fetch", self.receiver.direct.pull(ask, mpsc::channel(1).0)).await
    }

    /// Begins to fetch, and waits until something is there.
    async fn begin(&self) -> tokio::task::JoinHandle<Result<(), PullTrouble>> {
        let (told, mut hears) = mpsc::channel(1);
        let pull = tokio::spawn(self.receiver.direct.pull(self.ask().await, told));
        soon("the beginning", hears.recv()).await;
        tokio::spawn(async move { while hears.recv().await.is_some() {} });
        pull
    }

    fn change(&self, change: impl FnOnce(&mut Source)) {
        let mut open = self.sender.offers.open.lock().unwrap();
        change(&mut open.get_mut(&self.offer).unwrap().1);
    }

    fn assert_whole(&self) {
        assert!(std::fs::read(self.part()).unwrap() == self.bytes, "the file that came is another one");
    }
}

fn offer() -> OfferId {
    OfferId(Uuid::now_v7())
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}
