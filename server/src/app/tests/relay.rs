//! Where the relay is, as devices are told: beside the server, by the same certificate, and nowhere when it cannot be
//! reached.

use super::{Audience, Settings, TestServer, TlsMode, settings, socket, tempdir};
use crate::app::{StartError, free_port, start};
use crate::config::{Config, RelaySwitch};
use futures_util::{SinkExt, StreamExt};
use pod_shared::offer::RelayInfo;
use pod_shared::socket::{ClientFrame, ClientHello, ServerFrame};
use pod_shared::{DeviceId, capability, wire};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

fn told(server: &TestServer) -> Option<RelayInfo> {
    server.running.about.relay(DeviceId(Uuid::now_v7()))
}

fn port(relay: &RelayInfo) -> u16 {
    relay.url.rsplit_once(':').unwrap().1.parse().unwrap()
}

#[tokio::test]
async fn a_device_is_told_where_the_relay_is_and_gets_a_pass_of_its_own() {
    let dir = tempdir().unwrap();
    let server = TestServer::start(dir.path()).await;
    let ann = server.sign_up("Ann", None).await.unwrap();
    let mut socket = socket(&server, &ann.device_token).await;
    let token = server.token(&ann.device_token, Audience::Messenger).await.unwrap().token;
    let claims: serde_json::Value = {
        use base64::Engine;
        let part = token.split('.').nth(1).unwrap();
        serde_json::from_slice(&base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    };
    let device: DeviceId = claims["device"].as_str().unwrap().parse().unwrap();
    let capabilities = vec![capability::OFFERS.to_owned()];
    let hello = ClientHello { capabilities, client: "test".into(), device, key: None };
    let hello = wire::encode(&ClientFrame::Hello(hello)).unwrap();
    socket.send(Message::Binary(hello.into())).await.unwrap();
    let Some(Ok(Message::Binary(bytes))) = socket.next().await else { panic!("a greeting") };
    let ServerFrame::Hello(hello) = wire::decode(&bytes).unwrap() else { panic!("a greeting") };
    let relay = hello.relay.unwrap();
    assert_eq!(Some(&relay), server.running.about.relay(device).as_ref());
    assert_ne!(relay.token, told(&server).unwrap().token, "another device has another pass");
    assert!(relay.url.starts_with("http://127.0.0.1:") && relay.fingerprint.is_none(), "{relay:?}");
    TcpStream::connect((Ipv4Addr::LOCALHOST, port(&relay))).unwrap();
    let at = port(&relay);
    server.running.stop().await;
    assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, at)).is_err(), "it ends with the server");
}

#[tokio::test]
async fn with_tls_the_relay_has_the_certificate_of_the_server() {
    let dir = tempdir().unwrap();
    let server = TestServer::with(Settings { tls: Some(TlsMode::On), ..settings(dir.path()) }).await;
    let relay = told(&server).unwrap();
    assert!(relay.url.starts_with("https://127.0.0.1:"), "{relay:?}");
    assert_eq!(relay.fingerprint, server.running.first_line.fingerprint);
}

#[tokio::test]
async fn a_name_of_the_server_is_that_of_its_relay_too() {
    let dir = tempdir().unwrap();
    let public_url = Some("http://pod.example:7600".to_owned());
    let server = TestServer::with(Settings { public_url, ..settings(dir.path()) }).await;
    assert!(told(&server).unwrap().url.starts_with("http://pod.example:"));
}

#[tokio::test]
async fn there_is_no_relay_where_nobody_wants_or_could_reach_one() {
    for without in [
        Settings { relay: Some(RelaySwitch::Off), ..Settings::default() },
        Settings { behind_proxy: Some(true), ..Settings::default() },
    ] {
        let dir = tempdir().unwrap();
        let server = TestServer::with(settings(dir.path()).or(without)).await;
        assert_eq!(told(&server), None);
    }
}

#[tokio::test]
async fn the_relay_stands_where_the_operator_says_or_the_server_does_not_start() {
    let dir = tempdir().unwrap();
    let free = free_port(Ipv4Addr::LOCALHOST.into()).unwrap();
    let at = |port| Settings { relay_listen: Some(format!("127.0.0.1:{port}")), ..settings(dir.path()) };
    let server = TestServer::with(at(free)).await;
    assert_eq!(port(&told(&server).unwrap()), free);
    server.running.stop().await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let refused = start(Config::resolve(at(taken.local_addr().unwrap().port())).unwrap()).await;
    assert!(matches!(refused, Err(StartError::Io("relay", _))));
    let server = TestServer::with(at(0)).await;
    assert_ne!(port(&told(&server).unwrap()), 0);
}
