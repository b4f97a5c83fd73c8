//! The relay as devices meet it: who gets in, that two of them hear each other, and how little it carries.

use super::{Admission, Relay};
use crate::about::Passes;
use crate::access::{Access, now_s};
use crate::config::Tls;
use crate::tls::{self, Identity};
use futures_util::{SinkExt, StreamExt};
use iroh_base::{RelayUrl, SecretKey};
use iroh_dns::dns::DnsResolver;
use iroh_relay::client::{Client, ClientBuilder};
use iroh_relay::protos::relay::{ClientToRelayMsg, RelayToClientMsg};
use iroh_relay::tls::CaTlsConfig;
use pod_shared::DeviceId;
use pod_shared::interlock::Revocation;
use pod_shared::limits::{
    RELAY_BURST_BYTES_MAX, RELAY_BYTES_PER_SECOND_MAX, RELAY_CONNECTIONS_MAX,
    RELAY_CONNECTIONS_PER_DEVICE_MAX,
};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Longer than anything here takes; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

struct World {
    address: SocketAddr,
    identity: Option<Identity>,
    passes: Passes,
    here: Arc<Mutex<HashSet<DeviceId>>>,
    access: Access,
    stopping: CancellationToken,
    _dir: tempfile::TempDir,
}

impl World {
    async fn open(tls: Tls) -> Self {
        tls::install_provider();
        let dir = tempfile::tempdir().unwrap();
        let identity = tls::identity(&tls, dir.path(), &["127.0.0.1".to_owned()]).unwrap();
        let (passes, access) = (Passes::default(), Access::local());
        let here = Arc::<Mutex<HashSet<DeviceId>>>::default();
        let asked = Arc::clone(&here);
        let admission = Admission {
            passes: passes.clone(),
            here: Arc::new(move |device| asked.lock().unwrap().contains(&device)),
            access: access.clone(),
        };
        let port = crate::app::free_port([127, 0, 0, 1].into()).unwrap();
        let relay = Relay::open(([127, 0, 0, 1], port).into(), identity.as_ref(), admission).await.unwrap();
        let (address, stopping) = (relay.address, CancellationToken::new());
        tokio::spawn(relay.watch(stopping.clone()));
        Self { address, identity, passes, here, access, stopping, _dir: dir }
    }

    /// A device that is connected to the messenger.
    fn device(&self) -> DeviceId {
        let device = DeviceId(Uuid::now_v7());
        self.here.lock().unwrap().insert(device);
        device
    }

    /// A connection with this pass; nothing: it is refused.
    async fn connect(&self, key: u8, pass: Option<&str>) -> Option<Client> {
        let scheme = if self.identity.is_some() { "https" } else { "http" };
        let url: RelayUrl = format!("{scheme}://{}", self.address).parse().unwrap();
        let fingerprint = self.identity.as_ref().map(|identity| identity.fingerprint.clone());
        let pinned = CaTlsConfig::custom_server_cert_verifier(Arc::new(move |_| {
            Ok(tls::pinning(fingerprint.as_deref().unwrap_or_default()))
        }));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientBuilder::new(url, SecretKey::from_bytes(&[key; 32]), DnsResolver::new())
            .tls_client_config(pinned.client_config(provider).unwrap());
        let builder = match pass {
            Some(pass) => builder.auth_token(pass),
            None => builder,
        };
        tokio::time::timeout(PATIENCE, builder.connect()).await.unwrap().ok()
    }

    async fn guest(&self, key: u8, device: DeviceId) -> Option<Client> {
        self.connect(key, Some(&self.passes.of(device))).await
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stopping.cancel();
    }
}

fn datagrams(to: u8, bytes: &[u8]) -> ClientToRelayMsg {
    let dst_endpoint_id = SecretKey::from_bytes(&[to; 32]).public();
    ClientToRelayMsg::Datagrams { dst_endpoint_id, datagrams: bytes.into() }
}

/// The next bytes that came from another; nothing: the connection ended.
async fn heard(client: &mut Client) -> Option<Vec<u8>> {
    loop {
        match tokio::time::timeout(PATIENCE, client.next()).await.unwrap() {
            Some(Ok(RelayToClientMsg::Datagrams { datagrams, .. })) => {
                return Some(datagrams.contents.to_vec());
            }
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return None,
        }
    }
}

