//! Pod, the desktop program: windows, notifications and the server on this computer, over the headless pod.
//!
//! `args` reads the command line, `profile` finds the folder, `app` puts the program together. The pod itself
//! (network, cache, queue) is `pod-client`; the pages are `ui`. It refuses to decide anything about rooms and files.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod again;
mod app;
mod args;
mod choosing;
mod clipboard;
mod commands;
mod crash;
mod drag;
mod drag_out;
mod editing;
mod engine;
mod farewell;
mod held;
mod host;
mod idle;
mod links;
mod looking;
mod menus;
mod notify;
mod opening;
#[cfg(target_os = "linux")]
mod painting;
mod pasted;
mod places;
mod player;
mod preview;
mod profile;
mod relay;
mod tray;
mod unread;
mod windows;
mod words;

use clap::Parser;
use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    log_to_stderr();
    #[cfg(target_os = "linux")]
    painting::choose();
    let args = args::Args::parse();
    match app::run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if again::was_leaving(&error) {
                again::start(std::env::args_os().skip(1));
            }
            drop(writeln!(io::stderr(), "pod: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// `POD_LOG` chooses what is logged; ids and sizes only, never a text or a name.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_env("POD_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
}
