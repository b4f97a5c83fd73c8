//! Messages that this person writes, changes, deletes or answers with an emoji: on disk first, then answered, then sent.
//!
//! An edit, a deletion and a reaction are messages about an earlier one: they take the same way, in the same order.

use super::commands::Reply;
use super::wake::Wake;
use super::{Desk, fresh, now, rooms};
use crate::command::Answer;
use crate::state::outbox::{self, OutboxRow, Wish};
use crate::state::reads;
use crate::view::{ErrorView, MarksView, Name, ReplyTarget};
use pod_shared::envelope::{self, Content, Envelope, Mention, ReplyTo};
use pod_shared::socket::{About, AboutKind};
use pod_shared::{AccountId, ErrorCode, MessageId, Role, RoomId, limits};

/// What is sent.
pub(super) struct Text {
    pub(super) text: String,
    pub(super) mentions: Vec<AccountId>,
    pub(super) reply: Option<ReplyTarget>,
}

pub(super) async fn send(desk: &Desk, room: RoomId, text: Text) -> Reply {
    let me = desk.me()?;
    let content = content(desk, room, text).await?;
    rooms::writable(desk, room).await?;
    let id = put(desk, room, content, None).await?;
    // Who answers has read what stands there, also when all ends before the server hears of it.
    if let Some(row) = desk.cache.room(room).await?.filter(|row| row.head > row.read) {
        reads::set(&desk.state, me.id, room, row.head).await?;
        desk.wake(Wake::Read { room, pos: row.head }).await?;
    }
    Ok(Answer::MessageId(id))
}

pub(super) async fn edit(desk: &Desk, room: RoomId, id: MessageId, text: Text) -> Reply {
    let content = content(desk, room, text).await?;
    rooms::writable(desk, room).await?;
    let message = find(desk, room, id).await?;
    if message.author != desk.me()?.id {
        return Err(ErrorView::new(ErrorCode::RoleTooLow, "only who wrote a message changes it"));
    }
    about(desk, room, message, AboutKind::Edit, content).await
}

pub(super) async fn delete(desk: &Desk, room: RoomId, id: MessageId) -> Reply {
    let message = find(desk, room, id).await?;
    // One that was refused never left this device.
    if let Some(row) = outbox::of_message(&desk.state, id).await?.filter(|row| row.failed.is_some()) {
        return drop_row(desk, &row).await;
    }
    let manages = rooms::role(desk, room).await?.is_some_and(Role::manages);
    if message.author != desk.me()?.id && !manages {
        return Err(ErrorView::new(
            ErrorCode::RoleTooLow,
            "only who wrote a message, or manages the room, deletes it",
        ));
    }
    about(desk, room, message, AboutKind::Deletion, Content::Deleted {}).await
}

pub(super) async fn react(desk: &Desk, room: RoomId, id: MessageId, emoji: String, on: bool) -> Reply {
    if emoji.trim().is_empty() {
        return Err(ErrorView::new(ErrorCode::BadRequest, "no emoji is given"));
    }
    if emoji.len() > limits::EMOJI_BYTES_MAX {
        return Err(ErrorView::new(ErrorCode::TooLarge, "that is more than one emoji"));
    }
    rooms::writable(desk, room).await?;
    let message = find(desk, room, id).await?;
    about(desk, room, message, AboutKind::Reaction, Content::Reaction { emoji, on }).await
}

/// An earlier message.
struct Earlier {
    id: MessageId,
    author: AccountId,
}

/// A message of the room that is here, or that waits in the outbox.
async fn find(desk: &Desk, room: RoomId, id: MessageId) -> Result<Earlier, ErrorView> {
    rooms::known(desk, room).await?;
    if let Some((event, said)) = desk.cache.message(room, id).await? {
        if said.deleted {
            return Err(ErrorView::new(ErrorCode::Gone, "the message is deleted"));
        }
        return Ok(Earlier { id, author: event.by });
    }
    match outbox::of_message(&desk.state, id).await? {
        Some(row) if row.room == room && row.wish.about().is_none() => {
            Ok(Earlier { id, author: desk.me()?.id })
        }
        Some(_) | None => Err(ErrorView::new(ErrorCode::NotFound, "no such message")),
    }
}

async fn about(desk: &Desk, room: RoomId, message: Earlier, how: AboutKind, content: Content) -> Reply {
    let about = About { message: message.id, author: message.author, how };
    put(desk, room, content, Some(about)).await.map(|_| Answer::Done)
}

/// Keeps a message in the outbox.
async fn put(
    desk: &Desk,
    room: RoomId,
    content: Content,
    about: Option<About>,
) -> Result<MessageId, ErrorView> {
    let sealed = Envelope::of(content).seal();
    let body = sealed.map_err(|error| ErrorView::new(ErrorCode::Internal, error.to_string()))?;
    if body.0.len() > limits::MESSAGE_BODY_BYTES_MAX {
        return Err(ErrorView::new(ErrorCode::TooLarge, "the message is too long"));
    }
    let id = fresh(MessageId::from_slice)?;
    let wish = Wish::Message { id, body, about };
    let weight = wish.weight();
    let seq = outbox::add(&desk.state, desk.me()?.id, room, wish, now()).await?;
    desk.wake(Wake::OutboxAdded { room, seq, weight, waiter: None }).await?;
    Ok(id)
}

