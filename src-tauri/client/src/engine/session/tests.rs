//! The session against a messenger of another time: one that knows no sync keys, and one whose answers do not fit.
#![expect(clippy::wildcard_enum_match_arm, reason = "a test picks the one frame it waits for")]

use super::{Line, Out, Said, open};
use crate::cache::Cache;
use crate::command::Secret;
use crate::net::{Endpoint, Net};
use futures_util::{SinkExt, StreamExt};
use pod_shared::auth::TokenAnswer;
use pod_shared::socket::{ClientFrame, ClientHello, ServerFrame, ServerHello};
use pod_shared::sync::{RoomDelta, SyncKey, SyncKind};
use pod_shared::{
    AccountId, ConnectionId, ContentPosition, DeviceId, ErrorCode, Position, RoomId, TimeMs, Txn, capability,
    wire,
};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(20);

type Peer = WebSocketStream<TcpStream>;

struct World {
    _profile: tempfile::TempDir,
    cache: Cache,
    net: Net,
    sockets: mpsc::Receiver<Peer>,
    me: AccountId,
    device: DeviceId,
}

impl World {
    async fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (upgraded, sockets) = mpsc::channel(4);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let upgraded = upgraded.clone();
                tokio::spawn(async move { answer(stream, &upgraded).await });
            }
        });
        let profile = tempfile::tempdir().unwrap();
        let cache = Cache::open(profile.path()).unwrap();
        let net = Net::default();
        net.sign_in(Endpoint { url, fingerprint: None }, Secret("device".into())).unwrap();
        let (me, device) = (AccountId(Uuid::now_v7()), DeviceId(Uuid::now_v7()));
        Self { _profile: profile, cache, net, sockets, me, device }
    }

    /// Connects; gives the server's end, the greeting, and what the session reports.
    async fn connect(&mut self) -> (super::Open, Peer, ClientHello, mpsc::Receiver<(u64, Said)>) {
        let (said, heard) = mpsc::channel(64);
        let (net, cache) = (self.net.clone(), self.cache.clone());
        let open = open(Line { net, cache, me: self.me, device: self.device, said, dial: 1 });
        let mut peer = tokio::time::timeout(PATIENCE, self.sockets.recv()).await.unwrap().unwrap();
        let ClientFrame::Hello(hello) = next(&mut peer).await else { panic!("a greeting first") };
        (open, peer, hello, heard)
    }

    fn key(&self, txn: u64) -> SyncKey {
        SyncKey { epoch: 3, session: session(), device: self.device, txn: Txn(txn) }
    }

    fn hello(&self, capabilities: &[&str]) -> ServerFrame {
        ServerFrame::Hello(ServerHello {
            capabilities: capabilities.iter().map(|name| (*name).to_owned()).collect(),
            server: "old".into(),
            connection: session(),
            account: self.me,
            heartbeat_ms: 20_000,
            now: TimeMs(0),
            content_url: String::new(),
            content_fingerprint: None,
            relay: None,
        })
    }
}

fn session() -> ConnectionId {
    ConnectionId(Uuid::from_u128(7))
}

/// A token for whoever asks, or a socket.
async fn answer(mut stream: TcpStream, upgraded: &mpsc::Sender<Peer>) {
    let mut first = [0; 4];
    if stream.peek(&mut first).await.unwrap() < 4 || &first != b"POST" {
        let peer = tokio_tungstenite::accept_async(stream).await.unwrap();
        return upgraded.send(peer).await.unwrap();
    }
    let mut request = Vec::new();
    while !request.ends_with(b"}") {
        assert!(stream.read_buf(&mut request).await.unwrap() > 0, "a request for a token");
    }
    let token = TokenAnswer {
        token: "token".into(),
        expires_in_s: 300,
        content_url: String::new(),
        content_fingerprint: None,
    };
    let body = serde_json::to_string(&token).unwrap();
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ";
    stream.write_all(format!("{head}{}\r\n\r\n{body}", body.len()).as_bytes()).await.unwrap();
}

async fn next(peer: &mut Peer) -> ClientFrame {
    let message = tokio::time::timeout(PATIENCE, peer.next()).await.unwrap().unwrap().unwrap();
    let Message::Binary(bytes) = message else { panic!("{message:?} is no frame") };
    wire::decode(&bytes).unwrap()
}

