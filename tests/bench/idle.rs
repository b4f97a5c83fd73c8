//! Memory of 1,000 idle connections, without TLS, against the same server with none.

use crate::account::people;
use crate::host::Process;
use crate::report::{line, round};
use crate::socket::Socket;
use anyhow::Context;
use serde_json::json;

const CONNECTIONS: usize = 1_000;

/// Opens them all, one account and device each, and reports the growth.
pub(crate) async fn run() -> anyhow::Result<()> {
    let server = Process::pod_server()?;
    let people = people(&server.address, CONNECTIONS + 1).await?;
    // Whatever the first connection sets up once is not its cost.
    let first = Socket::open(people.first().context("nobody")?).await?;
    let before = server.memory_kib("VmRSS")?;
    let mut open = vec![first];
    for person in people.iter().skip(1) {
        open.push(Socket::open(person).await?);
    }
    let after = server.memory_kib("VmRSS")?;
    #[expect(clippy::cast_precision_loss, reason = "KiB")]
    let each = after.saturating_sub(before) as f64 / CONNECTIONS as f64;
    line(
        "idle",
        json!({
            "connections": CONNECTIONS, "kib_per_connection": round(each),
            "baseline": "no-connections", "baseline_kib": before, "with_connections_kib": after,
            "aim_kib_per_connection": 16,
        }),
    );
    drop(open);
    Ok(())
}
