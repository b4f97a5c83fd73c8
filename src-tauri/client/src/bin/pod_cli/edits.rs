//! Editing a file in a program of this computer: its lock, its saves as versions, until it is done.

use super::end::{End, unexpected};
use super::out::{Out, with_id};
use super::session::Session;
use super::{find, human, watch};
use pod_client::command::{Answer, Command, FileCommand};
use pod_client::programs::is_program;
use pod_client::view::{EditState, EditView, ErrorView};
use pod_shared::{EntryId, ErrorCode, RoomId};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// By what a file is opened, or what becomes of an edit.
#[derive(Clone, Debug)]
pub(crate) enum How {
    /// By the system's program for it.
    System,
    /// By this one; when it ends, the edit is done.
    Program(PathBuf),
    /// Not at all: whoever asked opens it.
    Nothing,
    /// It is done.
    Done,
    /// What could not be sent is tried again.
    Retry,
    /// It ends as it is.
    Leave,
}

/// Edits a file, or says what becomes of an edit.
pub(crate) async fn edit(
    session: &mut Session,
    out: &Out,
    room: RoomId,
    name: &str,
    how: How,
) -> Result<(), End> {
    let entry = find::entry(session, room, name).await?;
    match how {
        How::Done => {
            let place = place_of(session, entry).await?;
            ask(session, FileCommand::EditDone { entry }).await?;
            until_over(session, out, entry, &place).await
        }
        How::Retry => {
            ask(session, FileCommand::EditRetry { entry }).await?;
            out.say(&json!({"id": entry, "state": "retried"}), || "It is tried again.".to_owned());
            Ok(())
        }
        How::Leave => {
            let left = ask(session, FileCommand::EditLeave { entry }).await?;
            let Answer::Path(Some(path)) = left else { return Err(unexpected()) };
            out.say(&json!({"id": entry, "state": "left", "path": path}), || {
                format!("No longer edited. What was not sent stays at {}", path.display())
            });
            Ok(())
        }
        how @ (How::System | How::Program(_) | How::Nothing) => begin(session, out, entry, how).await,
    }
}

/// The files that are being edited here.
pub(crate) async fn list(session: &mut Session, out: &Out, room: RoomId) -> Result<(), End> {
    let row = |view: &EditView| {
        let cells = vec![view.name.clone(), state_text(view), view.path.clone()];
        (object(view), cells)
    };
    let all = all(session).await?;
    let rows = all.iter().filter(|view| view.room == room).map(row).collect();
    out.table(&["NAME", "STATE", "PATH"], rows, "No file of this room is edited on this computer.");
    Ok(())
}

async fn begin(session: &mut Session, out: &Out, entry: EntryId, how: How) -> Result<(), End> {
    session.online().await?;
    if matches!(how, How::System) {
        let Answer::Entry(view) = session.run(Command::Entry { entry }).await? else {
            return Err(unexpected());
        };
        if is_program(Path::new(&view.name)) {
            let text = "the file would run as a program: nobody opens it by itself";
            return Err(ErrorView::new(ErrorCode::BadRequest, text).into());
        }
    }
    let Answer::Edit(view) = ask(session, FileCommand::Edit { entry }).await? else {
        return Err(unexpected());
    };
    let place = view.path;
    let view = until_ready(session, &place).await?;
    out.say(&object(&view), || format!("Being edited: {place}"));
    match how {
        How::System => {
            open::that_detached(&place)?;
            stay(session, out, entry, &place).await
        }
        How::Program(program) => {
            let ended = tokio::process::Command::new(&program).arg(&place).status().await?;
            if !ended.success() {
                tracing::warn!("the program ended with {ended}; what it saved is sent");
            }
            let entry = find_place(session, &place).await?.map_or(entry, |view| view.entry);
            ask(session, FileCommand::EditDone { entry }).await?;
            until_over(session, out, entry, &place).await
        }
        How::Nothing | How::Done | How::Retry | How::Leave => stay(session, out, entry, &place).await,
    }
}

/// An engine that ends with this command stays as long as the file is edited; the next one would go on with it.
async fn stay(session: &mut Session, out: &Out, entry: EntryId, place: &str) -> Result<(), End> {
    if !session.ends_with_this() {
        return Ok(());
    }
    tokio::select! {
        () = watch::stopped() => Ok(()),
        over = until_over(session, out, entry, place) => over,
    }
}

async fn ask(session: &mut Session, command: FileCommand) -> Result<Answer, End> {
    session.run(Command::AboutFiles(command)).await
}

async fn all(session: &mut Session) -> Result<Vec<EditView>, End> {
    let Answer::Edits(all) = ask(session, FileCommand::Edits).await? else { return Err(unexpected()) };
    Ok(all)
}

/// An edit is known by its place: the file may become another one.
async fn find_place(session: &mut Session, place: &str) -> Result<Option<EditView>, End> {
    Ok(all(session).await?.into_iter().find(|view| view.path == place))
}

async fn place_of(session: &mut Session, entry: EntryId) -> Result<String, End> {
    let missing = || ErrorView::new(ErrorCode::NotFound, "this file is not being edited here");
    let found = all(session).await?.into_iter().find(|view| view.entry == entry);
    Ok(found.ok_or_else(missing)?.path)
}

async fn until_ready(session: &mut Session, place: &str) -> Result<EditView, End> {
    let mut patience = session.patience();
    let mut begun = false;
    loop {
        match find_place(session, place).await? {
            Some(view) if view.ready => return Ok(view),
            Some(EditView { state: EditState::Stuck { error }, .. }) => return Err(error.into()),
            Some(_) => begun = true,
            None if begun => {
                return Err(ErrorView::new(ErrorCode::Cancelled, "the editing was ended elsewhere").into());
            }
            None => {}
        }
        if !session.event_before(patience.until()).await? {
            return Err(End::Unreachable { next: "The file is fetched when it is back." });
        }
        patience.renew();
    }
}

/// Waits until all is sent and the lock is given back.
async fn until_over(session: &mut Session, out: &Out, entry: EntryId, place: &str) -> Result<(), End> {
    let mut patience = session.patience();
    let mut last = None;
    loop {
        match find_place(session, place).await? {
            None => break,
            Some(EditView { state: EditState::Stuck { error }, .. }) => return Err(error.into()),
            Some(view) => last = Some(view),
        }
        if !session.event_before(patience.until()).await? {
            return Err(End::Unreachable { next: "What was saved is sent when it is back." });
        }
        patience.renew();
    }
    let sent = last.as_ref().map_or(0, |view| view.sent);
    let (entry, copy_of) = last.map_or((entry, None), |view| (view.entry, view.copy_of));
    out.say(&json!({"id": entry, "state": "done", "sent": sent, "copy_of": copy_of}), || {
        match copy_of.clone() {
            Some(name) => format!("Done. The lock of {name} was lost: what you wrote is a copy beside it."),
            None => "Done. Everybody may change it again.".to_owned(),
        }
    });
    Ok(())
}

fn object(view: &EditView) -> Value {
    with_id(&view.entry, view)
}

fn state_text(view: &EditView) -> String {
    match &view.state {
        EditState::Fetching => "being fetched".to_owned(),
        EditState::Open => "open, all of it is sent".to_owned(),
        EditState::Sending => "a save is on its way".to_owned(),
        EditState::Lost => "the lock is lost: the next save becomes a copy beside the file".to_owned(),
        EditState::Closing => "being finished".to_owned(),
        EditState::Stuck { error } => human::sentence(error),
    }
}

/// One edit as people read it.
pub(crate) fn line(view: &EditView) -> String {
    format!("\n    {}: {}", view.name, state_text(view))
}
