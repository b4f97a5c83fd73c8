//! What is asked about one file: its versions listed, brought back, fetched and sent; its lock is in `locks`,
//! what people say of it in `remarks`, its bytes for who looks into it in `pieces`.

use super::commands::{self, Reply};
use super::{
    Desk, concerning, edits, folders, fresh, locks, opened, permits, pieces, previews, remarks, space, trash,
};
use crate::command::{Answer, Command, FileCommand};
use crate::timeline;
use crate::view::{ErrorView, VersionView, VersionsView};
use pod_shared::content::{FileVersion, VersionPage, VersionRestore};
use pod_shared::{EntryId, ErrorCode, UploadId, limits};
use reqwest::Method;

/// Does one of them.
pub(super) async fn run(desk: &Desk, command: FileCommand) -> Reply {
    match command {
        FileCommand::Versions { entry, before, limit } => {
            list(desk, entry, before, limit).await.map(Answer::Versions)
        }
        FileCommand::VersionRestore { entry, version, if_version } => {
            restore(desk, entry, version, if_version).await.map(|()| Answer::Done)
        }
        FileCommand::VersionPut { entry, path, version, fence } => {
            let fence = match fence {
                Some(fence) => Some(fence),
                None => locks::own(desk, entry).await?,
            };
            let put = FileCommand::VersionPut { entry, path, version, fence };
            let put = Command::AboutFiles(put);
            space::check(desk, &put).await?;
            desk.transfers.handle(put).await
        }
        get @ FileCommand::VersionGet { .. } => {
            desk.me()?;
            desk.transfers.handle(Command::AboutFiles(get)).await
        }
        FileCommand::VersionText { entry, version, size } => {
            previews::of_version(desk, entry, version, size).await.map(Answer::PreviewText)
        }
        FileCommand::Piece { entry, version, from, bytes } => {
            pieces::piece(desk, entry, version, pieces::Stretch { from, bytes }).await.map(Answer::Piece)
        }
        FileCommand::Comments { entry, before, limit } => {
            remarks::list(desk, entry, before, limit).await.map(Answer::Comments)
        }
        FileCommand::Comment { entry, text, mentions, reply } => {
            remarks::say(desk, entry, text, mentions, reply).await.map(|()| Answer::Done)
        }
        FileCommand::CommentDelete { entry, comment } => {
            remarks::delete(desk, entry, comment).await.map(|()| Answer::Done)
        }
        FileCommand::Rate { entry, halves } => {
            remarks::rate(desk, entry, halves).await.map(|()| Answer::Done)
        }
        FileCommand::Ratings { entry } => remarks::ratings(desk, entry).await.map(Answer::Ratings),
        FileCommand::Opened { entry } => opened::note(desk, entry).await.map(|()| Answer::Done),
        FileCommand::OpenedTold { room, on } => opened::switch(desk, room, on).await.map(|()| Answer::Done),
        FileCommand::Concerning { account, limit } => {
            concerning::list(desk, account, limit).await.map(Answer::Concerning)
        }
        FileCommand::Edit { entry } => edits::begin(desk, entry).await.map(Answer::Edit),
        FileCommand::Edits => edits::list(desk).map(Answer::Edits),
        FileCommand::EditDone { entry } => edits::done(desk, entry).await.map(|()| Answer::Done),
        FileCommand::EditRetry { entry } => edits::retry(desk, entry).await.map(|()| Answer::Done),
        FileCommand::EditLeave { entry } => {
            edits::leave(desk, entry).await.map(|path| Answer::Path(Some(path)))
        }
        FileCommand::Lock { entry, minutes } => {
            locks::lock(desk, entry, minutes).await.map(|()| Answer::Done)
        }
        FileCommand::Unlock { entry } => locks::unlock(desk, entry).await.map(|()| Answer::Done),
        FileCommand::Permissions { entry } => permits::of(desk, entry).await.map(Answer::Permissions),
        FileCommand::PermissionSet { entry, permission } => {
            permits::set(desk, entry, permission).await.map(|()| Answer::Done)
        }
        FileCommand::OfFolder(command) => trash::run(desk, command).await,
        FileCommand::LockBreak { entry, reason } => {
            locks::end(desk, entry, reason).await.map(|()| Answer::Done)
        }
    }
}

async fn list(desk: &Desk, id: EntryId, before: Option<u32>, limit: u32) -> Result<VersionsView, ErrorView> {
    let missing = || ErrorView::new(ErrorCode::NotFound, "there is no such file");
    let entry = desk.cache.entry(id).await?.ok_or_else(missing)?;
    let (before, limit) = (before.unwrap_or(u32::MAX), limit.clamp(1, limits::CONTENT_PAGE_MAX));
    let path = format!("/v1/entries/{id}/versions?before={before}&limit={limit}");
    let page: VersionPage = commands::content_get(desk, &path).await?;
    let names = timeline::names(&desk.cache.members(entry.room).await?);
    let view = |version: FileVersion| VersionView {
        version: version.version,
        size: version.size,
        digest: version.digest,
        by_name: names.get(&version.by).cloned().unwrap_or_default(),
        by: version.by,
        at: version.at,
        restores: version.restores,
    };
    Ok(VersionsView { entry: id, versions: page.versions.into_iter().map(view).collect(), more: page.more })
}

async fn restore(desk: &Desk, id: EntryId, version: u32, if_version: Option<u32>) -> Result<(), ErrorView> {
    let room = folders::room_of(desk, id).await?;
    let path = format!("/v1/entries/{id}/versions/{version}/restore");
    let body = VersionRestore { id: fresh(UploadId::from_slice)?, if_version };
    let answer = commands::content_call(desk, Method::POST, &path, Some(&body)).await?;
    folders::keep(desk, room, &answer).await
}
