//! What can be typed about offers from person to person, and about the queue.

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, ClapArgs)]
pub(crate) struct Offer {
    /// The person: id or name.
    pub(crate) person: String,
    /// The files; folders are offered file by file.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Accept {
    /// The offer: its id or the name of its file.
    pub(crate) offer: String,
    /// An existing folder; without it: the usual one.
    #[arg(long, value_name = "DIR")]
    pub(crate) to: Option<PathBuf>,
    /// What this person offers from now on is taken without a question.
    #[arg(long)]
    pub(crate) always: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Transfers {
    /// What is open, then the newest that are over.
    List,
    /// Stop one, or with --all the whole queue.
    Pause(Which),
    /// Go on with one, or with --all with the queue.
    Resume(Which),
    /// Give one up.
    Cancel {
        /// Its id, or the name of its file.
        transfer: String,
    },
    /// Try one again.
    Retry {
        /// Its id, or the name of its file.
        transfer: String,
    },
    /// Give one another place in the order.
    Order {
        /// Its id, or the name of its file.
        transfer: String,
        /// Before this one; without it: last.
        #[arg(long)]
        before: Option<String>,
    },
    /// How one behaves after a disconnection.
    Options {
        /// Its id, or the name of its file.
        transfer: String,
        /// What goes up asks again, or goes on, by itself.
        #[arg(long, value_enum)]
        retransfer: Option<Switch>,
        /// What comes down goes on by itself.
        #[arg(long, value_enum)]
        receive: Option<Switch>,
        /// Without an answer the rest of an offer goes through the server.
        #[arg(long, value_enum)]
        forward: Option<Switch>,
    },
    /// Send the rest of an offer through the server now.
    Forward {
        /// Its id, or the name of its file.
        transfer: String,
    },
}

/// Whether something happens by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Which {
    /// Its id, or the name of its file.
    #[arg(required_unless_present = "all")]
    pub(crate) transfer: Option<String>,
    /// The whole queue.
    #[arg(long, conflicts_with = "transfer")]
    pub(crate) all: bool,
}
