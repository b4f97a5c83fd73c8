//! One device of a direct transfer without the pod around it, driven over standard input: `pod-meet FOLDER`.
//!
//! The tests put it into network namespaces, the benchmarks measure it. Each command is a line of words, each thing that
//! happens a line of JSON. The device's key is kept in FOLDER, so that who is started again is the same device.
//!
//! `offer OFFER PEER PATH [HOLD]` lets the device with endpoint PEER fetch a file, after HOLD bytes only once `go` was
//! said · `pull OFFER ENDPOINT ROOT SIZE PART WAIT_MS` · `stop OFFER` · `go` · `changed` the network changed ·
//! `relay URL TOKEN [FINGERPRINT]`. Bytes are written in hex.

mod book;
mod words;

use anyhow::{Context, bail};
use book::{Gate, Offers};
use pod_client::command::Secret;
use pod_client::direct::{Book, DeviceKey, Direct, PullAsk, Source, Unpaced};
use pod_client::direct::{peer_key, read_through};
use pod_shared::offer::RelayInfo;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::mpsc;
use words::{Words, hex, say};

#[tokio::main(worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    // What iroh has to say when it is asked to, with `RUST_LOG`.
    let filter = tracing_subscriber::EnvFilter::from_default_env();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let folder = PathBuf::from(std::env::args_os().nth(1).context("pod-meet FOLDER")?);
    let offers = Arc::new(Offers::default());
    let direct = Direct::start(&key(&folder)?, Arc::clone(&offers) as Arc<dyn Book>);
    let gate = Arc::new(Gate::default());
    tokio::spawn(endpoints(direct.clone()));
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        let mut words = Words::of(&line);
        match words.next()? {
            "offer" => offer(&offers, &gate, &mut words).await?,
            "pull" => pull(&direct, &mut words)?,
            "stop" => direct.stop(words.offer()?),
            "go" => gate.open(),
            "changed" => direct.network_changed(),
            "relay" => {
                let (url, token) = (words.next()?.to_owned(), words.next()?.to_owned());
                let fingerprint = words.next().ok().map(str::to_owned);
                direct.relay(Some(RelayInfo { url, token, fingerprint }));
            }
            other => bail!("no command is called {other}"),
        }
    }
    Ok(())
}

/// The key of this device, made when it is not there yet.
fn key(folder: &Path) -> anyhow::Result<DeviceKey> {
    let place = folder.join("key");
    if let Ok(kept) = std::fs::read_to_string(&place) {
        return DeviceKey::from_secret(&Secret(kept)).context("the kept key is none");
    }
    let key = DeviceKey::fresh();
    std::fs::write(place, key.to_secret().0)?;
    Ok(key)
}

/// Tells where this device can be met, whenever that changes.
async fn endpoints(direct: Direct) {
    let mut endpoint = direct.endpoint();
    while endpoint.changed().await.is_ok() {
        let now = endpoint.borrow_and_update().clone();
        say(&json!({ "endpoint": now.map(|bytes| hex(&bytes)) }));
    }
}

async fn offer(offers: &Offers, gate: &Arc<Gate>, words: &mut Words<'_>) -> anyhow::Result<()> {
    let (offer, peer, path) = (words.offer()?, words.bytes()?, PathBuf::from(words.next()?));
    let peer = peer_key(&peer).context("PEER is no endpoint")?;
    if let Ok(hold) = words.next() {
        gate.hold_after(hold.parse()?);
    }
    let began = Instant::now();
    let read = path.clone();
    let (sha256, manifest, stamp) =
        tokio::task::spawn_blocking(move || read_through(&read, &|| false)).await??;
    say(&json!({
        "offered": offer, "root": hex(&manifest.root()), "size": manifest.size(), "sha256": sha256,
        "took_s": began.elapsed().as_secs_f64(),
    }));
    let source = Source { path, stamp, manifest: Arc::new(manifest), pace: Arc::clone(gate) as _ };
    offers.add(offer, peer, source);
    Ok(())
}

fn pull(direct: &Direct, words: &mut Words<'_>) -> anyhow::Result<()> {
    let ask = PullAsk {
        offer: words.offer()?,
        peer_endpoint: words.bytes()?,
        manifest_root: words.bytes()?.try_into().ok().context("ROOT has 32 bytes")?,
        size: words.next()?.parse()?,
        part: PathBuf::from(words.next()?),
        wait: Duration::from_millis(words.next()?.parse()?),
        pace: Arc::new(Unpaced),
    };
    let (told, mut progress) = mpsc::channel(1);
    let (offer, began) = (ask.offer, Instant::now());
    let pulled = direct.pull(ask, told);
    tokio::spawn(async move {
        let told = async {
            while let Some(there) = progress.recv().await {
                say(&json!({ "progress": there }));
            }
        };
        let (pulled, ()) = tokio::join!(pulled, told);
        let how = pulled.map_or_else(|trouble| format!("{trouble:?}"), |()| "Done".to_owned());
        say(&json!({ "pulled": how, "offer": offer, "took_s": began.elapsed().as_secs_f64() }));
    });
    Ok(())
}
