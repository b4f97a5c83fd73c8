//! `pod-server`: serves, or does one thing beside a server that does.

use clap::Parser;
use pod_server::config::{Cli, Config};
use pod_server::{app, commands, telemetry};
use std::io::Write;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    telemetry::start();
    if let Some(command) = cli.command {
        return commands::run(command, cli.settings).await;
    }
    // Each connection is an open file; what the system allows is better than what it gives.
    #[cfg(unix)]
    rlimit::increase_nofile_limit(rlimit::INFINITY).unwrap_or_default();
    let running = app::start(Config::resolve(cli.settings)?).await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(&running.first_line)?)?;
    out.flush()?;
    drop(out);
    asked_to_stop().await?;
    tracing::info!("stopping");
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}

#[cfg(unix)]
async fn asked_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        outcome = tokio::signal::ctrl_c() => outcome,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
