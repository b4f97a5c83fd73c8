//! The versions of a file.

use super::end::{End, unexpected};
use super::files::changed;
use super::human;
use super::out::Out;
use super::session::Session;
use super::{find, transfers};
use pod_client::command::{Answer, Command, FileCommand};
use pod_client::view::VersionView;
use pod_shared::RoomId;
use serde_json::json;
use std::path::PathBuf;

pub(crate) async fn list(
    session: &mut Session,
    out: &Out,
    room: RoomId,
    name: &str,
    limit: u32,
) -> Result<(), End> {
    let entry = find::entry(session, room, name).await?;
    session.online().await?;
    let asked = Command::AboutFiles(FileCommand::Versions { entry, before: None, limit });
    let Answer::Versions(view) = session.run(asked).await? else { return Err(unexpected()) };
    let row = |version: &VersionView| {
        let note = version.restores.map(|old| format!("version {old} again")).unwrap_or_default();
        let object = json!({
            "id": format!("{entry}:{}", version.version), "entry": entry, "version": version.version,
            "size": version.size, "digest": version.digest, "by": version.by, "by_name": version.by_name,
            "at": version.at, "restores": version.restores,
        });
        let cells = vec![
            version.version.to_string(),
            human::bytes(version.size),
            human::when(version.at),
            version.by_name.clone(),
            note,
        ];
        (object, cells)
    };
    let rows = view.versions.iter().map(row).collect();
    out.table(&["VERSION", "SIZE", "AT", "BY", ""], rows, "The file has no versions.");
    Ok(())
}

pub(crate) async fn restore(
    session: &mut Session,
    out: &Out,
    room: RoomId,
    name: &str,
    version: u32,
) -> Result<(), End> {
    let entry = find::entry(session, room, name).await?;
    let asked = Command::AboutFiles(FileCommand::VersionRestore { entry, version, if_version: None });
    changed(session, out, entry, asked, "That version is the newest again.").await
}

pub(crate) async fn get(
    session: &mut Session,
    out: &Out,
    room: RoomId,
    (name, version): (&str, u32),
    dest: Option<PathBuf>,
) -> Result<(), End> {
    let dest = dest.map(std::path::absolute).transpose()?;
    let entry = find::entry(session, room, name).await?;
    let asked = Command::AboutFiles(FileCommand::VersionGet { entry, version, dest });
    until_over(session, out, asked).await
}

/// Sends a file as a new version of the one that is named, based on a version.
pub(crate) async fn put(
    session: &mut Session,
    out: &Out,
    room: RoomId,
    paths: &[PathBuf],
    (onto, version): (&str, Option<u32>),
) -> Result<(), End> {
    let [path] = paths else {
        return Err(End::Usage("One file is a new version of one file.".to_owned()));
    };
    let path = std::path::absolute(path)?;
    let entry = find::entry(session, room, onto).await?;
    let asked = Command::AboutFiles(FileCommand::VersionPut { entry, path, version, fence: None });
    until_over(session, out, asked).await
}

async fn until_over(session: &mut Session, out: &Out, asked: Command) -> Result<(), End> {
    let answer = session.run(asked).await?;
    if let Answer::Path(Some(path)) = answer {
        out.say(&json!({"id": null, "path": path, "state": "done"}), || path.display().to_string());
        return Ok(());
    }
    let Answer::Transfers(views) = answer else { return Err(unexpected()) };
    transfers::until_over(session, out, views).await
}
