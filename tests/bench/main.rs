//! Benchmarks of Pod: each figure stands beside a named baseline of the same run, as one JSON object a line.
//!
//! `bash scripts/bench.sh [NAME]..` builds for release and runs all of them, or the named ones.
//! Never part of the tests: a busy machine makes a figure worse, not the program wrong.

mod account;
mod again;
mod cut;
#[cfg(target_os = "linux")]
mod direct;
mod fanout;
#[cfg(target_os = "linux")]
mod finding;
mod host;
mod idle;
mod latency;
#[cfg(target_os = "linux")]
mod link;
#[cfg(target_os = "linux")]
mod mailbox;
#[cfg(target_os = "linux")]
mod many;
mod nginx;
mod person;
mod raw;
#[cfg(target_os = "linux")]
mod reconnect;
mod report;
mod socket;
mod tus;
mod upload;
#[cfg(target_os = "linux")]
mod window;

use anyhow::{Context, bail};

/// What can be measured, in the order of a whole run.
#[cfg(target_os = "linux")]
const ALL: &[&str] = &[
    "fanout",
    "upload",
    "again",
    "cut",
    "many",
    "link",
    "latency",
    "idle",
    "reconnect",
    "idlers",
    "direct",
    "window",
    "finding",
];
/// The windows, the direct path, the many files, the linked folder and the reconnect are measured on Linux only.
#[cfg(not(target_os = "linux"))]
const ALL: &[&str] = &["fanout", "upload", "again", "cut", "latency", "idle"];

fn main() -> anyhow::Result<()> {
    let mut names: Vec<String> = std::env::args().skip(1).collect();
    if names.first().is_some_and(|name| name == raw::SERVER_ARGUMENT) {
        return raw::serve(names.get(1).and_then(|bytes| bytes.parse().ok()));
    }
    if names.is_empty() {
        names = ALL.iter().map(ToString::to_string).collect();
    }
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok()
        .context("a crypto provider is set already")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    #[cfg(target_os = "linux")]
    if names.first().is_some_and(|name| name == many::FETCH_ARGUMENT) {
        return runtime.block_on(many::fetch_folder(names.get(1..).unwrap_or_default()));
    }
    for name in &names {
        runtime.block_on(async {
            match name.as_str() {
                "fanout" => fanout::run().await,
                "upload" => upload::run().await,
                "again" => again::run().await,
                "cut" => cut::run().await,
                #[cfg(target_os = "linux")]
                "many" => many::run().await,
                #[cfg(target_os = "linux")]
                "link" => link::run().await,
                "latency" => latency::run().await,
                "idle" => idle::run().await,
                #[cfg(target_os = "linux")]
                "reconnect" => reconnect::run().await,
                #[cfg(target_os = "linux")]
                "idlers" => reconnect::idlers().await,
                #[cfg(target_os = "linux")]
                "direct" => direct::run(),
                #[cfg(target_os = "linux")]
                "window" => window::run().await,
                #[cfg(target_os = "linux")]
                "finding" => finding::run().await,
                other => bail!("no benchmark is called {other}; there are {}", ALL.join(", ")),
            }
            .with_context(|| format!("benchmark {name}"))
        })?;
    }
    Ok(())
}
