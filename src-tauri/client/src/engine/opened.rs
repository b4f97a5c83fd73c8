//! What this person opened, told the server once for each version: kept first, told when there is a connection (N8).
//!
//! Refuses to guess: only what a person opens is noted, by whoever opens it for them; nothing that is fetched is.

use super::wake::Wake;
use super::{Desk, browse, commands, rooms};
use crate::state::openings;
use crate::view::ErrorView;
use pod_shared::content::{EntryKind, OpenedNew, OpenedSwitch};
use pod_shared::{EntryId, ErrorCode, RoomId};
use reqwest::Method;

/// A person opened the newest version of a file.
pub(super) async fn note(desk: &Desk, id: EntryId) -> Result<(), ErrorView> {
    let me = desk.me()?;
    let entry = browse::open(desk, id).await?;
    let told = desk.cache.room(entry.room).await?.is_some_and(|room| room.opened_told);
    if entry.kind != EntryKind::File || !told {
        return Ok(());
    }
    if openings::add(&desk.state, me.id, id, entry.version).await? {
        let desk = desk.clone();
        // Whoever opened the file does not wait for it.
        tokio::spawn(async move { tell(&desk).await });
    }
    Ok(())
}

/// Tells what was not told yet; what cannot be told now stays.
pub(super) async fn tell(desk: &Desk) {
    let _turn = desk.opened_turn.lock().await;
    let Ok(me) = desk.me() else { return };
    let Ok(all) = openings::untold(&desk.state, me.id).await else { return };
    for (entry, version) in all {
        let path = format!("/v1/entries/{entry}/opened");
        let told = commands::content_call(desk, Method::POST, &path, Some(&OpenedNew { version })).await;
        let settled = match &told {
            Ok(_) => true,
            Err(error) => matches!(
                error.code,
                ErrorCode::NotFound | ErrorCode::BadRequest | ErrorCode::Gone | ErrorCode::RoleTooLow
            ),
        };
        if !settled {
            return;
        }
        if let Err(error) = openings::told(&desk.state, me.id, entry, version).await {
            tracing::warn!(code = %error.code, "what was opened is told once more");
        }
    }
}

/// Whether a room is told who opened what.
pub(super) async fn switch(desk: &Desk, room: RoomId, on: bool) -> Result<(), ErrorView> {
    rooms::known(desk, room).await?;
    let path = format!("/v1/groups/{room}/opened");
    commands::content_call(desk, Method::PUT, &path, Some(&OpenedSwitch { on })).await?;
    desk.wake(Wake::FolderWanted(room)).await
}
