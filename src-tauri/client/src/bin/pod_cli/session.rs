//! The engine as the commands use it: ask, and wait with a limit for the server.

use super::end::{End, unexpected};
use pod_client::StartOptions;
use pod_client::command::{Answer, Command};
use pod_client::event::Event;
use pod_client::local_socket::Engine;
use pod_client::view::{ConnectionView, StatusView};
use pod_shared::RoomId;
use std::time::Duration;
use tokio::time::Instant;

/// A first connection that takes longer than this does not keep a question waiting that the cache can answer.
const FIRST_CONNECTION: Duration = Duration::from_secs(10);

/// What changed in a folder is here within this time of the connection, or is not waited for.
const CATCH_UP: Duration = Duration::from_secs(1);

/// One command's use of an engine.
pub(crate) struct Session {
    engine: Engine,
    wait: Duration,
}

impl Session {
    /// Reaches the engine of the profile, or becomes it.
    pub(crate) async fn reach(options: StartOptions, wait: Duration) -> Result<Self, End> {
        let mut engine = Engine::reach(options).await?;
        engine.follow().await?;
        Ok(Self { engine, wait })
    }

    /// The engine ends with this command.
    pub(crate) fn ends_with_this(&self) -> bool {
        self.engine.is_own()
    }

    /// How long the server may be away.
    pub(crate) fn patience(&self) -> Patience {
        Patience { wait: self.wait, until: Instant::now() + self.wait }
    }

    /// Does what is asked.
    pub(crate) async fn run(&mut self, command: Command) -> Result<Answer, End> {
        Ok(self.engine.run(command).await?)
    }

    /// How things are.
    pub(crate) async fn status(&mut self) -> Result<StatusView, End> {
        let Answer::Status(status) = self.run(Command::Status).await? else { return Err(unexpected()) };
        Ok(status)
    }

    /// Waits until the connection is there, or known not to be: what the cache says is then as new as it can be.
    pub(crate) async fn settle(&mut self) -> Result<StatusView, End> {
        let until = Instant::now() + FIRST_CONNECTION.min(self.wait);
        loop {
            let status = self.status().await?;
            if status.connection != ConnectionView::Connecting || !self.event_before(until).await? {
                return Ok(status);
            }
        }
    }

    /// Waits for the connection, for what only the server can answer.
    pub(crate) async fn online(&mut self) -> Result<(), End> {
        let until = Instant::now() + self.wait;
        loop {
            match self.status().await?.connection {
                ConnectionView::Online => return Ok(()),
                ConnectionView::SignedOut => {
                    return Err(pod_client::view::ErrorView::not_signed_in().into());
                }
                ConnectionView::NeedsPerson { reason } => return Err(reason.into()),
                ConnectionView::Connecting | ConnectionView::Offline { .. } => {}
            }
            if !self.event_before(until).await? {
                return Err(End::Unreachable { next: "Nothing was changed." });
            }
        }
    }

    /// Waits until a folder changed; `false`: it is too late. An engine that was there before is up to date and is
    /// not waited for; one that began with this command may still be fetching what changed.
    pub(crate) async fn folder_before(&mut self, room: RoomId, until: Instant) -> Result<bool, End> {
        if matches!(self.engine, Engine::Running(_)) {
            return Ok(false);
        }
        loop {
            match tokio::time::timeout_at(until, self.engine.next_event()).await {
                Ok(Some(Event::Folder { room: changed })) if changed == room => return Ok(true),
                Ok(Some(_)) => {}
                Ok(None) => return Err(pod_client::view::ErrorView::stopped().into()),
                Err(_) => return Ok(false),
            }
        }
    }

    /// Lets an engine that has just begun fetch what changed in a folder, before it is shown.
    pub(crate) async fn catch_up(&mut self, room: RoomId) -> Result<(), End> {
        if self.status().await?.connection == ConnectionView::Online {
            self.folder_before(room, Instant::now() + CATCH_UP).await?;
        }
        Ok(())
    }

    /// The next event; nothing: the engine has ended.
    pub(crate) async fn next_event(&mut self) -> Option<Event> {
        self.engine.next_event().await
    }

    /// Waits until something happened; `false`: it is too late.
    pub(crate) async fn event_before(&mut self, until: Instant) -> Result<bool, End> {
        match tokio::time::timeout_at(until, self.engine.next_event()).await {
            Ok(Some(_)) => Ok(true),
            Ok(None) => Err(pod_client::view::ErrorView::stopped().into()),
            Err(_) => Ok(false),
        }
    }
}

/// How long it may go on without a way to the server; every sign of life begins it anew.
pub(crate) struct Patience {
    wait: Duration,
    until: Instant,
}

impl Patience {
    /// There was a sign of life.
    pub(crate) fn renew(&mut self) {
        self.until = Instant::now() + self.wait;
    }

    /// When it is over.
    pub(crate) fn until(&self) -> Instant {
        self.until
    }
}
