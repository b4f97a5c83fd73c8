//! Where this server is reached: told in invite links and to the other half, and kept in the data folder for the
//! subcommands that run beside it.

use super::{pinned, scheme};
use crate::auth::Invited;
use crate::config::Config;
use crate::error::Refusal;
use crate::secret;
use crate::tls::Identity;
use pod_shared::auth::Invite;
use serde::{Deserialize, Serialize};
use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::path::Path;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// In the data folder.
pub const FILE: &str = "place.json";

/// How people reach this process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// `http(s)://HOST:PORT`
    pub url: String,
    /// SHA-256 of the certificate in hex, when clients must know it.
    pub fingerprint: Option<String>,
    /// `http` or `https`, as this process itself speaks.
    spoken: String,
}

impl Place {
    /// By the settings, and by where the process really listens.
    #[must_use]
    pub fn of(config: &Config, address: SocketAddr, identity: Option<&Identity>) -> Self {
        let url = config.public_url.clone().unwrap_or_else(|| {
            let ip = if address.ip().is_unspecified() { own_address(address.ip()) } else { address.ip() };
            format!("{}://{}", scheme(identity, config.proxy), SocketAddr::new(ip, address.port()))
        });
        let spoken = if identity.is_some() { "https" } else { "http" };
        Self { url, fingerprint: pinned(identity), spoken: spoken.into() }
    }

    /// Keeps it in the data folder.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, data: &Path) -> io::Result<()> {
        secret::write_private(&data.join(FILE), &serde_json::to_vec(self).map_err(io::Error::other)?)
    }

    /// What the last server on this data folder kept, if there was one.
    #[must_use]
    pub fn kept(data: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(data.join(FILE)).ok()?).ok()
    }

    /// The URL of the process itself.
    #[must_use]
    pub fn listening(&self, address: SocketAddr) -> String {
        format!("{}://{address}", self.spoken)
    }

    /// An invite as people get it.
    ///
    /// # Errors
    /// When the time cannot be written, in a far future.
    pub fn invite(&self, invited: &Invited) -> Result<Invite, Refusal> {
        let expires = i64::try_from(invited.expires_at_s).unwrap_or(i64::MAX);
        let expires =
            OffsetDateTime::from_unix_timestamp(expires).map_err(|error| Refusal::internal(&error))?;
        let expires_at = expires.format(&Rfc3339).map_err(|error| Refusal::internal(&error))?;
        Ok(Invite { code: invited.code.clone(), link: self.link(Some(&invited.code)), expires_at })
    }

    /// What links to this server begin with.
    #[must_use]
    pub fn join_base(&self) -> String {
        self.link(None)
    }

    fn link(&self, code: Option<&str>) -> String {
        let (scheme, host) = self.url.split_once("://").unwrap_or(("http", &self.url));
        let default_port = if scheme == "https" { 443 } else { 80 };
        let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let host = if has_port { host.to_owned() } else { format!("{host}:{default_port}") };
        let mut parts: Vec<String> = code.map(|code| format!("code={code}")).into_iter().collect();
        parts.extend(self.fingerprint.as_ref().map(|fingerprint| format!("fp={fingerprint}")));
        parts.extend((scheme == "http").then(|| "tls=0".to_owned()));
        format!("pod://{host}/join?{}", parts.join("&"))
    }
}

/// The host of a URL.
pub(super) fn host(url: &str) -> Option<String> {
    reqwest::Url::parse(url).ok()?.host_str().map(ToOwned::to_owned)
}

/// The address by which other computers reach this one: that of the way to the internet. Nothing is sent.
fn own_address(unspecified: IpAddr) -> IpAddr {
    let (any, outside) = match unspecified {
        IpAddr::V4(_) => ("0.0.0.0:0", "192.0.2.1:9"),
        IpAddr::V6(_) => ("[::]:0", "[2001:db8::1]:9"),
    };
    let ask = || {
        let socket = UdpSocket::bind(any)?;
        socket.connect(outside)?;
        Ok::<_, io::Error>(socket.local_addr()?.ip())
    };
    // Without any network only this computer can come.
    ask().unwrap_or(if unspecified.is_ipv4() {
        [127, 0, 0, 1].into()
    } else {
        IpAddr::V6(std::net::Ipv6Addr::LOCALHOST)
    })
}
