//! The desktop's own notifications: what the pod says is worth one, while no focused window shows its place. A click goes
//! there; what is read or answered on any device is taken down again.
//!
//! What is wanted is decided by the pod, as the person chose; here it is only asked whether this computer shows any, and
//! whether it is in sight. Where a desktop reports no click, or takes nothing down, the notification is only read. Nothing
//! of it is logged.

#[cfg(test)]
mod tests;

use crate::{
    engine::Engine,
    looking::Looking,
    windows::{self, MAIN, TRANSFERS},
    words,
};
use pod_client::view::{NoticeAbout, NoticeView};
use pod_shared::{OfferId, Position, RoomId};
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tauri::{AppHandle, Manager, UserAttentionType};
use tauri_plugin_notification::NotificationExt;

/// Notifications whose click still finds its place, and which can be taken down.
const KNOWN_MAX: usize = 64;
/// The setting of this computer.
const HERE: &str = "computer.notices";

/// Where the click of a notification leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// A place in a room's chat; without a position, its newest end.
    Room(RoomId, Option<Position>),
    /// Files that somebody wants to send.
    Offer(OfferId),
    /// What the main window shows: who asks to be a contact, and several things at once.
    Main,
}

/// One that was shown.
#[derive(Clone, Copy, Debug)]
struct Shown {
    /// The desktop's number of it.
    number: i32,
    /// The pod's.
    notice: u64,
    place: Place,
}

/// Which notification is about what.
#[derive(Debug, Default)]
pub(crate) struct Notified(Mutex<(i32, VecDeque<Shown>)>);

impl Notified {
    fn add(&self, notice: u64, place: Place) -> i32 {
        let mut known = self.known();
        let (last, all) = &mut *known;
        *last = last.wrapping_add(1);
        if all.len() == KNOWN_MAX {
            all.pop_front();
        }
        all.push_back(Shown { number: *last, notice, place });
        *last
    }

    fn place(&self, number: i32) -> Option<Place> {
        let known = self.known();
        known.1.iter().find(|shown| shown.number == number).map(|shown| shown.place)
    }

    /// These notices are gone. Answers the desktop's numbers of those that were shown.
    fn drop(&self, notices: &[u64]) -> Vec<i32> {
        let mut known = self.known();
        let (gone, left) = known.1.iter().copied().partition(|shown| notices.contains(&shown.notice));
        known.1 = left;
        let gone: VecDeque<Shown> = gone;
        gone.into_iter().map(|shown| shown.number).collect()
    }

    fn known(&self) -> MutexGuard<'_, (i32, VecDeque<Shown>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// From now on a click on a notification goes to its place.
pub(crate) fn listen(app: &AppHandle) -> tauri_plugin_notification::Result<()> {
    let handle = app.clone();
    app.notification().on_action(move |action| {
        let Some(place) =
            action.notification().and_then(|shown| handle.state::<Notified>().place(shown.id()))
        else {
            return;
        };
        let done = match place {
            Place::Room(room, pos) => windows::go_to(&handle, room, pos),
            Place::Offer(batch) => windows::show_offer(&handle, batch),
            Place::Main => windows::open_main(&handle, windows::Focus::Take),
        };
        if let Err(error) = done {
            tracing::warn!(%error, "the window of a notification could not be opened");
        }
    })
}

/// Shows a notice, unless its place is in sight already or this computer shows none.
pub(crate) async fn tell(app: &AppHandle, notice: &NoticeView) {
    let engine = app.state::<Engine>();
    if is_in_sight(app, &notice.about) || engine.setting(HERE).await.as_deref() == Some("off") {
        return;
    }
    let Some((title, body)) = words::notice(notice, engine.language().await) else { return };
    let number = app.state::<Notified>().add(notice.id, place(&notice.about));
    if let Err(error) = app.notification().builder().id(number).title(title).body(body).show() {
        tracing::warn!(%error, "a notification could not be shown");
    }
    ask_for_attention(app, &notice.about);
}

/// These were read or answered, here or elsewhere.
pub(crate) fn take_down(app: &AppHandle, notices: &[u64]) {
    let numbers = app.state::<Notified>().drop(notices);
    if numbers.is_empty() {
        return;
    }
    if let Err(error) = app.notification().remove_active(numbers) {
        tracing::debug!(%error, "a notification could not be taken down");
    }
}

fn place(about: &NoticeAbout) -> Place {
    match about {
        NoticeAbout::Item { room, item, .. } => Place::Room(*room, item.pos),
        NoticeAbout::Offers { offers } => {
            offers.first().map_or(Place::Main, |offer| Place::Offer(offer.batch))
        }
        NoticeAbout::Contact { .. } | NoticeAbout::Summary { .. } => Place::Main,
    }
}

/// The windows in which it can be seen.
fn windows_on(app: &AppHandle, about: &NoticeAbout) -> Vec<String> {
    match about {
        NoticeAbout::Item { room, .. } => app.state::<Looking>().windows_on(*room),
        NoticeAbout::Offers { .. } => vec![MAIN.to_owned(), TRANSFERS.to_owned()],
        NoticeAbout::Contact { .. } => vec![MAIN.to_owned()],
        // The list of rooms says as much.
        NoticeAbout::Summary { .. } => vec![MAIN.to_owned()],
    }
}

/// One of them has the focus.
fn is_in_sight(app: &AppHandle, about: &NoticeAbout) -> bool {
    windows_on(app, about).iter().any(|label| {
        app.get_webview_window(label).is_some_and(|window| window.is_focused().unwrap_or_default())
    })
}

/// The task bar marks the window that shows it, else the main one.
fn ask_for_attention(app: &AppHandle, about: &NoticeAbout) {
    let label = windows_on(app, about).into_iter().next().unwrap_or_else(|| MAIN.to_owned());
    if let Some(window) = app.get_webview_window(&label)
        && let Err(error) = window.request_user_attention(Some(UserAttentionType::Informational))
    {
        tracing::debug!(%error, "the task bar could not be asked for attention");
    }
}
