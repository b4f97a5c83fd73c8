//! Where a device can be met, as bytes: its key, its addresses, its relay. They travel through the messenger only.
//!
//! One byte of version, 32 of the key, then the addresses, each with a byte for its kind. Unknown kinds end the list, so
//! that a newer Pod may add some.

use super::PeerKey;
use pod_shared::limits;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

#[cfg(test)]
mod tests;

/// This way of writing.
const VERSION: u8 = 1;
const KIND_V4: u8 = 4;
const KIND_V6: u8 = 6;
const KIND_RELAY: u8 = 7;

/// Where a device can be met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// Whom one meets there.
    pub(super) key: PeerKey,
    /// Sockets it listens on, as far as it knows.
    pub(super) sockets: Vec<SocketAddr>,
    /// The relay over which it can be called.
    pub(super) relay: Option<String>,
}

/// The key of the device that wrote this. Nothing: no description of an endpoint that this version reads.
#[must_use]
pub fn peer_key(endpoint: &[u8]) -> Option<PeerKey> {
    Address::read(endpoint).map(|address| address.key)
}

impl Address {
    /// As bytes; what does not fit into `limits::ENDPOINT_BYTES_MAX` is left out.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend(self.key.0);
        if let Some(relay) = &self.relay
            && let Ok(length) = u8::try_from(relay.len())
        {
            bytes.extend([KIND_RELAY, length]);
            bytes.extend(relay.as_bytes());
        }
        for socket in self.sockets.iter().take(limits::DIRECT_ADDRESSES_MAX) {
            let mut one = match socket.ip() {
                IpAddr::V4(ip) => [&[KIND_V4][..], &ip.octets()].concat(),
                IpAddr::V6(ip) => [&[KIND_V6][..], &ip.octets()].concat(),
            };
            one.extend(socket.port().to_be_bytes());
            if bytes.len() + one.len() <= limits::ENDPOINT_BYTES_MAX {
                bytes.extend(one);
            }
        }
        bytes
    }

    /// From bytes of a stranger: whatever is not understood is left out.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > limits::ENDPOINT_BYTES_MAX {
            return None;
        }
        let (version, rest) = bytes.split_first()?;
        let (key, mut rest) = rest.split_first_chunk::<32>()?;
        if *version != VERSION {
            return None;
        }
        let mut address = Self { key: PeerKey(*key), sockets: Vec::new(), relay: None };
        while let Some((kind, after)) = rest.split_first() {
            let read = match *kind {
                KIND_V4 => socket::<4>(after).map(|(ip, port, rest)| (Ipv4Addr::from(ip).into(), port, rest)),
                KIND_V6 => {
                    socket::<16>(after).map(|(ip, port, rest)| (Ipv6Addr::from(ip).into(), port, rest))
                }
                KIND_RELAY => {
                    let (length, after) = after.split_first()?;
                    let (url, after) = after.split_at_checked(usize::from(*length))?;
                    address.relay = std::str::from_utf8(url).ok().map(str::to_owned);
                    rest = after;
                    continue;
                }
                _ => break,
            };
            let (ip, port, after): (IpAddr, u16, &[u8]) = read?;
            if address.sockets.len() < limits::DIRECT_ADDRESSES_MAX && is_somewhere(ip, port) {
                address.sockets.push(SocketAddr::new(ip, port));
            }
            rest = after;
        }
        Some(address)
    }
}

/// An address and a port, and what follows.
fn socket<const N: usize>(bytes: &[u8]) -> Option<([u8; N], u16, &[u8])> {
    let (ip, rest) = bytes.split_first_chunk::<N>()?;
    let (port, rest) = rest.split_first_chunk::<2>()?;
    Some((*ip, u16::from_be_bytes(*port), rest))
}

/// Not one that names many or nobody.
fn is_somewhere(ip: IpAddr, port: u16) -> bool {
    let broadcast = ip == IpAddr::V4(Ipv4Addr::BROADCAST);
    port != 0 && !ip.is_unspecified() && !ip.is_multicast() && !broadcast
}
