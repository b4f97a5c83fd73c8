//! Looks into files, and pictures of rooms: from the shelf if they were seen before, else fetched once.
//!
//! Whoever asks for the same at the same time waits for one fetch; few run at once, so that a folder full of pictures
//! never crowds out the chat. Nothing of this is told to others.

use super::pieces::{self, Stretch};
use super::{Desk, browse, commands, rooms};
use crate::net::{Authorized, refusal_of, unreachable_error};
use crate::shelf::Shelf;
use crate::view::{ErrorView, TextPreview};
use pod_shared::content::{PREVIEW_TRUNCATED, PreviewKind};
use pod_shared::{EntryId, ErrorCode, RoomId, limits};
use reqwest::header::{CONTENT_TYPE, ETAG, HeaderMap};
use reqwest::{Method, StatusCode};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OnceCell, Semaphore};

mod text;

/// Fetches side by side.
const AT_ONCE: usize = 4;
/// How often a server that is busy with others' previews is asked again, and after which wait.
const TRIES: u32 = 5;
const WAIT: Duration = Duration::from_secs(1);
/// A fetch that brings nothing for this long is given up.
const STALL: Duration = Duration::from_secs(30);
/// Largest answer that is taken.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Where it is kept; nothing: there is no preview.
type Fetched = Result<Option<PathBuf>, ErrorView>;

/// What is fetched now, and where it is kept; cheap to clone.
#[derive(Clone)]
pub(super) struct Previews {
    shelf: Arc<Late>,
    turns: Arc<Semaphore>,
    flights: Arc<Mutex<BTreeMap<String, Arc<OnceCell<Fetched>>>>>,
}

/// The shelf, whose folder is looked through when somebody first asks for something on it.
struct Late {
    folder: PathBuf,
    shelf: Mutex<Option<Arc<Shelf>>>,
}

impl Late {
    /// Blocks.
    fn shelf(&self) -> std::io::Result<Arc<Shelf>> {
        let mut held = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shelf) = &*held {
            return Ok(Arc::clone(shelf));
        }
        let shelf = Arc::new(Shelf::open(&self.folder, limits::PREVIEWS_HERE_BYTES_MAX)?);
        *held = Some(Arc::clone(&shelf));
        Ok(shelf)
    }
}

/// What is wanted: by which digest and of which kind, and where it is fetched.
struct Wanted {
    digest: String,
    kind: &'static str,
    path: String,
}

impl Wanted {
    /// Its name on the shelf, without the ending.
    fn name(&self) -> String {
        format!("{}-{}", self.digest, self.kind)
    }

    /// The name of what came: it may be newer than what is known here.
    fn name_of(&self, headers: &HeaderMap) -> String {
        let tag = headers.get(ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default().trim_matches('"');
        let digest = tag.split('-').next().unwrap_or_default();
        // What a server says is no path.
        let is_digest =
            digest.len() == self.digest.len() && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_digest { format!("{digest}-{}", self.kind) } else { self.name() }
    }
}

impl Previews {
    /// In the folder of the profile.
    pub(super) fn of(profile: &Path) -> Self {
        let shelf = Late { folder: profile.join("previews"), shelf: Mutex::default() };
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        Self { shelf: Arc::new(shelf), turns, flights: Arc::default() }
    }

    /// Drops everything.
    pub(super) async fn clear(&self) -> Result<(), ErrorView> {
        self.shelved(|shelf| shelf.clear()).await
    }

    async fn shelved<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shelf) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T, ErrorView> {
        let shelf = Arc::clone(&self.shelf);
        let done = tokio::task::spawn_blocking(move || work(&*shelf.shelf()?)).await;
        Ok(done.map_err(|_| ErrorView::stopped())??)
    }

    /// From the shelf, or fetched; together with whoever wants the same.
    async fn get(&self, desk: &Desk, wanted: Wanted) -> Fetched {
        let name = wanted.name();
        let key = name.clone();
        if let Some(found) = self.shelved(move |shelf| Ok(found(shelf, &name))).await? {
            return Ok(found);
        }
        let flight = {
            let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(flights.entry(key.clone()).or_default())
        };
        let fetched = flight.get_or_init(|| self.fetch(desk, &wanted)).await.clone();
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        if flights.get(&key).is_some_and(|held| Arc::ptr_eq(held, &flight)) {
            flights.remove(&key);
        }
        fetched
    }

