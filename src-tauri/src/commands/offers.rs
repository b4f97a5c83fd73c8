//! Files between two people: offering held or chosen ones, accepting into a chosen folder, opening what came.

use super::files::{chosen, perform};
use crate::{
    choosing::Choosing,
    engine::{Engine, refused},
    held::Held,
    opening::Act,
};
use pod_client::{
    command::{Answer, Command, LinkedCommand, TransferCommand},
    view::{Direction, ErrorView, TransferState, TransferView},
};
use pod_shared::{AccountId, EntryId, ErrorCode, OfferId, RoomId, TransferId};
use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};
use tauri::{AppHandle, Manager, State, WebviewWindow};
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

/// Where received files go; the shell alone names a path.
pub(crate) const FOLDER_SETTING: &str = "transfers.folder";

/// Held files are offered to a person. Answers how many.
#[tauri::command]
pub(crate) async fn offer_on(
    engine: State<'_, Engine>,
    held: State<'_, Mutex<Held>>,
    window: WebviewWindow,
    drop: u64,
    account: AccountId,
) -> Result<usize, ErrorView> {
    let taken = held.lock().unwrap_or_else(PoisonError::into_inner).take(window.label(), drop);
    let paths = taken
        .ok_or_else(|| refused(ErrorCode::Gone, "these files were used already, or are held no more"))?;
    let sent = offer(&engine, account, paths.values().cloned().collect()).await;
    if sent.is_err() {
        held.lock().unwrap_or_else(PoisonError::into_inner).restore(window.label(), drop, paths);
    }
    sent
}

/// The system's file dialog, then the files are offered. Answers how many; none: the person closed it.
#[tauri::command]
pub(crate) async fn pick_offer(
    app: AppHandle,
    window: WebviewWindow,
    account: AccountId,
) -> Result<usize, ErrorView> {
    let paths = chosen(&app, &window).await;
    if paths.is_empty() {
        return Ok(0);
    }
    offer(&app.state::<Engine>(), account, paths).await
}

async fn offer(engine: &Engine, to: AccountId, paths: Vec<PathBuf>) -> Result<usize, ErrorView> {
    let asked = Command::AboutTransfers(TransferCommand::Offer { to, paths });
    let Answer::Transfers(transfers) = engine.run(asked).await? else {
        return Err(refused(ErrorCode::Internal, "the pod answered something else than transfers"));
    };
    Ok(transfers.len())
}

/// The system's dialog for a folder, then the offers are accepted into it; false: the person closed it.
#[tauri::command]
pub(crate) async fn accept_into(
    app: AppHandle,
    window: WebviewWindow,
    offers: Vec<OfferId>,
    always: bool,
) -> Result<bool, ErrorView> {
    let Some(folder) = chosen_folder(&app, &window).await else { return Ok(false) };
    let accept = TransferCommand::OfferAccept { offers, always, folder: Some(folder) };
    app.state::<Engine>().run(Command::AboutTransfers(accept)).await.map(|_| true)
}

/// The system's dialog for a folder, which is then kept in step with a room; false: the person closed it.
#[tauri::command]
pub(crate) async fn link_folder(
    app: AppHandle,
    window: WebviewWindow,
    room: RoomId,
    entry: Option<EntryId>,
) -> Result<bool, ErrorView> {
    let Some(path) = chosen_folder(&app, &window).await else { return Ok(false) };
    let add = LinkedCommand::LinkedAdd { room, entry, path };
    app.state::<Engine>().run(Command::AboutLinked(add)).await.map(|_| true)
}

/// The system's dialog for where received files go from now on; false: the person closed it.
#[tauri::command]
pub(crate) async fn pick_transfers_folder(app: AppHandle, window: WebviewWindow) -> Result<bool, ErrorView> {
    let Some(folder) = chosen_folder(&app, &window).await else { return Ok(false) };
    let value = folder
        .into_os_string()
        .into_string()
        .map_err(|_| refused(ErrorCode::BadRequest, "the name of this folder is not text"))?;
    let set = Command::SettingSet { key: FOLDER_SETTING.to_owned(), value: Some(value) };
    app.state::<Engine>().run(set).await.map(|_| true)
}

/// The system's dialog for a folder; none: the person closed it, or has one open already.
async fn chosen_folder(app: &AppHandle, window: &WebviewWindow) -> Option<PathBuf> {
    let _turn = app.state::<Choosing>().begin(window.label())?;
    let (tell, told) = oneshot::channel();
    app.dialog().file().set_parent(window).pick_folder(move |picked| {
        drop(tell.send(picked));
    });
    told.await.ok().flatten()?.into_path().ok()
}

/// Opens a file that came from a person.
#[tauri::command]
pub(crate) async fn open_transfer(engine: State<'_, Engine>, id: TransferId) -> Result<(), ErrorView> {
    perform(received(&engine, id).await?, Act::Open).await
}

/// Shows it in the system's file manager.
#[tauri::command]
pub(crate) async fn show_transfer(engine: State<'_, Engine>, id: TransferId) -> Result<(), ErrorView> {
    perform(received(&engine, id).await?, Act::Show).await
}

/// Where a file that came from a person lies.
pub(super) async fn received(engine: &Engine, id: TransferId) -> Result<PathBuf, ErrorView> {
    let Answer::Transfers(transfers) = engine.run(Command::Transfers).await? else {
        return Err(refused(ErrorCode::Internal, "the pod answered something else than transfers"));
    };
    let transfer = transfers.into_iter().find(|transfer| transfer.id == id);
    let path = transfer.as_ref().and_then(file_of).map(PathBuf::from);
    let there = path.filter(|path| path.is_file());
    there.ok_or_else(|| refused(ErrorCode::Gone, "this file is not where it was put any more"))
}

/// Where a file lies that has come; nothing: it has not, or was sent.
fn file_of(transfer: &TransferView) -> Option<&str> {
    let came = transfer.direction == Direction::Down && transfer.state == TransferState::Done;
    Some(transfer.local_path.as_str()).filter(|path| came && !path.is_empty())
}
