//! What is worth a notification, and for how long: the wishes of a person, the verdict on one thing that happened, and the
//! board of what is shown now.
//!
//! The life of a notice: something happened → wanted or not ([`verdict`]) → on the board, shown → read on any device, or
//! answered: withdrawn. Who was away is told once, in one notice, what is still unread ([`Board`]). Refuses to know what
//! is in sight: the shell shows no notice of a room that a focused window shows.

mod board;
mod quiet;
#[cfg(test)]
mod tests;

pub use board::{Board, Effect, Input, Noted, Place};
pub use quiet::{LocalTime, Quiet};

use pod_shared::RoomId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The general wish: a [`Wish`].
pub const NOTIFY: &str = "notify";
/// The beginning of the keys of all settings about notices that follow their person.
pub const KEYS: &str = "notify.";
/// Before a room's id: its own [`Wish`].
pub const OF_ROOM: &str = "notify.room.";
/// Before the word of a [`NoticeKind`]: `on` or `off`.
pub const OF_KIND: &str = "notify.kinds.";
/// The quiet hours, see [`Quiet`].
pub const QUIET: &str = "notify.quiet";

/// What can be worth a notice. More kinds come with more activities; each has a word in the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A message.
    Messages,
    /// A message or a comment that names this person, or a comment that answers theirs.
    Mentions,
    /// A file was added.
    Files,
    /// A file or folder was changed, renamed, moved, deleted or brought back.
    Changes,
    /// Somebody said something about a file; what names this person is a mention.
    Comments,
    /// Somebody asks to be a contact.
    Contacts,
    /// Somebody wants to send a file.
    Offers,
}

impl NoticeKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Messages,
        Self::Mentions,
        Self::Files,
        Self::Changes,
        Self::Comments,
        Self::Contacts,
        Self::Offers,
    ];

    /// Its word in the settings.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Mentions => "mentions",
            Self::Files => "files",
            Self::Changes => "changes",
            Self::Comments => "comments",
            Self::Contacts => "contacts",
            Self::Offers => "offers",
        }
    }

    /// Wanted by who chose nothing. What people do to files all day long is in the chat already.
    #[must_use]
    pub fn is_usual(self) -> bool {
        match self {
            Self::Messages
            | Self::Mentions
            | Self::Files
            | Self::Comments
            | Self::Contacts
            | Self::Offers => true,
            Self::Changes => false,
        }
    }
}

/// How much a person wants to hear, of a room or of everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "NotifyWish")]
pub enum Wish {
    /// Everything.
    #[default]
    All,
    /// What is said to them: where they are named, and conversations of two.
    Mentions,
    /// Nothing.
    None,
}

impl Wish {
    /// Its word in the settings.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Mentions => "mentions",
            Self::None => "none",
        }
    }

    /// The wish with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::All, Self::Mentions, Self::None].into_iter().find(|wish| wish.word() == word)
    }
}

/// What a person chose about notices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Of everything that has no wish of its own.
    pub general: Wish,
    /// Rooms with a wish of their own.
    pub rooms: BTreeMap<RoomId, Wish>,
    /// Kinds that were switched.
    pub kinds: BTreeMap<NoticeKind, bool>,
    /// When nothing disturbs.
    pub quiet: Option<Quiet>,
}

impl Rules {
    /// As the settings say; what is none of theirs or not understood is left out.
    #[must_use]
    pub fn read<'a>(settings: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut rules = Self::default();
        for (key, value) in settings {
            if key == NOTIFY {
                rules.general = Wish::from_word(value).unwrap_or_default();
            } else if key == QUIET {
                rules.quiet = Quiet::from_words(value);
            } else if let Some((room, wish)) = room_wish(key, value) {
                rules.rooms.insert(room, wish);
            } else if let Some((kind, wanted)) = kind_wish(key, value) {
                rules.kinds.insert(kind, wanted);
            }
        }
        rules
    }

    /// Whether a kind is wanted at all.
    #[must_use]
    pub fn wants(&self, kind: NoticeKind) -> bool {
        self.kinds.get(&kind).copied().unwrap_or(kind.is_usual())
    }
}

/// Whether a setting about notices has this value; any other key is none of theirs.
#[must_use]
pub fn is_understood(key: &str, value: &str) -> bool {
    match key {
        NOTIFY => Wish::from_word(value).is_some(),
        QUIET => Quiet::from_words(value).is_some(),
        _ => room_wish(key, value).is_some() || kind_wish(key, value).is_some(),
    }
}

/// The key of a room's own wish.
#[must_use]
pub fn room_key(room: RoomId) -> String {
    format!("{OF_ROOM}{room}")
}

fn room_wish(key: &str, value: &str) -> Option<(RoomId, Wish)> {
    Some((key.strip_prefix(OF_ROOM)?.parse().ok()?, Wish::from_word(value)?))
}

fn kind_wish(key: &str, value: &str) -> Option<(NoticeKind, bool)> {
    let word = key.strip_prefix(OF_KIND)?;
    let kind = NoticeKind::ALL.into_iter().find(|kind| kind.word() == word)?;
    match value {
        "on" => Some((kind, true)),
        "off" => Some((kind, false)),
        _ => None,
    }
}

/// Something that happened, as far as it matters whether it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happened {
    /// What.
    pub kind: NoticeKind,
    /// In which room; nothing: in none.
    pub room: Option<RoomId>,
    /// The room is a conversation of two.
    pub of_two: bool,
    /// This person does not want to be disturbed by who did it, or blocked them.
    pub by_quiet: bool,
}

/// Whether it is told, and else what kept it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is told.
    Tell,
    /// Who did it is muted or blocked.
    Person,
    /// Its room, or everything, is not to be told.
    Room,
    /// Its kind is switched off.
    Kind,
    /// These are quiet hours.
    Quiet,
}

/// Judges one thing. A room's own wish counts before the general one; nothing is told in quiet hours.
#[must_use]
pub fn verdict(rules: &Rules, happened: Happened, now: LocalTime) -> Verdict {
    if happened.by_quiet {
        return Verdict::Person;
    }
    let own = happened.room.and_then(|room| rules.rooms.get(&room));
    let to_them = happened.of_two
        || match happened.kind {
            NoticeKind::Mentions | NoticeKind::Contacts | NoticeKind::Offers => true,
            NoticeKind::Messages | NoticeKind::Files | NoticeKind::Changes | NoticeKind::Comments => false,
        };
    match own.copied().unwrap_or(rules.general) {
        Wish::None => return Verdict::Room,
        Wish::Mentions if !to_them => return Verdict::Room,
        Wish::All | Wish::Mentions => {}
    }
    if !rules.wants(happened.kind) {
        return Verdict::Kind;
    }
    if rules.quiet.is_some_and(|quiet| quiet.covers(now)) {
        return Verdict::Quiet;
    }
    Verdict::Tell
}
