//! What can be typed about contacts.

use clap::{Args as ClapArgs, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Contacts {
    /// By name, with their presence and how they stand.
    List,
    /// Ask somebody to be a contact.
    Add {
        /// The person: id or name.
        person: String,
        /// What to say to them.
        #[arg(default_value = "")]
        text: String,
        /// The group to put them into: id or name.
        #[arg(long)]
        group: Option<String>,
    },
    /// Take a request back, or be no longer contacts.
    Remove(Whom),
    /// Accept a request.
    Accept(Whom),
    /// Decline a request; they are told.
    Decline(Whom),
    /// Let a request be; they are not told.
    Ignore(Whom),
    /// Block somebody; they are not told.
    Block(Whom),
    /// Block somebody no longer.
    Unblock(Whom),
    /// Put a contact above the others.
    Favourite(Marked),
    /// Let a contact not disturb you.
    Mute(Marked),
    /// Call a contact something else.
    Name {
        /// The person: id or name.
        person: String,
        /// What to call them; without it: by their own name.
        #[arg(default_value = "")]
        nickname: String,
    },
    /// Groups of contacts.
    Group {
        #[command(subcommand)]
        verb: Option<Group>,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Whom {
    /// The person: id or name.
    pub(crate) person: String,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Marked {
    /// The person: id or name.
    pub(crate) person: String,
    /// No longer.
    #[arg(long)]
    pub(crate) off: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Group {
    /// In their order, with who is in them.
    List,
    /// Make one, at the end.
    Create {
        /// Its name.
        name: String,
    },
    /// Another name.
    Rename {
        /// The group: id or name.
        group: String,
        /// The name.
        name: String,
    },
    /// Delete one; its contacts stay contacts.
    Delete {
        /// The group: id or name.
        group: String,
    },
    /// Another place among the groups.
    Order {
        /// The group: id or name.
        group: String,
        /// Before this one; without it: at the end.
        #[arg(long, value_name = "GROUP")]
        before: Option<String>,
    },
    /// Put a contact into a group, or to another place in it.
    Move {
        /// The person: id or name.
        person: String,
        /// The group: id or name.
        group: String,
        /// Before this contact; without it: at the end.
        #[arg(long, value_name = "PERSON")]
        before: Option<String>,
        /// Out of this group.
        #[arg(long, value_name = "GROUP")]
        from: Option<String>,
    },
    /// Take a contact out of a group.
    Take {
        /// The person: id or name.
        person: String,
        /// The group: id or name.
        group: String,
    },
}
