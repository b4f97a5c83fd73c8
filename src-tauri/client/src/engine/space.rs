//! How much a room and this person take up on the server, said before anything is sent.

use super::{Desk, commands, folders};
use crate::command::{Command, FileCommand};
use crate::view::ErrorView;
use pod_shared::content::Space;
use pod_shared::{ErrorCode, RoomId, limits};
use std::path::{Path, PathBuf};

/// What they take up, and may.
pub(super) async fn of(desk: &Desk, room: RoomId) -> Result<Space, ErrorView> {
    commands::content_get(desk, &format!("/v1/rooms/{room}/space")).await
}

/// Refuses to send what there is no place for. Where the server cannot say, it is sent, and the server judges.
#[expect(clippy::wildcard_enum_match_arm, reason = "two commands send files")]
pub(super) async fn check(desk: &Desk, command: &Command) -> Result<(), ErrorView> {
    let (room, paths) = match command {
        Command::Put { room, paths, .. } => (*room, paths.clone()),
        Command::AboutFiles(FileCommand::VersionPut { entry, path, .. }) => {
            (folders::room_of(desk, *entry).await?, vec![path.clone()])
        }
        _ => return Ok(()),
    };
    let Ok(space) = of(desk, room).await else { return Ok(()) };
    if space.room_max.is_none() && space.own_max.is_none() {
        return Ok(());
    }
    let bytes = tokio::task::spawn_blocking(move || paths.iter().map(|path| size(path)).sum::<u64>()).await;
    let bytes = bytes.unwrap_or(0);
    let full = |used: u64, most: Option<u64>| most.is_some_and(|most| bytes > most.saturating_sub(used));
    let refusal = |whose: &str, used: u64, most: Option<u64>| {
        let most = most.unwrap_or(0);
        let left = most.saturating_sub(used);
        let text = format!("{whose} {left} bytes left of {most}, and this takes {bytes}");
        Err(ErrorView::new(ErrorCode::QuotaExceeded, text))
    };
    if full(space.room_used, space.room_max) {
        return refusal("this room has", space.room_used, space.room_max);
    }
    if full(space.own_used, space.own_max) {
        return refusal("you have", space.own_used, space.own_max);
    }
    Ok(())
}

/// Bytes of a file, or of all files in a folder; what cannot be read counts nothing. Links are not followed.
fn size(path: &Path) -> u64 {
    let (mut waiting, mut bytes, mut seen): (Vec<PathBuf>, u64, usize) = (vec![path.to_owned()], 0, 0);
    while let Some(path) = waiting.pop() {
        seen += 1;
        let Ok(found) = std::fs::symlink_metadata(&path) else { continue };
        if found.is_file() {
            bytes = bytes.saturating_add(found.len());
        }
        if found.is_dir()
            && seen < limits::TRANSFERS_MAX
            && let Ok(inside) = std::fs::read_dir(&path)
        {
            waiting.extend(inside.flatten().map(|entry| entry.path()));
        }
    }
    bytes
}
