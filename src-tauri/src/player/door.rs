//! The connections on which films are played: each carries one request and is judged by itself.

use super::{
    Piece, Shared,
    span::{self, Asked, Span},
    tickets::Ticket,
};
use crate::windows;
use bytes::Bytes;
use futures_util::stream;
use http_body_util::{StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Frame, Incoming},
    header::{self, HeaderMap, HeaderName},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use pod_client::view::ErrorView;
use pod_shared::{ErrorCode, Retry, limits};
use std::{convert::Infallible, io, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};

/// Connections at once; more wait.
const CONNECTIONS_MAX: usize = 24;
/// A connection that does not say what it wants for this long is closed.
const ASKS_WITHIN: Duration = Duration::from_secs(10);
/// What is read of a request at most, in bytes.
const REQUEST_BYTES_MAX: usize = 16 * 1024;
/// The first piece of an answer: a player often looks at a few bytes and goes elsewhere. Each next one is twice as long.
const FIRST_BYTES: u64 = 128 * 1024;
/// So much of an answer comes as fast as it can; then it comes at a pace at which a player that has enough can say so, before
/// much more than it wanted is on its way.
const HURRY_BYTES: u64 = 2 * 1024 * 1024;
/// The pace, in bytes a second: more than any film needs.
const PACE: u64 = 20 * 1024 * 1024;
/// A listener that cannot take a connection tries again after this.
const BREATH: Duration = Duration::from_millis(200);

type Answer = Response<UnsyncBoxBody<Bytes, io::Error>>;

