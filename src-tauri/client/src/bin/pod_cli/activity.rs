//! What was done in a folder, who opened what, and opening a file.

use super::end::{End, unexpected};
use super::files::get_file;
use super::out::{Out, with_id};
use super::session::Session;
use super::{chat, find, transfers};
use pod_client::command::{Answer, Command, FileCommand};
use pod_client::programs::is_program;
use pod_client::view::{ErrorView, Item, ItemKind, Place};
use pod_shared::{EntryId, ErrorCode, RoomId};
use serde_json::{Value, json};
use std::path::Path;

/// Opens a file with the system's program, and has the room told.
pub(crate) async fn open(session: &mut Session, out: &Out, room: RoomId, name: &str) -> Result<(), End> {
    let entry = find::entry(session, room, name).await?;
    let Answer::Entry(view) = session.run(Command::Entry { entry }).await? else { return Err(unexpected()) };
    if is_program(Path::new(&view.name)) {
        let text = "the file would run as a program: nobody opens it by itself";
        return Err(ErrorView::new(ErrorCode::BadRequest, text).into());
    }
    let views = get_file(session, out, entry, None).await?;
    transfers::until_over(session, out, views).await?;
    let here = session.run(Command::LocalPath { entry }).await?;
    let Answer::Path(Some(path)) = here else { return Err(unexpected()) };
    open::that_detached(&path)?;
    session.run(Command::AboutFiles(FileCommand::Opened { entry })).await?;
    out.say(&json!({"id": entry, "state": "opened", "path": path}), || format!("Opened {}", path.display()));
    Ok(())
}

/// Who opened the newest version of a file.
pub(crate) async fn opened(session: &mut Session, out: &Out, room: RoomId, name: &str) -> Result<(), End> {
    session.catch_up(room).await?;
    let entry = find::entry(session, room, name).await?;
    let asked = session.run(Command::EntryDetails { entry }).await?;
    let Answer::Details(details) = asked else { return Err(unexpected()) };
    let Some(opened) = details.opened else {
        out.say(&json!({"id": entry, "told": false}), || "The room is not told who opens what.".to_owned());
        return Ok(());
    };
    let names: Vec<&str> = opened.people.iter().map(|person| person.name.as_str()).collect();
    let object = json!({
        "id": entry, "told": true, "version": details.entry.version, "count": names.len(), "of": opened.of,
        "people": opened.people,
    });
    out.say(&object, || format!("Opened by {} of {}: {}", names.len(), opened.of, names.join(", ")));
    Ok(())
}

/// The activities of a room's folder, among the newest items of its chat.
pub(crate) async fn list(
    session: &mut Session,
    out: &Out,
    room: RoomId,
    name: Option<&str>,
    kinds: &[String],
    limit: u32,
) -> Result<(), End> {
    session.catch_up(room).await?;
    let entry = match name {
        Some(name) => Some(find::entry(session, room, name).await?),
        None => None,
    };
    for item in chat::page(session, room, Place::Newest, limit).await?.items {
        let fits = |of: Option<EntryId>, kind: &str| {
            (entry.is_none() || of == entry)
                && (kinds.is_empty() || kinds.iter().any(|wanted| wanted == kind))
        };
        if what(&item).is_some_and(|(of, kind)| fits(of, &kind)) {
            out.say(&with_id(&item.key, &item), || chat::line(&item));
        }
    }
    Ok(())
}

/// What a person did that concerns this one.
pub(crate) async fn concerning(
    session: &mut Session,
    out: &Out,
    person: &str,
    limit: u32,
) -> Result<(), End> {
    let account = find::person(session, person).await?;
    let asked = Command::AboutFiles(FileCommand::Concerning { account, limit });
    let Answer::Concerning(views) = session.run(asked).await? else { return Err(unexpected()) };
    for view in views {
        out.say(&with_id(&view.item.key, &view), || {
            format!("{} ({})", chat::line(&view.item), view.room_title)
        });
    }
    Ok(())
}

/// On which entry, and the word of what was done; nothing: nothing was done to a file.
fn what(item: &Item) -> Option<(Option<EntryId>, String)> {
    match &item.kind {
        ItemKind::Upload(upload) => {
            let kind = if upload.version > 1 { "modified" } else { "uploaded" };
            Some((upload.entry, kind.to_owned()))
        }
        ItemKind::Activity(activity) => {
            let word = match serde_json::to_value(&activity.kind).ok()? {
                Value::String(word) => word,
                Value::Object(fields) => fields.keys().next()?.clone(),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => return None,
            };
            Some((activity.entry, word))
        }
        ItemKind::Message { .. }
        | ItemKind::Created { .. }
        | ItemKind::Member { .. }
        | ItemKind::Renamed { .. }
        | ItemKind::FolderMade => None,
    }
}
