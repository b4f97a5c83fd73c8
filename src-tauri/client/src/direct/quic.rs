//! The direct path over iroh: QUIC with the device's own key, hole punching, the server's relay only to meet.
//!
//! One task owns the endpoint: it binds, publishes where the device can be met, follows the relay that the server names,
//! and accepts connections. No public relay, no lookup service, no port mapping: the only addresses are those that the
//! messenger brought. Neighbours: `pull` fetches, `serve` gives.

use super::address::Address;
use super::frames::ALPN;
use super::lines::Lines;
use super::near::Near;
use super::relay;
use super::running::Running;
use super::{Book, DirectTransport, LateKey, PeerKey, PullAsk, PullTrouble, pull, serve};
use crate::trust::Pin;
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use iroh::endpoint::{BindError, QuicTransportConfig, VarInt, presets};
use iroh::{Endpoint, EndpointAddr, RelayMap, RelayMode, RelayUrl, SecretKey, TransportAddr, Watcher as _};
use pod_shared::offer::RelayInfo;
use pod_shared::{OfferId, limits};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, Semaphore, mpsc, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

/// A computer without a network is asked again after this long, or when its network changes.
const BIND_AGAIN: Duration = Duration::from_secs(30);

/// What one connection may have on its way: so many windows of a stream.
const STREAM_WINDOWS: u32 = 4;

/// What fetching and serving work with.
pub(super) struct Shared {
    endpoint: watch::Sender<Option<Endpoint>>,
    /// This device has no key: nobody can be met.
    keyless: CancellationToken,
    address: watch::Sender<Option<Vec<u8>>>,
    pub(super) book: Arc<dyn Book>,
    pub(super) lines: Lines,
    pub(super) pulls: Running,
    pub(super) serves: Running,
    /// One for each file that may be served at once.
    pub(super) served: Arc<Semaphore>,
    /// One for each connection that may be open to this device.
    pub(super) connections: Arc<Semaphore>,
}

/// The running endpoint. It closes when this is dropped.
pub(super) struct Quic {
    shared: Arc<Shared>,
    relay: watch::Sender<Option<RelayInfo>>,
    changed: Arc<Notify>,
    _end: DropGuard,
}

impl Quic {
    /// Begins to listen, in the background.
    pub(super) fn start(key: LateKey, book: Arc<dyn Book>) -> Self {
        let shared = Arc::new(Shared {
            endpoint: watch::Sender::new(None),
            keyless: CancellationToken::new(),
            address: watch::Sender::new(None),
            book,
            lines: Lines::default(),
            pulls: Running::default(),
            serves: Running::default(),
            served: Arc::new(Semaphore::new(limits::DIRECT_SERVED_MAX)),
            connections: Arc::new(Semaphore::new(limits::DIRECT_CONNECTIONS_MAX)),
        });
        let (relay, relays) = watch::channel(None);
        let (changed, end) = (Arc::new(Notify::new()), CancellationToken::new());
        let life = Life {
            key,
            shared: Arc::clone(&shared),
            relays,
            pin: Pin::default(),
            changed: Arc::clone(&changed),
            end: end.clone(),
        };
        tokio::spawn(life.run());
        Self { shared, relay, changed, _end: end.drop_guard() }
    }
}

impl DirectTransport for Quic {
    fn endpoint(&self) -> watch::Receiver<Option<Vec<u8>>> {
        self.shared.address.subscribe()
    }

    fn relay(&self, relay: Option<RelayInfo>) {
        self.relay.send_if_modified(|old| {
            let new = *old != relay;
            *old = relay;
            new
        });
    }

    fn network_changed(&self) {
        self.changed.notify_one();
    }

    fn pull(&self, ask: PullAsk, progress: mpsc::Sender<u64>) -> BoxFuture<'static, Result<(), PullTrouble>> {
        Box::pin(pull::pull(Arc::clone(&self.shared), ask, progress))
    }

    fn stop(&self, offer: OfferId) {
        self.shared.pulls.stop(offer);
        self.shared.serves.stop(offer);
    }
}

impl Shared {
    /// The endpoint, once there is one.
    pub(super) async fn endpoint(&self) -> Option<Endpoint> {
        let mut endpoint = self.endpoint.subscribe();
        tokio::select! {
            endpoint = endpoint.wait_for(Option::is_some) => endpoint.ok()?.clone(),
            () = self.keyless.cancelled() => None,
        }
    }
}

/// What the task of the endpoint owns.
struct Life {
    key: LateKey,
    shared: Arc<Shared>,
    relays: watch::Receiver<Option<RelayInfo>>,
    pin: Pin,
    changed: Arc<Notify>,
    end: CancellationToken,
}

