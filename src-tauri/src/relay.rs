//! What the pod tells goes to every window, and here to what the shell does by itself: room windows that open (N3),
//! notifications, the number of unread messages, files opened when their download ends.

use crate::{
    commands::files,
    editing,
    engine::Engine,
    notify,
    pasted::Pasted,
    tray,
    unread::{self, Unread},
    windows::{self, Focus},
};
use pod_client::{
    Events,
    command::{Answer, Command},
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
        Event::Room { room } => {
            let (id, unread) = unread::count(&room);
            tell_unread(app, app.state::<Unread>().room(id, unread));
        }
        Event::RoomGone { room } => {
            tell_unread(app, app.state::<Unread>().gone(room));
            if let Err(error) = windows::close_room(app, room) {
                tracing::warn!(%error, "a room's window could not be closed");
            }
        }
        Event::Edits { edits } => editing::changed(app, &edits).await,
        Event::Notice { notice } => notify::tell(app, &notice).await,
        Event::NoticesGone { ids } => notify::take_down(app, &ids),
        Event::Transfer { transfer } => {
            if is_over(&transfer) {
                app.state::<Pasted>().ended(&transfer.name);
            }
            if let Some((entry, failed)) = ended(&transfer) {
                files::download_ended(app, entry, &transfer.name, failed).await;
            }
        }
        Event::Setting { key } if key == "transfers.paused" => tray::translate(app).await,
        Event::Setting { key } if key == "language" => {
            tray::translate(app).await;
            #[cfg(target_os = "macos")]
            if let Err(error) = crate::menus::show(app).await {
                tracing::warn!(%error, "the menu bar keeps its language");
            }
        }
        Event::Lagged | Event::Connection { .. } => drop(count_all(app).await),
        Event::Status { .. }
        | Event::Linked { .. }
        | Event::Timeline { .. }
        | Event::Typing { .. }
        | Event::Folder { .. }
        | Event::Progress { .. }
        | Event::Person { .. }
        | Event::Contacts { .. }
        | Event::ContactAsks { .. }
        | Event::Offers { .. }
        | Event::Arrived { .. }
        | Event::ContactRefused { .. }
        | Event::JoinRefused { .. }
        | Event::Setting { .. } => {}
    }
}

/// All rooms are counted anew: at the start, when events were missed, and when somebody signed in or out.
pub(crate) async fn count_all(app: &AppHandle) -> Vec<RoomId> {
    let rooms = match app.state::<Engine>().run(Command::Rooms).await {
        Ok(Answer::Rooms(rooms)) => rooms,
        Ok(_) | Err(_) => Vec::new(),
    };
    tell_unread(app, app.state::<Unread>().reset(rooms.iter().map(unread::count)));
    rooms.into_iter().map(|room| room.id).collect()
}

fn tell_unread(app: &AppHandle, changed: Option<u32>) {
    if let Some(sum) = changed {
        tray::show_unread(app, sum);
    }
}

/// An upload whose file is needed no more. One that failed can be tried again.
fn is_over(transfer: &TransferView) -> bool {
    transfer.direction == Direction::Up
        && matches!(transfer.state, TransferState::Done | TransferState::Cancelled)
}

/// Pictures pasted in a former life that no upload waits for go.
pub(crate) async fn tidy_pasted(app: &AppHandle) {
    let Ok(Answer::Transfers(transfers)) = app.state::<Engine>().run(Command::Transfers).await else {
        return;
    };
    let waits = transfers.iter().filter(|transfer| transfer.direction == Direction::Up && !is_over(transfer));
    let names = waits.map(|transfer| transfer.name.as_str()).collect::<Vec<_>>();
    app.state::<Pasted>().retain(|name| names.contains(&name));
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
