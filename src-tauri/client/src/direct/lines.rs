//! Connections to other devices, kept for a moment after a fetch: many small files need one handshake.

use super::PeerKey;
use super::address::Address;
use super::frames::ALPN;
use iroh::endpoint::Connection;
use iroh::{Endpoint, EndpointAddr, EndpointId, RelayUrl, TransportAddr};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

/// How long a connection is kept without use: the next file of a batch comes sooner.
const LINGER: Duration = Duration::from_secs(10);

/// A connection that closes when nobody holds it any more.
struct Line {
    connection: Connection,
    /// Where it was dialed: a device that moved is dialed anew.
    address: Address,
}

/// A connection in use. When it is put back, it stays open for a moment: the other side hears what was said last, and the
/// next fetch finds it.
pub(super) struct Held(Arc<Line>);

impl std::ops::Deref for Held {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0.connection
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let line = Arc::clone(&self.0);
        // Without a runtime everything ends anyway.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                tokio::time::sleep(LINGER).await;
                drop(line);
            });
        }
    }
}

/// One slot for each device; whoever dials holds the lock, so that others wait for the same connection.
type Slot = Arc<tokio::sync::Mutex<Weak<Line>>>;

/// The connections of this device.
#[derive(Default)]
pub(super) struct Lines(Mutex<BTreeMap<PeerKey, Slot>>);

impl Lines {
    /// A connection to the device at this address. Nothing: it cannot be reached there.
    pub(super) async fn to(&self, endpoint: &Endpoint, address: &Address) -> Option<Held> {
        let slot = self.slot(address.key);
        let mut held = slot.lock().await;
        if let Some(line) = held.upgrade()
            && line.address == *address
            && line.connection.close_reason().is_none()
        {
            return Some(Held(line));
        }
        let connection = endpoint.connect(dialable(address)?, ALPN).await;
        let connection = connection.inspect_err(|error| tracing::debug!(%error, "a device was not reached"));
        let line = Arc::new(Line { connection: connection.ok()?, address: address.clone() });
        *held = Arc::downgrade(&line);
        Some(Held(line))
    }

    fn slot(&self, key: PeerKey) -> Slot {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A slot that nobody holds and whose connection is gone says nothing.
        slots.retain(|_, slot| {
            Arc::strong_count(slot) > 1 || slot.try_lock().is_ok_and(|line| line.strong_count() > 0)
        });
        Arc::clone(slots.entry(key).or_default())
    }
}

fn dialable(address: &Address) -> Option<EndpointAddr> {
    let id = EndpointId::from_bytes(&address.key.0).ok()?;
    let relay = address.relay.as_ref().and_then(|url| url.parse::<RelayUrl>().ok());
    let sockets = address.sockets.iter().copied().map(TransportAddr::Ip);
    Some(EndpointAddr::from_parts(id, sockets.chain(relay.map(TransportAddr::Relay))))
}
