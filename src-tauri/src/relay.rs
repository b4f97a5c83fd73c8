//! What the pod tells goes to every window, and here to what the shell does by itself: room windows that open (N3),
//! notifications, files opened when their download ends.

use crate::{
    commands::files,
    engine::Engine,
    notify,
    windows::{self, Focus, OpenRooms},
};
use pod_client::{
    Events,
    event::Event,
    view::{Direction, ErrorView, TransferState, TransferView},
};
use pod_shared::{EntryId, RoomId};
use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};
use tauri::{AppHandle, Emitter, Manager};

/// Windows that may open by themselves in one [`BURST`]; whoever was away for long finds the others in the list.
const OPENED_MAX: usize = 6;
const BURST: Duration = Duration::from_secs(60);

/// Hands on everything until the pod stops.
pub(crate) async fn run(app: AppHandle, mut events: Events) {
    let mut opened = VecDeque::new();
    while let Some(event) = events.next().await {
        if let Err(error) = app.emit("pod", &event) {
            tracing::warn!(%error, "the windows could not be told");
        }
        act(&app, event, &mut opened).await;
    }
}

async fn act(app: &AppHandle, event: Event, opened: &mut VecDeque<Instant>) {
    match event {
        Event::RoomOpen { room } => open_by_itself(app, room, opened).await,
        Event::RoomGone { room } => {
            if let Err(error) = windows::close_room(app, room) {
                tracing::warn!(%error, "a room's window could not be closed");
            }
        }
        Event::Arrived { room, item } => notify::arrived(app, room, &item).await,
        Event::Transfer { transfer } => {
            if let Some((entry, failed)) = ended(&transfer) {
                files::download_ended(app, entry, &transfer.name, failed).await;
            }
        }
        Event::Status { .. }
        | Event::Connection { .. }
        | Event::Room { .. }
        | Event::Timeline { .. }
        | Event::Folder { .. }
        | Event::Progress { .. }
        | Event::Setting { .. }
        | Event::Lagged => {}
    }
}

async fn open_by_itself(app: &AppHandle, room: RoomId, opened: &mut VecDeque<Instant>) {
    if app.state::<Engine>().setting("rooms.open").await.as_deref() == Some("list") {
        return;
    }
    if !may_open(opened, Instant::now()) {
        return;
    }
    if let Err(error) = windows::open_room(app, room, Focus::Leave) {
        tracing::warn!(%error, "a room's window could not be opened");
    }
}

/// Counts the windows of the last minute.
fn may_open(opened: &mut VecDeque<Instant>, now: Instant) -> bool {
    opened.retain(|at| now.saturating_duration_since(*at) < BURST);
    if opened.len() >= OPENED_MAX {
        return false;
    }
    opened.push_back(now);
    true
}

/// The entry of a download that ended, and why it failed if it did.
fn ended(transfer: &TransferView) -> Option<(EntryId, Option<ErrorView>)> {
    let entry = transfer.entry.filter(|_| transfer.direction == Direction::Down)?;
    match &transfer.state {
        TransferState::Done => Some((entry, None)),
        TransferState::Failed { error } => Some((entry, Some(error.clone()))),
        TransferState::Cancelled => {
            let error =
                crate::engine::refused(pod_shared::ErrorCode::Cancelled, "the download was cancelled");
            Some((entry, Some(error)))
        }
        TransferState::Waiting(_)
        | TransferState::Moving
        | TransferState::Paused
        | TransferState::Verifying => None,
    }
}

/// Opens the room windows that were open when Pod was last quit or killed.
pub(crate) fn reopen(app: &AppHandle, rooms: &[RoomId]) {
    let remembered = app.state::<OpenRooms>().all();
    for room in remembered.into_iter().filter(|room| rooms.contains(room)) {
        if let Err(error) = windows::open_room(app, room, Focus::Leave) {
            tracing::warn!(%error, "a room's window could not be opened again");
        }
    }
}
