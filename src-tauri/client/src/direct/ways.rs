//! Whether two devices see each other without a relay between them. Only the selected path counts: it carries the bytes.

use futures_util::StreamExt as _;
use iroh::endpoint::{Connection, PathList};
use std::time::Duration;

/// What the selected path of a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Direct,
    Relay,
    /// None is selected yet, or the last one fell silent.
    None,
}

fn way(paths: &PathList<'_>) -> Way {
    match paths.iter().find(iroh::endpoint::Path::is_selected) {
        Some(path) if path.is_ip() => Way::Direct,
        Some(_) => Way::Relay,
        None => Way::None,
    }
}

/// Waits for a direct way. `false`: the connection ended.
pub(super) async fn direct(connection: &Connection) -> bool {
    let mut paths = connection.paths_stream();
    while let Some(now) = paths.next().await {
        if way(&now) == Way::Direct {
            return true;
        }
    }
    false
}

/// Waits until only the relay has been left for so long. Never ends when the connection does: whoever uses it hears that.
pub(super) async fn relayed(connection: &Connection, so_long: Duration) {
    let mut paths = connection.paths_stream();
    let mut since: Option<tokio::time::Instant> = None;
    loop {
        let next = match since {
            Some(since) => match tokio::time::timeout_at(since + so_long, paths.next()).await {
                Ok(next) => next,
                Err(_) => return,
            },
            None => paths.next().await,
        };
        let Some(now) = next else { return std::future::pending().await };
        since = match way(&now) {
            Way::Relay => Some(since.unwrap_or_else(tokio::time::Instant::now)),
            Way::Direct | Way::None => None,
        };
    }
}
