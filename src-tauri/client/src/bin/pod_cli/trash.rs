//! What was deleted from a room's folder.

use super::end::{Candidate, End, unexpected};
use super::files::changed;
use super::human;
use super::out::{Out, with_id};
use super::session::Session;
use pod_client::command::{Answer, Command, FileCommand, FolderCommand};
use pod_client::view::{TrashItemView, TrashView};
use pod_shared::content::EntryKind;
use pod_shared::{ContentPosition, EntryId, RoomId, limits};
use serde_json::json;

pub(crate) async fn list(session: &mut Session, out: &Out, room: RoomId, limit: u32) -> Result<(), End> {
    let (mut rows, mut before) = (Vec::new(), None);
    while rows.len() < limit as usize {
        let page = page(session, room, before).await?;
        before = page.items.last().map(|item| item.position);
        let left = limit as usize - rows.len();
        rows.extend(page.items.iter().take(left).map(row));
        if !page.more || before.is_none() {
            break;
        }
    }
    out.table(&["NAME", "SIZE", "LAY IN", "DELETED", "BY", "UNTIL"], rows, "Nothing is in the trash.");
    Ok(())
}

fn row(item: &TrashItemView) -> (serde_json::Value, Vec<String>) {
    let (name, size) = match item.kind {
        EntryKind::Folder => (format!("{}/", item.name), format!("{} items", item.below)),
        EntryKind::File => (item.name.clone(), human::bytes(item.size)),
    };
    let (at, until) = (human::when(item.at), human::when(item.until));
    (with_id(&item.id, item), vec![name, size, item.path.join("/"), at, item.by_name.clone(), until])
}

pub(crate) async fn purge(session: &mut Session, out: &Out, room: RoomId, name: &str) -> Result<(), End> {
    let entry = find(session, room, name).await?;
    let asked = Command::AboutFiles(FileCommand::OfFolder(FolderCommand::Purge { room, entry }));
    changed(session, out, entry, asked, "Deleted for good.").await
}

pub(crate) async fn empty(session: &mut Session, out: &Out, room: RoomId) -> Result<(), End> {
    let newest = page(session, room, None).await?.items.first().map(|item| item.position);
    if let Some(up_to) = newest {
        let asked = FileCommand::OfFolder(FolderCommand::TrashEmpty { room, up_to });
        session.run(Command::AboutFiles(asked)).await?;
    }
    out.say(&json!({"id": room, "state": "done"}), || "The trash is empty.".to_owned());
    Ok(())
}

/// What was deleted under a name, the newest if several were; with folders before it, what lay there; or an id.
pub(crate) async fn find(session: &mut Session, room: RoomId, text: &str) -> Result<EntryId, End> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let wanted = text.trim_matches('/').to_lowercase();
    let (mut near, mut before) = (Vec::new(), None);
    loop {
        let page = page(session, room, before).await?;
        for item in &page.items {
            let whole = [item.path.join("/"), item.name.clone()].join("/").to_lowercase();
            if item.name.to_lowercase() == wanted || whole.trim_start_matches('/') == wanted {
                return Ok(item.id);
            }
            if item.name.to_lowercase().contains(&wanted) {
                near.push(Candidate { id: item.id.to_string(), name: item.name.clone() });
            }
        }
        before = page.items.last().map(|item| item.position);
        if !page.more || before.is_none() {
            return Err(End::Unclear { what: "deleted file or folder", candidates: near });
        }
    }
}

async fn page(
    session: &mut Session,
    room: RoomId,
    before: Option<ContentPosition>,
) -> Result<TrashView, End> {
    session.online().await?;
    let asked = FolderCommand::Trash { room, before, limit: limits::CONTENT_PAGE_MAX };
    let asked = Command::AboutFiles(FileCommand::OfFolder(asked));
    let Answer::Trash(view) = session.run(asked).await? else { return Err(unexpected()) };
    Ok(view)
}
