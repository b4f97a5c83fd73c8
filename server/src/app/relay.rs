//! Starts the relay where devices meet, and says in the messenger's greeting where it is.

use super::{Place, Services, StartError, place};
use crate::about::{Passes, RelayPlace};
use crate::config::{Config, Proxy, RelayMode, Tls};
use crate::relay::{Admission, Relay};
use crate::tls::{self, Identity, Trust};
use std::net::{IpAddr, SocketAddr};
use tokio_util::task::TaskTracker;

/// Free ports tried, when somebody else was quicker.
const TRIES: usize = 4;

/// Starts it where the settings allow one. Where nobody asked for a certain place, a server without a relay is better
/// than none.
pub(super) async fn start(
    config: &Config,
    place: &Place,
    identity: Option<&Identity>,
    services: &Services,
    tasks: &TaskTracker,
) -> Result<(), StartError> {
    let Some(messenger) = &services.messenger else { return Ok(()) };
    let (asked, ip) = match config.relay {
        RelayMode::Off => return Ok(()),
        RelayMode::At(address) => (Some(address), address.ip()),
        // Nobody comes through a proxy to a port that it does not know.
        RelayMode::Auto if config.proxy == Proxy::Trusted => return Ok(()),
        RelayMode::Auto => (None, config.listen.ip()),
    };
    let own = match identity {
        None if !ip.is_loopback() => {
            let names: Vec<String> = place::host(&place.url).into_iter().collect();
            tls::identity(&Tls::SelfMade, &config.data, &names)
                .map_err(|error| StartError::Io("TLS", error))?
        }
        None | Some(_) => identity.cloned(),
    };
    let passes = Passes::default();
    let open = async |address| {
        let messenger = messenger.clone();
        let admission = Admission {
            passes: passes.clone(),
            here: std::sync::Arc::new(move |device| messenger.is_here(device)),
            access: services.access.clone(),
        };
        let opened = Relay::open(address, own.as_ref(), admission).await;
        opened.map_err(|error| StartError::Io("relay", std::io::Error::other(error.to_string())))
    };
    let mut opened = match (asked, config.listen.port().checked_add(1)) {
        (Some(address), _) if address.port() != 0 => Some(open(address).await?),
        (None, Some(next)) if next > 1 => open(SocketAddr::new(ip, next)).await.ok(),
        (_, _) => None,
    };
    for _ in 0..TRIES {
        if opened.is_none() {
            let port = free_port(ip).map_err(|error| StartError::Io("relay", error))?;
            opened = open(SocketAddr::new(ip, port)).await.ok();
        }
    }
    let Some(relay) = opened else {
        tracing::warn!("no relay: there is no free port for it");
        return Ok(());
    };
    services.about.relay_is_at(RelayPlace {
        url: url(config, place, own.as_ref(), relay.address),
        fingerprint: own.filter(|own| own.trust == Trust::Pinned).map(|own| own.fingerprint),
        passes,
    });
    tracing::info!(address = %relay.address, "relaying");
    tasks.spawn(relay.watch(services.about.stopping().clone()));
    Ok(())
}

/// How devices reach it: by the name of this server, or where it really listens.
fn url(config: &Config, place: &Place, own: Option<&Identity>, address: SocketAddr) -> String {
    let scheme = if own.is_some() { "https" } else { "http" };
    let named = config.public_url.is_some() || address.ip().is_unspecified();
    match place::host(&place.url).filter(|_| named) {
        Some(host) => format!("{scheme}://{host}:{}", address.port()),
        None => format!("{scheme}://{address}"),
    }
}

/// A port that nobody has, for TCP and UDP.
///
/// # Errors
/// When there is none.
pub(crate) fn free_port(ip: IpAddr) -> std::io::Result<u16> {
    let mut last = None;
    for _ in 0..TRIES {
        let tcp = std::net::TcpListener::bind((ip, 0))?;
        let port = tcp.local_addr()?.port();
        match std::net::UdpSocket::bind((ip, port)) {
            Ok(_) => return Ok(port),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| std::io::Error::from(std::io::ErrorKind::AddrInUse)))
}
