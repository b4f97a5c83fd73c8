//! Files a person asked to edit: opened once they are here, for who asked, and never again by themselves.
//!
//! Like `opening` it is not durable: after a restart the edit goes on, and its file is opened with another click.

use crate::{
    commands::{edit, files},
    engine::Engine,
    opening::Act,
};
use pod_client::command::{Answer, Command, FileCommand};
use pod_client::view::{EditState, EditView, ErrorView};
use pod_shared::EntryId;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};
use tauri::{AppHandle, Emitter, Manager};

#[cfg(test)]
mod tests;

/// Wishes that may wait at once.
const WISHES_MAX: usize = 64;

/// Which window wants which file opened when it is here.
#[derive(Debug, Default)]
pub(crate) struct Editing(Mutex<BTreeMap<EntryId, String>>);

/// A file that was to be opened for editing and could not be.
#[derive(Clone, Debug, Serialize)]
struct Failed {
    entry: EntryId,
    name: String,
    error: ErrorView,
}

/// What becomes of a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fate {
    /// The file is here.
    Opens(PathBuf),
    /// It cannot come.
    Fails(ErrorView),
}

impl Editing {
    /// Remembers a wish. False: too many wait already.
    pub(crate) fn want(&self, entry: EntryId, window: String) -> bool {
        let mut wishes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if wishes.len() >= WISHES_MAX && !wishes.contains_key(&entry) {
            return false;
        }
        wishes.insert(entry, window);
        true
    }

    /// Takes out the wishes that can be done, or never will be.
    fn settled(&self, edits: &[EditView]) -> Vec<(String, EditView, Fate)> {
        let mut wishes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut settled = Vec::new();
        for edit in edits {
            let fate = if edit.ready {
                Fate::Opens(PathBuf::from(&edit.path))
            } else if let EditState::Stuck { error } = &edit.state {
                Fate::Fails(error.clone())
            } else {
                continue;
            };
            if let Some(window) = wishes.remove(&edit.entry) {
                settled.push((window, edit.clone(), fate));
            }
        }
        wishes.retain(|entry, _| edits.iter().any(|edit| edit.entry == *entry));
        settled
    }
}

/// Edits stand otherwise: opens what somebody waits for.
pub(crate) async fn changed(app: &AppHandle, edits: &[EditView]) {
    for (window, edit, fate) in app.state::<Editing>().settled(edits) {
        let done = match fate {
            Fate::Opens(path) => files::perform(path, Act::Open).await,
            Fate::Fails(error) => Err(error),
        };
        if let Err(error) = done {
            let failed = Failed { entry: edit.entry, name: edit.name, error };
            if let Err(error) = app.emit_to(&window, "failed", failed) {
                tracing::warn!(%error, "a window could not be told");
            }
        }
    }
}

/// Opens it at once if it is here, else when it is.
pub(crate) async fn open(app: &AppHandle, window: &str, edit: &EditView) -> Result<edit::Edited, ErrorView> {
    if edit.ready {
        files::perform(PathBuf::from(&edit.path), Act::Open).await?;
        return Ok(edit::Edited::Opened);
    }
    if !app.state::<Editing>().want(edit.entry, window.to_owned()) {
        let text = "too many files wait to be opened";
        return Err(crate::engine::refused(pod_shared::ErrorCode::TooMany, text));
    }
    // It may have come before the wish was there.
    if let Answer::Edits(edits) = app.state::<Engine>().run(Command::AboutFiles(FileCommand::Edits)).await? {
        changed(app, &edits).await;
    }
    Ok(edit::Edited::Fetching)
}
