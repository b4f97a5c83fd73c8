//! Bolts the two halves together: by calls in one process, by signed requests between two.

use super::{Place, Services, StartError};
use crate::config::{Config, Other};
use crate::error::Refusal;
use crate::interlock::dispatch::{Deliver, Dispatch, Local};
use crate::interlock::http::{ContentLink, Remote};
use crate::interlock::signature::Gatekeeper;
use crate::interlock::{Side, heartbeat};
use crate::router::Half;
use crate::routes::interlock::{ContentLock, Lock, MessengerLock};
use pod_shared::interlock::ContentHello;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

/// Starts the work of the interlock; answers the half whose paths must be served.
pub(super) async fn connect(
    config: &Config,
    services: &Services,
    place: &Place,
    tasks: &TaskTracker,
) -> Result<Half, StartError> {
    match (&services.messenger, &services.content, &config.other) {
        (Some(messenger), Some(content), _) => {
            let (messenger, content) = (Arc::new(messenger.clone()), Arc::new(content.clone()));
            let stopping = services.about.stopping();
            for (from, to) in [
                (Arc::clone(&messenger) as Arc<dyn Side>, Arc::clone(&content) as Arc<dyn Side>),
                (Arc::clone(&content) as Arc<dyn Side>, Arc::clone(&messenger) as Arc<dyn Side>),
            ] {
                carry(tasks, services, from, Arc::new(Local(to)), Arc::default());
            }
            let progress = heartbeat::progress_here(services.progress.clone(), messenger, stopping.clone());
            tasks.spawn(progress);
            Ok(Half::Whole)
        }
        (Some(_), None, Some(other)) => Ok(messenger_half(services, other, tasks).await?),
        (None, Some(_), Some(other)) => Ok(content_half(services, other, place, tasks)?),
        (_, _, _) => Ok(Half::Whole),
    }
}

async fn messenger_half(services: &Services, other: &Other, tasks: &TaskTracker) -> Result<Half, Refusal> {
    let (Some(auth), Some(messenger)) = (&services.auth, &services.messenger) else { return Ok(Half::Whole) };
    if let Some(place) = auth.content_place().await? {
        services.about.content_is_at(place);
    }
    let link = Arc::new(ContentLink::new(services.about.clone(), other.secret.clone()));
    let (heard, told) = (Arc::<Notify>::default(), Arc::<AtomicU64>::default());
    let side: Arc<dyn Side> = Arc::new(messenger.clone());
    carry(tasks, services, Arc::clone(&side), Arc::clone(&link) as Arc<dyn Deliver>, Arc::clone(&heard));
    tasks.spawn(heartbeat::tell_revocations(
        link,
        Arc::new(auth.clone()),
        services.about.clone(),
        services.access.changes(),
        Arc::clone(&told),
    ));
    Ok(Half::Messenger(MessengerLock {
        lock: Lock { gate: Arc::new(Gatekeeper::new(other.secret.clone())), side, heard },
        auth: auth.clone(),
        about: services.about.clone(),
        progress: Arc::new(messenger.clone()),
        told,
    }))
}

fn content_half(
    services: &Services,
    other: &Other,
    place: &Place,
    tasks: &TaskTracker,
) -> Result<Half, Refusal> {
    let (Some(content), Some(url)) = (&services.content, &other.messenger_url) else {
        return Ok(Half::Whole);
    };
    let remote = Remote::new(url, other.messenger_fingerprint.as_deref(), other.secret.clone())?;
    let heard = Arc::<Notify>::default();
    let side: Arc<dyn Side> = Arc::new(content.clone());
    carry(tasks, services, Arc::clone(&side), Arc::new(remote.clone()), Arc::clone(&heard));
    let stopping = services.about.stopping();
    tasks.spawn(heartbeat::progress_there(services.progress.clone(), remote.clone(), stopping.clone()));
    let me = ContentHello {
        public_url: place.url.clone(),
        fingerprint: place.fingerprint.clone(),
        capabilities: services.about.capabilities(),
        revocations_after: 0,
    };
    tasks.spawn(heartbeat::say_hello(
        remote,
        services.access.clone(),
        me,
        Arc::clone(&heard),
        stopping.clone(),
    ));
    Ok(Half::Content(ContentLock {
        lock: Lock { gate: Arc::new(Gatekeeper::new(other.secret.clone())), side, heard },
        access: services.access.clone(),
    }))
}

fn carry(
    tasks: &TaskTracker,
    services: &Services,
    from: Arc<dyn Side>,
    to: Arc<dyn Deliver>,
    heard: Arc<Notify>,
) {
    tasks.spawn(Dispatch { from, to, heard }.run(services.about.stopping().clone()));
}
