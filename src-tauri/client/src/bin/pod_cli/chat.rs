//! Sending a message, and reading a chat.

use super::end::{End, unexpected};
use super::find;
use super::human;
use super::out::{Out, with_id};
use super::session::Session;
use pod_client::command::{Answer, Command};
use pod_client::view::{Item, ItemKind, MessageState, Place, Timeline, UploadPhase};
use pod_shared::content::ActivityKind;
use pod_shared::{MessageId, RoomId};
use serde_json::{Value, json};

/// Newest items in which a message just sent is looked for.
const NEWEST: u32 = 100;
/// Items asked for at once.
const PAGE: u32 = 200;

/// Sends a text and waits until it is in the room's log.
pub(crate) async fn send(session: &mut Session, out: &Out, room: &str, text: String) -> Result<(), End> {
    let room = find::room(session, room).await?;
    let Answer::MessageId(id) =
        session.run(Command::Send { room, text, mentions: Vec::new(), reply: None }).await?
    else {
        return Err(unexpected());
    };
    let mut patience = session.patience();
    loop {
        match state_of(session, room, id).await? {
            Some(MessageState::Sent | MessageState::Delivered | MessageState::Read) => {
                out.say(&json!({"id": id, "room": room, "state": "sent"}), || "Sent.".to_owned());
                return Ok(());
            }
            Some(MessageState::Failed { error }) => return Err(error.into()),
            Some(MessageState::Waiting) => {}
            // More came after it than is looked at: it is there.
            None => patience.renew(),
        }
        if !session.event_before(patience.until()).await? {
            out.say(&json!({"id": id, "room": room, "state": "waiting"}), || "Not sent yet.".to_owned());
            return Err(End::Unreachable { next: "The message waits and is sent when the server is back." });
        }
    }
}

async fn state_of(session: &mut Session, room: RoomId, id: MessageId) -> Result<Option<MessageState>, End> {
    let timeline = page(session, room, Place::Newest, NEWEST).await?;
    Ok(timeline.items.into_iter().rev().find_map(|item| match item.kind {
        ItemKind::Message { id: found, state, .. } if found == id => Some(state),
        ItemKind::Message { .. }
        | ItemKind::Upload(_)
        | ItemKind::Activity(_)
        | ItemKind::Created { .. }
        | ItemKind::Member { .. }
        | ItemKind::Renamed { .. }
        | ItemKind::FolderMade => None,
    }))
}

pub(crate) async fn page(
    session: &mut Session,
    room: RoomId,
    place: Place,
    limit: u32,
) -> Result<Timeline, End> {
    let command = Command::Timeline { room, place, limit };
    let Answer::Timeline(timeline) = session.run(command).await? else { return Err(unexpected()) };
    Ok(timeline)
}

/// The newest items of a chat, oldest first.
pub(crate) async fn log(session: &mut Session, out: &Out, room: &str, limit: u32) -> Result<(), End> {
    let room = find::room(session, room).await?;
    session.catch_up(room).await?;
    let wanted = limit as usize;
    let mut items: Vec<Item> = Vec::new();
    let mut place = Place::Newest;
    while items.len() < wanted {
        let ask = PAGE.min(u32::try_from(wanted - items.len()).unwrap_or(PAGE));
        let older = page(session, room, place, ask).await?;
        let first = older.items.first().and_then(|item| item.pos);
        let more = older.more;
        items.splice(0..0, older.items);
        let Some(pos) = first.filter(|_| more) else { break };
        place = Place::Before { pos };
    }
    let newest = items.split_off(items.len().saturating_sub(wanted));
    for item in &newest {
        out.say(&object(item), || line(item));
    }
    if newest.is_empty() {
        out.remark("Nothing was said here yet.");
    }
    Ok(())
}

fn object(item: &Item) -> Value {
    let id = match &item.kind {
        ItemKind::Message { id, .. } => id.to_string(),
        ItemKind::Upload(upload) => upload.upload.to_string(),
        ItemKind::Activity(_)
        | ItemKind::Created { .. }
        | ItemKind::Member { .. }
        | ItemKind::Renamed { .. }
        | ItemKind::FolderMade => item.key.clone(),
    };
    let mut object = with_id(&id, item);
    // The kind's own fields stand beside the item's, its tag as `type`.
    if let (Some(fields), Ok(Value::Object(kind))) =
        (object.as_object_mut(), serde_json::to_value(&item.kind))
    {
        for (key, value) in kind {
            fields.entry(key).or_insert(value);
        }
    }
    object
}