/// Takes connections for as long as the program runs.
pub(super) async fn serve(listener: std::net::TcpListener, shared: Arc<Shared>) {
    let listener = match TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => return tracing::warn!(%error, "nothing can be played from the folder"),
    };
    let turns = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    while let Ok(turn) = Arc::clone(&turns).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(talk(stream, Arc::clone(&shared), turn));
            }
            Err(error) => {
                tracing::debug!(%error, "a connection could not be taken");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

async fn talk(stream: TcpStream, shared: Arc<Shared>, turn: OwnedSemaphorePermit) {
    let service = service_fn(|request: Request<Incoming>| {
        let shared = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(answer(&shared, &request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(ASKS_WITHIN)
        .max_buf_size(REQUEST_BYTES_MAX)
        // The next range has a connection of its own.
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a player went away");
    }
    drop(turn);
}

/// Judges a request and answers it.
pub(super) async fn answer<B>(shared: &Shared, request: &Request<B>) -> Answer {
    if let Err(refusal) = judge(request, &shared.authority) {
        return plain(refusal, &[]);
    }
    let token = request.uri().path().strip_prefix('/').unwrap_or_default();
    let Some(ticket) = shared.tickets().find(token) else { return plain(StatusCode::NOT_FOUND, &[]) };
    let size = ticket.film.size;
    let about = |span: Span| (header::CONTENT_RANGE, format!("bytes {}-{}/{size}", span.from, span.to - 1));
    match span::read(text(request.headers(), &header::RANGE), size) {
        Asked::Whole => play(ticket, Span { from: 0, to: size }, StatusCode::OK, None).await,
        Asked::Part(span) => play(ticket, span, StatusCode::PARTIAL_CONTENT, Some(about(span))).await,
        Asked::Beyond => {
            plain(StatusCode::RANGE_NOT_SATISFIABLE, &[(header::CONTENT_RANGE, format!("bytes */{size}"))])
        }
    }
}

/// What is asked how, by whom, of whom: before anybody looks which film it is.
fn judge<B>(request: &Request<B>, authority: &str) -> Result<(), StatusCode> {
    if request.method() != Method::GET {
        return Err(StatusCode::METHOD_NOT_ALLOWED);
    }
    let headers = request.headers();
    // A name that somebody lets point here is not our address.
    if text(headers, &header::HOST) != Some(authority) || request.uri().authority().is_some() {
        return Err(StatusCode::FORBIDDEN);
    }
    if headers.contains_key(header::ORIGIN) {
        let own = text(headers, &header::ORIGIN).is_some_and(windows::is_own_origin);
        if !own {
            return Err(StatusCode::FORBIDDEN);
        }
    }
    let dest = text(headers, &HeaderName::from_static("sec-fetch-dest"));
    if !dest.is_none_or(|dest| matches!(dest, "audio" | "video")) || request.uri().query().is_some() {
        return Err(StatusCode::FORBIDDEN);
    }
    Ok(())
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The bytes of a span, the first of which are there when the answer begins.
async fn play(
    ticket: Arc<Ticket>,
    span: Span,
    status: StatusCode,
    range: Option<(HeaderName, String)>,
) -> Answer {
    let mut about = vec![
        (header::CONTENT_TYPE, ticket.film.mime.to_owned()),
        (header::CONTENT_LENGTH, (span.to - span.from).to_string()),
    ];
    about.extend(range);
    let mut flow =
        Flow { ticket, from: span.from, at: span.from, to: span.to, bytes: FIRST_BYTES, first: None };
    match flow.fetch().await {
        Ok(piece) => flow.first = Some(piece),
        Err(error) => return plain(status_of(error.code.retry()), &[]),
    }
    let frames = stream::unfold(flow, async |mut flow| {
        let next = flow.next().await?;
        Some((next.map(|piece| Frame::data(Bytes::from(piece))), flow))
    });
    built(status, &about, UnsyncBoxBody::new(StreamBody::new(frames)))
}

fn status_of(retry: Retry) -> StatusCode {
    match retry {
        Retry::Now | Retry::After => StatusCode::SERVICE_UNAVAILABLE,
        Retry::OnChange | Retry::Never => StatusCode::FORBIDDEN,
    }
}

/// An answer on its way; the next piece is fetched when the one before is taken.
struct Flow {
    ticket: Arc<Ticket>,
    from: u64,
    at: u64,
    to: u64,
    bytes: u64,
    first: Option<Vec<u8>>,
}

impl Flow {
    async fn next(&mut self) -> Option<io::Result<Vec<u8>>> {
        let piece = match self.first.take() {
            Some(piece) => Ok(piece),
            None if self.at >= self.to => return None,
            None => {
                if self.at - self.from > HURRY_BYTES {
                    tokio::time::sleep(Duration::from_millis(self.bytes * 1000 / PACE)).await;
                }
                self.fetch().await
            }
        };
        Some(piece.map_err(|error| {
            // Nothing is asked for behind it.
            self.at = self.to;
            io::Error::other(error.code.to_string())
        }))
    }

    async fn fetch(&mut self) -> Result<Vec<u8>, ErrorView> {
        let ticket = &self.ticket;
        if ticket.is_over() {
            return Err(crate::engine::refused(ErrorCode::Gone, "it is played no more"));
        }
        let bytes = self.bytes.min(self.to - self.at);
        let piece = Piece { entry: ticket.film.entry, version: ticket.film.version, from: self.at, bytes };
        let came = (ticket.source)(piece).await;
        match &came {
            Ok(piece) => ticket.came(piece.len()),
            Err(error) => ticket.fails(error.clone()),
        }
        self.at += bytes;
        self.bytes = (self.bytes * 2).min(limits::LOOK_PIECE_BYTES_MAX);
        came
    }
}

fn plain(status: StatusCode, about: &[(HeaderName, String)]) -> Answer {
    built(status, about, UnsyncBoxBody::default())
}

/// No page may read it, only play it: no header lets one in.
fn built(
    status: StatusCode,
    about: &[(HeaderName, String)],
    body: UnsyncBoxBody<Bytes, io::Error>,
) -> Answer {
    let mut builder = Response::builder()
        .status(status)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::ACCEPT_RANGES, "bytes");
    for (name, value) in about {
        builder = builder.header(name, value);
    }
    // Fixed names and numbers always build.
    builder.body(body).unwrap_or_default()
}
