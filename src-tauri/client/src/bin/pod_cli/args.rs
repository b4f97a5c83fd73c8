//! What can be typed.

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use pod_client::SecretsKind;
use pod_client::command::TokenFor;
use pod_shared::{DeviceId, Role};
use std::path::PathBuf;

pub(crate) mod contacts;
mod files;
mod search;
pub(crate) use files::Files;
pub(crate) use search::{Described, Sought};
pub(crate) mod linked;
pub(crate) mod offers;
pub(crate) use offers::Transfers;
pub(crate) mod people;

/// Pod without a window: group chats that are shared folders.
#[derive(Debug, Parser)]
#[command(name = "pod-cli", version, arg_required_else_help = true)]
pub(crate) struct Args {
    /// The folder of the profile.
    #[arg(long, value_name = "DIR", env = "POD_PROFILE")]
    pub(crate) profile: PathBuf,
    /// One JSON object a line.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Where the sign-in is kept; `file` is for machines without a keyring.
    #[arg(long, global = true, env = "POD_SECRETS", value_enum, default_value = "keyring")]
    pub(crate) secrets: SecretsPlace,
    /// Seconds without a way to the server after which a waiting command ends; its work stays queued.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) wait: u64,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// Where the sign-in is kept.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SecretsPlace {
    /// The desktop's keyring.
    Keyring,
    /// A file in the profile that only you can read.
    File,
}

