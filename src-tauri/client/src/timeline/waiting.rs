//! What this device has not brought to the server yet: uploads, messages of the outbox, and what waiting messages will
//! change of others, shown at once.

use super::message::{of_answered, of_mentions};
use super::{Around, upload, upload_key};
use crate::cache::Answered;
use crate::state::outbox::{OutboxRow, Wish};
use crate::view::{Item, ItemKind, MessageState, ReactionView};
use pod_machine::outbox::Seq;
use pod_shared::bytes::ByteString;
use pod_shared::envelope::{Content, Envelope};
use pod_shared::socket::About;
use pod_shared::{AccountId, ErrorBody, MessageId, Role};
use std::collections::{BTreeMap, BTreeSet};

/// The outbox of a room, and what is known about it.
pub(crate) struct Waiting<'a> {
    pub(crate) rows: &'a [OutboxRow],
    /// Messages that are in the log already.
    pub(crate) known: BTreeSet<MessageId>,
    /// What its messages answer.
    pub(crate) replies: BTreeMap<Seq, Answered>,
    /// Where the server gave one.
    pub(crate) role: Option<Role>,
    pub(crate) names: BTreeMap<AccountId, String>,
}

fn state(failed: Option<&ErrorBody>) -> MessageState {
    match failed {
        Some(error) => MessageState::Failed { error: error.clone().into() },
        None => MessageState::Waiting,
    }
}

/// Uploads the server does not know yet, and the outbox; what is in `shown` is left out.
pub(crate) fn waiting(waiting: &Waiting<'_>, around: &Around<'_>, shown: &BTreeSet<String>) -> Vec<Item> {
    let mine = |key: String, at, kind| Item {
        key,
        pos: None,
        at,
        by: around.me,
        by_name: around.my_name.to_owned(),
        mine: true,
        kind,
    };
    let mut items = Vec::new();
    for upload in around.uploads {
        let key = upload_key(upload.upload);
        if !shown.contains(&key) {
            let live = upload::waiting(upload, around, waiting.role);
            items.push(mine(key, upload.transfer.created_at, ItemKind::Upload(live)));
        }
    }
    for row in waiting.rows {
        let Wish::Message { id, body, about: None } = &row.wish else { continue };
        if waiting.known.contains(id) {
            continue;
        }
        let (text, mentions) = text(body);
        let reply = waiting.replies.get(&row.seq).map(|reply| of_answered(around, &waiting.names, reply));
        let kind = ItemKind::Message {
            id: *id,
            text,
            state: state(row.failed.as_ref()),
            edited: false,
            deleted: false,
            reply,
            mentions: of_mentions(&waiting.names, &mentions),
            reactions: Vec::new(),
            may_edit: row.failed.is_none(),
            may_delete: true,
        };
        items.push(mine(id.to_string(), row.at, kind));
    }
    items.sort_by_key(|item| item.at);
    items
}

fn text(body: &ByteString) -> (Option<String>, Vec<pod_shared::envelope::Mention>) {
    match Envelope::open(body).map(|held| held.content) {
        Some(Content::Text { text, mentions, .. }) => (Some(text), mentions),
        Some(Content::Reaction { .. } | Content::Deleted {}) | None => (None, Vec::new()),
    }
}

/// Shows in the items what the outbox will change of them.
pub(crate) fn overlay(items: &mut [Item], waiting: &Waiting<'_>, around: &Around<'_>) {
    let abouts: Vec<(&OutboxRow, &ByteString, About)> = waiting
        .rows
        .iter()
        .filter_map(|row| match &row.wish {
            Wish::Message { body, about: Some(about), .. } => Some((row, body, *about)),
            Wish::Message { .. } | Wish::RoomCreate { .. } | Wish::Member { .. } | Wish::Rename { .. } => {
                None
            }
        })
        .collect();
    if abouts.is_empty() {
        return;
    }
    let mut places = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        if let ItemKind::Message { id, .. } = &item.kind {
            places.insert((item.by, *id), at);
        }
    }
    for (row, body, about) in abouts {
        let at = places.get(&(about.author, about.message));
        if let Some(item) = at.and_then(|at| items.get_mut(*at)) {
            change(&mut item.kind, row, body, waiting, around);
        }
    }
}

fn change(
    kind: &mut ItemKind,
    row: &OutboxRow,
    body: &ByteString,
    waiting: &Waiting<'_>,
    around: &Around<'_>,
) {
    let ItemKind::Message {
        text,
        state: held,
        edited,
        deleted,
        mentions,
        reactions,
        may_edit,
        may_delete,
        ..
    } = kind
    else {
        return;
    };
    if *deleted {
        return;
    }
    match Envelope::open(body).map(|envelope| envelope.content) {
        Some(Content::Text { text: new, mentions: named, .. }) => {
            (*text, *edited) = (Some(new), true);
            *mentions = of_mentions(&waiting.names, &named);
            *held = state(row.failed.as_ref());
        }
        Some(Content::Reaction { emoji, on }) if row.failed.is_none() => {
            react(reactions, around.my_name, emoji, on);
        }
        Some(Content::Deleted {}) => {
            *held = state(row.failed.as_ref());
            // Refused, it stands as it was, with the reason.
            if row.failed.is_none() {
                (*text, *deleted, *may_edit, *may_delete) = (None, true, false, false);
                mentions.clear();
                reactions.clear();
            }
        }
        Some(Content::Reaction { .. }) | None => {}
    }
}

/// Gives an emoji, or takes it back.
fn react(reactions: &mut Vec<ReactionView>, my_name: &str, emoji: String, on: bool) {
    match reactions.iter_mut().find(|held| held.emoji == emoji) {
        Some(held) if held.mine == on => {}
        Some(held) if on => {
            held.mine = true;
            held.count += 1;
            held.names.push(my_name.to_owned());
        }
        Some(held) => {
            held.mine = false;
            held.count = held.count.saturating_sub(1);
            held.names.retain(|name| name != my_name);
        }
        None if on => {
            let names = vec![my_name.to_owned()];
            reactions.push(ReactionView { emoji, count: 1, mine: true, names });
        }
        None => {}
    }
    reactions.retain(|held| held.count > 0);
}
