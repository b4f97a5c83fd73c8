//! Who may see and change a file or folder.

use super::end::{End, unexpected};
use super::files::changed;
use super::find;
use super::out::{Out, with_id};
use super::session::Session;
use pod_client::command::{Answer, Command, FileCommand};
use pod_client::view::{PermissionAbove, PermissionsView};
use pod_shared::content::{Permission, SharedWith};
use pod_shared::{EntryId, RoomId};

/// Whom to share with, as it was typed.
pub(crate) enum Shared {
    Everyone,
    With(Vec<String>),
    OnlyMe,
}

/// What is to be set; nothing: as it is.
pub(crate) struct Wanted {
    pub(crate) shared: Option<Shared>,
    pub(crate) view_only: Option<bool>,
}

/// Says who may, or sets it.
pub(crate) async fn run(
    session: &mut Session,
    out: &Out,
    room: RoomId,
    name: &str,
    wanted: Wanted,
) -> Result<(), End> {
    session.catch_up(room).await?;
    let entry = find::entry(session, room, name).await?;
    if wanted.shared.is_none() && wanted.view_only.is_none() {
        return show(session, out, entry).await;
    }
    let mut permission = of(session, entry).await?.own;
    match wanted.shared {
        None => {}
        Some(Shared::Everyone) => permission.shared_with = SharedWith::Everyone,
        Some(Shared::OnlyMe) => permission.shared_with = SharedWith::OnlyMe,
        Some(Shared::With(names)) => {
            let mut people = Vec::with_capacity(names.len());
            for name in names {
                people.push(find::member(session, room, &name).await?);
            }
            permission.shared_with = SharedWith::Some(people);
        }
    }
    permission.view_only = wanted.view_only.unwrap_or(permission.view_only);
    let asked = Command::AboutFiles(FileCommand::PermissionSet { entry, permission });
    changed(session, out, entry, asked, "It holds now, for what lies in it too.").await
}

async fn of(session: &mut Session, entry: EntryId) -> Result<PermissionsView, End> {
    let asked = Command::AboutFiles(FileCommand::Permissions { entry });
    let Answer::Permissions(view) = session.run(asked).await? else { return Err(unexpected()) };
    Ok(view)
}

async fn show(session: &mut Session, out: &Out, entry: EntryId) -> Result<(), End> {
    let view = of(session, entry).await?;
    let mut lines: Vec<String> = view.above.iter().map(above).collect();
    lines.push(said("It", &view.own));
    out.say(&with_id(&entry, &view), || lines.join("\n"));
    Ok(())
}

fn above(above: &PermissionAbove) -> String {
    said(&format!("The folder {} above it", above.name), &above.permission)
}

fn said(what: &str, permission: &Permission) -> String {
    let shared = match &permission.shared_with {
        SharedWith::Everyone => "is shared with everybody in the room".to_owned(),
        SharedWith::Some(people) if people.len() == 1 => "is shared with one person".to_owned(),
        SharedWith::Some(people) => format!("is shared with {} people", people.len()),
        SharedWith::OnlyMe => "is only its registrant's".to_owned(),
    };
    let changed = if permission.view_only { ", for viewing only" } else { "" };
    format!("{what} {shared}{changed}.")
}
