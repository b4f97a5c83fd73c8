//! A room's folder.

use super::args::Files;
use super::end::{End, unexpected};
use super::find::{self, Place};
use super::human;
use super::out::{Out, with_id};
use super::permissions::{self, Shared, Wanted};
use super::session::Session;
use super::{activity, edits, remarks, search, transfers, trash, versions};
use pod_client::command::{Answer, Command, FileCommand, FolderCommand, TransferCommand};
use pod_client::view::{EntryView, ErrorView, FileState, Sort, TransferView};
use pod_shared::content::{EntryKind, check_name};
use pod_shared::{EntryId, ErrorCode, RoomId, TransferId};
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::Instant;

/// A lock that no running engine renews lasts so long, in minutes, unless somebody says otherwise.
const LOCK_MINUTES: u32 = 10;
/// What was sent is heard of within this time, or not waited for.
const HEARD: Duration = Duration::from_secs(3);

/// Does one of the commands for files.
pub(crate) async fn run(session: &mut Session, out: &Out, room: &str, verb: Files) -> Result<(), End> {
    let room = find::room(session, room).await?;
    match verb {
        Files::Ls { folder, sort, reverse } => {
            let sort = Sort { by: sort.into(), descending: reverse };
            ls(session, out, room, folder.as_deref().unwrap_or_default(), sort).await
        }
        Files::Put { paths, onto: Some(onto), based_on, .. } => {
            versions::put(session, out, room, &paths, (&onto, based_on)).await
        }
        Files::Put { paths, into, .. } => {
            put(session, out, room, paths, into.as_deref().unwrap_or_default()).await
        }
        Files::Get { name, dest, version: Some(version) } => {
            versions::get(session, out, room, (&name, version), dest).await
        }
        Files::Get { name, dest, version: None } => get(session, out, room, &name, dest).await,
        Files::Comment { name, text, to } => remarks::say(session, out, room, &name, (text, to)).await,
        Files::Comments { name, limit } => remarks::list(session, out, room, &name, limit).await,
        Files::Rate { name, stars } => remarks::rate(session, out, room, &name, &stars).await,
        Files::Ratings { name } => remarks::ratings(session, out, room, &name).await,
        Files::Perm { name, everyone, with, only_me, view_only, may_change } => {
            let shared = match (everyone, only_me) {
                (true, _) => Some(Shared::Everyone),
                (false, true) => Some(Shared::OnlyMe),
                (false, false) => (!with.is_empty()).then_some(Shared::With(with)),
            };
            let view_only = (view_only || may_change).then_some(view_only);
            permissions::run(session, out, room, &name, Wanted { shared, view_only }).await
        }
        Files::Lock { name, minutes } => lock(session, out, room, &name, minutes).await,
        Files::Unlock { name, reason } => unlock(session, out, room, &name, reason).await,
        Files::Edit(asked) => {
            let (name, how) = asked.read();
            edits::edit(session, out, room, &name, how).await
        }
        Files::Open { name } => activity::open(session, out, room, &name).await,
        Files::Opened { name } => activity::opened(session, out, room, &name).await,
        Files::Activity { name, kind, limit } => {
            activity::list(session, out, room, name.as_deref(), &kind, limit).await
        }
        Files::Edits => edits::list(session, out, room).await,
        Files::Versions { name, limit } => versions::list(session, out, room, &name, limit).await,
        Files::Mkdir { name } => mkdir(session, out, room, &name).await,
        Files::Mv { from, to } => mv(session, out, room, &from, &to).await,
        Files::Rm { name } => {
            let entry = find::entry(session, room, &name).await?;
            changed(session, out, entry, Command::EntryDelete { entry }, "Deleted.").await
        }
        Files::Space => space(session, out, room).await,
        Files::Search { sought } => search::search(session, out, room, sought).await,
        Files::Describe { name, new } => search::describe(session, out, room, &name, new).await,
        Files::Trash { purge: Some(name), .. } => trash::purge(session, out, room, &name).await,
        Files::Trash { empty: true, .. } => trash::empty(session, out, room).await,
        Files::Trash { limit, .. } => trash::list(session, out, room, limit).await,
        Files::Restore { name, version: Some(version) } => {
            versions::restore(session, out, room, &name, version).await
        }
        Files::Restore { name, version: None } => {
            session.catch_up(room).await?;
            let entry = trash::find(session, room, &name).await?;
            changed(session, out, entry, Command::EntryRestore { entry }, "It is back.").await
        }
    }
}

