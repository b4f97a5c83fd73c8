//! Edit locks of this device: taken, kept as long as the engine runs, given back (N10).
//!
//! What this device holds for as long as it runs is in memory only: an engine that ends lets its leases run out.

use super::wake::Wake;
use super::{Desk, commands, edits, folders};
use crate::view::ErrorView;
use pod_shared::content::{LockAsk, LockBreak, LockGrant};
use pod_shared::{EntryId, ErrorCode, RoomId, limits};
use reqwest::Method;
use std::collections::BTreeMap;
use std::time::Duration;

/// A lease is renewed after a third of its time, so that two renewals may fail.
const RENEW_EVERY: Duration = Duration::from_secs(limits::LOCK_LEASE_S / 3);

/// What is renewed.
#[derive(Default)]
pub(super) struct Held {
    fences: BTreeMap<EntryId, u64>,
    /// A task renews them.
    renewed: bool,
}

/// Takes the lock of a file; with `minutes` for so long, else until it is given back.
pub(super) async fn lock(desk: &Desk, id: EntryId, minutes: Option<u32>) -> Result<(), ErrorView> {
    let room = folders::room_of(desk, id).await?;
    let lasts_s = minutes.map(|minutes| u64::from(minutes) * 60);
    let grant = ask(desk, id, &LockAsk { fence: None, lasts_s }).await?;
    if minutes.is_none() {
        hold(desk, id, grant.fence);
    }
    desk.wake(Wake::FolderWanted(room)).await
}

/// Takes the lock of a file that is to be edited, and renews it from now on.
pub(super) async fn take(desk: &Desk, id: EntryId) -> Result<LockGrant, ErrorView> {
    let room = folders::room_of(desk, id).await?;
    let grant = ask(desk, id, &LockAsk::default()).await?;
    hold(desk, id, grant.fence);
    desk.wake(Wake::FolderWanted(room)).await?;
    Ok(grant)
}

/// Renews a lock once. `conflict` if this device does not have it any more.
pub(super) async fn renew_one(desk: &Desk, id: EntryId, fence: u64) -> Result<(), ErrorView> {
    ask(desk, id, &LockAsk { fence: Some(fence), lasts_s: None }).await.map(|_| ())
}

/// Whether this lock is renewed.
pub(super) fn holds(desk: &Desk, id: EntryId, fence: u64) -> bool {
    desk.live().locks.fences.get(&id) == Some(&fence)
}

/// Gives it back; where the file is being edited, that is done with first.
pub(super) async fn unlock(desk: &Desk, id: EntryId) -> Result<(), ErrorView> {
    if desk.edits.view(id).is_some() {
        return edits::done(desk, id).await;
    }
    let room = folders::room_of(desk, id).await?;
    give_back(desk, id, room).await
}

/// Gives it back at the server.
pub(super) async fn give_back(desk: &Desk, id: EntryId, room: RoomId) -> Result<(), ErrorView> {
    desk.live().locks.fences.remove(&id);
    commands::content_call::<()>(desk, Method::DELETE, &path(id), None).await?;
    desk.wake(Wake::FolderWanted(room)).await
}

/// Gives it back if that can be told now; else it runs out.
pub(super) async fn let_go(desk: &Desk, id: EntryId) {
    let Ok(room) = folders::room_of(desk, id).await else { return };
    if let Err(error) = give_back(desk, id, room).await {
        tracing::info!(code = %error.code, "a lock is left to run out");
    }
}

/// Ends somebody else's.
pub(super) async fn end(desk: &Desk, id: EntryId, reason: String) -> Result<(), ErrorView> {
    let room = folders::room_of(desk, id).await?;
    let path = format!("{}/break", path(id));
    commands::content_call(desk, Method::POST, &path, Some(&LockBreak { reason })).await?;
    desk.wake(Wake::FolderWanted(room)).await
}

/// The number of this device's lock of a file, if it has one.
pub(super) async fn own(desk: &Desk, id: EntryId) -> Result<Option<u64>, ErrorView> {
    desk.me()?;
    if let Some(fence) = desk.live().locks.fences.get(&id) {
        return Ok(Some(*fence));
    }
    let lock = desk.cache.entry(id).await?.and_then(|entry| entry.lock);
    Ok(lock.filter(|lock| lock.device == desk.device.id()).map(|lock| lock.fence))
}

fn path(id: EntryId) -> String {
    format!("/v1/entries/{id}/lock")
}

async fn ask(desk: &Desk, id: EntryId, ask: &LockAsk) -> Result<LockGrant, ErrorView> {
    let bytes = commands::content_call(desk, Method::PUT, &path(id), Some(ask)).await?;
    serde_json::from_slice(&bytes)
        .map_err(|_| ErrorView::new(ErrorCode::UnsupportedVersion, "the server's answer is not understood"))
}

/// Renews a lock from now on.
pub(super) fn hold(desk: &Desk, id: EntryId, fence: u64) {
    let mut live = desk.live();
    live.locks.fences.insert(id, fence);
    if !std::mem::replace(&mut live.locks.renewed, true) {
        tokio::spawn(renew(desk.clone()));
    }
}

/// Renews all that is held, until nothing is, or the engine ends.
async fn renew(desk: Desk) {
    loop {
        tokio::select! {
            () = desk.wakes.closed() => return,
            () = tokio::time::sleep(RENEW_EVERY) => {}
        }
        let held: Vec<(EntryId, u64)> = {
            let mut live = desk.live();
            live.locks.renewed = !live.locks.fences.is_empty();
            if !live.locks.renewed {
                return;
            }
            live.locks.fences.iter().map(|(id, fence)| (*id, *fence)).collect()
        };
        for (id, fence) in held {
            let renewal = LockAsk { fence: Some(fence), lasts_s: None };
            if let Err(error) = ask(&desk, id, &renewal).await
                && is_lost(error.code)
            {
                desk.live().locks.fences.remove(&id);
                if let Ok(room) = folders::room_of(&desk, id).await {
                    tell(&desk, room).await;
                }
            }
        }
    }
}

async fn tell(desk: &Desk, room: RoomId) {
    // An engine that ends looks at nothing any more.
    let _ = desk.wake(Wake::FolderWanted(room)).await;
}

/// Asking again cannot bring it back.
pub(super) fn is_lost(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::Conflict | ErrorCode::Locked | ErrorCode::NotFound | ErrorCode::RoleTooLow)
}
