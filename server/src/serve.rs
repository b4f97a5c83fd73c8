//! The door: accepts connections within their limits, speaks TLS where asked, hands requests to the router, and closes
//! in order when the server stops.

use crate::auth::{Origin, OriginPlace};
use crate::config::Proxy;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use pod_shared::limits::{CONNECTIONS_MAX, HTTP_HEADERS_BYTES_MAX, HTTP_HEADERS_MS_MAX, HTTP_STALL_MS_MAX};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

#[cfg(test)]
mod tests;
mod watched;

use watched::Watched;

/// Time that open connections get to end when the server stops.
const FAREWELL_MAX: Duration = Duration::from_secs(5);
/// Pause when the system has no room for another connection.
const NO_ROOM: Duration = Duration::from_millis(50);
/// Bytes read from a connection at once, at most.
const READ_BYTES: usize = 128 * 1024;
/// Requests have few headers.
const HEADERS_COUNT_MAX: usize = 64;

/// What the accept loop needs.
pub struct Door {
    /// Already bound.
    pub listener: TcpListener,
    /// Speaks TLS when given.
    pub tls: Option<TlsAcceptor>,
    /// The paths.
    pub router: Router,
    /// Who stands before the server.
    pub proxy: Proxy,
    /// Cancelled when the server stops.
    pub stopping: CancellationToken,
    /// How many connections, and how patient.
    pub patience: Patience,
}

/// The limits of connections; the default but in tests.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Connections at once; more wait at the door.
    pub connections_max: usize,
    /// Time for TLS and for the headers of a request.
    pub headers: Duration,
    /// Silence after which a connection is cut. A socket's heartbeat is more frequent.
    pub stall: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connections_max: CONNECTIONS_MAX,
            headers: Duration::from_millis(HTTP_HEADERS_MS_MAX),
            stall: Duration::from_millis(HTTP_STALL_MS_MAX),
        }
    }
}

impl Door {
    /// With the usual limits.
    #[must_use]
    pub fn new(listener: TcpListener, router: Router, stopping: CancellationToken) -> Self {
        Self { listener, tls: None, router, proxy: Proxy::None, stopping, patience: Patience::default() }
    }

    /// Serves until the server stops and its connections have ended, or their time is over.
    pub async fn serve(self) {
        let Patience { connections_max, headers, stall } = self.patience;
        let permits = Arc::new(Semaphore::new(connections_max));
        let room = Arc::new(Room {
            tls: self.tls,
            router: self.router,
            proxy: self.proxy,
            stopping: self.stopping,
            headers,
        });
        while let Some((stream, peer)) = accept(&self.listener, &permits, stall, &room.stopping).await {
            let room = Arc::clone(&room);
            tokio::spawn(async move { room.receive(stream, peer).await });
        }
        drop(self.listener);
        let all = u32::try_from(connections_max).unwrap_or(u32::MAX);
        _ = tokio::time::timeout(FAREWELL_MAX, permits.acquire_many(all)).await;
    }
}

/// The next connection, once there is room for it; nothing when the server stops.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
    stall: Duration,
    stopping: &CancellationToken,
) -> Option<(Watched<TcpStream>, SocketAddr)> {
    let next = async {
        let permit = Arc::clone(permits).acquire_owned().await.ok()?;
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => {
                    // Small frames go out at once; a socket that cannot is served all the same.
                    _ = stream.set_nodelay(true);
                    return Some((Watched::new(stream, permit, stall), peer));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(NO_ROOM).await;
                }
            }
        }
    };
    tokio::select! {
        () = stopping.cancelled() => None,
        next = next => next,
    }
}

struct Room {
    tls: Option<TlsAcceptor>,
    router: Router,
    proxy: Proxy,
    stopping: CancellationToken,
    headers: Duration,
}

impl Room {
    async fn receive(&self, stream: Watched<TcpStream>, peer: SocketAddr) {
        let Some(tls) = &self.tls else { return self.talk(stream, peer).await };
        match tokio::time::timeout(self.headers, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.talk(stream, peer).await,
            Ok(Err(error)) => tracing::debug!(%error, "no TLS"),
            Err(_) => tracing::debug!("TLS took too long"),
        }
    }

    async fn talk<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(&self, stream: S, peer: SocketAddr) {
        let service = service_fn(|mut request: hyper::Request<Incoming>| {
            let origin = origin(peer.ip(), self.proxy, request.headers());
            request.extensions_mut().insert(origin);
            self.router.clone().oneshot(request.map(Body::new))
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.headers)
            .max_header_size(HTTP_HEADERS_BYTES_MAX)
            .max_headers(HEADERS_COUNT_MAX)
            .max_buf_size(READ_BYTES)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.stopping.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}

/// Whose request it is, as far as the network tells. Behind a proxy all come from its address, so nobody is "here";
/// nor is a web page open in a browser of this computer, which may ask in the name of whoever wrote it.
fn origin(peer: IpAddr, proxy: Proxy, headers: &HeaderMap) -> Origin {
    let peer = peer.to_canonical();
    match proxy {
        Proxy::None => {
            let is_here = peer.is_loopback() && !headers.contains_key(header::ORIGIN);
            Origin { address: peer, place: if is_here { OriginPlace::Here } else { OriginPlace::Elsewhere } }
        }
        Proxy::Trusted => {
            // The last one of the last line was written by our own proxy; those before may be invented.
            let named =
                headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
            let last = named.and_then(|list| list.rsplit(',').next()).and_then(|ip| ip.trim().parse().ok());
            Origin { address: last.unwrap_or(peer), place: OriginPlace::Elsewhere }
        }
    }
}
