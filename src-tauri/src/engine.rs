//! The headless pod inside the desktop program, or the reason why it could not start.
//!
//! A pod that cannot start (data of a newer Pod, a profile in use) still gets its window: every command is answered
//! with the reason, and the page shows it. Commands go in here; events come out in `relay`.

use crate::words::Language;
use pod_client::{
    Pod,
    command::{Answer, Command},
    view::ErrorView,
};
use pod_shared::ErrorCode;

/// The pod of this program's one profile.
pub(crate) struct Engine(Result<Pod, ErrorView>);

impl Engine {
    /// A pod that runs, or why not.
    pub(crate) fn new(started: Result<Pod, ErrorView>) -> Self {
        Self(started)
    }

    /// Asks the pod.
    pub(crate) async fn run(&self, command: Command) -> Result<Answer, ErrorView> {
        match &self.0 {
            Ok(pod) => pod.run(command).await,
            Err(reason) => Err(reason.clone()),
        }
    }

    /// It could start.
    pub(crate) fn runs(&self) -> bool {
        self.0.is_ok()
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
