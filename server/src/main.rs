//! `pod-server`: serves, or does one thing beside a server that does.

use clap::Parser;
use pod_server::config::{Cli, Command, Config};
use pod_server::content::read_pdf;
use pod_server::{app, commands, telemetry};
use std::io::Write;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(Command::ReadPdf) = cli.command {
        return if read_pdf().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    telemetry::start();
    match run(cli).await {
        Ok(code) => code,
        Err(error) => {
            // A closed standard error leaves the exit code to tell it.
            _ = writeln!(std::io::stderr(), "pod-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    if let Some(command) = cli.command {
        return commands::run(command, cli.settings).await;
    }
    // Each connection is an open file; what the system allows is better than what it gives.
    #[cfg(unix)]
    rlimit::increase_nofile_limit(rlimit::INFINITY).unwrap_or_default();
    let mut config = Config::resolve(cli.settings)?;
    config.pdf_reader = std::env::current_exe().ok();
    let running = app::start(config).await?;
    say(&serde_json::to_string(&running.first_line)?)?;
    asked_to_stop().await?;
    tracing::info!("stopping");
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}

fn say(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
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
