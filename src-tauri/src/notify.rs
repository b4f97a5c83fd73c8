//! The desktop's own notifications, for what arrives while no focused window shows its room. A click opens the room.
//!
//! Where a desktop reports no click, the notification is only read. Nothing of it is logged.

use crate::{
    engine::Engine,
    looking::Looking,
    windows::{self, Focus},
    words::{self, Language},
};
use pod_client::{
    command::{Answer, Command},
    view::Item,
};
use pod_shared::RoomId;
use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};
use tauri::{AppHandle, Manager};
use tauri_plugin_notification::NotificationExt;

/// Notifications whose click still finds its room.
const KNOWN_MAX: usize = 64;

/// Which notification is about which room.
#[derive(Debug, Default)]
pub(crate) struct Notified(Mutex<(i32, VecDeque<(i32, RoomId)>)>);

impl Notified {
    fn add(&self, room: RoomId) -> i32 {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (last, rooms) = &mut *known;
        *last = last.wrapping_add(1);
        if rooms.len() == KNOWN_MAX {
            rooms.pop_front();
        }
        rooms.push_back((*last, room));
        *last
    }

    fn room(&self, id: i32) -> Option<RoomId> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.1.iter().find(|(number, _)| *number == id).map(|(_, room)| *room)
    }
}

/// From now on a click on a notification opens its room.
pub(crate) fn listen(app: &AppHandle) -> tauri_plugin_notification::Result<()> {
    let handle = app.clone();
    app.notification().on_action(move |action| {
        let Some(room) = action.notification().and_then(|shown| handle.state::<Notified>().room(shown.id()))
        else {
            return;
        };
        if let Err(error) = windows::open_room(&handle, room, Focus::Take) {
            tracing::warn!(%error, "a room's window could not be opened");
        }
    })
}

/// Shows a notification for an item, unless a focused window shows the room already.
pub(crate) async fn arrived(app: &AppHandle, room: RoomId, item: &Item) {
    if is_in_sight(app, room) {
        return;
    }
    let engine = app.state::<Engine>();
    let tag = match engine.setting("language").await {
        Some(tag) => tag,
        None => sys_locale::get_locale().unwrap_or_default(),
    };
    let Some(body) = words::sentence(item, Language::of(&tag)) else {
        return;
    };
    let title = match room_title(&engine, room).await {
        Some(room) => format!("{} · {room}", item.by_name),
        None => item.by_name.clone(),
    };
    let id = app.state::<Notified>().add(room);
    if let Err(error) = app.notification().builder().id(id).title(title).body(body).show() {
        tracing::warn!(%error, "a notification could not be shown");
    }
}

/// A focused window shows the room.
fn is_in_sight(app: &AppHandle, room: RoomId) -> bool {
    let shows = app.state::<Looking>().windows_on(room);
    shows.iter().any(|label| {
        app.get_webview_window(label).is_some_and(|window| window.is_focused().unwrap_or_default())
    })
}

async fn room_title(engine: &Engine, room: RoomId) -> Option<String> {
    match engine.run(Command::Room { room }).await {
        Ok(Answer::Room(view)) => Some(view.summary.title).filter(|title| !title.is_empty()),
        Ok(_) | Err(_) => None,
    }
}
