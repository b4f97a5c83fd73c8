//! Tells the pod when nobody has used this computer for some minutes, and at once when somebody does again: others then
//! see this person as away.
//!
//! `rest` decides, `system` asks the operating system, which knows of input in all programs. Pages say when they are used,
//! which is all that is known where the system tells nothing. It refuses to know what was typed, or where the pointer is.

mod rest;
mod system;

use crate::engine::Engine;
use pod_client::command::{Command, PeopleCommand};
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use system::System;
use tauri::{AppHandle, Manager};
use tokio::sync::Notify;

/// Nobody is there after this long.
pub(crate) const AFTER: Duration = Duration::from_secs(5 * 60);

/// When a window of Pod was last used.
#[derive(Debug)]
pub(crate) struct Touched {
    last: Mutex<Instant>,
    now: Notify,
}

impl Touched {
    /// Whoever starts Pod is there.
    pub(crate) fn new() -> Self {
        Self { last: Mutex::new(Instant::now()), now: Notify::new() }
    }

    /// A window is used now.
    pub(crate) fn touch(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.now.notify_one();
    }

    fn resting(&self) -> Duration {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }
}

/// Watches until Pod ends.
pub(crate) async fn watch(app: AppHandle, after: Duration) {
    let touched = app.state::<Touched>();
    let mut system = System::find().await;
    // What the pod was told last, and took.
    let mut idle = false;
    loop {
        let told = system.resting().await;
        let rest = rest::judge(told, touched.resting(), after);
        if rest.idle != idle && took(&app, rest.idle).await {
            idle = rest.idle;
        }
        if told.is_none() {
            // Desktops come up after Pod, and start anew beside it.
            system = System::find().await;
        }
        tokio::select! {
            () = tokio::time::sleep(rest.look_again) => {}
            () = touched.now.notified() => {}
        }
    }
}

/// Tells the pod; one that nobody is signed in to does not take it, and is told again with the next look.
async fn took(app: &AppHandle, idle: bool) -> bool {
    let hint = Command::AboutPeople(PeopleCommand::Idle { idle });
    app.state::<Engine>().run(hint).await.is_ok()
}
