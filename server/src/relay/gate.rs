//! Whom the relay lets in, and who is in.

use crate::about::Passes;
use crate::access::{Access, now_s};
use iroh_base::EndpointId;
use iroh_relay::server::{self, AccessControl, ClientRequest, ConnectionId};
use pod_shared::DeviceId;
use pod_shared::limits::{RELAY_CONNECTIONS_MAX, RELAY_CONNECTIONS_PER_DEVICE_MAX};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Whether a device is connected to the messenger now.
pub type Here = Arc<dyn Fn(DeviceId) -> bool + Send + Sync>;

pub(super) struct Gate {
    passes: Passes,
    here: Here,
    inside: Mutex<HashMap<ConnectionId, Guest>>,
}

#[derive(Clone, Copy)]
struct Guest {
    device: DeviceId,
    endpoint: EndpointId,
    since_s: u64,
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gate({} inside)", self.lock().len())
    }
}

impl Gate {
    pub(super) fn new(passes: Passes, here: Here) -> Self {
        Self { passes, here, inside: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ConnectionId, Guest>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn admit(&self, request: &ClientRequest) -> Result<(), &'static str> {
        let pass = request.auth_token().ok_or("a pass is needed")?;
        let device = self.passes.device(&pass).ok_or("the pass is not one of this server")?;
        if !(self.here)(device) {
            return Err("the device is not connected to the messenger");
        }
        let mut inside = self.lock();
        let held = inside.values().filter(|guest| guest.device == device).count();
        if held >= RELAY_CONNECTIONS_PER_DEVICE_MAX || inside.len() >= RELAY_CONNECTIONS_MAX {
            return Err("too many connections");
        }
        let guest = Guest { device, endpoint: request.endpoint_id(), since_s: now_s() };
        inside.insert(request.connection_id(), guest);
        Ok(())
    }

    /// The connections of devices that were signed out.
    pub(super) fn signed_out(&self, access: &Access) -> Vec<(EndpointId, ConnectionId)> {
        let gone = |(connection, guest): (&ConnectionId, &Guest)| {
            let revoked = access.is_revoked_since(guest.device, guest.since_s);
            revoked.then_some((guest.endpoint, *connection))
        };
        self.lock().iter().filter_map(gone).collect()
    }
}

impl AccessControl for Gate {
    async fn on_connect(&self, request: &ClientRequest) -> server::Access {
        match self.admit(request) {
            Ok(()) => server::Access::Allow,
            Err(reason) => server::Access::Deny { reason: Some(reason.to_owned()) },
        }
    }

    fn on_disconnect(&self, _endpoint: EndpointId, connection: ConnectionId) {
        self.lock().remove(&connection);
    }
}
