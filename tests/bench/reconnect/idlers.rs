//! Memory and processor of a server with 5,000 idle connections, each of an account of its own.

use super::peers::Peer;
use super::xmpp::Client;
use crate::account::people;
use crate::host::{Process, pass};
use crate::report::{line, round};
use crate::socket::Socket;
use serde_json::json;
use std::time::Duration;
use tokio::task::JoinSet;

const CONNECTIONS: usize = 5_000;
/// How long nothing happens: three heartbeats of Pod.
const IDLE: Duration = Duration::from_secs(60);

pub(super) async fn run() -> anyhow::Result<()> {
    let server = Process::pod_server()?;
    let people = people(&server.address, CONNECTIONS).await?;
    let before = server.memory_kib("VmRSS")?;
    let mut tasks = JoinSet::new();
    for person in &people {
        let mut socket = Socket::open(person).await?;
        tasks.spawn(async move { while socket.next().await.is_ok() {} });
    }
    measure("pod", &server, before).await?;
    drop((tasks, server));
    for peer in [Peer::Ejabberd, Peer::Prosody] {
        let server = peer.start()?;
        for n in 0..CONNECTIONS {
            Client::register(&server.address, &format!("idle{n}")).await?;
        }
        let before = server.memory_kib("VmRSS")?;
        let mut tasks = JoinSet::new();
        for n in 0..CONNECTIONS {
            let mut client = Client::sign_in(&server.address, &format!("idle{n}")).await?;
            client.bind().await?;
            client.say("<presence/>").await?;
            tasks.spawn(async move {
                while client.more().await.is_ok() {
                    client.take();
                }
            });
        }
        measure(peer.name(), &server, before).await?;
    }
    Ok(())
}

async fn measure(who: &str, server: &Process, before: u64) -> anyhow::Result<()> {
    server.rests().await?;
    let (memory, cpu) = (server.memory_kib("VmRSS")?, server.cpu_s()?);
    pass(IDLE).await;
    let used = server.cpu_s()? - cpu;
    #[expect(clippy::cast_precision_loss, reason = "KiB")]
    let each = memory.saturating_sub(before) as f64 / CONNECTIONS as f64;
    line(
        "reconnect",
        json!({
            "who": who, "what": "idle", "connections": CONNECTIONS, "kib_before": before, "kib": memory,
            "kib_per_connection": round(each), "cpu_ms_per_s": round(used * 1_000.0 / IDLE.as_secs_f64()),
        }),
    );
    Ok(())
}
