//! Rooms as they are shown: from the cache, and from the outbox those the server does not know yet.

use super::{Desk, chat, presence};
use crate::cache::{MemberRow, RoomRow};
use crate::state::account::Account;
use crate::state::drafts;
use crate::state::outbox::{self, OutboxRow, Wish};
use crate::state::{prefs, settings};
use crate::view::{ErrorView, MemberView, NotifyWish, Presence, RoomSummary, RoomView};
use futures_util::future::try_join_all;
use pod_shared::{ErrorCode, Position, Role, RoomId};
use std::collections::BTreeSet;

/// Other members named in a summary.
const OTHERS_MAX: usize = 3;

/// All rooms, newest activity first.
pub(super) async fn all(desk: &Desk) -> Result<Vec<RoomSummary>, ErrorView> {
    let me = desk.me()?;
    let rows = desk.cache.rooms().await?;
    let known: BTreeSet<_> = rows.iter().map(|row| row.id).collect();
    // Side by side: the databases have the next question before the last answer was heard.
    let made = try_join_all(rows.into_iter().map(|row| of_row(desk, &me, row))).await?;
    let mut summaries: Vec<_> = made.into_iter().map(|(summary, _)| summary).collect();
    for row in outbox::all(&desk.state, me.id).await? {
        if !known.contains(&row.room)
            && let Some((summary, _)) = of_wish(desk, &me, &row).await?
        {
            summaries.push(summary);
        }
    }
    summaries.sort_by_key(|summary| (std::cmp::Reverse(summary.last_at), summary.id));
    Ok(summaries)
}

/// One row of the list; nothing: no such room.
pub(super) async fn summary(desk: &Desk, room: RoomId) -> Result<Option<RoomSummary>, ErrorView> {
    Ok(both(desk, room).await?.map(|(summary, _)| summary))
}

async fn both(desk: &Desk, room: RoomId) -> Result<Option<(RoomSummary, Vec<MemberView>)>, ErrorView> {
    let me = desk.me()?;
    if let Some(row) = desk.cache.room(room).await? {
        return of_row(desk, &me, row).await.map(Some);
    }
    for row in outbox::of_room(&desk.state, me.id, room).await? {
        if let Some(made) = of_wish(desk, &me, &row).await? {
            return Ok(Some(made));
        }
    }
    Ok(None)
}

/// One room, open.
pub(super) async fn view(desk: &Desk, room: RoomId) -> Result<RoomView, ErrorView> {
    let me = desk.me()?;
    let (summary, members) = both(desk, room).await?.ok_or_else(no_room)?;
    let row = desk.cache.room(room).await?;
    let (entry_count, folder_bytes) = desk.cache.folder_size(room).await?;
    let read = row.as_ref().map_or(Position(0), |row| row.read);
    let marked = desk.live().reads.get(&room).copied().unwrap_or_default();
    Ok(RoomView {
        created_by: row.as_ref().and_then(|row| row.created_by).unwrap_or(me.id),
        created_at: row.as_ref().map_or(summary.last_at, |row| row.created_at),
        summary,
        members,
        read: read.max(marked),
        entry_count,
        folder_bytes,
    })
}

fn no_room() -> ErrorView {
    ErrorView::new(ErrorCode::NotFound, "no such room")
}

/// The room is there, here or in the outbox.
pub(super) async fn known(desk: &Desk, room: RoomId) -> Result<(), ErrorView> {
    let me = desk.me()?;
    if desk.cache.room(room).await?.is_some() {
        return Ok(());
    }
    let rows = outbox::of_room(&desk.state, me.id, room).await?;
    let made = rows.iter().any(|row| matches!(row.wish, Wish::RoomCreate { .. }));
    if made { Ok(()) } else { Err(no_room()) }
}

/// The room is there and this person may write in it.
pub(super) async fn writable(desk: &Desk, room: RoomId) -> Result<(), ErrorView> {
    known(desk, room).await?;
    match role(desk, room).await? {
        Some(role) if !role.writes() => Err(ErrorView::new(ErrorCode::RoleTooLow, "viewers read only")),
        Some(_) | None => Ok(()),
    }
}

/// This person's role, where the server gave one.
pub(super) async fn role(desk: &Desk, room: RoomId) -> Result<Option<Role>, ErrorView> {
    let me = desk.me()?;
    let members = desk.cache.members(room).await?;
    Ok(members.iter().find(|member| member.account == me.id).and_then(|member| member.role))
}

/// What this person wants to hear of a room, where that is not what they want in general.
async fn notify(desk: &Desk, room: RoomId) -> Result<Option<NotifyWish>, ErrorView> {
    let word = settings::get(&desk.state, &pod_machine::notice::room_key(room)).await?;
    Ok(word.as_deref().and_then(NotifyWish::from_word))
}