impl From<SecretsPlace> for SecretsKind {
    fn from(place: SecretsPlace) -> Self {
        match place {
            SecretsPlace::Keyring => Self::Keyring,
            SecretsPlace::File => Self::File,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make an account and sign in; the password is read from standard input.
    SignUp(Sign),
    /// Sign in; the password is read from standard input.
    SignIn(Sign),
    /// Sign out on this profile.
    SignOut,
    /// Who is signed in, the connection, what waits.
    Status,
    /// Print a short-lived token for scripts.
    Token {
        /// The service it is for.
        #[arg(long = "for", value_enum, default_value = "content")]
        audience: Audience,
    },
    /// The computers on which you are signed in; sign one of them out.
    Sessions {
        #[command(subcommand)]
        verb: Option<Sessions>,
    },
    /// Make an invite link (admins).
    Invite {
        /// How many people may use it.
        #[arg(long, default_value_t = 1)]
        uses: u32,
        /// How many days it lasts.
        #[arg(long, default_value_t = 7)]
        days: u32,
    },
    /// Find people.
    People {
        #[command(subcommand)]
        verb: People,
    },
    /// What you say of yourself to contacts and to people you share a room with; and what others say.
    Profile {
        #[command(subcommand)]
        verb: people::Profile,
    },
    /// Choose how others see you.
    Presence {
        #[command(subcommand)]
        verb: people::Presence,
    },
    /// Contacts and their groups, and everybody you share a room with.
    Contacts {
        #[command(subcommand)]
        verb: Option<contacts::Contacts>,
    },
    /// Rooms: list them, make them, change who is in them.
    Rooms {
        #[command(subcommand)]
        verb: Option<Rooms>,
    },
    /// Send a message.
    Send {
        /// The room: its id or its name.
        room: String,
        /// The text.
        text: String,
    },
    /// Show the newest of a chat.
    Log {
        /// The room: its id or its name.
        room: String,
        /// At most this many items.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Run the whole pod and print every event, until stopped.
    Watch,
    /// A room's folder.
    Files {
        /// The room: its id or its name.
        room: String,
        #[command(subcommand)]
        verb: Files,
    },
    /// Folders of this computer that are kept in step with rooms.
    Folder {
        #[command(subcommand)]
        verb: linked::Linked,
    },
    /// Offer files to a person: straight to them where there is a way, through the server where not.
    Offer(offers::Offer),
    /// What people offer to you and what waits for an answer.
    Offers,
    /// Take an offer, or let one that was cut off go on.
    Accept(offers::Accept),
    /// Do not take an offer.
    Decline {
        /// The offer: its id or the name of its file.
        offer: String,
    },
    /// The transfer queue.
    Transfers {
        #[command(subcommand)]
        verb: Option<Transfers>,
    },
    /// Settings of this profile.
    Settings {
        #[command(subcommand)]
        verb: Settings,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Sign {
    /// Address of the server; an invite link has it too.
    #[arg(long, value_name = "URL")]
    pub(crate) server: Option<String>,
    /// Your unique name.
    #[arg(long)]
    pub(crate) name: String,
    /// What others see; without it: your name.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) display_name: String,
    /// An invite: its code, or the whole link.
    #[arg(long, value_name = "CODE|LINK")]
    pub(crate) invite: Option<String>,
    /// The code that a new server printed, for its first account.
    #[arg(long, value_name = "CODE")]
    pub(crate) setup_code: Option<String>,
}

/// The service a token is for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Audience {
    /// Chat.
    Messenger,
    /// Files.
    Content,
}

impl From<Audience> for TokenFor {
    fn from(audience: Audience) -> Self {
        match audience {
            Audience::Messenger => Self::Messenger,
            Audience::Content => Self::Content,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Sessions {
    /// All of them.
    List,
    /// Sign one out there: its connection and downloads end at once.
    SignOut {
        /// Its id, as in the list.
        id: DeviceId,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum People {
    /// By name.
    Search {
        /// The beginning of a name, or a part of a display name.
        text: String,
    },
    /// What a person did in rooms that you share, on your files or said to you.
    Concerning {
        /// The person: their id or their name.
        person: String,
        /// At most this many, the newest first.
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Rooms {
    /// All rooms, newest first.
    List,
    /// Make a room from the chat side; its folder follows by itself.
    Create(NewRoom),
    /// Make a shared folder; its room follows by itself.
    CreateFolder(NewRoom),
    /// Add a person.
    Add {
        /// The room: its id or its name.
        room: String,
        /// The person: id or name.
        person: String,
        /// Their role.
        #[arg(long, value_enum, default_value = "editor")]
        role: RoleName,
    },
    /// Remove a person.
    Remove {
        /// The room: its id or its name.
        room: String,
        /// The person: id or name.
        person: String,
    },
    /// Make a link by which people join a room; or list its links, or take one back.
    Link(people::Link),
    /// Join a room with a link.
    Join {
        /// The link, or the address of its page.
        link: String,
    },
    /// Let a room not disturb you.
    Mute(people::Marked),
    /// What to be told of a room, on all your devices.
    Notify {
        /// The room: its id or its name.
        room: String,
        /// How much.
        #[arg(value_enum)]
        wish: people::Notify,
    },
    /// Whether a room is told who opens which file.
    Opened {
        /// The room: its id or its name.
        room: String,
        /// It is, or not.
        #[arg(value_enum)]
        told: Told,
    },
    /// Put a room above the others.
    Favourite(people::Marked),
    /// Leave a room.
    Leave {
        /// The room: its id or its name.
        room: String,
    },
    /// Give a person another role.
    Role {
        /// The room: its id or its name.
        room: String,
        /// The person: id or name.
        person: String,
        /// The role.
        #[arg(value_enum)]
        role: RoleName,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct NewRoom {
    /// Its name.
    pub(crate) name: String,
    /// Other members, by id or name, with commas between.
    #[arg(long, value_name = "A,B", default_value = "")]
    pub(crate) with: String,
}

/// What a member may do.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum RoleName {
    /// Looks.
    Viewer,
    /// Writes and changes files.
    Editor,
    /// Changes members too.
    Manager,
    /// Everything.
    Owner,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Viewer => Self::Viewer,
            RoleName::Editor => Self::Editor,
            RoleName::Manager => Self::Manager,
            RoleName::Owner => Self::Owner,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Settings {
    /// Show one.
    Get {
        /// Its key.
        key: String,
    },
    /// Change one.
    Set {
        /// Its key.
        key: String,
        /// Its value; without it: back to the default.
        value: Option<String>,
    },
}

/// Whether something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Told {
    /// It is.
    On,
    /// It is not.
    Off,
}
