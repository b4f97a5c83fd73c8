//! The relay of this server: over it two devices find a direct way to each other, and then move files past it.
//!
//! It carries the first packets of a meeting, at most so many bytes a second for each connection, and tells each device
//! how it is seen from here (QUIC address discovery, on the UDP port of the same number, where it speaks TLS). Refuses
//! whoever has no pass, whose device is not connected to the messenger, and everything bulky; knows no infrastructure
//! but its own.

use crate::about::Passes;
use crate::access::Access;
use crate::tls::Identity;
use gate::Gate;
use iroh_relay::server::{
    CertConfig, ClientRateLimit, QuicConfig, RelayConfig, Server, ServerConfig, SpawnError, TlsConfig,
};
use pod_shared::limits::{RELAY_BURST_BYTES_MAX, RELAY_BYTES_PER_SECOND_MAX};
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

mod gate;
#[cfg(test)]
mod tests;

pub use gate::Here;

/// Public keys of devices kept for the next packet; the default of the library would keep a million.
const KEYS_KEPT: usize = 1_024;

/// What the relay needs to know whom it lets in.
pub struct Admission {
    /// Their passes.
    pub passes: Passes,
    /// Whether a device is connected to the messenger.
    pub here: Here,
    /// Who is signed out is let go.
    pub access: Access,
}

/// A relay that runs.
pub struct Relay {
    server: Server,
    gate: Arc<Gate>,
    access: Access,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Relay {
    /// Opens it; with an identity it speaks TLS.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn open(
        address: SocketAddr,
        identity: Option<&Identity>,
        admission: Admission,
    ) -> Result<Self, SpawnError> {
        let Admission { passes, here, access } = admission;
        let gate = Arc::new(Gate::new(passes, here));
        let mut relay = RelayConfig::new(address);
        relay.key_cache_capacity = Some(KEYS_KEPT);
        relay.access = Arc::clone(&gate) as Arc<dyn iroh_relay::server::DynAccessControl>;
        relay.limits.client_rx = NonZeroU32::new(RELAY_BYTES_PER_SECOND_MAX).map(|bytes| {
            let mut limit = ClientRateLimit::new(bytes);
            limit.max_burst_bytes = NonZeroU32::new(RELAY_BURST_BYTES_MAX);
            limit
        });
        let mut config = ServerConfig::default();
        if let Some(identity) = identity {
            let server_config = (*identity.config).clone();
            // What is served there without TLS is asked by nobody: it stays on this computer.
            relay.http_bind_addr = (Ipv4Addr::LOCALHOST, 0).into();
            relay.tls = Some(TlsConfig::new(address, CertConfig::Manual { server_config }));
            config.quic = Some(QuicConfig::new(address));
        }
        config.relay = Some(relay);
        let server = Server::spawn(config).await?;
        let address = server.https_addr().or(server.http_addr()).unwrap_or(address);
        Ok(Self { server, gate, access, address })
    }

    /// Lets go who is signed out, and ends when the server stops.
    pub async fn watch(self, stopping: CancellationToken) {
        let Self { server, gate, access, .. } = self;
        let mut changes = access.changes();
        loop {
            tokio::select! {
                () = stopping.cancelled() => break,
                Ok(()) = changes.changed() => {
                    for (endpoint, connection) in gate.signed_out(&access) {
                        if let Some(service) = server.relay_service() {
                            service.clients().disconnect(endpoint, Some(connection));
                        }
                    }
                }
            }
        }
        if let Err(error) = server.shutdown().await {
            tracing::warn!(%error, "the relay did not stop in order");
        }
    }
}
