//! Editing a file: its lock, then the system's program for it.

use crate::{
    editing,
    engine::{Engine, refused},
};
use pod_client::{
    command::{Answer, Command, FileCommand},
    view::ErrorView,
};
use pod_shared::{EntryId, ErrorCode};
use serde::Serialize;
use tauri::{AppHandle, Manager, WebviewWindow};

/// What became of the wish to edit a file.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Edited {
    /// It is open.
    Opened,
    /// Not here yet: it is being fetched and opens when it is.
    Fetching,
}

/// Takes the lock of a file and opens it; or opens it again, where it is being edited already.
#[tauri::command]
pub(crate) async fn edit_entry(
    app: AppHandle,
    window: WebviewWindow,
    entry: EntryId,
) -> Result<Edited, ErrorView> {
    let asked = Command::AboutFiles(FileCommand::Edit { entry });
    let Answer::Edit(edit) = app.state::<Engine>().run(asked).await? else {
        return Err(refused(ErrorCode::Internal, "the pod answered something else than an edit"));
    };
    editing::open(&app, window.label(), &edit).await
}