async fn put(peer: &mut Peer, frame: &ServerFrame) {
    peer.send(Message::Binary(wire::encode(frame).unwrap().into())).await.unwrap();
}

async fn until<T>(heard: &mut mpsc::Receiver<(u64, Said)>, fits: impl Fn(Said) -> Option<T>) -> T {
    loop {
        let (_, said) = tokio::time::timeout(PATIENCE, heard.recv()).await.unwrap().unwrap();
        if let Some(found) = fits(said) {
            return found;
        }
    }
}

async fn synced(heard: &mut mpsc::Receiver<(u64, Said)>) -> SyncKind {
    until(heard, |said| match said {
        Said::Synced(view, _) => Some(view.kind),
        _ => None,
    })
    .await
}

fn room(title: &str) -> ServerFrame {
    let delta = RoomDelta {
        room: RoomId(Uuid::from_u128(9)),
        txn: Txn(5),
        gone: false,
        title: Some(title.into()),
        created_by: None,
        created_at: None,
        folder: None,
        members: Vec::new(),
        events: Vec::new(),
        gap: false,
        head: Position(0),
        content_at: ContentPosition(0),
        read: None,
        reads: Vec::new(),
        delivered: Vec::new(),
    };
    ServerFrame::SyncPart { rooms: vec![delta] }
}

#[tokio::test]
async fn a_messenger_without_sync_keys_gives_everything_each_time() {
    let mut world = World::new().await;
    let old = world.hello(&[capability::READ_MARKS]);
    for title in ["first", "second"] {
        let (open, mut peer, hello, mut heard) = world.connect().await;
        assert_eq!(hello.key, None, "it gave none to keep");
        let end = ServerFrame::SyncEnd { kind: SyncKind::Full, key: world.key(5) };
        for frame in [&old, &room(title), &end] {
            put(&mut peer, frame).await;
        }
        assert_eq!(synced(&mut heard).await, SyncKind::Full);
        let rooms = world.cache.rooms().await.unwrap();
        assert_eq!(rooms.iter().map(|room| room.title.as_str()).collect::<Vec<_>>(), [title]);
        // What it does not know is not said to it.
        let typing = ClientFrame::Typing { room: RoomId(Uuid::from_u128(9)) };
        assert!(open.send(Out::Frame(typing.clone())));
        assert_eq!(next(&mut peer).await, typing);
    }
}

#[tokio::test]
async fn an_answer_that_does_not_fit_the_key_is_asked_for_anew_once_and_shows_nothing_meanwhile() {
    let mut world = World::new().await;
    world.cache.belong_to(world.me).await.unwrap();
    world.cache.keep(&room("kept")).await.unwrap();
    world.cache.apply_sync(world.me, SyncKind::Full, Some(world.key(50))).await.unwrap();
    let all = world.hello(capability::ALL);

    let (_open, mut peer, hello, mut heard) = world.connect().await;
    assert_eq!(hello.key, Some(world.key(50)));
    let set_back = ServerFrame::SyncEnd { kind: SyncKind::Delta, key: world.key(20) };
    for frame in [&all, &room("of another time"), &set_back] {
        put(&mut peer, frame).await;
    }
    let reason = until(&mut heard, |said| match said {
        Said::Closed(reason) => Some(reason.code),
        _ => None,
    })
    .await;
    assert_eq!(reason, ErrorCode::UnsupportedVersion);
    assert_eq!(world.cache.rooms().await.unwrap()[0].title, "kept");

    let (_open, mut peer, hello, mut heard) = world.connect().await;
    assert_eq!(hello.key, None, "the key that did not fit is gone");
    let end = ServerFrame::SyncEnd { kind: SyncKind::Full, key: world.key(20) };
    for frame in [&all, &room("as it is"), &end] {
        put(&mut peer, frame).await;
    }
    assert_eq!(synced(&mut heard).await, SyncKind::Full);
    assert_eq!(next(&mut peer).await, ClientFrame::Applied { txn: Txn(20) });
    assert_eq!(world.cache.belong_to(world.me).await.unwrap(), Some(world.key(20)));
}