impl Life {
    /// One endpoint for each key that there is.
    async fn run(mut self) {
        let end = self.end.clone();
        loop {
            let endpoint = tokio::select! {
                endpoint = self.begin() => endpoint,
                () = end.cancelled() => return,
            };
            let Some(endpoint) = endpoint else { return self.shared.keyless.cancel() };
            self.shared.endpoint.send_replace(Some(endpoint.clone()));
            let mut key = self.key.clone();
            let goes_on = tokio::select! {
                () = self.live(&endpoint) => false,
                () = another(&mut key) => true,
                () = end.cancelled() => false,
            };
            self.shared.endpoint.send_replace(None);
            self.shared.address.send_replace(None);
            endpoint.close().await;
            if !goes_on {
                return;
            }
        }
    }

    /// Binds once there is a key; nothing: there is none.
    async fn begin(&mut self) -> Option<Endpoint> {
        let key = self.key.wait_for(Option::is_some).await.ok()?.clone()?;
        Some(self.bind(SecretKey::from_bytes(key.bytes())).await)
    }

    /// Binds, however often it takes.
    async fn bind(&self, key: SecretKey) -> Endpoint {
        loop {
            match self.bind_once(key.clone()).await {
                Ok(endpoint) => return endpoint,
                Err(error) => tracing::warn!(%error, "no direct transfers: there is no socket to listen on"),
            }
            // Whichever comes first.
            let _ = tokio::time::timeout(BIND_AGAIN, self.changed.notified()).await;
        }
    }

    async fn bind_once(&self, key: SecretKey) -> Result<Endpoint, BindError> {
        Endpoint::builder(presets::Minimal)
            .secret_key(key)
            .alpns(vec![ALPN.to_vec()])
            .relay_mode(RelayMode::Custom(RelayMap::empty()))
            .ca_tls_config(relay::rules(&self.pin))
            .transport_config(transport())
            .bind()
            .await
    }

    async fn live(&mut self, endpoint: &Endpoint) {
        let mut addresses = endpoint.watch_addr().stream();
        let mut relay: Option<RelayUrl> = None;
        self.relays.mark_changed();
        loop {
            tokio::select! {
                Some(address) = addresses.next() => self.publish(&address),
                Ok(()) = self.relays.changed() => {
                    let info = self.relays.borrow_and_update().clone();
                    relay = self.follow(endpoint, relay.take(), info).await;
                }
                () = self.changed.notified() => endpoint.network_change().await,
                Some(incoming) = endpoint.accept() => serve::accept(&self.shared, incoming),
                else => return,
            }
        }
    }

    fn publish(&self, address: &EndpointAddr) {
        let relay = address
            .addrs
            .iter()
            .find_map(|one| if let TransportAddr::Relay(url) = one { Some(url.to_string()) } else { None });
        let sockets = address.ip_addrs().copied().collect();
        let address = Address { key: PeerKey(*address.id.as_bytes()), sockets, relay };
        let nowhere = address.sockets.is_empty() && address.relay.is_none();
        let bytes = (!nowhere).then(|| address.write());
        self.shared.address.send_if_modified(|old| {
            let new = *old != bytes;
            *old = bytes;
            new
        });
    }

    /// Leaves the old relay for the new one.
    async fn follow(
        &self,
        endpoint: &Endpoint,
        old: Option<RelayUrl>,
        info: Option<RelayInfo>,
    ) -> Option<RelayUrl> {
        self.pin.set(info.as_ref().and_then(|info| info.fingerprint.as_deref()));
        let config = info.as_ref().and_then(relay::config);
        let url = config.as_ref().map(|config| config.url.clone());
        if let Some(old) = old.filter(|old| Some(old) != url.as_ref()) {
            endpoint.remove_relay(&old).await;
        }
        if let Some(config) = config {
            endpoint.insert_relay(config.url.clone(), Arc::new(config)).await;
        }
        url
    }
}

/// The key is another one, or none. Whoever gives them may be gone: then it stays.
async fn another(key: &mut LateKey) {
    if key.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Windows are bounded: what is on its way lies in the memory of both sides. That of a stream is also bounded by the
/// library, which ends a connection when 2,048 packets of a stream wait in the receiver, in order or not (quinn 2809).
fn transport() -> QuicTransportConfig {
    let window = VarInt::from_u32(limits::DIRECT_WINDOW_BYTES);
    QuicTransportConfig::builder()
        .congestion_controller_factory(Arc::new(Near::default()))
        .max_idle_timeout(Some(VarInt::from_u32(limits::DIRECT_SILENCE_MS_MAX).into()))
        .stream_receive_window(window)
        .receive_window(VarInt::from_u32(limits::DIRECT_WINDOW_BYTES * STREAM_WINDOWS))
        .send_window(u64::from(limits::DIRECT_WINDOW_BYTES * STREAM_WINDOWS))
        .max_concurrent_bidi_streams(VarInt::from_u32(limits::DIRECT_STREAMS_MAX))
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .datagram_receive_buffer_size(None)
        .build()
}
