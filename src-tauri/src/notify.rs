//! The desktop's own notifications, for what arrives while no focused window shows its room. A click goes to the place in
//! the room.
//!
//! The setting `notify` says for what; muted rooms and people are silent. Where a desktop reports no click, the notification is only
//! read. Nothing of it is logged.

mod contacts;
mod offers;
#[cfg(test)]
mod tests;

pub(crate) use contacts::asks as contact_asks;
pub(crate) use offers::{Told, changed as offers_changed, know};

use crate::{
    engine::Engine,
    looking::Looking,
    windows::{self, MAIN},
    words,
};
use pod_client::{
    command::{Answer, Command},
    view::{Item, ItemKind, RoomSummary, StatusView},
};
use pod_shared::{OfferId, Position, RoomId};
use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};
use tauri::{AppHandle, Manager, UserAttentionType};
use tauri_plugin_notification::NotificationExt;

/// Notifications whose click still finds its room.
const KNOWN_MAX: usize = 64;

/// What a notification is about: where its click leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    /// A place in a room's chat; without a position, its newest end.
    Room(RoomId, Option<Position>),
    /// Files that somebody wants to send.
    Offer(OfferId),
    /// Somebody who asks to be a contact: the main window shows it.
    Contact,
}

/// Which notification is about what.
#[derive(Debug, Default)]
pub(crate) struct Notified(Mutex<(i32, VecDeque<(i32, About)>)>);

impl Notified {
    fn add(&self, about: About) -> i32 {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (last, all) = &mut *known;
        *last = last.wrapping_add(1);
        if all.len() == KNOWN_MAX {
            all.pop_front();
        }
        all.push_back((*last, about));
        *last
    }

    fn about(&self, id: i32) -> Option<About> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.1.iter().find(|(number, _)| *number == id).map(|(_, about)| *about)
    }
}

/// How much an item concerns this person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Concern {
    /// They muted its room, or who says it.
    Muted,
    /// It is said in a room.
    Room,
    /// It is said to them: they are mentioned, or it is a conversation of two.
    Them,
}

/// Whether the setting `notify` wants a notification for this.
fn wanted(wish: Option<&str>, concern: Concern) -> bool {
    match (wish, concern) {
        (_, Concern::Muted) | (Some("none"), _) | (Some("mentions"), Concern::Room) => false,
        (_, Concern::Room | Concern::Them) => true,
    }
}

/// From now on a click on a notification goes to its place.
pub(crate) fn listen(app: &AppHandle) -> tauri_plugin_notification::Result<()> {
    let handle = app.clone();
    app.notification().on_action(move |action| {
        let Some(about) =
            action.notification().and_then(|shown| handle.state::<Notified>().about(shown.id()))
        else {
            return;
        };
        let done = match about {
            About::Room(room, pos) => windows::go_to(&handle, room, pos),
            About::Offer(batch) => windows::show_offer(&handle, batch),
            About::Contact => windows::open_main(&handle, windows::Focus::Take),
        };
        if let Err(error) = done {
            tracing::warn!(%error, "the window of a notification could not be opened");
        }
    })
}

/// Shows a notification for an item, unless a focused window shows the room already or nobody wants one.
pub(crate) async fn arrived(app: &AppHandle, room: RoomId, item: &Item) {
    if is_in_sight(app, room) {
        return;
    }
    let engine = app.state::<Engine>();
    let summary = summary(&engine, room).await;
    let concern = concern(&engine, summary.as_ref(), item).await;
    if !wanted(engine.setting("notify").await.as_deref(), concern) {
        return;
    }
    let Some(body) = words::sentence(item, engine.language().await) else {
        return;
    };
    let title = match summary.map(|summary| summary.title).filter(|title| !title.is_empty()) {
        Some(room) => format!("{} · {room}", item.by_name),
        None => item.by_name.clone(),
    };
    let id = app.state::<Notified>().add(About::Room(room, item.pos));
    if let Err(error) = app.notification().builder().id(id).title(title).body(body).show() {
        tracing::warn!(%error, "a notification could not be shown");
    }
    ask_for_attention(app, room);
}

async fn concern(engine: &Engine, summary: Option<&RoomSummary>, item: &Item) -> Concern {
    match summary {
        Some(summary) if summary.muted => Concern::Muted,
        Some(_) | None if contacts::is_quiet(engine, item.by).await => Concern::Muted,
        Some(summary) if summary.title.is_empty() => Concern::Them,
        Some(_) | None if mentions(engine, item).await => Concern::Them,
        Some(_) | None => Concern::Room,
    }
}

/// Whether this person is named in the item.
async fn mentions(engine: &Engine, item: &Item) -> bool {
    let ItemKind::Message { mentions, .. } = &item.kind else { return false };
    if mentions.is_empty() {
        return false;
    }
    match engine.run(Command::Status).await {
        Ok(Answer::Status(StatusView { account: Some(me), .. })) => {
            mentions.iter().any(|name| name.account == me.account)
        }
        Ok(_) | Err(_) => false,
    }
}

/// The task bar marks the window that shows the room, else the main one.
fn ask_for_attention(app: &AppHandle, room: RoomId) {
    let shows = app.state::<Looking>().windows_on(room).into_iter().next();
    let label = shows.unwrap_or_else(|| MAIN.to_owned());
    if let Some(window) = app.get_webview_window(&label)
        && let Err(error) = window.request_user_attention(Some(UserAttentionType::Informational))
    {
        tracing::debug!(%error, "the task bar could not be asked for attention");
    }
}

/// A focused window shows the room.
fn is_in_sight(app: &AppHandle, room: RoomId) -> bool {
    let shows = app.state::<Looking>().windows_on(room);
    shows.iter().any(|label| {
        app.get_webview_window(label).is_some_and(|window| window.is_focused().unwrap_or_default())
    })
}

async fn summary(engine: &Engine, room: RoomId) -> Option<RoomSummary> {
    match engine.run(Command::Room { room }).await {
        Ok(Answer::Room(view)) => Some(view.summary),
        Ok(_) | Err(_) => None,
    }
}
