//! Plays films and sounds where they lie in the folder, without fetching them first (O15).
//!
//! WebKitGTK hands media to GStreamer, whose source reads `http:` and nothing of ours, so the page is given an address on
//! this computer: a listener on 127.0.0.1, at a port that the content policy of the pages names, and a ticket of 32 random
//! bytes for one file, one version and one window. It answers GET of ranges with bytes that come piece by piece through the
//! pod, as somebody takes them, so that only what is watched is fetched and nothing is kept. It refuses every other
//! page, path and method, whoever has no ticket, and everybody when the window is gone.
//!
//! `tickets` is who may play what, `door` the connections, `span` the ranges.

mod door;
mod span;
#[cfg(test)]
mod tests;
mod tickets;

pub(crate) use tickets::Film;

use pod_client::view::ErrorView;
use pod_shared::EntryId;
use serde::Serialize;
use std::{
    future::Future,
    io,
    net::{Ipv4Addr, TcpListener},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tickets::Tickets;

/// A piece of a file: which, from where, how many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) entry: EntryId,
    pub(crate) version: u32,
    pub(crate) from: u64,
    pub(crate) bytes: u64,
}

type Coming = Pin<Box<dyn Future<Output = Result<Vec<u8>, ErrorView>> + Send>>;

/// Where pieces come from: the pod.
pub(crate) type Source = Arc<dyn Fn(Piece) -> Coming + Send + Sync>;

/// What the page plays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Playing {
    /// By which it is ended.
    number: u64,
    /// For `<video>` and `<audio>`.
    url: String,
}

/// How it goes.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Standing {
    /// Bytes that were fetched for it.
    fetched: u64,
    /// Why nothing comes; nothing: what came cannot be played, or all is well.
    error: Option<ErrorView>,
}

/// The listener and its tickets.
pub(crate) struct Player {
    /// Waits for the first film.
    listener: Mutex<Option<TcpListener>>,
    shared: Option<Arc<Shared>>,
}

struct Shared {
    /// Host and port, as a request must name them.
    authority: String,
    tickets: Mutex<Tickets>,
}

impl Shared {
    fn tickets(&self) -> MutexGuard<'_, Tickets> {
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Player {
    /// Takes a port of this computer that nobody else can reach.
    pub(crate) fn bind() -> Self {
        match listen() {
            Ok((listener, authority)) => Self {
                listener: Mutex::new(Some(listener)),
                shared: Some(Arc::new(Shared { authority, tickets: Mutex::default() })),
            },
            Err(error) => {
                tracing::warn!(%error, "nothing can be played from the folder");
                Self { listener: Mutex::new(None), shared: None }
            }
        }
    }

    /// What pages may play from: for their content policy.
    pub(crate) fn origin(&self) -> String {
        self.shared
            .as_ref()
            .map_or_else(|| "'none'".to_owned(), |shared| format!("http://{}", shared.authority))
    }

    /// A ticket for a window; nothing: there is no port.
    pub(crate) fn begin(&self, window: &str, film: Film, source: Source) -> Option<Playing> {
        let shared = self.shared.as_ref()?;
        self.open(shared);
        let (number, token) = shared.tickets().sell(window, film, source);
        Some(Playing { number, url: format!("http://{}/{token}", shared.authority) })
    }

    /// How one goes; nothing: it has ended.
    pub(crate) fn standing(&self, window: &str, number: u64) -> Option<Standing> {
        let ticket = self.shared.as_ref()?.tickets().of(window, number)?;
        Some(Standing { fetched: ticket.fetched(), error: ticket.failed() })
    }

    /// Ends one, or all of a window.
    pub(crate) fn end(&self, window: &str, number: Option<u64>) {
        if let Some(shared) = &self.shared {
            shared.tickets().end(window, number);
        }
    }

    /// The first film opens the door.
    fn open(&self, shared: &Arc<Shared>) {
        let waiting = self.listener.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(listener) = waiting {
            tauri::async_runtime::spawn(door::serve(listener, Arc::clone(shared)));
        }
    }
}

fn listen() -> io::Result<(TcpListener, String)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let authority = listener.local_addr()?.to_string();
    Ok((listener, authority))
}

/// The kind of content of a film or sound, by the ending of its name: a closed list, and what is played is told by its bytes.
pub(crate) fn mime(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "mkv" => "video/x-matroska",
        "mov" => "video/quicktime",
        "ogv" => "video/ogg",
        "avi" => "video/x-msvideo",
        "mpg" | "mpeg" => "video/mpeg",
        "3gp" => "video/3gpp",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "aac" => "audio/aac",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "flac" => "audio/flac",
        "wav" => "audio/wav",
        _ => "application/octet-stream",
    }
}
