//! How long the operating system has seen no input, in whichever program.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as native;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
use macos as native;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as native;

use std::{sync::Arc, time::Duration};

/// Who on this computer knows.
#[derive(Debug)]
pub(super) struct System(Arc<native::Source>);

impl System {
    /// Looks for somebody who knows.
    pub(super) async fn find() -> Self {
        let found = tauri::async_runtime::spawn_blocking(native::Source::find).await;
        Self(Arc::new(found.unwrap_or_default()))
    }

    /// For how long there was no input; nothing: nobody tells.
    pub(super) async fn resting(&self) -> Option<Duration> {
        let source = Arc::clone(&self.0);
        tauri::async_runtime::spawn_blocking(move || source.resting()).await.ok().flatten()
    }
}