    async fn fetch(&self, desk: &Desk, wanted: &Wanted) -> Fetched {
        let _turn = self.turns.acquire().await.map_err(|_| ErrorView::stopped())?;
        let mut tries = 0;
        let (name, ending, bytes) = loop {
            tries += 1;
            match ask(desk, &wanted.path).await {
                Ok((headers, bytes)) => break (wanted.name_of(&headers), ending_of(&headers), bytes),
                Err(error) if error.code == ErrorCode::RateLimited && tries < TRIES => {
                    tokio::time::sleep(WAIT).await;
                }
                // There is none, and never will be of this content.
                Err(error) if matches!(error.code, ErrorCode::BadRequest | ErrorCode::TooLarge) => {
                    break (wanted.name(), NONE, Vec::new());
                }
                Err(error) => return Err(error),
            }
        };
        let name = format!("{name}.{ending}");
        let path = self.shelved(move |shelf| shelf.put(&name, &bytes)).await?;
        Ok((ending != NONE).then_some(path))
    }
}

/// The ending of an empty file that says that there is no preview.
const NONE: &str = "none";
/// The endings of previews.
const ENDINGS: [&str; 4] = ["jpg", "png", "txt", "beginning"];

fn found(shelf: &Shelf, name: &str) -> Option<Option<PathBuf>> {
    let there = ENDINGS.iter().find_map(|ending| shelf.path(&format!("{name}.{ending}")));
    let none = || shelf.path(&format!("{name}.{NONE}")).map(|_| None);
    there.map(Some).or_else(none)
}

fn ending_of(headers: &HeaderMap) -> &'static str {
    let is = |name, value: &str| headers.get(name).is_some_and(|held| held == value);
    if is(CONTENT_TYPE, "image/jpeg") {
        "jpg"
    } else if is(CONTENT_TYPE, "image/png") {
        "png"
    } else if headers.get(PREVIEW_TRUNCATED).is_some_and(|held| held == "1") {
        "beginning"
    } else {
        "txt"
    }
}

/// One request, with one more try under another token.
async fn ask(desk: &Desk, path: &str) -> Result<(HeaderMap, Vec<u8>), ErrorView> {
    let mut second = false;
    loop {
        let way = desk.net.content().await?;
        let request = way.http.request(Method::GET, path, Some(&way.bearer));
        let slow = |_| ErrorView::new(ErrorCode::Offline, "the server does not answer");
        let sent = tokio::time::timeout(STALL, request.send()).await.map_err(slow)?;
        let mut answer = sent.map_err(|error| unreachable_error(&error))?;
        if answer.status() == StatusCode::OK {
            let (headers, mut bytes) = (answer.headers().clone(), Vec::new());
            while let Some(piece) = tokio::time::timeout(STALL, answer.chunk())
                .await
                .map_err(slow)?
                .map_err(|error| unreachable_error(&error))?
            {
                bytes.extend(piece);
                if bytes.len() > ANSWER_BYTES_MAX {
                    return Err(ErrorView::new(ErrorCode::TooLarge, "the preview is too large"));
                }
            }
            return Ok((headers, bytes));
        }
        let error = refusal_of(answer).await;
        if second || !Authorized::token_is_void(&error) {
            return Err(error);
        }
        desk.net.forget(&way.bearer).await;
        second = true;
    }
}

/// A small picture of a picture; nothing: there is none.
pub(super) async fn image(desk: &Desk, id: EntryId) -> Fetched {
    let entry = browse::open(desk, id).await?;
    if PreviewKind::of(&entry.name, entry.size) != Some(PreviewKind::Image) {
        return Ok(None);
    }
    let path = format!("/v1/entries/{id}/preview?as=image");
    desk.previews.get(desk, Wanted { digest: entry.digest, kind: "image", path }).await
}

