//! Where a device can be met, written and read, also by strangers.

use super::*;
use proptest::prelude::*;

fn address(sockets: Vec<SocketAddr>, relay: Option<&str>) -> Address {
    Address { key: PeerKey([7; 32]), sockets, relay: relay.map(str::to_owned) }
}

#[test]
fn what_is_written_is_read() {
    let sockets = vec!["192.0.2.7:4433".parse().unwrap(), "[2001:db8::7]:9".parse().unwrap()];
    let full = address(sockets, Some("https://relay.example:7843/"));
    assert_eq!(Address::read(&full.write()), Some(full.clone()));
    assert_eq!(peer_key(&full.write()), Some(full.key));
    let bare = address(Vec::new(), None);
    assert_eq!(Address::read(&bare.write()), Some(bare));
}

#[test]
fn no_more_is_written_than_the_messenger_takes() {
    let many: Vec<SocketAddr> =
        (1..200).map(|port| SocketAddr::new(Ipv6Addr::LOCALHOST.into(), port)).collect();
    let long = format!("https://{}/", "r".repeat(240));
    let bytes = address(many, Some(&long)).write();
    assert!(bytes.len() <= limits::ENDPOINT_BYTES_MAX, "{}", bytes.len());
    let read = Address::read(&bytes).unwrap();
    assert_eq!(read.sockets.len(), limits::DIRECT_ADDRESSES_MAX);
    assert_eq!(read.relay, Some(long));
}

#[test]
fn an_endpoint_that_is_too_long_is_none() {
    let mut bytes = address(Vec::new(), None).write();
    bytes.resize(limits::ENDPOINT_BYTES_MAX, 99);
    assert!(Address::read(&bytes).is_some(), "an unknown kind ends the list");
    bytes.push(99);
    assert_eq!(Address::read(&bytes), None);
}

#[test]
fn addresses_of_nobody_and_of_many_are_left_out() {
    let of = ["0.0.0.0:5", "224.0.0.1:5", "255.255.255.255:5", "[::]:5", "[ff02::1]:5", "192.0.2.1:0"];
    let sockets = of.iter().map(|text| text.parse().unwrap()).collect();
    let read = Address::read(&address(sockets, None).write()).unwrap();
    assert_eq!(read.sockets, Vec::new());
}

proptest! {
    #[test]
    fn no_bytes_of_a_stranger_do_harm(bytes in proptest::collection::vec(any::<u8>(), 0..1200)) {
        if let Some(address) = Address::read(&bytes) {
            prop_assert!(address.sockets.len() <= limits::DIRECT_ADDRESSES_MAX);
            let again = Address::read(&address.write()).unwrap();
            prop_assert_eq!(again.sockets, address.sockets);
        }
    }
}
