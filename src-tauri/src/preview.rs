//! Pictures for the pages, under addresses of their own (`preview:`): thumbnails, pictures of rooms, held pictures, whole
//! pictures that are on this computer; and pieces of PDFs, wherever they lie.
//!
//! A page asks by id and never learns a path. What is answered is bounded and of a closed list of kinds, told by the
//! bytes. Everything else is 404, also what the asking window may not see: a room's windows see their room.

mod address;
mod content;
#[cfg(test)]
mod tests;

use crate::{engine::Engine, held::Held, player::Piece, windows};
use address::Wanted;
use content::Content;
use pod_client::command::{Answer, Command, FileCommand};
use pod_shared::{EntryId, RoomId, content::PreviewKind};
use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};
use tauri::{
    AppHandle, Manager,
    http::{Method, Request, Response, StatusCode, header},
};
use tokio::sync::Semaphore;

/// The scheme of the addresses.
pub(crate) const SCHEME: &str = "preview";
/// So many bytes tell what a file is.
pub(crate) const SNIFFED_BYTES: u64 = 16;
/// Largest small picture, in bytes.
const SMALL_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Largest whole picture, in bytes.
const WHOLE_BYTES_MAX: u64 = 96 * 1024 * 1024;
/// A picture that would unfold to more pixels is not shown: the web view would hold four bytes for each.
const PIXELS_MAX: u64 = 120_000_000;
/// Files read at the same time.
static READERS: Semaphore = Semaphore::const_new(4);

/// Whether a page can show these bytes as a picture.
pub(crate) fn is_picture(bytes: &[u8]) -> bool {
    Content::of(bytes).is_some()
}

/// What may come from where.
struct Found {
    path: PathBuf,
    bytes_max: u64,
}

/// What a page gets: its kind in HTTP, and the bytes.
type Given = (&'static str, Vec<u8>);

/// Answers one request of a window.
pub(crate) async fn answer(app: &AppHandle, window: &str, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let origin = request.headers().get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let given = match wanted(request) {
        Some(Wanted::Piece(piece)) => piece_of(app, window, piece).await,
        Some(wanted) => match find(app, window, wanted).await {
            Some(found) => read(found).await,
            None => None,
        },
        None => None,
    };
    respond(given, origin)
}

fn wanted(request: &Request<Vec<u8>>) -> Option<Wanted> {
    if request.method() != Method::GET {
        return None;
    }
    address::read(request.uri().path(), request.uri().query())
}

async fn find(app: &AppHandle, window: &str, wanted: Wanted) -> Option<Found> {
    let engine = app.state::<Engine>();
    match wanted {
        Wanted::Held { number, index } => {
            let path = {
                let held = app.state::<Mutex<Held>>();
                let held = held.lock().unwrap_or_else(PoisonError::into_inner);
                held.path(window, number, index)?
            };
            Some(Found { path, bytes_max: WHOLE_BYTES_MAX })
        }
        Wanted::Room(room) => {
            if !may_see(window, room) {
                return None;
            }
            let path = path_of(engine.run(Command::RoomPictureFile { room }).await.ok()?)?;
            Some(Found { path, bytes_max: SMALL_BYTES_MAX })
        }
        Wanted::Entry(entry) => {
            if !may_see(window, room_of(&engine, entry).await?) {
                return None;
            }
            let path = path_of(engine.run(Command::PreviewFile { entry }).await.ok()?)?;
            Some(Found { path, bytes_max: SMALL_BYTES_MAX })
        }
        Wanted::File(entry) => {
            if !may_see(window, room_of(&engine, entry).await?) {
                return None;
            }
            let path = path_of(engine.run(Command::LocalPath { entry }).await.ok()?)?;
            Some(Found { path, bytes_max: WHOLE_BYTES_MAX })
        }
        Wanted::Piece(_) => None,
    }
}

/// A piece of a PDF of a room that the window shows: here or at the server.
async fn piece_of(app: &AppHandle, window: &str, piece: Piece) -> Option<Given> {
    let engine = app.state::<Engine>();
    let Ok(Answer::Entry(view)) = engine.run(Command::Entry { entry: piece.entry }).await else {
        return None;
    };
    if !may_see(window, view.room) || view.preview != Some(PreviewKind::Pdf) {
        return None;
    }
    let Piece { entry, version, from, bytes } = piece;
    let asked = Command::AboutFiles(FileCommand::Piece { entry, version, from, bytes });
    let Ok(Answer::Piece(bytes)) = engine.run(asked).await else { return None };
    Some(("application/octet-stream", bytes))
}

/// The main window shows every room, a window of a room that one.
pub(crate) fn may_see(window: &str, room: RoomId) -> bool {
    window == windows::MAIN || windows::room_of(window) == Some(room)
}

/// The room an entry lies in.
async fn room_of(engine: &Engine, entry: EntryId) -> Option<RoomId> {
    if let Ok(Answer::Entry(view)) = engine.run(Command::Entry { entry }).await {
        Some(view.room)
    } else {
        None
    }
}

fn path_of(answer: Answer) -> Option<PathBuf> {
    if let Answer::Path(path) = answer { path } else { None }
}

/// Reads a file off the windows' threads, a few at a time.
async fn read(found: Found) -> Option<Given> {
    let _turn = READERS.acquire().await.ok()?;
    let bytes = move || bounded(&found.path, found.bytes_max).map(fit);
    tauri::async_runtime::spawn_blocking(bytes).await.ok()?.ok()?
}

fn bounded(path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
    let refused = || io::Error::new(io::ErrorKind::InvalidInput, "no plain file, or too large");
    let there = std::fs::metadata(path)?;
    if !there.is_file() || there.len() > bytes_max {
        return Err(refused());
    }
    let mut bytes = Vec::new();
    // One byte more tells that it grew meanwhile.
    File::open(path)?.take(bytes_max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > bytes_max { Err(refused()) } else { Ok(bytes) }
}

/// Bytes of a kind a page may be given, unless they would unfold to too much.
fn fit(bytes: Vec<u8>) -> Option<Given> {
    let content = Content::of(&bytes)?;
    let fits = content.pixels(&bytes).is_some_and(|pixels| pixels <= PIXELS_MAX);
    fits.then_some((content.mime(), bytes))
}

fn respond(given: Option<Given>, origin: Option<&str>) -> Response<Vec<u8>> {
    let mut builder = Response::builder()
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    // A page may also read what it may show; nobody else's page gets here, and none is named.
    if let Some(origin) = origin.filter(|origin| windows::is_own_origin(origin)) {
        builder = builder.header(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    let built = match given {
        Some((mime, bytes)) => builder
            .header(header::CONTENT_TYPE, mime)
            .header(header::CACHE_CONTROL, "private, max-age=600")
            .body(bytes),
        None => builder
            .status(StatusCode::NOT_FOUND)
            .header(header::CONTENT_TYPE, "text/plain")
            .header(header::CACHE_CONTROL, "no-store")
            .body(Vec::new()),
    };
    // Fixed headers always build.
    built.unwrap_or_default()
}
