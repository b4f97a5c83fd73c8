//! Back after an absence (issue 5, line 10): bytes, round trips and time until the device is right again, with 1,000 contacts
//! online of whom some changed; and what 5,000 idle connections cost. Beside ejabberd and Prosody. Every byte is one that a
//! proxy saw on the wire, after authentication; what WebSocket puts around frames is counted apart.

mod crowd;
mod idlers;
mod old;
mod peers;
mod pod;
mod tap;
mod wire;
mod xmpp;

use crate::report::{line, median, round};
use peers::Peer;
use serde_json::json;
use wire::Cost;

/// Contacts, all online.
const CONTACTS: usize = 1_000;
/// How many of them changed.
const CHANGES: [usize; 4] = [0, 1, 10, 100];
/// Of each the median is told.
const RUNS: usize = 5;
/// Changes of each contact in a day.
const DAY_OF_CHANGES: usize = 5;

/// The reconnect.
pub(crate) async fn run() -> anyhow::Result<()> {
    pod::run().await?;
    for peer in [Peer::Ejabberd, Peer::Prosody] {
        old::run(peer).await?;
    }
    Ok(())
}

/// What 5,000 connections cost while nothing happens.
pub(crate) async fn idlers() -> anyhow::Result<()> {
    idlers::run().await
}

fn report(who: &str, what: &str, changes: usize, costs: Vec<Cost>) {
    #[expect(clippy::cast_precision_loss, reason = "bytes of one exchange")]
    let middle = |of: fn(&Cost) -> usize| {
        let mut values: Vec<f64> = costs.iter().map(|cost| of(cost) as f64).collect();
        median(&mut values)
    };
    let mut ms: Vec<f64> = costs.iter().map(|cost| cost.ms).collect();
    line(
        "reconnect",
        json!({
            "who": who, "what": what, "contacts": CONTACTS, "changes": changes, "runs": costs.len(),
            "up_bytes": middle(|cost| cost.up), "down_bytes": middle(|cost| cost.down),
            "round_trips": middle(|cost| cost.round_trips), "ms": round(median(&mut ms)),
            "framing_bytes": middle(|cost| cost.framing),
            "up_bytes_after": middle(|cost| cost.up_after), "down_bytes_after": middle(|cost| cost.down_after),
        }),
    );
}
