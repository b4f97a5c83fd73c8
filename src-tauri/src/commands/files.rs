//! Files: opening and showing them with the system's programs, and sending chosen ones. Held ones are in `held`.

use crate::{
    choosing::Choosing,
    engine::{Engine, broken, refused},
    opening::{self, Act, Openings, Wish},
    words,
};
use pod_client::{
    command::{Answer, Command, FileCommand},
    view::ErrorView,
};
use pod_shared::{EntryId, ErrorCode, RoomId};
use serde::Serialize;
use std::path::PathBuf;
use tauri::{AppHandle, Emitter, Manager, WebviewWindow};
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

/// What became of the wish to open or show a file.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Opened {
    /// Done.
    Opened,
    /// Not here yet: it is being fetched and opens when it is done.
    Fetching,
}

/// A file that was to be opened after its download and could not be.
#[derive(Clone, Debug, Serialize)]
struct Failed {
    entry: EntryId,
    name: String,
    error: ErrorView,
}

/// Opens a file with the system's program for it.
#[tauri::command]
pub(crate) async fn open_entry(
    app: AppHandle,
    window: WebviewWindow,
    entry: EntryId,
) -> Result<Opened, ErrorView> {
    open_or_fetch(&app, &window, entry, Act::Open).await
}

/// Shows a file in the system's file manager.
#[tauri::command]
pub(crate) async fn show_entry(
    app: AppHandle,
    window: WebviewWindow,
    entry: EntryId,
) -> Result<Opened, ErrorView> {
    open_or_fetch(&app, &window, entry, Act::Show).await
}

async fn open_or_fetch(
    app: &AppHandle,
    window: &WebviewWindow,
    entry: EntryId,
    act: Act,
) -> Result<Opened, ErrorView> {
    let engine = app.state::<Engine>();
    if let Some(path) = local_path(&engine, entry).await? {
        perform(path, act).await?;
        tell_opened(&engine, entry, act).await;
        return Ok(Opened::Opened);
    }
    let wish = Wish { window: window.label().to_owned(), act };
    let openings = app.state::<Openings>();
    if !openings.want(entry, wish) {
        return Err(refused(ErrorCode::TooMany, "too many files wait to be opened"));
    }
    if let Err(error) = engine.run(Command::Get { entry, dest: None }).await {
        openings.ended(entry);
        return Err(error);
    }
    Ok(Opened::Fetching)
}

pub(super) async fn local_path(engine: &Engine, entry: EntryId) -> Result<Option<PathBuf>, ErrorView> {
    let Answer::Path(path) = engine.run(Command::LocalPath { entry }).await? else {
        return Err(refused(ErrorCode::Internal, "the pod answered something else than a path"));
    };
    Ok(path)
}

/// Who opens a file has looked at it; who only has it shown has not.
async fn tell_opened(engine: &Engine, entry: EntryId, act: Act) {
    if act == Act::Open
        && let Err(error) = engine.run(Command::AboutFiles(FileCommand::Opened { entry })).await
    {
        tracing::warn!(code = %error.code, "that a file was opened is not told");
    }
}

/// The system's programs are asked off the windows' threads: some take their time.
pub(crate) async fn perform(path: PathBuf, act: Act) -> Result<(), ErrorView> {
    match tauri::async_runtime::spawn_blocking(move || opening::perform(&path, act)).await {
        Ok(done) => done.map_err(broken),
        Err(error) => Err(broken(error)),
    }
}

/// A download ended: opens or shows the file if somebody waits for it, or tells them why not.
pub(crate) async fn download_ended(app: &AppHandle, entry: EntryId, name: &str, failed: Option<ErrorView>) {
    let Some(wish) = app.state::<Openings>().ended(entry) else {
        return;
    };
    let done = match failed {
        Some(error) => Err(error),
        None => open_fetched(&app.state::<Engine>(), entry, wish.act).await,
    };
    if let Err(error) = done
        && let Err(error) =
            app.emit_to(&wish.window, "failed", Failed { entry, name: name.to_owned(), error })
    {
        tracing::warn!(%error, "a window could not be told");
    }
}

async fn open_fetched(engine: &Engine, entry: EntryId, act: Act) -> Result<(), ErrorView> {
    match local_path(engine, entry).await? {
        Some(path) => {
            perform(path, act).await?;
            tell_opened(engine, entry, act).await;
            Ok(())
        }
        None => Err(refused(ErrorCode::FileChanged, "a newer version came while this one was fetched")),
    }
}

/// The system's file dialog, then the files go into the room's folder. Answers how many.
#[tauri::command]
pub(crate) async fn pick_files(
    app: AppHandle,
    window: WebviewWindow,
    room: RoomId,
    parent: Option<EntryId>,
) -> Result<usize, ErrorView> {
    let paths = chosen(&app, &window).await;
    if paths.is_empty() {
        return Ok(0);
    }
    put(&app.state::<Engine>(), room, parent, paths).await
}

/// The system's dialog for several files; none: the person closed it, or has it open already.
pub(super) async fn chosen(app: &AppHandle, window: &WebviewWindow) -> Vec<PathBuf> {
    let Some(_turn) = app.state::<Choosing>().begin(window.label()) else { return Vec::new() };
    let title = words::choose_files(app.state::<Engine>().language().await);
    let (tell, told) = oneshot::channel();
    app.dialog().file().set_parent(window).set_title(title).pick_files(move |picked| {
        drop(tell.send(picked));
    });
    let picked = told.await.ok().flatten().unwrap_or_default();
    picked.into_iter().filter_map(|path| path.into_path().ok()).collect()
}

/// The system's dialog for one picture, which then is the room's; false: the person closed it.
#[tauri::command]
pub(crate) async fn pick_room_picture(
    app: AppHandle,
    window: WebviewWindow,
    room: RoomId,
) -> Result<bool, ErrorView> {
    let Some(_turn) = app.state::<Choosing>().begin(window.label()) else { return Ok(false) };
    let (tell, told) = oneshot::channel();
    let title = words::choose_picture(app.state::<Engine>().language().await);
    let dialog = app.dialog().file().set_parent(&window).set_title(title);
    dialog.add_filter("PNG, JPEG, WebP, GIF", &["png", "jpg", "jpeg", "webp", "gif"]).pick_file(
        move |picked| {
            drop(tell.send(picked));
        },
    );
    let picked = told.await.ok().flatten().and_then(|path| path.into_path().ok());
    match picked {
        Some(path) => {
            let engine = app.state::<Engine>();
            engine.run(Command::RoomPictureSet { room, path }).await.map(|_| true)
        }
        None => Ok(false),
    }
}

pub(super) async fn put(
    engine: &Engine,
    room: RoomId,
    parent: Option<EntryId>,
    paths: Vec<PathBuf>,
) -> Result<usize, ErrorView> {
    let Answer::Transfers(transfers) = engine.run(Command::Put { room, parent, paths }).await? else {
        return Err(refused(ErrorCode::Internal, "the pod answered something else than transfers"));
    };
    Ok(transfers.len())
}
