//! The headless pod inside the desktop program, or the reason why it could not start.
//!
//! The windows do not wait for it: what they ask meanwhile is answered once it runs. A pod that cannot start (data of a
//! newer Pod, a profile in use) still gets its window: every command is answered with the reason, and the page shows it.
//! Commands go in here; events come out in `relay`.

use crate::words::Language;
use pod_client::{
    Pod,
    command::{Answer, Command},
    view::ErrorView,
};
use pod_shared::ErrorCode;
use tokio::sync::watch;

/// The pod of this program's one profile; nothing as long as it starts.
pub(crate) struct Engine(watch::Sender<Option<Result<Pod, ErrorView>>>);

impl Engine {
    /// A pod that is about to start.
    pub(crate) fn starting() -> Self {
        Self(watch::Sender::new(None))
    }

    /// It runs, or why not.
    pub(crate) fn started(&self, started: Result<Pod, ErrorView>) {
        self.0.send_replace(Some(started));
    }

    /// Asks the pod, once it runs.
    pub(crate) async fn run(&self, command: Command) -> Result<Answer, ErrorView> {
        self.pod().await?.run(command).await
    }

    /// The pod itself, once it runs.
    pub(crate) async fn pod(&self) -> Result<Pod, ErrorView> {
        let mut started = self.0.subscribe();
        // The sender is part of this: it cannot be gone.
        let started = started.wait_for(Option::is_some).await.ok().and_then(|started| started.clone());
        started.unwrap_or_else(|| Err(ErrorView::stopped()))
    }

    /// It could start, or may still.
    pub(crate) fn runs(&self) -> bool {
        !matches!(&*self.0.borrow(), Some(Err(_)))
    }

    /// The language the person reads: the setting, else the system's.
    pub(crate) async fn language(&self) -> Language {
        let tag = match self.setting("language").await {
            Some(tag) => tag,
            None => sys_locale::get_locale().unwrap_or_default(),
        };
        Language::of(&tag)
    }

    /// A setting, or nothing where it is not set or cannot be read.
    pub(crate) async fn setting(&self, key: &str) -> Option<String> {
        match self.run(Command::SettingGet { key: key.to_owned() }).await {
            Ok(Answer::Text(text)) => text,
            Ok(_) | Err(_) => None,
        }
    }
}

/// A refusal by the shell itself.
pub(crate) fn refused(code: ErrorCode, message: impl Into<String>) -> ErrorView {
    ErrorView { code, message: message.into(), retry: code.retry() }
}

/// Something of the operating system failed; the detail is for *More*.
pub(crate) fn broken(error: impl std::fmt::Display) -> ErrorView {
    refused(ErrorCode::Internal, error.to_string())
}
