//! The engine: the run loop and what it shares with the parts around it.
//!
//! One task owns every decision; disk and network work happens in tasks of their own that report back as wakes.
//! Neighbours: `pod-machine` decides, `net` talks, `cache` and `state` keep, `transfer` moves files.

mod run;

use crate::cache::Cache;
use crate::command::{Answer, Command};
use crate::event::Event;
use crate::handle::StartOptions;
use crate::net::Net;
use crate::secrets::Secrets;
use crate::state;
use crate::store::Db;
use crate::transfer::{Driver, Ports};
use crate::view::ErrorView;
use pod_shared::ErrorCode;
use tokio::sync::{broadcast, mpsc, oneshot};

/// A command on its way to the loop.
pub(crate) struct Ask {
    /// What is asked.
    pub(crate) command: Command,
    /// Where the answer goes.
    pub(crate) answer: oneshot::Sender<Result<Answer, ErrorView>>,
}

/// Where events go; cheap to clone.
#[derive(Clone)]
pub(crate) struct Sink {
    events: broadcast::Sender<Event>,
}

impl Sink {
    /// Tells everybody who listens.
    pub(crate) fn emit(&self, event: Event) {
        // Nobody listening is fine.
        let _ = self.events.send(event);
    }
}

/// What the tasks of the engine share; cheap to clone.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) state: Db,
    pub(crate) cache: Cache,
    pub(crate) net: Net,
    pub(crate) secrets: Secrets,
    pub(crate) transfers: Driver,
    pub(crate) sink: Sink,
    pub(crate) device_label: String,
}

/// Opens everything and spawns the loop.
pub(crate) async fn launch(
    options: StartOptions,
    asks: mpsc::Receiver<Ask>,
    events: broadcast::Sender<Event>,
) -> Result<(), ErrorView> {
    let sink = Sink { events };
    let profile = options.profile.clone();
    let open = move || {
        std::fs::create_dir_all(&profile)?;
        let state = state::open(&profile)?;
        let cache = Cache::open(&profile)?;
        Ok::<_, ErrorView>((state, cache))
    };
    let opened = tokio::task::spawn_blocking(open).await;
    let (state, cache) =
        opened.map_err(|_| ErrorView::new(ErrorCode::Internal, "the profile could not be opened"))??;
    let net = Net::default();
    let files = options.profile.join("files");
    let ports =
        Ports { state: state.clone(), net: net.clone(), cache: cache.clone(), sink: sink.clone(), files };
    let transfers = Driver::start(ports).await?;
    let secrets = Secrets::open(options.secrets, &options.profile);
    let shared = Shared { state, cache, net, secrets, transfers, sink, device_label: options.device_label };
    run::spawn(shared, asks).await
}