async fn lock(
    session: &mut Session,
    out: &Out,
    room: RoomId,
    name: &str,
    minutes: Option<u32>,
) -> Result<(), End> {
    let entry = find::entry(session, room, name).await?;
    let minutes = minutes.or(session.ends_with_this().then_some(LOCK_MINUTES));
    let asked = Command::AboutFiles(FileCommand::Lock { entry, minutes });
    changed(session, out, entry, asked, "Nobody else changes it now.").await
}

async fn unlock(
    session: &mut Session,
    out: &Out,
    room: RoomId,
    name: &str,
    reason: Option<String>,
) -> Result<(), End> {
    let entry = find::entry(session, room, name).await?;
    let asked = match reason {
        Some(reason) => FileCommand::LockBreak { entry, reason },
        None => FileCommand::Unlock { entry },
    };
    changed(session, out, entry, Command::AboutFiles(asked), "Everybody may change it again.").await
}

async fn space(session: &mut Session, out: &Out, room: RoomId) -> Result<(), End> {
    session.online().await?;
    let asked = Command::AboutFiles(FileCommand::OfFolder(FolderCommand::Space { room }));
    let Answer::Space(space) = session.run(asked).await? else { return Err(unexpected()) };
    let line = |who: &str, used: u64, most: Option<u64>| match most {
        Some(most) => format!("{who} {} of {}", human::bytes(used), human::bytes(most)),
        None => format!("{who} {}", human::bytes(used)),
    };
    out.say(&with_id(&room, &space), || {
        let room = line("The room takes up", space.room_used, space.room_max);
        format!("{room}\n{}", line("You take up", space.own_used, space.own_max))
    });
    Ok(())
}

async fn ls(session: &mut Session, out: &Out, room: RoomId, folder: &str, sort: Sort) -> Result<(), End> {
    session.catch_up(room).await?;
    let parent = find::place(session, room, folder).await?.folder()?;
    let entries = find::folder(session, room, parent, Some(sort)).await?;
    let row = |entry: &EntryView| {
        let (name, size) = match entry.kind {
            EntryKind::Folder => (format!("{}/", entry.name), format!("{} items", entry.count)),
            EntryKind::File => (entry.name.clone(), human::bytes(entry.size)),
        };
        let here = match entry.file {
            FileState::Server => "",
            FileState::Downloading { .. } => "coming",
            FileState::Here => "here",
            FileState::Older => "older here",
        };
        let here = entry.lock.as_ref().map_or(here.to_owned(), |lock| format!("{} edits it", lock.by_name));
        let by = entry.modified_by_name.clone();
        (with_id(&entry.id, entry), vec![name, size, human::when(entry.modified_at), by, here])
    };
    let nothing = "The folder is empty. Send something: `files ROOM put PATH`.";
    out.table(&["NAME", "SIZE", "CHANGED", "BY", ""], entries.iter().map(row).collect(), nothing);
    Ok(())
}

async fn put(
    session: &mut Session,
    out: &Out,
    room: RoomId,
    paths: Vec<PathBuf>,
    into: &str,
) -> Result<(), End> {
    let parent = find::place(session, room, into).await?.folder()?;
    // The engine may run in another folder than this command.
    let paths = paths.iter().map(std::path::absolute).collect::<Result<Vec<PathBuf>, _>>()?;
    let command = Command::Put { room, parent, paths };
    let Answer::Transfers(views) = session.run(command).await? else { return Err(unexpected()) };
    let last = views.last().map(|view| view.id);
    transfers::until_over(session, out, views).await?;
    match last {
        Some(last) => heard_of(session, last).await,
        None => Ok(()),
    }
}

/// Whoever names a file right after it was sent finds it: its folder is heard of a moment after its end.
async fn heard_of(session: &mut Session, sent: TransferId) -> Result<(), End> {
    let until = Instant::now() + HEARD;
    let look = Command::AboutTransfers(TransferCommand::TransfersLook { ids: vec![sent] });
    let Answer::Transfers(views) = session.run(look).await? else { return Err(unexpected()) };
    let Some(entry) = views.first().and_then(|view| view.entry) else { return Ok(()) };
    while let Err(End::Refused(_)) = session.run(Command::Entry { entry }).await {
        if !session.event_before(until).await? {
            break;
        }
    }
    Ok(())
}

