//! A message as an item: what stands in it, what this person may do with it, and how far it came.

use super::{Around, item, name_of, names};
use crate::cache::{Answered, MemberRow, Page, Said};
use crate::view::{Item, ItemKind, MessageState, Name, ReactionView, ReplyView};
use pod_shared::envelope::Mention;
use pod_shared::socket::{EventKind, RoomEvent};
use pod_shared::{AccountId, MessageId, Position, Role, limits};
use std::collections::BTreeMap;

/// Up to where everybody else is; nothing where that is not told.
#[derive(Clone, Copy, Default)]
pub(super) struct Reached {
    read: Option<Position>,
    delivered: Option<Position>,
}

impl Reached {
    pub(super) fn of(page: &Page, me: AccountId) -> Self {
        let others: Vec<AccountId> = page
            .members
            .iter()
            .filter(|member| member.role.is_some() && member.account != me)
            .map(|member| member.account)
            .collect();
        if others.len() >= limits::MARKS_TOLD_MEMBERS_MAX {
            return Self::default();
        }
        let least = |of: fn(&crate::cache::Mark) -> Position| {
            others.iter().map(|account| page.marks.get(account).map(of).unwrap_or_default()).min()
        };
        Self { read: least(|mark| mark.read), delivered: least(|mark| mark.delivered) }
    }

    pub(super) fn state(self, event: &RoomEvent, me: AccountId) -> MessageState {
        let behind = |mark: Option<Position>| event.by == me && mark.is_some_and(|mark| event.pos <= mark);
        if behind(self.read) {
            MessageState::Read
        } else if behind(self.delivered) {
            MessageState::Delivered
        } else {
            MessageState::Sent
        }
    }
}

/// A message that is in the log.
pub(super) fn of_said(
    around: &Around<'_>,
    names: &BTreeMap<AccountId, String>,
    members: &[MemberRow],
    (by, id): (AccountId, MessageId),
    said: &Said,
    state: MessageState,
) -> ItemKind {
    let role = members.iter().find(|member| member.account == around.me).and_then(|member| member.role);
    let mine = by == around.me;
    ItemKind::Message {
        id,
        text: said.text.clone(),
        state,
        edited: said.edited,
        deleted: said.deleted,
        reply: said.reply.as_ref().map(|reply| of_answered(around, names, reply)),
        mentions: of_mentions(names, &said.mentions),
        reactions: said.reactions.iter().map(|one| of_reacted(around, names, one)).collect(),
        may_edit: mine && said.text.is_some() && role.is_some_and(Role::writes),
        may_delete: !said.deleted && role.is_some_and(|role| mine || role.manages()),
    }
}

/// A message that a search found.
pub(crate) fn of_found(
    around: &Around<'_>,
    members: &[MemberRow],
    event: &RoomEvent,
    said: &Said,
) -> Option<Item> {
    let EventKind::Message { id, .. } = &event.kind else { return None };
    let names = names(members);
    let kind = of_said(around, &names, members, (event.by, *id), said, MessageState::Sent);
    Some(item(around, &names, event, kind))
}

pub(super) fn of_answered(
    around: &Around<'_>,
    names: &BTreeMap<AccountId, String>,
    reply: &Answered,
) -> ReplyView {
    ReplyView {
        target: reply.to.into(),
        pos: reply.pos,
        by: reply.by,
        by_name: name_of(around, names, reply.by),
        mine: reply.by == around.me,
        quote: reply.quote.clone(),
    }
}

/// People who are known by another name now are shown by that one.
pub(super) fn of_mentions(names: &BTreeMap<AccountId, String>, mentions: &[Mention]) -> Vec<Name> {
    let shown = |mention: &Mention| Name {
        account: mention.account,
        name: names.get(&mention.account).unwrap_or(&mention.name).clone(),
    };
    mentions.iter().take(limits::MENTIONS_MAX).map(shown).collect()
}

fn of_reacted(
    around: &Around<'_>,
    names: &BTreeMap<AccountId, String>,
    one: &crate::cache::Reacted,
) -> ReactionView {
    ReactionView {
        emoji: one.emoji.clone(),
        count: one.count,
        mine: one.mine,
        names: one.by.iter().map(|account| name_of(around, names, *account)).collect(),
    }
}
