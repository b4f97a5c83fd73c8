//! What can be typed about people, and about rooms as a person sorts them.

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use pod_client::view::{NotifyWish, PresenceChoice};

#[derive(Debug, Subcommand)]
pub(crate) enum Presence {
    /// Set it, for all your devices.
    Set {
        /// What to be.
        #[arg(value_enum)]
        state: State,
        /// What to say of it.
        #[arg(default_value = "")]
        text: String,
        /// Then it is over.
        #[arg(long, value_name = "MINUTES")]
        minutes: Option<u32>,
    },
}

/// What to be.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum State {
    /// As your devices say.
    Here,
    /// Away.
    Away,
    /// Not to be disturbed.
    Busy,
    /// Seen by nobody: as if you were offline.
    #[value(alias = "offline")]
    Invisible,
}

impl From<State> for PresenceChoice {
    fn from(state: State) -> Self {
        match state {
            State::Here => Self::Here,
            State::Away => Self::Away,
            State::Busy => Self::Busy,
            State::Invisible => Self::Invisible,
        }
    }
}

/// How much to be told of a room.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Notify {
    /// Everything.
    All,
    /// Where you are named.
    Mentions,
    /// Nothing.
    None,
    /// As in general.
    Default,
}

impl From<Notify> for Option<NotifyWish> {
    fn from(wish: Notify) -> Self {
        match wish {
            Notify::All => Some(NotifyWish::All),
            Notify::Mentions => Some(NotifyWish::Mentions),
            Notify::None => Some(NotifyWish::None),
            Notify::Default => None,
        }
    }
}

/// What a person says of themself.
#[derive(Debug, Subcommand)]
pub(crate) enum Profile {
    /// Show it: your own, or somebody's whom you may see.
    Get {
        /// The person: id or name.
        person: Option<String>,
    },
    /// Say it; without a text, say nothing any more.
    Set {
        /// Which field.
        #[arg(value_enum)]
        field: ProfileField,
        /// What.
        #[arg(default_value = "")]
        text: String,
    },
}

/// One of the fields.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ProfileField {
    /// What you are.
    Title,
    /// Where you belong.
    Organisation,
    /// A telephone number.
    Phone,
    /// An address for mail.
    Mail,
    /// Where you are to be found.
    Address,
    /// Anything else.
    About,
}

impl ProfileField {
    /// Its name in the profile.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Organisation => "organisation",
            Self::Phone => "phone",
            Self::Mail => "mail",
            Self::Address => "address",
            Self::About => "about",
        }
    }
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Link {
    /// The room: its id or its name.
    pub(crate) room: String,
    /// How many people may use it.
    #[arg(long, default_value_t = 10)]
    pub(crate) uses: u32,
    /// How many days it lasts.
    #[arg(long, default_value_t = 7)]
    pub(crate) days: u32,
    /// Show the links there are.
    #[arg(long, conflicts_with = "revoke")]
    pub(crate) list: bool,
    /// Take this link back.
    #[arg(long, value_name = "ID")]
    pub(crate) revoke: Option<pod_shared::LinkId>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Marked {
    /// The room: its id or its name.
    pub(crate) room: String,
    /// No longer.
    #[arg(long)]
    pub(crate) off: bool,
}
