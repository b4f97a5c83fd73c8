//! Folders of this computer that are kept in step with rooms. `watch` runs them, like the desktop program.

use super::args::linked::{Linked, Word};
use super::end::{End, unexpected};
use super::find;
use super::out::{Out, with_id};
use super::session::Session;
use pod_client::command::{Answer, Command, LinkedCommand};
use pod_client::view::{ErrorView, LinkedState, LinkedView};
use pod_shared::{ErrorCode, LinkedId};
use serde_json::{Value, json};
use std::path::Path;

/// Does what is asked.
pub(crate) async fn run(session: &mut Session, out: &Out, verb: Linked) -> Result<(), End> {
    match verb {
        Linked::Link { room, dir, folder } => {
            let room = find::room(session, &room).await?;
            let entry = match folder {
                Some(path) => {
                    session.catch_up(room).await?;
                    Some(find::entry(session, room, &path).await?)
                }
                None => None,
            };
            let path = std::path::absolute(dir)?;
            let made = ask(session, LinkedCommand::LinkedAdd { room, entry, path }).await?;
            say(out, &made);
            Ok(())
        }
        Linked::Unlink { which } => {
            let id = find_one(session, &which).await?.id;
            done(session, out, id, LinkedCommand::LinkedRemove { id }).await
        }
        Linked::Status { which } => {
            match which {
                Some(which) => say(out, &[find_one(session, &which).await?]),
                None => say(out, &all(session).await?),
            }
            Ok(())
        }
        Linked::Pause { which } => {
            let id = find_one(session, &which).await?.id;
            done(session, out, id, LinkedCommand::LinkedPause { id, paused: true }).await
        }
        Linked::Resume { which } => {
            let id = find_one(session, &which).await?.id;
            done(session, out, id, LinkedCommand::LinkedPause { id, paused: false }).await
        }
        Linked::Answer { which, word } => {
            let id = find_one(session, &which).await?.id;
            done(session, out, id, LinkedCommand::LinkedAnswer { id, delete: word == Word::Delete }).await
        }
    }
}

async fn done(session: &mut Session, out: &Out, id: LinkedId, command: LinkedCommand) -> Result<(), End> {
    session.run(Command::AboutLinked(command)).await?;
    out.say(&json!({ "id": id.to_string() }), || "done".to_owned());
    Ok(())
}

async fn ask(session: &mut Session, command: LinkedCommand) -> Result<Vec<LinkedView>, End> {
    let answer = session.run(Command::AboutLinked(command)).await?;
    let Answer::LinkedFolders(folders) = answer else { return Err(unexpected()) };
    Ok(folders)
}

async fn all(session: &mut Session) -> Result<Vec<LinkedView>, End> {
    ask(session, LinkedCommand::LinkedFolders).await
}

/// The one that is meant: by its id, its place on this computer, or its room.
async fn find_one(session: &mut Session, which: &str) -> Result<LinkedView, End> {
    let all = all(session).await?;
    let place = std::path::absolute(which).ok();
    let at = place.as_deref().map(|place| std::fs::canonicalize(place).unwrap_or_else(|_| place.to_owned()));
    let by_place = |view: &&LinkedView| at.as_deref().is_some_and(|at| Path::new(&view.path) == at);
    let by_name = |view: &&LinkedView| {
        view.id.to_string() == which || view.room.to_string() == which || view.room_title == which
    };
    let found: Vec<&LinkedView> = match all.iter().find(by_place) {
        Some(one) => vec![one],
        None => all.iter().filter(by_name).collect(),
    };
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(ErrorView::new(ErrorCode::NotFound, "there is no such linked folder").into()),
        _ => {
            Err(ErrorView::new(ErrorCode::Ambiguous, "several linked folders fit: name one by its place")
                .into())
        }
    }
}

fn say(out: &Out, folders: &[LinkedView]) {
    for folder in folders {
        out.say(&object(folder), || line(folder));
    }
}

fn object(folder: &LinkedView) -> Value {
    with_id(&folder.id.to_string(), folder)
}

/// One folder as people read it.
pub(crate) fn line(folder: &LinkedView) -> String {
    let state = match &folder.state {
        LinkedState::Working => format!("{} files to go", folder.left),
        LinkedState::InStep => format!("in step, {} files", folder.files),
        LinkedState::Paused => "paused".to_owned(),
        LinkedState::Offline => "offline".to_owned(),
        LinkedState::Stuck { error } => super::human::sentence(error),
    };
    let mut line = format!("{}  {}: {state}", folder.room_title, folder.path);
    if let Some(question) = folder.question {
        let text = format!(
            "\n    {} files would be deleted here and {} in the room: answer `delete` or `keep`",
            question.here, question.there
        );
        line.push_str(&text);
    }
    for left in &folder.alone {
        line.push_str(&format!("\n    left alone: {} ({:?})", left.path, left.why));
    }
    line
}
