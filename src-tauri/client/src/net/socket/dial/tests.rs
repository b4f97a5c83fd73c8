//! What a server may send.

use super::upgrade;
use crate::net::socket::{Came, Socket};
use futures_util::SinkExt;
use pod_shared::ErrorCode;
use pod_shared::limits::SERVER_FRAME_BYTES_MAX;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

async fn connected() -> (Socket, WebSocketStream<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let dial = async {
        let stream = Box::new(TcpStream::connect(address).await.unwrap());
        upgrade(stream, "127.0.0.1", address.port(), "token").await.unwrap()
    };
    let accept = async {
        let (stream, _) = listener.accept().await.unwrap();
        tokio_tungstenite::accept_async(stream).await.unwrap()
    };
    let (stream, server) = tokio::join!(dial, accept);
    (Socket { stream }, server)
}

#[tokio::test]
async fn a_frame_of_the_server_over_the_limit_ends_the_connection_unread() {
    let (mut socket, mut server) = connected().await;
    for (bytes, fits) in [(SERVER_FRAME_BYTES_MAX, true), (SERVER_FRAME_BYTES_MAX + 1, false)] {
        let send = async {
            // Fails when the other side refuses to read on.
            let _ = server.send(Message::Binary(vec![7; bytes].into())).await;
            std::future::pending::<()>().await;
        };
        let came = tokio::select! {
            came = socket.next() => came,
            () = send => unreachable!(),
        };
        match came {
            Ok(Came::Frame(frame)) => assert!(fits && frame.len() == bytes),
            Ok(Came::Alive) => panic!("no frame"),
            Err(error) => assert_eq!((fits, error.code), (false, ErrorCode::Offline)),
        }
    }
}
