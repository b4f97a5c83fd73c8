//! What a user interface holds: [`Pod`] to command the engine, [`Events`] to follow it.

use crate::command::{Answer, Command};
use crate::engine::{self, Ask};
use crate::event::Event;
use crate::local_socket::{self, Lock};
use crate::secrets::SecretsKind;
use crate::view::ErrorView;
use pod_shared::limits;
use std::path::PathBuf;
use tokio::sync::{broadcast, mpsc, oneshot};

#[cfg(test)]
mod tests;

/// Commands that may wait for the run loop.
const COMMANDS_MAX: usize = 256;

/// Where and how a pod runs.
#[derive(Clone, Debug)]
pub struct StartOptions {
    /// The profile's folder; made when it is not there. One engine at a time works on it.
    pub profile: PathBuf,
    /// Where secrets are kept.
    pub secrets: SecretsKind,
    /// What the person's list of devices shows; empty: the computer's name.
    pub device_label: String,
}

impl StartOptions {
    /// A profile with its secrets in the keyring.
    #[must_use]
    pub fn new(profile: impl Into<PathBuf>) -> Self {
        Self { profile: profile.into(), secrets: SecretsKind::Keyring, device_label: String::new() }
    }
}

/// A running pod; clone it freely. The engine stops when the last one is dropped.
#[derive(Clone)]
pub struct Pod {
    commands: mpsc::Sender<Ask>,
    events: broadcast::Sender<Event>,
}

impl Pod {
    /// Does what is asked.
    ///
    /// # Errors
    /// Why it was not done; nothing was changed then.
    pub async fn run(&self, command: Command) -> Result<Answer, ErrorView> {
        let (answer, answered) = oneshot::channel();
        self.commands.send(Ask { command, answer }).await.map_err(|_| ErrorView::stopped())?;
        answered.await.unwrap_or_else(|_| Err(ErrorView::stopped()))
    }

    /// Another receiver of all events from now on.
    #[must_use]
    pub fn events(&self) -> Events {
        Events { events: self.events.subscribe() }
    }
}

/// A way to a pod that does not keep it running.
#[derive(Clone)]
pub(crate) struct WeakPod {
    commands: mpsc::WeakSender<Ask>,
    events: broadcast::WeakSender<Event>,
}

impl WeakPod {
    /// The pod, if it still runs.
    pub(crate) fn upgrade(&self) -> Option<Pod> {
        Some(Pod { commands: self.commands.upgrade()?, events: self.events.upgrade()? })
    }
}

/// The events of a pod, in order. Who reads too slowly gets [`Event::Lagged`] in place of what was dropped.
pub struct Events {
    events: broadcast::Receiver<Event>,
}

impl Events {
    /// The next event; nothing: the pod has stopped.
    pub async fn next(&mut self) -> Option<Event> {
        match self.events.recv().await {
            Ok(event) => Some(event),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Event::Lagged),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

/// Opens the profile and starts the engine on the current tokio runtime.
///
/// # Errors
/// When the profile cannot be used: another engine runs on it (`conflict`), its disk, or data written by a newer Pod.
pub async fn start(options: StartOptions) -> Result<(Pod, Events), ErrorView> {
    let (events, received) = channel();
    let (commands, asks) = mpsc::channel(COMMANDS_MAX);
    let profile = options.profile.clone();
    let locked = tokio::task::spawn_blocking(move || Lock::take(&profile)).await;
    let lock = locked.map_err(|_| ErrorView::stopped())??;
    engine::launch(options, asks, events.clone()).await?;
    let weak = WeakPod { commands: commands.downgrade(), events: events.downgrade() };
    local_socket::listen(lock, weak, events.subscribe()).await?;
    Ok((Pod { commands, events }, received))
}

/// Where events go, and who receives them all.
fn channel() -> (broadcast::Sender<Event>, Events) {
    let (sender, events) = broadcast::channel(limits::CLIENT_EVENTS_MAX);
    (sender, Events { events })
}
