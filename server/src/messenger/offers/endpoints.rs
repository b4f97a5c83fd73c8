//! Which devices are connected, and where each said that it can be met. In memory: a connection that ends takes it along.
//!
//! Of one device the newest connection counts: the one before is told to end. Of a device that lost its line that is a
//! socket nobody holds any more; where a profile was copied, it is how the other one learns of it.

use pod_shared::bytes::ByteString;
use pod_shared::{ConnectionId, DeviceId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The devices that are here.
#[derive(Default)]
pub(in crate::messenger) struct Endpoints {
    here: Mutex<HashMap<DeviceId, Here>>,
}

struct Here {
    connection: ConnectionId,
    endpoint: Option<ByteString>,
    /// Told when another takes its place.
    replaced: Arc<Notify>,
}

impl Endpoints {
    fn lock(&self) -> MutexGuard<'_, HashMap<DeviceId, Here>> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection of the device is there; the newest counts, and the one before hears by its `replaced` that it ends.
    pub(in crate::messenger) fn come(
        &self,
        device: DeviceId,
        connection: ConnectionId,
        replaced: Arc<Notify>,
    ) {
        let mut here = self.lock();
        // Ids follow the order in which connections were made: one that was overtaken by a newer one is the old one.
        if here.get(&device).is_some_and(|held| held.connection > connection) {
            return replaced.notify_one();
        }
        let before = here.insert(device, Here { connection, endpoint: None, replaced });
        if let Some(before) = before {
            before.replaced.notify_one();
        }
    }

    /// The device says where it can be met; empty: nowhere.
    pub(in crate::messenger) fn say(&self, device: DeviceId, connection: ConnectionId, endpoint: ByteString) {
        if let Some(here) = self.lock().get_mut(&device).filter(|here| here.connection == connection) {
            here.endpoint = Some(endpoint).filter(|endpoint| !endpoint.0.is_empty());
        }
    }

    /// A connection is gone.
    pub(in crate::messenger) fn go(&self, device: DeviceId, connection: ConnectionId) {
        let mut here = self.lock();
        if here.get(&device).is_some_and(|here| here.connection == connection) {
            here.remove(&device);
        }
    }

    /// Whether the device is connected.
    pub(in crate::messenger) fn is_here(&self, device: DeviceId) -> bool {
        self.lock().contains_key(&device)
    }

    /// Nothing: the device is not connected. Else what it last said.
    pub(super) fn of(&self, device: DeviceId) -> Option<Option<ByteString>> {
        self.lock().get(&device).map(|here| here.endpoint.clone())
    }
}
