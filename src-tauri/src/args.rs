//! The command line of the desktop program.

use crate::idle;
use clap::Parser;
use std::{path::PathBuf, time::Duration};

/// Pod: group chats that are shared folders.
#[derive(Debug, Parser)]
#[command(name = "pod", version, about)]
pub(crate) struct Args {
    /// The folder of this profile: one account on this computer. Absent: the platform's own place.
    #[arg(long, value_name = "DIR", env = "POD_PROFILE")]
    pub(crate) profile: Option<PathBuf>,
    /// Start the server on this computer unless it runs, say where it is in one line of JSON, and leave.
    #[arg(long)]
    pub(crate) host: bool,
    /// Name of that server.
    #[arg(long, value_name = "NAME", default_value = "Pod", requires = "host")]
    pub(crate) host_name: String,
    /// Start in the tray, without a window, where the desktop has a tray.
    #[arg(long, conflicts_with = "host")]
    pub(crate) quiet: bool,
    /// Crash, so that a test sees what is left of it. Not in programs built for people.
    #[cfg(debug_assertions)]
    #[arg(long, hide = true)]
    pub(crate) crash: bool,
    /// Nobody is there after so many seconds, so that a test need not wait for minutes. Not in programs built for people.
    #[cfg(debug_assertions)]
    #[arg(long, hide = true, env = "POD_IDLE_AFTER_S")]
    pub(crate) idle_after_s: Option<u64>,
    /// An invite link to join with.
    #[arg(value_name = "pod://…")]
    pub(crate) link: Option<String>,
}

impl Args {
    /// How long nobody has to be there to be away.
    pub(crate) fn idle_after(&self) -> Duration {
        #[cfg(debug_assertions)]
        if let Some(seconds) = self.idle_after_s {
            return Duration::from_secs(seconds);
        }
        idle::AFTER
    }
}