pub(crate) fn line(item: &Item) -> String {
    let (when, who) = (human::when(item.at), &item.by_name);
    let said = match &item.kind {
        ItemKind::Message { deleted: true, .. } => "deleted a message".to_owned(),
        ItemKind::Message { text, state, edited, reply, reactions, .. } => {
            let text = text.as_deref().unwrap_or("(a message of a newer Pod)");
            let edited = if *edited { "  (edited)" } else { "" };
            let answers = reply.as_ref().map(|reply| format!("[to {}] ", reply.by_name)).unwrap_or_default();
            let given: String =
                reactions.iter().map(|one| format!("  {} {}", one.emoji, one.count)).collect();
            let state = match state {
                MessageState::Waiting => "  (waits for the server)",
                MessageState::Failed { .. } => "  (not sent)",
                MessageState::Sent | MessageState::Delivered | MessageState::Read => "",
            };
            return format!("{when}  {who}: {answers}{text}{edited}{given}{state}");
        }
        ItemKind::Upload(upload) => {
            let (name, size) = (&upload.name, human::bytes(upload.size));
            match &upload.phase {
                UploadPhase::Waiting { .. } => format!("wants to send {name} ({size})"),
                UploadPhase::Moving { offset, .. } => {
                    format!("is sending {name} ({} of {size})", human::bytes(*offset))
                }
                UploadPhase::Paused { .. } => format!("paused sending {name} ({size})"),
                UploadPhase::Stored { .. } => format!("shared {name} ({size})"),
                UploadPhase::Cancelled => format!("cancelled sending {name}"),
                UploadPhase::Failed { .. } => format!("could not send {name}"),
                UploadPhase::Deleted => format!("shared {name}, which is deleted now"),
            }
        }
        ItemKind::Activity(activity) => deed(&activity.kind, &activity.name),
        ItemKind::Created { title } => format!("made the room {title}"),
        ItemKind::Member { name, role: Some(role), .. } => {
            format!("made {name} {}", format!("{role:?}").to_lowercase())
        }
        ItemKind::Member { name, role: None, .. } => format!("took {name} out of the room"),
        ItemKind::Renamed { title } => format!("named the room {title}"),
        ItemKind::FolderMade => "gave the room its folder".to_owned(),
    };
    format!("{when}  {who} {said}")
}

fn deed(kind: &ActivityKind, name: &str) -> String {
    match kind {
        ActivityKind::GroupCreated => "made the shared folder".to_owned(),
        ActivityKind::UploadStarted => format!("began to send {name}"),
        ActivityKind::Uploaded => format!("shared {name}"),
        ActivityKind::UploadCancelled => format!("cancelled sending {name}"),
        ActivityKind::Modified => format!("changed {name}"),
        ActivityKind::Downloaded => format!("downloaded {name}"),
        ActivityKind::FolderCreated => format!("made the folder {name}"),
        ActivityKind::Renamed { from } => format!("renamed {from} to {name}"),
        ActivityKind::Moved => format!("moved {name}"),
        ActivityKind::Deleted => format!("deleted {name}"),
        ActivityKind::Restored => format!("brought {name} back"),
        ActivityKind::RoomPicture => "changed the room's picture".to_owned(),
        ActivityKind::ConflictKept { of } => format!("kept {name} beside {of}, which had changed meanwhile"),
        ActivityKind::Commented => format!("said something about {name}"),
        ActivityKind::Purged => format!("deleted {name} for good"),
        ActivityKind::TrashEmptied => "emptied the trash".to_owned(),
        ActivityKind::MetadataChanged => format!("described {name} anew"),
        ActivityKind::CommentDeleted => format!("deleted a comment on {name}"),
        ActivityKind::Rated { halves: 0 } => format!("took the rating of {name} back"),
        ActivityKind::Rated { halves } => format!("gave {name} {}.{} stars", halves / 2, halves % 2 * 5),
        ActivityKind::Locked => format!("began to edit {name}"),
        ActivityKind::Unlocked => format!("finished editing {name}"),
        ActivityKind::LockExpired => format!("edits {name} no longer: nothing was heard of them"),
        ActivityKind::LockBroken { reason } => format!("ended the editing of {name}: {reason}"),
        ActivityKind::PermissionChanged => format!("changed who may see or change {name}"),
        ActivityKind::Opened => format!("opened {name}"),
        ActivityKind::OpenedTold { on: true } => "lets the room be told who opened what".to_owned(),
        ActivityKind::OpenedTold { on: false } => "lets nobody be told who opened what".to_owned(),
        ActivityKind::Unknown { .. } => "did something that this version does not know".to_owned(),
        ActivityKind::VersionRestored { version } => format!("brought version {version} of {name} back"),
    }
}
