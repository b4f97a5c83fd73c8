//! One command of the headless pod.

use super::offers::FOLDER_SETTING;
use crate::engine::{Engine, refused};
use pod_client::{
    command::{Answer, Command, FileCommand, LinkedCommand, TransferCommand},
    view::ErrorView,
};
use pod_shared::ErrorCode;
use tauri::State;

#[cfg(test)]
mod tests;

/// Asks the pod, unless a page may not ask this.
#[tauri::command]
pub(crate) async fn run(engine: State<'_, Engine>, command: Command) -> Result<Answer, ErrorView> {
    if is_for_pages(&command) {
        engine.run(command).await
    } else {
        Err(refused(ErrorCode::BadRequest, "a page names no path and sees no token"))
    }
}

/// Commands that hold a path or answer with a secret are for `pod-cli` and for the shell itself.
fn is_for_pages(command: &Command) -> bool {
    if let Command::SettingSet { key, value: Some(_) } = command
        && key == FOLDER_SETTING
    {
        return false;
    }
    !matches!(
        command,
        Command::Put { .. }
            | Command::Get { dest: Some(_), .. }
            | Command::Token { .. }
            | Command::PreviewFile { .. }
            | Command::RoomPictureFile { .. }
            | Command::RoomPictureSet { .. }
            | Command::AboutLinked(LinkedCommand::LinkedAdd { .. })
            | Command::AboutFiles(
                FileCommand::VersionPut { .. }
                    | FileCommand::VersionGet { dest: Some(_), .. }
                    | FileCommand::Piece { .. }
            )
            | Command::AboutTransfers(
                TransferCommand::Offer { .. } | TransferCommand::OfferAccept { folder: Some(_), .. }
            )
    )
}