async fn content(desk: &Desk, room: RoomId, text: Text) -> Result<Content, ErrorView> {
    let Text { text, mentions, reply } = text;
    if text.trim().is_empty() {
        return Err(ErrorView::new(ErrorCode::BadRequest, "the message is empty"));
    }
    if mentions.len() > limits::MENTIONS_MAX {
        return Err(ErrorView::new(ErrorCode::TooMany, "too many people are named"));
    }
    let members = desk.cache.members(room).await?;
    let named = |account: AccountId| {
        let member = members.iter().find(|member| member.account == account && member.role.is_some())?;
        Some(Mention { account, name: crate::timeline::shown_name(member) })
    };
    let mentions = mentions.into_iter().filter_map(named).collect();
    let reply = match reply {
        Some(target) => Some(reply_to(desk, room, target).await?),
        None => None,
    };
    Ok(Content::Text { text, mentions, reply })
}

async fn reply_to(desk: &Desk, room: RoomId, target: ReplyTarget) -> Result<envelope::Reply, ErrorView> {
    let gone = || ErrorView::new(ErrorCode::NotFound, "what is answered is not there");
    let short = |text: &str| text.chars().take(limits::QUOTE_CHARS_MAX).collect();
    match target {
        ReplyTarget::Message { id } => {
            let to = ReplyTo::Message(id);
            if let Some((event, said)) = desk.cache.message(room, id).await? {
                let quote = short(&said.text.ok_or_else(gone)?);
                return Ok(envelope::Reply { to, pos: Some(event.pos), by: event.by, quote });
            }
            let row = outbox::of_message(&desk.state, id).await?.ok_or_else(gone)?;
            let Wish::Message { body, .. } = &row.wish else { return Err(gone()) };
            let Some(Content::Text { text, .. }) = Envelope::open(body).map(|held| held.content) else {
                return Err(gone());
            };
            Ok(envelope::Reply { to, pos: None, by: desk.me()?.id, quote: short(&text) })
        }
        ReplyTarget::Upload { id } => {
            let (pos, by, name) = desk.cache.upload(room, id).await?.ok_or_else(gone)?;
            Ok(envelope::Reply { to: ReplyTo::Upload(id), pos, by, quote: short(&name) })
        }
    }
}

/// Tries what was refused again: a message, or what was to change it.
pub(super) async fn retry(desk: &Desk, id: MessageId) -> Reply {
    let row = waiting_message(desk, id).await?;
    let rows = outbox::of_room(&desk.state, desk.me()?.id, row.room).await?;
    let creation = rows.iter().find(|row| matches!(row.wish, Wish::RoomCreate { .. })).map(|row| row.seq);
    let seqs: Vec<_> = creation.into_iter().chain([row.seq]).collect();
    for seq in &seqs {
        outbox::set_failed(&desk.state, *seq, None).await?;
    }
    desk.wake(Wake::OutboxRetry { room: row.room, seqs }).await?;
    Ok(Answer::Done)
}

/// Drops what waits or was refused: a message, or what was to change it.
pub(super) async fn discard(desk: &Desk, id: MessageId) -> Reply {
    let row = waiting_message(desk, id).await?;
    drop_row(desk, &row).await
}

async fn drop_row(desk: &Desk, row: &OutboxRow) -> Reply {
    outbox::remove(&desk.state, row.seq).await?;
    let mut gone = vec![(row.room, row.seq)];
    // What was to change a message that never went has nothing to change.
    if let Some(id) = row.wish.message() {
        for later in outbox::of_room(&desk.state, desk.me()?.id, row.room).await? {
            if later.wish.about().is_some_and(|about| about.message == id) {
                outbox::remove(&desk.state, later.seq).await?;
                gone.push((later.room, later.seq));
            }
        }
    }
    desk.wake(Wake::OutboxGone(gone)).await?;
    Ok(Answer::Done)
}

async fn waiting_message(desk: &Desk, id: MessageId) -> Result<OutboxRow, ErrorView> {
    if let Some(row) = outbox::of_message(&desk.state, id).await? {
        return Ok(row);
    }
    let rows = outbox::all(&desk.state, desk.me()?.id).await?;
    let mut abouts = rows.into_iter().filter(|row| row.wish.about().is_some_and(|about| about.message == id));
    // Of several the one that was refused is meant.
    abouts
        .find(|row| row.failed.is_some())
        .ok_or_else(|| ErrorView::new(ErrorCode::NotFound, "the message does not wait"))
}

/// Who has a message.
pub(super) async fn marks(desk: &Desk, room: RoomId, id: MessageId) -> Result<MarksView, ErrorView> {
    rooms::known(desk, room).await?;
    let none = || ErrorView::new(ErrorCode::NotFound, "no such message");
    let (event, _) = desk.cache.message(room, id).await?.ok_or_else(none)?;
    let members = desk.cache.members(room).await?;
    let present = || members.iter().filter(|member| member.role.is_some());
    let mut view = MarksView::default();
    if present().count() > limits::MARKS_TOLD_MEMBERS_MAX {
        return Ok(view);
    }
    let marks = desk.cache.marks(room).await?;
    for member in present().filter(|member| member.account != event.by) {
        let Some(mark) = marks.iter().find(|mark| mark.account == member.account) else { continue };
        let name = Name { account: member.account, name: crate::timeline::shown_name(member) };
        if mark.read >= event.pos {
            view.read.push(name);
        } else if mark.delivered >= event.pos {
            view.delivered.push(name);
        }
    }
    Ok(view)
}