async fn get(
    session: &mut Session,
    out: &Out,
    room: RoomId,
    name: &str,
    dest: Option<PathBuf>,
) -> Result<(), End> {
    let dest = dest.map(std::path::absolute).transpose()?;
    let views = match name.parse() {
        Ok(entry) => get_file(session, out, entry, dest).await?,
        Err(_) => match find::place(session, room, name).await? {
            Place::Entry(found) if found.kind == EntryKind::Folder => {
                get_folder(session, out, *found, dest).await?
            }
            Place::Entry(found) => get_file(session, out, found.id, dest).await?,
            Place::Top => return Err(End::Usage("Say which file or folder.".to_owned())),
        },
    };
    transfers::until_over(session, out, views).await
}

/// Asks for one file; nothing: it is here.
pub(crate) async fn get_file(
    session: &mut Session,
    out: &Out,
    entry: EntryId,
    dest: Option<PathBuf>,
) -> Result<Vec<TransferView>, End> {
    let answer = session.run(Command::Get { entry, dest }).await?;
    if let Answer::Path(Some(path)) = answer {
        let object = json!({"id": entry, "entry": entry, "path": path, "local_path": path, "state": "done"});
        out.say(&object, || path.display().to_string());
        return Ok(Vec::new());
    }
    let Answer::Transfers(views) = answer else { return Err(unexpected()) };
    Ok(views)
}

/// Asks for each file in a folder and in those inside it, which are made as they are.
async fn get_folder(
    session: &mut Session,
    out: &Out,
    top: EntryView,
    dest: Option<PathBuf>,
) -> Result<Vec<TransferView>, End> {
    let dest = dest.map(|dest| if dest.is_dir() { dest.join(&top.name) } else { dest });
    let (mut views, mut waiting) = (Vec::new(), vec![(top, dest)]);
    while let Some((folder, dest)) = waiting.pop() {
        if let Some(dest) = &dest {
            std::fs::create_dir_all(dest)?;
        }
        for entry in find::folder(session, folder.room, Some(folder.id), None).await? {
            // The name came from elsewhere, and must not lead out of the folder.
            check_name(&entry.name)
                .map_err(|problem| ErrorView::new(ErrorCode::InvalidName, problem.to_string()))?;
            let place = dest.as_ref().map(|dest| dest.join(&entry.name));
            match entry.kind {
                EntryKind::Folder => waiting.push((entry, place)),
                EntryKind::File => views.extend(get_file(session, out, entry.id, place).await?),
            }
        }
    }
    Ok(views)
}

async fn mkdir(session: &mut Session, out: &Out, room: RoomId, path: &str) -> Result<(), End> {
    let path = path.trim_matches('/');
    let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
    let parent = find::place(session, room, above).await?.folder()?;
    session.online().await?;
    let command = Command::FolderCreate { room, parent, name: name.to_owned() };
    let Answer::EntryId(id) = session.run(command).await? else { return Err(unexpected()) };
    out.say(&json!({"id": id, "room": room, "name": name}), || format!("Made the folder {name}."));
    Ok(())
}

/// Into a folder when `to` is one, else under the name that `to` ends with.
async fn mv(session: &mut Session, out: &Out, room: RoomId, from: &str, to: &str) -> Result<(), End> {
    let entry = find::entry(session, room, from).await?;
    session.online().await?;
    let target = match find::place_now(session, room, to).await {
        Ok(Place::Top) => Some(None),
        Ok(Place::Entry(found)) if found.kind == EntryKind::Folder && found.id != entry => {
            Some(Some(found.id))
        }
        Ok(Place::Entry(_)) | Err(End::Unclear { .. }) => None,
        Err(end) => return Err(end),
    };
    if let Some(parent) = target {
        return changed(session, out, entry, Command::EntryMove { entry, parent }, "Moved.").await;
    }
    let (above, name) = match to.trim_end_matches('/').rsplit_once('/') {
        Some((above, name)) => (Some(above), name),
        None => (None, to),
    };
    if let Some(above) = above {
        let parent = find::place(session, room, above).await?.folder()?;
        session.run(Command::EntryMove { entry, parent }).await?;
    }
    let command = Command::EntryRename { entry, name: name.to_owned() };
    changed(session, out, entry, command, "Renamed.").await
}

pub(crate) async fn changed(
    session: &mut Session,
    out: &Out,
    entry: EntryId,
    command: Command,
    line: &str,
) -> Result<(), End> {
    session.online().await?;
    session.run(command).await?;
    out.say(&json!({"id": entry, "state": "done"}), || line.to_owned());
    Ok(())
}
