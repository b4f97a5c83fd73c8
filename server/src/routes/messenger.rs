//! The socket of the messenger: the WebSocket upgrade, by hand, so that each connection keeps only small buffers.

use super::bearer::bearer;
use crate::error::Refusal;
use crate::messenger::Messenger;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use pod_shared::ErrorCode;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// Becomes a WebSocket for the caller of the bearer token.
pub(crate) async fn open(
    State(messenger): State<Messenger>,
    mut request: Request,
) -> Result<Response, Refusal> {
    let headers = request.headers();
    let caller = messenger.admit(bearer(headers))?;
    let accept = accept_key(headers)?;
    let seat = messenger.take_seat(&caller)?;
    messenger.serve(caller, seat, hyper::upgrade::on(&mut request));
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    Ok(response)
}

/// The answer to the key of a WebSocket handshake (RFC 6455, 4.2).
fn accept_key(headers: &HeaderMap) -> Result<HeaderValue, Refusal> {
    let refused = || Refusal::new(ErrorCode::BadRequest, "this path speaks WebSocket");
    if !says(headers, header::CONNECTION, "upgrade") || !says(headers, header::UPGRADE, "websocket") {
        return Err(refused());
    }
    if !says(headers, header::SEC_WEBSOCKET_VERSION, "13") {
        return Err(Refusal::new(ErrorCode::UnsupportedVersion, "this server speaks WebSocket version 13"));
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY).ok_or_else(refused)?;
    HeaderValue::try_from(derive_accept_key(key.as_bytes())).map_err(|_| refused())
}

/// Whether a header's comma-separated list holds the word.
fn says(headers: &HeaderMap, name: HeaderName, word: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|part| part.trim().eq_ignore_ascii_case(word))
}
