//! Finding files, and saying what they are.

use super::args::{Described, Sought};
use super::end::{End, unexpected};
use super::files::changed;
use super::out::{Out, with_id};
use super::session::Session;
use super::{find, human};
use pod_client::command::{Answer, Command, FileCommand, FindAsk, FolderCommand};
use pod_client::view::EntryFound;
use pod_shared::content::EntryKind;
use pod_shared::{RoomId, TimeMs};
use time::{Date, Month, Time};

pub(crate) async fn search(
    session: &mut Session,
    out: &Out,
    room: RoomId,
    sought: Sought,
) -> Result<(), End> {
    let limit = sought.limit;
    let mut ask = asked(session, room, sought).await?;
    session.catch_up(room).await?;
    let (mut rows, mut here) = (Vec::new(), false);
    while rows.len() < limit as usize {
        ask.limit = limit - u32::try_from(rows.len()).unwrap_or(limit);
        let asked = FolderCommand::FilesFind { ask: Box::new(ask.clone()) };
        let Answer::FilesFound(page) = session.run(Command::AboutFiles(FileCommand::OfFolder(asked))).await?
        else {
            return Err(unexpected());
        };
        rows.extend(page.found.iter().map(row));
        here = page.here;
        let Some(next) = page.next else { break };
        ask.after = Some(next);
    }
    if here {
        out.remark("The server cannot be reached: only names that are known here were searched.");
    }
    out.table(&["NAME", "SIZE", "IN", "MODIFIED", "BY"], rows, "Nothing was found.");
    Ok(())
}

fn row(found: &EntryFound) -> (serde_json::Value, Vec<String>) {
    let entry = &found.entry;
    let (name, size) = match entry.kind {
        EntryKind::Folder => (format!("{}/", entry.name), format!("{} items", entry.count)),
        EntryKind::File => (entry.name.clone(), human::bytes(entry.size)),
    };
    let mut object = with_id(&entry.id, entry);
    if let Some(fields) = object.as_object_mut() {
        fields.insert("path".to_owned(), found.path.clone().into());
    }
    (
        object,
        vec![name, size, found.path.join("/"), human::when(entry.modified_at), entry.created_by_name.clone()],
    )
}

async fn asked(session: &mut Session, room: RoomId, sought: Sought) -> Result<FindAsk, End> {
    let by = match &sought.by {
        Some(name) => Some(find::member(session, room, name).await?),
        None => None,
    };
    let last = Time::from_hms(23, 59, 59).unwrap_or(Time::MIDNIGHT);
    let day = |text: &Option<String>, at| text.as_deref().map(|text| moment(text, at)).transpose();
    let size = |text: &Option<String>| text.as_deref().map(bytes).transpose();
    let stars = |stars: f64| ((stars * 2.0).round() as i64).clamp(0, 10);
    Ok(FindAsk {
        room: Some(room),
        text: sought.text.join(" "),
        by,
        kind: sought.folders.then_some(EntryKind::Folder),
        endings: sought.endings.iter().map(|ending| ending.trim_start_matches('.').to_owned()).collect(),
        since: day(&sought.since, Time::MIDNIGHT)?,
        until: day(&sought.until, last)?,
        size_min: size(&sought.larger)?,
        size_max: size(&sought.smaller)?,
        halves_min: sought.stars.map(|given| u8::try_from(stars(given)).unwrap_or(0)),
        tag: sought.tag,
        after: None,
        limit: sought.limit,
    })
}

/// A day as `2026-11-29`, by the clock of the world.
fn moment(text: &str, at: Time) -> Result<TimeMs, End> {
    let wrong = || End::Usage(format!("A day is like 2026-11-29, not {text}."));
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return Err(wrong()) };
    let month: u8 = month.parse().map_err(|_| wrong())?;
    let month = Month::try_from(month).map_err(|_| wrong())?;
    let (year, day) = (year.parse().map_err(|_| wrong())?, day.parse().map_err(|_| wrong())?);
    let date = Date::from_calendar_date(year, month, day).map_err(|_| wrong())?;
    let moment = date.with_time(at).assume_utc();
    Ok(TimeMs(i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).map_err(|_| wrong())?))
}

/// A size as `300`, `20k`, `1.5M` or `2G`.
fn bytes(text: &str) -> Result<u64, End> {
    let wrong = || End::Usage(format!("A size is like 300, 20k, 1.5M or 2G, not {text}."));
    let (number, unit) = match text.find(|c: char| c.is_alphabetic()) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let unit = match unit.to_lowercase().trim_end_matches(['b', 'i']) {
        "" => 1.0,
        "k" => 1024.0,
        "m" => 1024.0 * 1024.0,
        "g" => 1024.0 * 1024.0 * 1024.0,
        _ => return Err(wrong()),
    };
    let number: f64 = number.parse().map_err(|_| wrong())?;
    if number < 0.0 || !number.is_finite() {
        return Err(wrong());
    }
    Ok((number * unit) as u64)
}

pub(crate) async fn describe(
    session: &mut Session,
    out: &Out,
    room: RoomId,
    name: &str,
    new: Described,
) -> Result<(), End> {
    let entry = find::entry(session, room, name).await?;
    session.catch_up(room).await?;
    let Answer::Entry(now) = session.run(Command::Entry { entry }).await? else { return Err(unexpected()) };
    if new.text.is_none() && new.tags.is_none() {
        let line = format!("{}\n{}", now.description, now.tags.join(", "));
        let object = serde_json::json!({"id": entry, "description": now.description, "tags": now.tags});
        out.say(&object, || line.trim().to_owned());
        return Ok(());
    }
    let tags = new.tags.map(|tags| tags.split(',').map(|tag| tag.trim().to_owned()).collect());
    let (description, tags) = (new.text.unwrap_or(now.description), tags.unwrap_or(now.tags));
    let asked = FolderCommand::Describe { entry, description, tags };
    let asked = Command::AboutFiles(FileCommand::OfFolder(asked));
    changed(session, out, entry, asked, "Described.").await
}
