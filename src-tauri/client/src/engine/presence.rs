//! Presence: what this person chose, kept here until the server has it; and how others are shown.
//!
//! The life of a choice: on disk → shown here → sent when the connection is up → dropped from the disk when the server
//! took it; the server tells it to all devices, and the cache keeps it.

use super::commands::Reply;
use super::wake::Wake;
use super::{Desk, now};
use crate::command::Answer;
use crate::event::Event;
use crate::state::waiting;
use crate::view::{ErrorView, MyPresence, Presence, PresenceChoice, PresenceState};
use pod_shared::socket::Request;
use pod_shared::{AccountId, ErrorCode, Retry, TimeMs, limits};

/// Keeps a choice, shows it, and tells it as soon as that is possible.
pub(super) async fn choose(desk: &Desk, state: PresenceChoice, text: String, until: Option<TimeMs>) -> Reply {
    let me = desk.me()?;
    let text = text.trim().to_owned();
    if text.len() > limits::PRESENCE_TEXT_BYTES_MAX {
        return Err(ErrorView::new(ErrorCode::TooLarge, "the text is too long"));
    }
    if text.chars().any(char::is_control) {
        return Err(ErrorView::new(ErrorCode::BadRequest, "the text holds a character that cannot be shown"));
    }
    if until.is_some_and(|until| until <= now()) {
        return Err(ErrorView::new(ErrorCode::BadRequest, "the choice would be over already"));
    }
    let chosen = MyPresence { state, text, until };
    waiting::wish_presence(&desk.state, me.id, &chosen).await?;
    show_mine(desk, me.id, chosen).await?;
    match tell(desk).await {
        Ok(()) => Ok(Answer::Done),
        Err(error) if waits(&error) => Ok(Answer::Done),
        Err(error) => Err(error),
    }
}

/// Whether a wish stays for another time.
pub(super) fn waits(error: &ErrorView) -> bool {
    matches!(error.retry, Retry::Now | Retry::After)
}

/// Tells the server a choice that waits. One that it refuses is dropped, and the former is shown again.
pub(super) async fn tell(desk: &Desk) -> Result<(), ErrorView> {
    let me = desk.me()?;
    let Some(chosen) = waiting::presence(&desk.state, me.id).await? else { return Ok(()) };
    if chosen.until.is_some_and(|until| until <= now()) {
        waiting::drop_presence(&desk.state, me.id, &chosen).await?;
        return load(desk, me.id).await;
    }
    match desk.request(Request::Presence(chosen.clone())).await {
        Ok(_) => waiting::drop_presence(&desk.state, me.id, &chosen).await,
        Err(error) if waits(&error) => Err(error),
        Err(error) => {
            waiting::drop_presence(&desk.state, me.id, &chosen).await?;
            load(desk, me.id).await?;
            Err(error)
        }
    }
}

/// Nobody is at this computer, or somebody is again.
pub(super) async fn idle(desk: &Desk, idle: bool) -> Reply {
    desk.me()?;
    desk.wake(Wake::Idle(idle)).await.map(|()| Answer::Done)
}

/// What this person chose, as far as this device knows: what waits for the server, or what it last told.
pub(super) async fn load(desk: &Desk, me: AccountId) -> Result<(), ErrorView> {
    let chosen = match waiting::presence(&desk.state, me).await? {
        Some(chosen) => chosen,
        None => desk.cache.chosen().await?.unwrap_or_default(),
    };
    show_mine(desk, me, chosen).await
}

async fn show_mine(desk: &Desk, me: AccountId, chosen: MyPresence) -> Result<(), ErrorView> {
    let changed = {
        let mut live = desk.live();
        let changed = live.mine != chosen;
        live.mine = chosen;
        changed
    };
    if changed {
        desk.sink.emit(Event::Person { account: me, presence: as_seen(desk) });
        desk.wake(Wake::PresenceChosen).await?;
    }
    Ok(())
}

/// A member's presence; a person's own is what they chose.
pub(super) fn shown(desk: &Desk, me: AccountId, account: AccountId, heard: Option<&Presence>) -> Presence {
    if account == me { as_seen(desk) } else { heard.cloned().map(current).unwrap_or_default() }
}

/// Somebody's presence as last heard.
pub(super) async fn of(desk: &Desk, account: AccountId) -> Result<Presence, ErrorView> {
    Ok(desk.cache.presence(account).await?.map(current).unwrap_or_default())
}

/// What was said until a time that has passed is no longer said.
pub(super) fn current(presence: Presence) -> Presence {
    if presence.until.is_some_and(|until| until <= now()) {
        return Presence { text: String::new(), until: None, ..presence };
    }
    presence
}

/// This person, as others see them while this device is connected.
pub(super) fn as_seen(desk: &Desk) -> Presence {
    let MyPresence { state, text, until } = desk.live().mine.clone();
    let state = match state {
        PresenceChoice::Here => PresenceState::Here,
        PresenceChoice::Away => PresenceState::Away,
        PresenceChoice::Busy => PresenceState::Busy,
        PresenceChoice::Invisible => PresenceState::Offline,
    };
    current(Presence { state, text, until, seen_at: None })
}
