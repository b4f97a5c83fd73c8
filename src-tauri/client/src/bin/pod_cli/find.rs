//! What a person means by a name: an id, or the one thing that has the name.

use super::end::{Candidate, End, unexpected};
use super::session::Session;
use pod_client::command::{Answer, Command};
use pod_client::view::{ContactGroupView, EntryView, OfferView, PersonView, RoomSummary, Sort, TransferView};
use pod_shared::content::EntryKind;
use pod_shared::{AccountId, ContactGroupId, EntryId, RoomId, limits};
use std::time::Duration;
use tokio::time::Instant;

/// What a room is called.
pub(crate) fn room_name(room: &RoomSummary) -> String {
    if !room.title.is_empty() {
        return room.title.clone();
    }
    let names: Vec<&str> = room.others.iter().map(|member| member.display_name.as_str()).collect();
    if names.is_empty() { "(only you)".to_owned() } else { names.join(", ") }
}

/// The one of `all` whose name it is.
fn one<T>(
    what: &'static str,
    text: &str,
    all: Vec<T>,
    names: impl Fn(&T) -> Vec<String>,
    candidate: impl Fn(&T) -> Candidate,
) -> Result<T, End> {
    let wanted = text.to_lowercase();
    let has = |thing: &T| names(thing).iter().any(|name| name.to_lowercase() == wanted);
    let (mut fits, others): (Vec<T>, Vec<T>) = all.into_iter().partition(has);
    if fits.len() == 1
        && let Some(only) = fits.pop()
    {
        return Ok(only);
    }
    let near = |thing: &&T| names(thing).iter().any(|name| name.to_lowercase().contains(&wanted));
    let candidates = if fits.is_empty() {
        others.iter().filter(near).map(&candidate).collect()
    } else {
        fits.iter().map(&candidate).collect()
    };
    Err(End::Unclear { what, candidates })
}

/// A room.
pub(crate) async fn room(session: &mut Session, text: &str) -> Result<RoomId, End> {
    session.settle().await?;
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let Answer::Rooms(rooms) = session.run(Command::Rooms).await? else { return Err(unexpected()) };
    let candidate = |room: &RoomSummary| Candidate { id: room.id.to_string(), name: room_name(room) };
    one("room", text, rooms, |room| vec![room_name(room)], candidate).map(|room| room.id)
}

/// A person on the server.
pub(crate) async fn person(session: &mut Session, text: &str) -> Result<AccountId, End> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    session.online().await?;
    let Answer::People(people) = session.run(Command::People { text: text.to_owned() }).await? else {
        return Err(unexpected());
    };
    let exact = people.iter().find(|person| person.name.to_lowercase() == text.to_lowercase());
    if let Some(person) = exact {
        return Ok(person.account);
    }
    let candidate = |person: &pod_shared::socket::Person| Candidate {
        id: person.account.to_string(),
        name: person.name.clone(),
    };
    one("person", text, people, |person| vec![person.display_name.clone()], candidate)
        .map(|person| person.account)
}

/// Somebody of these, by id or by any of their names.
pub(crate) fn contact(text: &str, people: Vec<PersonView>) -> Result<AccountId, End> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    if let Some(person) = people.iter().find(|person| person.name.to_lowercase() == text.to_lowercase()) {
        return Ok(person.account);
    }
    let names = |person: &PersonView| {
        let nickname = person.contact.as_ref().map(|contact| contact.nickname.clone()).unwrap_or_default();
        vec![person.display_name.clone(), nickname]
    };
    let candidate =
        |person: &PersonView| Candidate { id: person.account.to_string(), name: person.name.clone() };
    one("person", text, people, names, candidate).map(|person| person.account)
}

/// One of these groups, by id or name.
pub(crate) fn contact_group(text: &str, groups: Vec<ContactGroupView>) -> Result<ContactGroupId, End> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let candidate =
        |group: &ContactGroupView| Candidate { id: group.id.to_string(), name: group.name.clone() };
    one("group", text, groups, |group| vec![group.name.clone()], candidate).map(|group| group.id)
}

