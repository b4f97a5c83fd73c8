//! Pieces of files for who looks into one or plays it where it lies (O15): from this computer if the version is here, else
//! from the content service, a range at a time.
//!
//! A piece is small and whole: no connection waits half read while somebody pauses a film, and each piece is judged anew, so
//! a removed member's next one is refused. A cut only makes one wait: what came of the piece is kept, the rest is asked for
//! again, until nothing came for [`limits::LOOK_PATIENCE_MS`]. Nothing is kept on the disk, nobody is told, and the limits of
//! speed for transfers do not hold: who watches would only see it stop.

use super::{Desk, browse};
use crate::command::{Answer, Command};
use crate::net::{Authorized, Net, refusal_of, unreachable_error};
use crate::view::ErrorView;
use pod_shared::{EntryId, ErrorCode, Retry, limits};
use reqwest::header::{CONTENT_RANGE, RANGE};
use reqwest::{Method, Response, StatusCode};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::Instant;

#[cfg(test)]
mod tests;

/// The pause after the first failure; each next one is twice as long.
const PAUSE: Duration = Duration::from_millis(250);
/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(2);
/// Nothing came for this long: the connection is dead.
const STALL: Duration = Duration::from_secs(15);

/// Which bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// The first.
    pub(super) from: u64,
    /// How many.
    pub(super) bytes: u64,
}

/// A piece of a version of a file.
pub(super) async fn piece(
    desk: &Desk,
    id: EntryId,
    version: u32,
    stretch: Stretch,
) -> Result<Vec<u8>, ErrorView> {
    if stretch.bytes > limits::LOOK_PIECE_BYTES_MAX {
        return Err(ErrorView::new(ErrorCode::TooLarge, "the piece is too long"));
    }
    let entry = browse::open(desk, id).await?;
    if entry.version == version
        && let Answer::Path(Some(path)) = desk.transfers.handle(Command::LocalPath { entry: id }).await?
        && let Some(bytes) = here(path, stretch).await
    {
        return Ok(bytes);
    }
    let path = format!("/v1/entries/{id}/content?version={version}&quiet=true");
    fetch(&desk.net, &path, stretch, Duration::from_millis(limits::LOOK_PATIENCE_MS)).await
}

/// From a file of this computer; nothing: it is another one by now.
async fn here(path: PathBuf, stretch: Stretch) -> Option<Vec<u8>> {
    tokio::task::spawn_blocking(move || read(&path, stretch).ok()).await.ok().flatten()
}

fn read(path: &std::path::Path, Stretch { from, bytes }: Stretch) -> io::Result<Vec<u8>> {
    let mut file = std::fs::File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let mut piece = vec![0; usize::try_from(bytes).unwrap_or_default()];
    file.read_exact(&mut piece)?;
    Ok(piece)
}

/// From the content service; as long as something comes within `patience`, it is waited for.
async fn fetch(net: &Net, path: &str, stretch: Stretch, patience: Duration) -> Result<Vec<u8>, ErrorView> {
    let wanted = usize::try_from(stretch.bytes).unwrap_or_default();
    let mut piece = Vec::with_capacity(wanted);
    let (mut since, mut pause) = (Instant::now(), PAUSE);
    while piece.len() < wanted {
        let before = piece.len();
        let rest = Stretch { from: stretch.from + before as u64, bytes: (wanted - before) as u64 };
        let ended = take(net, path, rest, &mut piece).await;
        if piece.len() > before {
            (since, pause) = (Instant::now(), PAUSE);
        }
        match ended {
            Err(error) if !matches!(error.retry, Retry::Now | Retry::After) => return Err(error),
            Err(error) if since.elapsed() >= patience => return Err(error),
            Err(error) => {
                tracing::debug!(code = %error.code, "a piece waits");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(PAUSE_MAX);
            }
            // Cut after its head: the rest is asked for at once, unless nothing came.
            Ok(()) if piece.len() == before => tokio::time::sleep(pause).await,
            Ok(()) => {}
        }
    }
    Ok(piece)
}

/// One request: what it brings goes behind what is there.
async fn take(net: &Net, path: &str, stretch: Stretch, piece: &mut Vec<u8>) -> Result<(), ErrorView> {
    let mut answer = ask(net, path, stretch).await?;
    let whole = piece.len() + usize::try_from(stretch.bytes).unwrap_or_default();
    loop {
        let came = tokio::time::timeout(STALL, answer.chunk()).await.map_err(|_| slow())?;
        let Some(bytes) = came.map_err(|error| unreachable_error(&error))? else { return Ok(()) };
        if piece.len() + bytes.len() > whole {
            return Err(other());
        }
        piece.extend_from_slice(&bytes);
    }
}

/// Asks for a range, with one more try under another token.
async fn ask(net: &Net, path: &str, Stretch { from, bytes }: Stretch) -> Result<Response, ErrorView> {
    let range = format!("bytes={from}-{}", from.saturating_add(bytes.saturating_sub(1)));
    let mut second = false;
    loop {
        let way = net.content().await?;
        let request = way.http.request(Method::GET, path, Some(&way.bearer)).header(RANGE, &range);
        let sent = tokio::time::timeout(STALL, request.send()).await.map_err(|_| slow())?;
        let answer = sent.map_err(|error| unreachable_error(&error))?;
        match answer.status() {
            StatusCode::PARTIAL_CONTENT if begins_at(&answer, from) => return Ok(answer),
            StatusCode::PARTIAL_CONTENT | StatusCode::OK | StatusCode::RANGE_NOT_SATISFIABLE => {
                return Err(other());
            }
            _ => {}
        }
        let error = refusal_of(answer).await;
        if second || !Authorized::token_is_void(&error) {
            return Err(error);
        }
        net.forget(&way.bearer).await;
        second = true;
    }
}

fn begins_at(answer: &Response, from: u64) -> bool {
    let range = answer.headers().get(CONTENT_RANGE).and_then(|range| range.to_str().ok());
    let first = range.and_then(|range| range.strip_prefix("bytes ")?.split('-').next()?.parse().ok());
    first == Some(from)
}

fn slow() -> ErrorView {
    ErrorView::new(ErrorCode::Offline, "no bytes come")
}

fn other() -> ErrorView {
    ErrorView::new(ErrorCode::FileChanged, "the server has other bytes than were asked for")
}
