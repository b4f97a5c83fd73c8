//! Commands about a room's folder, its previews and its picture, to what does them.

use super::commands::Reply;
use super::{Desk, browse, folders, previews};
use crate::command::{Answer, Command};
use crate::view::{ErrorView, Sort};
use pod_shared::ErrorCode;
use pod_shared::content::EntryChange;

/// Does one of them.
#[expect(clippy::wildcard_enum_match_arm, reason = "`commands` sorts them, by a match that names each")]
pub(super) async fn run(desk: &Desk, command: Command) -> Reply {
    match command {
        Command::Folder { room, parent, sort, offset, limit } => {
            let page = browse::Page { sort: sort.unwrap_or(Sort::NAME), offset, limit };
            browse::folder(desk, room, parent, page).await.map(Answer::Folder)
        }
        Command::Entry { entry } => browse::entry(desk, entry).await.map(Answer::Entry),
        Command::EntryDetails { entry } => browse::details(desk, entry).await.map(Answer::Details),
        Command::EntriesFind { text, room, limit } => {
            browse::find(desk, &text, room, limit).await.map(Answer::EntriesFound)
        }
        Command::FolderCreate { room, parent, name } => {
            folders::create(desk, room, parent, name).await.map(Answer::EntryId)
        }
        Command::EntryRename { entry, name } => {
            let change = EntryChange { name: Some(name), ..EntryChange::default() };
            folders::change(desk, entry, change).await.map(|()| Answer::Done)
        }
        Command::EntryMove { entry, parent } => {
            folders::change(desk, entry, folders::move_to(parent)).await.map(|()| Answer::Done)
        }
        Command::EntryDelete { entry } => folders::delete(desk, entry).await.map(|()| Answer::Done),
        Command::PreviewText { entry } => previews::text(desk, entry).await.map(Answer::PreviewText),
        Command::PreviewFile { entry } => previews::image(desk, entry).await.map(Answer::Path),
        Command::RoomPictureFile { room } => previews::of_room(desk, room).await.map(Answer::Path),
        Command::RoomPictureSet { room, path } => {
            previews::set_of_room(desk, room, path).await.map(|()| Answer::Done)
        }
        Command::RoomPictureClear { room } => {
            previews::clear_of_room(desk, room).await.map(|()| Answer::Done)
        }
        Command::EntryRestore { entry } => folders::restore(desk, entry).await.map(|()| Answer::Done),
        _ => Err(ErrorView::new(ErrorCode::Internal, "the command went the wrong way")),
    }
}