/// Somebody in a room.
pub(crate) async fn member(session: &mut Session, room: RoomId, text: &str) -> Result<AccountId, End> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let Answer::Room(view) = session.run(Command::Room { room }).await? else { return Err(unexpected()) };
    if let Some(member) = view.members.iter().find(|member| member.name.to_lowercase() == text.to_lowercase())
    {
        return Ok(member.account);
    }
    let candidate = |member: &pod_client::view::MemberView| Candidate {
        id: member.account.to_string(),
        name: member.name.clone(),
    };
    let names = |member: &pod_client::view::MemberView| vec![member.display_name.clone()];
    one("member", text, view.members, names, candidate).map(|member| member.account)
}

/// A transfer, by its id or the name of its file.
pub(crate) async fn transfer(session: &mut Session, text: &str) -> Result<TransferView, End> {
    let Answer::Transfers(all) = session.run(Command::Transfers).await? else { return Err(unexpected()) };
    let candidate = |view: &TransferView| Candidate { id: view.id.to_string(), name: view.name.clone() };
    one("transfer", text, all, |view| vec![view.id.to_string(), view.name.clone()], candidate)
}

/// One of the offers that wait, by its id or the name of its file.
pub(crate) fn offer(all: Vec<OfferView>, text: &str) -> Result<OfferView, End> {
    let candidate = |view: &OfferView| Candidate { id: view.offer.to_string(), name: view.name.clone() };
    one("offer", text, all, |view| vec![view.offer.to_string(), view.name.clone()], candidate)
}

/// What a path in a room's folder leads to.
pub(crate) enum Place {
    /// The room's top folder.
    Top,
    /// A file or folder.
    Entry(Box<EntryView>),
}

impl Place {
    /// As a folder to put things into.
    pub(crate) fn folder(&self) -> Result<Option<EntryId>, End> {
        match self {
            Self::Top => Ok(None),
            Self::Entry(entry) if entry.kind == EntryKind::Folder => Ok(Some(entry.id)),
            Self::Entry(_) => Err(End::Usage("This is a file, not a folder.".to_owned())),
        }
    }
}

/// One folder of a room, whole.
pub(crate) async fn folder(
    session: &mut Session,
    room: RoomId,
    parent: Option<EntryId>,
    sort: Option<Sort>,
) -> Result<Vec<EntryView>, End> {
    let mut entries = Vec::new();
    loop {
        let offset = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let command = Command::Folder { room, parent, sort, offset, limit: limits::FOLDER_PAGE_MAX };
        let Answer::Folder(mut page) = session.run(command).await? else { return Err(unexpected()) };
        if page.entries.is_empty() {
            return Ok(entries);
        }
        entries.append(&mut page.entries);
        if entries.len() >= page.total as usize {
            return Ok(entries);
        }
    }
}

/// An engine that began with this command may need this long to hear of a new file.
const NEWS: Duration = Duration::from_secs(5);

/// Follows a path like `plans/2026/a.txt`; what is not there may be about to be heard of.
pub(crate) async fn place(session: &mut Session, room: RoomId, path: &str) -> Result<Place, End> {
    let until = Instant::now() + NEWS;
    loop {
        match place_now(session, room, path).await {
            Err(End::Unclear { what, candidates }) if candidates.is_empty() => {
                if !session.folder_before(room, until).await? {
                    return Err(End::Unclear { what, candidates });
                }
            }
            found => return found,
        }
    }
}

/// Follows a path in what is known now.
pub(crate) async fn place_now(session: &mut Session, room: RoomId, path: &str) -> Result<Place, End> {
    let mut at = Place::Top;
    for name in path.split('/').filter(|name| !name.is_empty()) {
        let entries = folder(session, room, at.folder()?, None).await?;
        let candidate = |entry: &EntryView| Candidate { id: entry.id.to_string(), name: entry.name.clone() };
        // Two names that differ only in case are told apart when one is written exactly.
        let exact = entries.iter().find(|entry| entry.name == name).cloned();
        let entry = match exact {
            Some(entry) => entry,
            None => {
                let names = |entry: &EntryView| vec![entry.name.clone(), entry.id.to_string()];
                one("file or folder", name, entries, names, candidate)?
            }
        };
        at = Place::Entry(Box::new(entry));
    }
    Ok(at)
}

/// A file or folder by its path, or by its id wherever it lies in the room.
pub(crate) async fn entry(session: &mut Session, room: RoomId, text: &str) -> Result<EntryId, End> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    match place(session, room, text).await? {
        Place::Entry(entry) => Ok(entry.id),
        Place::Top => Err(End::Usage("The room's top folder itself cannot be meant here.".to_owned())),
    }
}
