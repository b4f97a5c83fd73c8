//! A messenger, or a pod, of before some capability: a way between two of today that takes its name out of both greetings, and
//! what rests on it. All else passes as it is.

use futures_util::{SinkExt, StreamExt};
use pod_shared::capability;
use pod_shared::socket::{ClientFrame, ServerFrame};
use pod_shared::wire::{self, Decoded};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderValue, header::AUTHORIZATION};

/// What begins every request for a socket.
const SOCKET: &[u8] = b"GET /v1/socket";
const SOCKET_BYTES: usize = SOCKET.len();

/// Who is of before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Old {
    /// The server: what it can do is told without the capability, and it reads no greeting that rests on it.
    Server,
    /// The pod: its greeting does not say it.
    Pod,
}

/// The way; its connections end with it.
#[derive(Debug)]
pub struct Elder {
    address: SocketAddr,
    accept: JoinHandle<()>,
}

impl Drop for Elder {
    fn drop(&mut self) {
        self.accept.abort();
    }
}

impl Elder {
    /// Leads to the server there, and knows none of these capabilities on this side.
    pub async fn start(old: Old, unknown: &[&str], server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let unknown: Arc<[String]> = unknown.iter().map(ToString::to_string).collect();
        let accept = tokio::spawn(async move {
            let mut lines = tokio::task::JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let unknown = Arc::clone(&unknown);
                lines.spawn(async move { carry(old, &unknown, client, server).await });
            }
        });
        Self { address, accept }
    }

    /// Where clients go.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// One connection, until either side ends it.
async fn carry(old: Old, unknown: &[String], mut client: TcpStream, server: SocketAddr) -> Option<()> {
    let mut first = [0; SOCKET_BYTES];
    while let read @ ..SOCKET_BYTES = client.peek(&mut first).await.ok()? {
        // A client that closed says no more.
        if read == 0 {
            return None;
        }
        client.readable().await.ok()?;
    }
    if first != SOCKET {
        let mut server = TcpStream::connect(server).await.ok()?;
        tokio::io::copy_bidirectional(&mut client, &mut server).await.ok()?;
        return None;
    }
    let mut bearer = None;
    #[expect(clippy::result_large_err, reason = "the library wants this type")]
    let look = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        bearer = request.headers().get(AUTHORIZATION).cloned();
        Ok(response)
    };
    let mut pod = tokio_tungstenite::accept_hdr_async(client, look).await.ok()?;
    let mut request = format!("ws://{server}/v1/socket").into_client_request().ok()?;
    request.headers_mut().insert(AUTHORIZATION, bearer.unwrap_or_else(|| HeaderValue::from_static("")));
    let stream = TcpStream::connect(server).await.ok()?;
    let (mut messenger, _) = tokio_tungstenite::client_async(request, stream).await.ok()?;
    loop {
        tokio::select! {
            said = pod.next() => {
                let said = said?.ok()?;
                match up(old, unknown, &said) {
                    Some(said) => messenger.send(said).await.ok()?,
                    None => pod.send(not_understood()?).await.ok()?,
                }
            }
            said = messenger.next() => pod.send(down(old, unknown, said?.ok()?)).await.ok()?,
        }
    }
}

/// What the messenger is told; nothing: it is older than what was said.
fn up(old: Old, unknown: &[String], said: &Message) -> Option<Message> {
    let Message::Binary(bytes) = said else { return Some(said.clone()) };
    match (wire::decode_frame(bytes), old) {
        (Ok(Decoded::Known(ClientFrame::Again(_))), Old::Server) => None,
        (Ok(Decoded::Known(ClientFrame::Again(mut again))), Old::Pod) => {
            again.capabilities &= !capability::bits(unknown);
            binary(&ClientFrame::Again(again))
        }
        (Ok(Decoded::Known(ClientFrame::Hello(mut hello))), _) => {
            hello.capabilities.retain(|name| !unknown.contains(name));
            binary(&ClientFrame::Hello(hello))
        }
        _ => Some(said.clone()),
    }
}

/// What the pod is told.
fn down(old: Old, unknown: &[String], said: Message) -> Message {
    if let (Old::Server, Message::Binary(bytes)) = (old, &said)
        && let Ok(Decoded::Known(ServerFrame::Hello(mut hello))) = wire::decode_frame(bytes)
    {
        hello.capabilities.retain(|name| !unknown.contains(name));
        return binary(&ServerFrame::Hello(hello)).unwrap_or(said);
    }
    said
}

fn not_understood() -> Option<Message> {
    let error =
        pod_shared::ErrorBody::new(pod_shared::ErrorCode::BadRequest, "the first frame is the greeting");
    binary(&ServerFrame::Bye { error })
}

fn binary(frame: &impl serde::Serialize) -> Option<Message> {
    wire::encode(frame).ok().map(Message::binary)
}