async fn of_row(
    desk: &Desk,
    me: &Account,
    row: RoomRow,
) -> Result<(RoomSummary, Vec<MemberView>), ErrorView> {
    let wishes = outbox::of_room(&desk.state, me.id, row.id).await?;
    let mut leaving: BTreeSet<_> = wishes
        .iter()
        .filter_map(|wish| match wish.wish {
            Wish::Member { account, role: None } => Some(account),
            Wish::Member { .. } | Wish::Message { .. } | Wish::RoomCreate { .. } | Wish::Rename { .. } => {
                None
            }
        })
        .collect();
    let rows = desk.cache.members(row.id).await?;
    {
        let mut live = desk.live();
        // Who is no longer a member has left.
        let still = |account| rows.iter().any(|member| member.account == account && member.role.is_some());
        live.leaving.retain(|(room, account)| *room != row.id || still(*account));
        leaving.extend(live.leaving.iter().filter(|(room, _)| *room == row.id).map(|(_, account)| *account));
    }
    let presences = desk.cache.presences(row.id).await?;
    let view = |member: &MemberRow, role| MemberView {
        account: member.account,
        name: member.name.clone(),
        display_name: crate::timeline::shown_name(member),
        role,
        me: member.account == me.id,
        leaving: leaving.contains(&member.account),
        presence: presence::shown(desk, me.id, member.account, presences.get(&member.account)),
    };
    let members: Vec<MemberView> =
        rows.iter().filter_map(|member| member.role.map(|role| view(member, role))).collect();
    let marked = desk.live().reads.get(&row.id).copied().unwrap_or_default();
    let read = row.read.max(marked);
    let unread = desk.cache.unread(row.id, read).await?;
    let mentions = desk.cache.unread_mentions(row.id, read).await?;
    let draft = drafts::get(&desk.state, me.id, row.id).await?;
    let last = chat::newest(desk, row.id).await?;
    let prefs = prefs::of(&desk.state, me.id, row.id).await?;
    let notify = notify(desk, row.id).await?;
    let summary = RoomSummary {
        id: row.id,
        others: members.iter().filter(|member| !member.me).take(OTHERS_MAX).cloned().collect(),
        member_count: u32::try_from(members.len()).unwrap_or(u32::MAX),
        role: members.iter().find(|member| member.me).map_or(Role::Viewer, |member| member.role),
        has_folder: row.has_folder,
        last_at: last.as_ref().map_or(row.last_at, |item| item.at.max(row.last_at)),
        last: last.map(Box::new),
        unread,
        mentions,
        draft: draft.as_deref().and_then(drafts::beginning),
        waiting: false,
        picture: row.picture,
        opened_told: row.opened_told,
        muted: notify == Some(NotifyWish::None),
        notify,
        favourite: prefs.rank.is_some(),
        rank: prefs.rank,
        title: row.title,
    };
    Ok((summary, members))
}

/// A room that was made here and is not at the server yet.
async fn of_wish(
    desk: &Desk,
    me: &Account,
    row: &OutboxRow,
) -> Result<Option<(RoomSummary, Vec<MemberView>)>, ErrorView> {
    let Wish::RoomCreate { title, members, .. } = &row.wish else { return Ok(None) };
    let mine = MemberView {
        account: me.id,
        name: me.name.clone(),
        display_name: me.display_name.clone(),
        role: Role::Owner,
        me: true,
        leaving: false,
        presence: presence::as_seen(desk),
    };
    let others = members.iter().map(|person| MemberView {
        account: person.account,
        name: person.name.clone(),
        display_name: if person.display_name.is_empty() {
            person.name.clone()
        } else {
            person.display_name.clone()
        },
        role: Role::Editor,
        me: false,
        leaving: false,
        presence: Presence::default(),
    });
    let members: Vec<MemberView> = std::iter::once(mine).chain(others).collect();
    let last = chat::newest(desk, row.room).await?;
    let draft = drafts::get(&desk.state, me.id, row.room).await?;
    let prefs = prefs::of(&desk.state, me.id, row.room).await?;
    let notify = notify(desk, row.room).await?;
    let summary = RoomSummary {
        id: row.room,
        title: title.clone(),
        others: members.iter().skip(1).take(OTHERS_MAX).cloned().collect(),
        member_count: u32::try_from(members.len()).unwrap_or(u32::MAX),
        role: Role::Owner,
        has_folder: true,
        last_at: last.as_ref().map_or(row.at, |item| item.at),
        last: last.map(Box::new),
        unread: 0,
        mentions: 0,
        draft: draft.as_deref().and_then(drafts::beginning),
        waiting: true,
        picture: None,
        opened_told: true,
        muted: notify == Some(NotifyWish::None),
        notify,
        favourite: prefs.rank.is_some(),
        rank: prefs.rank,
    };
    Ok(Some((summary, members)))
}