#[tokio::test]
async fn two_devices_with_passes_hear_each_other_plain_and_over_tls() {
    for tls in [Tls::Plain, Tls::SelfMade] {
        let world = World::open(tls).await;
        let mut one = world.guest(1, world.device()).await.unwrap();
        let mut two = world.guest(2, world.device()).await.unwrap();
        one.send(datagrams(2, b"hello")).await.unwrap();
        assert_eq!(heard(&mut two).await.unwrap(), b"hello");
        two.send(datagrams(1, b"hello yourself")).await.unwrap();
        assert_eq!(heard(&mut one).await.unwrap(), b"hello yourself");
    }
}

#[tokio::test]
async fn devices_learn_how_they_are_seen_on_the_udp_port_of_the_same_number() {
    for (tls, answered) in [(Tls::Plain, false), (Tls::SelfMade, true)] {
        let world = World::open(tls).await;
        let taken = std::net::UdpSocket::bind(world.address).is_err();
        assert_eq!(taken, answered, "only TLS makes that possible");
    }
}

#[tokio::test]
async fn nobody_is_let_in_without_a_pass_of_a_device_that_is_connected() {
    let world = World::open(Tls::Plain).await;
    let device = world.device();
    let good = world.passes.of(device);
    let other = Passes::default().of(device);
    let swapped = format!("{}{}", world.device().0.simple(), &good[32..]);
    let away = world.passes.of(DeviceId(Uuid::now_v7()));
    for (what, pass) in [
        ("none", None),
        ("empty", Some("")),
        ("nonsense", Some("봄")),
        ("cut", Some(&good[..good.len() - 1])),
        ("longer", Some(&*format!("{good}0"))),
        ("of another server", Some(&*other)),
        ("of another device", Some(&*swapped)),
        ("of a device that is away", Some(&*away)),
    ] {
        assert!(world.connect(1, pass).await.is_none(), "{what}");
    }
    assert!(world.connect(1, Some(&good)).await.is_some());
}

#[tokio::test]
async fn a_device_holds_few_connections_and_gets_a_place_back_when_one_ends() {
    let world = World::open(Tls::Plain).await;
    const { assert!(RELAY_CONNECTIONS_PER_DEVICE_MAX < RELAY_CONNECTIONS_MAX) };
    let device = world.device();
    let mut held = Vec::new();
    for key in 0..RELAY_CONNECTIONS_PER_DEVICE_MAX {
        held.push(world.guest(u8::try_from(key).unwrap() + 1, device).await.unwrap());
    }
    assert!(world.guest(100, device).await.is_none());
    assert!(world.guest(101, world.device()).await.is_some(), "others are not concerned");
    held.pop();
    let deadline = Instant::now() + PATIENCE;
    while world.guest(100, device).await.is_none() {
        assert!(Instant::now() < deadline, "the place is not given back");
    }
}

#[tokio::test]
async fn who_is_signed_out_is_let_go_at_once() {
    let world = World::open(Tls::Plain).await;
    let (one, two) = (world.device(), world.device());
    let mut gone = world.guest(1, one).await.unwrap();
    let mut stays = world.guest(2, two).await.unwrap();
    world.access.revoke(&[Revocation { seq: 1, device: one, at_s: now_s() + 1 }]);
    assert_eq!(heard(&mut gone).await, None);
    stays.send(datagrams(2, b"still here")).await.unwrap();
    assert_eq!(heard(&mut stays).await.unwrap(), b"still here");
}

#[tokio::test]
async fn it_carries_a_trickle_and_no_more() {
    let world = World::open(Tls::Plain).await;
    let one = world.guest(1, world.device()).await.unwrap();
    let mut two = world.guest(2, world.device()).await.unwrap();
    let packet = vec![7; 32 * 1024];
    // One second more than what goes at once.
    let bytes = u64::from(RELAY_BURST_BYTES_MAX) + u64::from(RELAY_BYTES_PER_SECOND_MAX);
    let begun = Instant::now();
    let (mut sink, _stream) = StreamExt::split(one);
    let sending = tokio::spawn(async move {
        for _ in 0..bytes.div_ceil(32 * 1024) + 1 {
            sink.send(datagrams(2, &packet)).await.unwrap();
        }
        sink
    });
    let mut came = 0;
    while came < bytes {
        came += heard(&mut two).await.unwrap().len() as u64;
    }
    assert!(begun.elapsed() >= Duration::from_millis(900), "{:?} for {came} bytes", begun.elapsed());
    drop(sending.await.unwrap());
}
