//! What this server says of itself: its name, that it is stopping, and where the content service is when that is
//! another process.
//!
//! Neutral: the auth routes, the messenger's greeting and the interlock read or write it; it knows none of them.

use pod_shared::offer::RelayInfo;
use pod_shared::{DeviceId, capability};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use tokio_util::sync::CancellationToken;

mod pass;
#[cfg(test)]
mod tests;

pub use pass::Passes;

/// The relay of this server.
#[derive(Clone, Debug)]
pub struct RelayPlace {
    /// `http(s)://HOST:PORT`
    pub url: String,
    /// SHA-256 of its certificate in hex, when it must be pinned.
    pub fingerprint: Option<String>,
    /// What lets devices in.
    pub passes: Passes,
}

/// Where the content service is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentPlace {
    /// Its address; empty when it is this same one.
    pub url: String,
    /// SHA-256 of its certificate in hex, when it must be pinned.
    pub fingerprint: Option<String>,
}

/// Cheap to clone; all clones say the same.
#[derive(Clone)]
pub struct About {
    name: Arc<str>,
    content: Arc<RwLock<ContentPlace>>,
    join_base: Arc<OnceLock<String>>,
    relay: Arc<OnceLock<RelayPlace>>,
    stopping: CancellationToken,
}

impl About {
    /// A server with this name, whose content service is at this same address until [`About::content_is_at`].
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            content: Arc::default(),
            join_base: Arc::default(),
            relay: Arc::default(),
            stopping: CancellationToken::new(),
        }
    }

    /// The name its operator gave it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Cancelled when the server stops: long connections say goodbye then, background work ends.
    #[must_use]
    pub fn stopping(&self) -> &CancellationToken {
        &self.stopping
    }

    /// What it can do.
    #[must_use]
    pub fn capabilities(&self) -> Vec<String> {
        capability::ALL.iter().map(ToString::to_string).collect()
    }

    /// `pod://HOST:PORT/join?[fp=..][&tls=0]`: what links to this server begin with; empty until it is known.
    #[must_use]
    pub fn join_base(&self) -> String {
        self.join_base.get().cloned().unwrap_or_default()
    }

    /// What links to this server begin with; the first one holds.
    pub fn links_begin_with(&self, base: String) {
        _ = self.join_base.set(base);
    }

    /// The relay as this device is told of it, when there is one.
    #[must_use]
    pub fn relay(&self, device: DeviceId) -> Option<RelayInfo> {
        let RelayPlace { url, fingerprint, passes } = self.relay.get()?;
        Some(RelayInfo { url: url.clone(), token: passes.of(device), fingerprint: fingerprint.clone() })
    }

    /// The relay runs; the first one holds.
    pub fn relay_is_at(&self, place: RelayPlace) {
        _ = self.relay.set(place);
    }

    /// Where the content service is now.
    #[must_use]
    pub fn content(&self) -> ContentPlace {
        self.content.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The content service said where it is.
    pub fn content_is_at(&self, place: ContentPlace) {
        *self.content.write().unwrap_or_else(PoisonError::into_inner) = place;
    }
}
