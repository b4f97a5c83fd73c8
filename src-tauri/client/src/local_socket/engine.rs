//! The engine of a profile, wherever it runs: in this process, or in another that is there already.

use super::Remote;
use crate::command::{Answer, Command};
use crate::event::Event;
use crate::handle::{Events, Pod, StartOptions, start};
use crate::view::ErrorView;
use pod_shared::ErrorCode;
use std::time::{Duration, Instant};

/// Another process that starts or ends its engine is done within this time.
const SETTLE: Duration = Duration::from_secs(10);
/// Pause between two looks at such a process.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// An engine to command and to follow.
pub enum Engine {
    /// It runs here and ends with this value.
    Own(Pod, Events),
    /// It runs in another process.
    Running(Box<Remote>),
}

impl Engine {
    /// The engine that runs on the profile; when none does, one is started here.
    ///
    /// # Errors
    /// When the profile cannot be used.
    pub async fn reach(options: StartOptions) -> Result<Self, ErrorView> {
        let until = Instant::now() + SETTLE;
        loop {
            if let Some(remote) = Remote::connect(&options.profile).await? {
                return Ok(Self::Running(Box::new(remote)));
            }
            match start(options.clone()).await {
                Ok((pod, events)) => return Ok(Self::Own(pod, events)),
                // The other one holds the lock and does not listen yet, or no more.
                Err(error) if error.code == ErrorCode::Conflict && Instant::now() < until => {
                    tokio::time::sleep(LOOK_EVERY).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// It runs in this process and ends with it.
    #[must_use]
    pub fn is_own(&self) -> bool {
        matches!(self, Self::Own(..))
    }

    /// Does what is asked.
    ///
    /// # Errors
    /// Why it was not done.
    pub async fn run(&mut self, command: Command) -> Result<Answer, ErrorView> {
        match self {
            Self::Own(pod, _) => pod.run(command).await,
            Self::Running(remote) => remote.run(command).await,
        }
    }

    /// From now on [`Engine::next_event`] tells every event.
    ///
    /// # Errors
    /// When the engine in the other process ended.
    pub async fn follow(&mut self) -> Result<(), ErrorView> {
        match self {
            Self::Own(..) => Ok(()),
            Self::Running(remote) => remote.follow().await,
        }
    }

    /// The next event; nothing: the engine has ended.
    pub async fn next_event(&mut self) -> Option<Event> {
        match self {
            Self::Own(_, events) => events.next().await,
            Self::Running(remote) => remote.next_event().await,
        }
    }
}
