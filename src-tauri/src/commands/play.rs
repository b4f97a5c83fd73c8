//! Playing a film or a sound where it lies in the folder.

use crate::{
    engine::{Engine, refused},
    player::{self, Film, Piece, Player, Playing, Source, Standing},
    preview,
};
use pod_client::{
    command::{Answer, Command, FileCommand},
    view::{EntryView, ErrorView},
};
use pod_shared::{EntryId, ErrorCode, content::PreviewKind};
use std::sync::Arc;
use tauri::{AppHandle, Manager, State, WebviewWindow};

/// An address under which the asking window may play the newest version of a file, until it ends it or closes.
#[tauri::command]
pub(crate) async fn play(
    app: AppHandle,
    window: WebviewWindow,
    entry: EntryId,
) -> Result<Playing, ErrorView> {
    let Answer::Entry(view) = app.state::<Engine>().run(Command::Entry { entry }).await? else {
        return Err(refused(ErrorCode::Internal, "the pod answered something else than an entry"));
    };
    if !preview::may_see(window.label(), view.room) {
        return Err(refused(ErrorCode::NotFound, "no such file here"));
    }
    let film = film(&view).ok_or_else(|| refused(ErrorCode::BadRequest, "this is neither film nor sound"))?;
    let begun = app.state::<Player>().begin(window.label(), film, source(&app));
    begun.ok_or_else(|| refused(ErrorCode::Unavailable, "this computer gave no port to play from"))
}

/// How it goes; `gone`: it has ended.
#[tauri::command]
pub(crate) fn playing(
    player: State<'_, Player>,
    window: WebviewWindow,
    number: u64,
) -> Result<Standing, ErrorView> {
    let standing = player.standing(window.label(), number);
    standing.ok_or_else(|| refused(ErrorCode::Gone, "it is played no more"))
}

/// It is played no more.
#[tauri::command]
pub(crate) fn play_end(player: State<'_, Player>, window: WebviewWindow, number: u64) {
    player.end(window.label(), Some(number));
}

fn film(view: &EntryView) -> Option<Film> {
    let plays = matches!(view.preview, Some(PreviewKind::Audio | PreviewKind::Video));
    let mime = player::mime(&view.name);
    plays.then_some(Film { entry: view.id, version: view.version, size: view.size, mime })
}

/// Pieces come through the pod, which judges each of them.
fn source(app: &AppHandle) -> Source {
    let app = app.clone();
    Arc::new(move |piece| {
        let app = app.clone();
        Box::pin(async move {
            let Piece { entry, version, from, bytes } = piece;
            let piece = FileCommand::Piece { entry, version, from, bytes };
            let Answer::Piece(bytes) = app.state::<Engine>().run(Command::AboutFiles(piece)).await? else {
                return Err(refused(ErrorCode::Internal, "the pod answered something else than a piece"));
            };
            Ok(bytes)
        })
    })
}