/// The beginning of a text.
pub(super) async fn text(desk: &Desk, id: EntryId) -> Result<TextPreview, ErrorView> {
    let entry = browse::open(desk, id).await?;
    let markdown = is_markdown(&entry.name, entry.size).ok_or_else(no_text)?;
    let path = format!("/v1/entries/{id}/preview?as=text");
    let wanted = Wanted { digest: entry.digest, kind: "text", path };
    let kept = desk.previews.get(desk, wanted).await?.ok_or_else(no_text)?;
    let truncated = kept.extension().is_some_and(|ending| ending == "beginning");
    let bytes = tokio::fs::read(kept).await?;
    let text = text::decoded(&bytes, truncated).ok_or_else(no_text)?;
    Ok(TextPreview { text, truncated, markdown })
}

/// The beginning of a version of a text; none is kept, since few are looked at twice.
pub(super) async fn of_version(
    desk: &Desk,
    id: EntryId,
    version: u32,
    size: u64,
) -> Result<TextPreview, ErrorView> {
    let entry = browse::open(desk, id).await?;
    let markdown = is_markdown(&entry.name, size.max(1)).ok_or_else(no_text)?;
    let most = limits::PREVIEW_TEXT_BYTES_MAX as u64;
    let stretch = Stretch { from: 0, bytes: size.min(most) };
    let truncated = size > most;
    let bytes = pieces::piece(desk, id, version, stretch).await?;
    let text = text::decoded(&bytes, truncated).ok_or_else(no_text)?;
    Ok(TextPreview { text, truncated, markdown })
}

/// Whether a text is Markdown; nothing: it is no text.
fn is_markdown(name: &str, size: u64) -> Option<bool> {
    match PreviewKind::of(name, size) {
        Some(PreviewKind::Markdown) => Some(true),
        Some(PreviewKind::Text) => Some(false),
        Some(PreviewKind::Image | PreviewKind::Pdf | PreviewKind::Audio | PreviewKind::Video) | None => None,
    }
}

fn no_text() -> ErrorView {
    ErrorView::new(ErrorCode::BadRequest, "this is no text that can be shown")
}

/// The picture of a room; nothing: it has none.
pub(super) async fn of_room(desk: &Desk, room: RoomId) -> Fetched {
    desk.me()?;
    let row = desk.cache.room(room).await?;
    let Some(digest) = row.and_then(|row| row.picture) else { return Ok(None) };
    let wanted = Wanted { digest, kind: "room", path: format!("/v1/groups/{room}/picture") };
    desk.previews.get(desk, wanted).await
}

/// Another picture of a room, from a file on this computer.
pub(super) async fn set_of_room(desk: &Desk, room: RoomId, path: PathBuf) -> Result<(), ErrorView> {
    may_change(desk, room).await?;
    let unreadable = || ErrorView::new(ErrorCode::FileUnreadable, "the picture cannot be read");
    let size = tokio::fs::metadata(&path).await.map_err(|_| unreadable())?.len();
    if size > limits::ROOM_PICTURE_BYTES_MAX as u64 {
        return Err(ErrorView::new(ErrorCode::TooLarge, "the picture is too large"));
    }
    let bytes = tokio::fs::read(&path).await.map_err(|_| unreadable())?;
    let mut second = false;
    loop {
        let way = desk.net.content().await?;
        let request = way.http.request(Method::PUT, &format!("/v1/groups/{room}/picture"), Some(&way.bearer));
        let answer = request.body(bytes.clone()).timeout(STALL).send().await;
        let answer = answer.map_err(|error| unreachable_error(&error))?;
        if answer.status().is_success() {
            return Ok(());
        }
        let error = refusal_of(answer).await;
        if second || !Authorized::token_is_void(&error) {
            return Err(error);
        }
        desk.net.forget(&way.bearer).await;
        second = true;
    }
}

/// No picture of a room any more.
pub(super) async fn clear_of_room(desk: &Desk, room: RoomId) -> Result<(), ErrorView> {
    may_change(desk, room).await?;
    let path = format!("/v1/groups/{room}/picture");
    commands::content_call::<()>(desk, Method::DELETE, &path, None).await.map(drop)
}

async fn may_change(desk: &Desk, room: RoomId) -> Result<(), ErrorView> {
    match rooms::role(desk, room).await? {
        Some(role) if !role.manages() => {
            Err(ErrorView::new(ErrorCode::RoleTooLow, "only a manager of the room can change that"))
        }
        Some(_) | None => Ok(()),
    }
}
