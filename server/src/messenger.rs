//! The messenger: rooms, messages, mailboxes, the socket (N1–N4, O6, O19, P1–P7). Never imports `auth` or `content`.
//!
//! Rules are in the files named after what they are about; [`socket`] speaks with devices; [`teller`] encodes what was
//! committed, once, and gives it to the bus; [`side`] is the messenger's half of the interlock.

use crate::about::About;
use crate::access::Access;
use crate::bus::{Bus, LocalBus};
use crate::directory::Directory;
use crate::store::StoreError;
use crate::store::sqlite::messenger::MessengerStore;
use pod_shared::{AccountId, DeviceId, TimeMs, limits};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::task::TaskTracker;

mod about;
mod contacts;
mod links;
mod members;
mod messages;
mod offers;
mod presence;
mod profiles;
mod progress;
mod rate;
mod requests;
mod rooms;
mod settings;
mod side;
mod socket;
mod teller;
#[cfg(test)]
mod tests;
mod typing;

use offers::Endpoints;
use presence::Roll;
use progress::ProgressGate;
use rate::AskRate;
use side::Settlements;
use typing::TypingGate;

/// After a deletion the write-ahead log keeps the deleted text for at most about this long.
const EMPTY_LOG_AFTER: Duration = Duration::from_secs(10);

/// Offers that ran out are looked for this often.
const OFFERS_EVERY: Duration = Duration::from_secs(60);

/// A handle to the messenger; cheap to clone.
#[derive(Clone)]
pub struct Messenger {
    inner: Arc<Inner>,
}

struct Inner {
    store: MessengerStore,
    bus: Arc<dyn Bus>,
    directory: Arc<dyn Directory>,
    access: Access,
    about: About,
    pace: Pace,
    settlements: Settlements,
    progress: ProgressGate,
    typing: TypingGate,
    roll: Arc<Roll>,
    endpoints: Endpoints,
    rates: Rates,
    sockets: Mutex<HashMap<AccountId, usize>>,
    connections: TaskTracker,
}

/// How often each person may ask what costs others something.
struct Rates {
    offers: AskRate,
    contacts: AskRate,
    profiles: AskRate,
    contact_asks: AskRate,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            offers: AskRate::new(limits::OFFER_ASKS_PER_MINUTE_MAX),
            contacts: AskRate::new(limits::CONTACT_CHANGES_PER_MINUTE_MAX),
            profiles: AskRate::new(limits::PROFILE_CHANGES_PER_MINUTE_MAX),
            contact_asks: AskRate::new(limits::CONTACT_ASKS_PER_MINUTE_MAX),
        }
    }
}

/// How long the messenger waits for what; its own type so that tests need not wait as long.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// For the first frame of a connection.
    pub hello: Duration,
    /// Between pings.
    pub heartbeat: Duration,
    /// Silence after which a connection is dead, and a write that moves nothing too.
    pub silence: Duration,
    /// For the content service to confirm a removal before the answer is "pending".
    pub settle: Duration,
    /// Between two tellings of presence.
    pub presence: Duration,
    /// From the end of a person's last connection to their being gone.
    pub linger: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            hello: Duration::from_millis(limits::HELLO_MS_MAX),
            heartbeat: Duration::from_millis(limits::HEARTBEAT_MS),
            silence: Duration::from_millis(limits::SILENCE_MS_MAX),
            settle: Duration::from_secs(5),
            presence: Duration::from_millis(limits::PRESENCE_EVERY_MS),
            linger: Duration::from_millis(limits::PRESENCE_LINGER_MS),
        }
    }
}

impl Messenger {
    /// Opens `messenger.db` in the data folder.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub fn open(
        data: &Path,
        directory: Arc<dyn Directory>,
        access: Access,
        about: About,
    ) -> Result<Self, StoreError> {
        Self::open_paced(data, directory, access, about, Pace::default())
    }

    /// As [`Messenger::open`], with another patience.
    ///
    /// # Errors
    /// As [`Messenger::open`].
    pub fn open_paced(
        data: &Path,
        directory: Arc<dyn Directory>,
        access: Access,
        about: About,
        pace: Pace,
    ) -> Result<Self, StoreError> {
        let bus: Arc<dyn Bus> = Arc::new(LocalBus::default());
        let store = MessengerStore::open(data, Arc::new(teller::Teller::new(Arc::clone(&bus))))?;
        let inner = Inner {
            store,
            bus,
            directory,
            access,
            about,
            pace,
            settlements: Settlements::default(),
            progress: ProgressGate::default(),
            typing: TypingGate::default(),
            roll: Arc::default(),
            endpoints: Endpoints::default(),
            rates: Rates::default(),
            sockets: Mutex::default(),
            connections: TaskTracker::new(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Whether a device has a connection now.
    #[must_use]
    pub fn is_here(&self, device: DeviceId) -> bool {
        self.inner.endpoints.is_here(device)
    }

    /// Runs until the server stops and every connection has said goodbye, so that what each device has still to learn is
    /// written down. Once a day forgets the keys of devices that were silent for too long.
    pub async fn watch(self) {
        let presence = self.inner.keep_presence();
        tokio::pin!(presence);
        let mut offers = tokio::time::interval(OFFERS_EVERY);
        let mut daily = tokio::time::interval(Duration::from_secs(24 * 3600));
        let emptied = self.inner.store.emptied();
        let mut next = None;
        loop {
            let due = next.unwrap_or_else(tokio::time::Instant::now);
            tokio::select! {
                () = self.inner.about.stopping().cancelled() => break,
                () = emptied.notified(), if next.is_none() => {
                    next = Some(tokio::time::Instant::now() + EMPTY_LOG_AFTER);
                }
                () = tokio::time::sleep_until(due), if next.is_some() => {
                    next = None;
                    if let Err(error) = self.inner.store.empty_log().await {
                        tracing::warn!(%error, "the write-ahead log could not be emptied");
                    }
                }
                _ = offers.tick() => self.inner.tidy_offers().await,
                _ = daily.tick() => self.forget().await,
                never = &mut presence => match never {},
            }
        }
        self.inner.connections.close();
        self.inner.connections.wait().await;
        self.inner.store.quiet().await;
    }
}

impl Messenger {
    /// Once a day: what nobody needs any more.
    async fn forget(&self) {
        match self.inner.store.forget_silent_devices(now()).await {
            Ok(0) => {}
            Ok(devices) => tracing::info!(devices, "the sync keys of silent devices are forgotten"),
            Err(error) => tracing::warn!(%error, "silent devices could not be looked for"),
        }
        // After the keys: who is still to hear of what goes now has lost its key before.
        if let Err(error) = self.inner.store.forget_contacts(now()).await {
            tracing::warn!(%error, "contacts that are gone could not be looked for");
        }
        if let Err(error) = self.inner.store.forget_links(now()).await {
            tracing::warn!(%error, "links that are over could not be looked for");
        }
    }
}

/// The server's time, for showing.
fn now() -> TimeMs {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    TimeMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
