//! From nothing to an upgraded socket: token, TCP, TLS with the same certificate rule as HTTP, WebSocket upgrade.

use crate::net::{Net, tls};
use crate::view::ErrorView;
use pod_shared::{ErrorBody, ErrorCode, limits};
use reqwest::Url;
use rustls::pki_types::ServerName;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, http};

/// From the first packet to the upgrade: a server that takes longer is as good as away.
const DIAL_TIMEOUT: Duration = Duration::from_secs(15);

#[cfg(test)]
mod tests;

/// A stream of bytes, plain or not.
pub(super) trait Bytes: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Bytes for T {}

/// The socket.
pub(super) type Stream = WebSocketStream<Box<dyn Bytes>>;

/// Connects.
pub(super) async fn dial(net: &Net) -> Result<Stream, ErrorBody> {
    let authorized = match net.messenger().await {
        Ok(authorized) => authorized,
        // The device's own right is void: another token cannot be had without a person.
        Err(error) if error.code == ErrorCode::Unauthorized => {
            return Err(ErrorBody::new(ErrorCode::SignedOut, error.message));
        }
        Err(error) => return Err(body(error)),
    };
    let endpoint = authorized.http.endpoint().clone();
    let connected = connect(&endpoint.url, endpoint.fingerprint.as_deref(), &authorized.bearer);
    let result = tokio::time::timeout(DIAL_TIMEOUT, connected).await;
    match result {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => {
            if matches!(error.code, ErrorCode::TokenExpired | ErrorCode::Unauthorized) {
                net.forget(&authorized.bearer).await;
                return Err(ErrorBody::new(ErrorCode::TokenExpired, error.message));
            }
            Err(error)
        }
        Err(_) => Err(ErrorBody::new(ErrorCode::Offline, "the server did not answer in time")),
    }
}

async fn connect(url: &str, fingerprint: Option<&str>, bearer: &str) -> Result<Stream, ErrorBody> {
    let bad = || ErrorBody::new(ErrorCode::BadRequest, "the server's address cannot be read");
    let parsed = Url::parse(url).map_err(|_| bad())?;
    let host = parsed.host_str().ok_or_else(bad)?;
    let port = parsed.port_or_known_default().ok_or_else(bad)?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let tcp = TcpStream::connect((bare, port)).await.map_err(|error| unreachable(&error))?;
    // Chat is small frames: each goes out at once.
    tcp.set_nodelay(true).map_err(|error| unreachable(&error))?;
    let stream: Box<dyn Bytes> = if parsed.scheme() == "https" {
        let name = ServerName::try_from(bare.to_owned()).map_err(|_| bad())?;
        let config = Arc::new(tls::config(fingerprint).map_err(body)?);
        let tls = tokio_rustls::TlsConnector::from(config).connect(name, tcp).await;
        Box::new(tls.map_err(|error| unreachable(&error))?)
    } else {
        Box::new(tcp)
    };
    upgrade(stream, host, port, bearer).await
}

async fn upgrade(stream: Box<dyn Bytes>, host: &str, port: u16, bearer: &str) -> Result<Stream, ErrorBody> {
    let request = http::Request::builder()
        .uri(format!("ws://{host}:{port}/v1/socket"))
        .header("Host", format!("{host}:{port}"))
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", tungstenite::handshake::client::generate_key())
        .header("Authorization", format!("Bearer {bearer}"))
        .body(())
        .map_err(|error| ErrorBody::new(ErrorCode::BadRequest, error.to_string()))?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(limits::SERVER_FRAME_BYTES_MAX))
        .max_frame_size(Some(limits::SERVER_FRAME_BYTES_MAX));
    let upgraded = tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await;
    upgraded.map(|(stream, _)| stream).map_err(|error| broken(&error))
}

/// What an error of the socket means.
pub(super) fn broken(error: &tungstenite::Error) -> ErrorBody {
    if let tungstenite::Error::Http(answer) = error {
        let body = answer.body().as_deref().unwrap_or_default();
        return serde_json::from_slice(body).unwrap_or_else(|_| {
            let code = match answer.status().as_u16() {
                401 => ErrorCode::TokenExpired,
                429 => ErrorCode::RateLimited,
                _ => ErrorCode::Unavailable,
            };
            ErrorBody::new(code, format!("the server answered {}", answer.status()))
        });
    }
    unreachable(error)
}

fn unreachable(error: &(dyn std::error::Error + 'static)) -> ErrorBody {
    body(crate::net::http::unreachable_error(error))
}

fn body(error: ErrorView) -> ErrorBody {
    ErrorBody::new(error.code, error.message)
}
