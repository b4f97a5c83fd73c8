//! A server's address: what a person pastes, and what the engine connects to.
//!
//! Refuses plain HTTP to another computer unless the person wrote `http://` (or the invite says so with `tls=0`).

use crate::view::{ErrorView, ServerAddress};
use pod_shared::ErrorCode;
use reqwest::Url;

#[cfg(test)]
mod tests;

/// The port when none is given.
const PORT: u16 = 7600;

/// The path of links, and of the page that explains one.
const JOIN_PATH: &str = "/join";

/// Where a service is and how it is recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// `https://host:port` or `http://host:port`, no slash at the end.
    pub(crate) url: String,
    /// SHA-256 of its certificate in hex, if pinned.
    pub(crate) fingerprint: Option<String>,
}

impl Endpoint {
    /// From an address as read.
    pub(crate) fn of(address: &ServerAddress) -> Result<Self, ErrorView> {
        let read = read_address(&address.url)?;
        let fingerprint = address.fingerprint.clone().or(read.fingerprint).filter(|hex| !hex.is_empty());
        Ok(Self { url: read.url, fingerprint })
    }
}

/// Reads a server address or a `pod://` invite link as a person pastes it.
pub(crate) fn read_address(text: &str) -> Result<ServerAddress, ErrorView> {
    let text = text.trim();
    let bad = || ErrorView::new(ErrorCode::BadRequest, "this is no address of a server");
    if text.is_empty() || text.contains(char::is_whitespace) {
        return Err(bad());
    }
    let with_scheme = if text.contains("://") {
        text.to_owned()
    } else {
        let guess = Url::parse(&format!("http://{text}")).map_err(|_| bad())?;
        let scheme = if is_loopback(&guess) { "http" } else { "https" };
        format!("{scheme}://{text}")
    };
    if let Some(rest) = with_scheme.strip_prefix("pod://") {
        return read_link(rest).ok_or_else(bad);
    }
    let url = Url::parse(&with_scheme).map_err(|_| bad())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad());
    }
    // Only an address without a port and without a scheme means Pod's own port.
    let port = match text.split_once("://") {
        Some(_) => url.port(),
        // A port that is the scheme's own is dropped from the URL, but it was written.
        None if rest_has_port(text) => url.port_or_known_default(),
        None => Some(PORT),
    };
    let mut address = ServerAddress { url: String::new(), fingerprint: None, invite: None, room: None };
    // The page of a server that says what to do with a link carries what the link carries.
    if url.path() == JOIN_PATH {
        read_query(&url, &mut address);
    }
    address.url = origin(url.scheme(), &url, port).ok_or_else(bad)?;
    Ok(address)
}

/// What a link carries beside the address. Answers whether the server speaks plain HTTP.
fn read_query(url: &Url, address: &mut ServerAddress) -> bool {
    let mut plain = false;
    for (key, value) in url.query_pairs().filter(|(_, value)| !value.is_empty()) {
        match &*key {
            "code" => address.invite = Some(value.into_owned()),
            "room" => address.room = Some(value.into_owned()),
            "fp" => address.fingerprint = Some(value.into_owned()),
            "tls" => plain = value == "0",
            _ => {}
        }
    }
    plain
}

/// A link to a server, with the code of a room added.
pub(crate) fn with_code(base: &str, code: &str) -> String {
    let joint = if base.ends_with('?') || base.ends_with('&') { "" } else { "&" };
    format!("{base}{joint}room={code}")
}

/// The address of the server's page for a link; empty when it is no link.
pub(crate) fn page_of(link: &str) -> String {
    let query = link.split_once('?').map(|(_, query)| query).unwrap_or_default();
    match read_address(link) {
        Ok(address) => format!("{}{JOIN_PATH}?{query}", address.url),
        Err(_) => String::new(),
    }
}

fn read_link(rest: &str) -> Option<ServerAddress> {
    // A URL without a host would take its path for one.
    if rest.starts_with('/') {
        return None;
    }
    // `pod` is no scheme that the URL rules know hosts for; the parts are the same as of an https address.
    let url = Url::parse(&format!("https://{rest}")).ok()?;
    let mut address = ServerAddress { url: String::new(), fingerprint: None, invite: None, room: None };
    let plain = read_query(&url, &mut address);
    let plain = plain || (address.fingerprint.is_none() && is_loopback(&url));
    // An https URL forgets its port when it is 443; the link always means a port.
    let port = url.port().unwrap_or(if rest_has_port(rest) { 443 } else { PORT });
    address.url = origin(if plain { "http" } else { "https" }, &url, Some(port))?;
    Some(address)
}

fn rest_has_port(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok())
}

fn origin(scheme: &str, url: &Url, port: Option<u16>) -> Option<String> {
    let host = url.host_str().filter(|host| !host.is_empty())?;
    Some(match port {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
