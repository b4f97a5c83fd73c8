//! People, and rooms as a person sorts them: cards, conversations of two, favourites, what to hear of a room.
//!
//! Neighbours: `links` makes and uses room links, `presence` keeps what this person chose, `profile` changes the account.

use super::commands::Reply;
use super::{Desk, contacts, links, presence, profile, rooms, settings, wishes};
use crate::command::{Answer, PeopleCommand, Side};
use crate::event::Event;
use crate::state::account::Account;
use crate::state::outbox::{self, Wish};
use crate::state::prefs;
use crate::view::{ErrorView, PersonView, RoomName};
use pod_shared::contact::ContactState;
use pod_shared::socket::Person;
use pod_shared::{AccountId, ErrorCode, RoomId, limits};
use tokio::sync::oneshot;

/// Where a command goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// It has its turn among those that write.
    Ordered,
    /// It runs beside all others.
    Beside,
}

/// Where a command about people goes.
pub(super) fn lane(command: &PeopleCommand) -> Lane {
    match command {
        PeopleCommand::RoomNotify { .. }
        | PeopleCommand::RoomFavourite { .. }
        | PeopleCommand::RoomsOrder { .. }
        | PeopleCommand::TalkTo { .. }
        | PeopleCommand::PresenceSet { .. } => Lane::Ordered,
        PeopleCommand::Person { .. }
        | PeopleCommand::Contacts
        | PeopleCommand::Idle { .. }
        | PeopleCommand::RoomLink { .. }
        | PeopleCommand::RoomLinks { .. }
        | PeopleCommand::RoomLinkRevoke { .. }
        | PeopleCommand::RoomJoin { .. }
        | PeopleCommand::PasswordSet { .. }
        | PeopleCommand::ProfileSet { .. }
        | PeopleCommand::ProfileFieldsSet { .. } => Lane::Beside,
    }
}

/// Does what is asked and answers.
pub(super) async fn answer(desk: &Desk, command: PeopleCommand, answer: oneshot::Sender<Reply>) {
    if let PeopleCommand::TalkTo { account } = command {
        return talk_to(desk, account, answer).await;
    }
    let _ = answer.send(run(desk, command).await);
}

async fn run(desk: &Desk, command: PeopleCommand) -> Reply {
    match command {
        PeopleCommand::RoomNotify { room, wish } => {
            rooms::known(desk, room).await?;
            let word = wish.map(|wish| wish.word().to_owned());
            settings::set(desk, pod_machine::notice::room_key(room), word).await
        }
        PeopleCommand::RoomFavourite { room, favourite } => {
            rooms::known(desk, room).await?;
            let moved = prefs::favour(&desk.state, desk.me()?.id, room, favourite).await?;
            tell(desk, moved).await
        }
        PeopleCommand::RoomsOrder { rooms } => {
            if rooms.len() > limits::ROOMS_PER_ACCOUNT_MAX {
                return Err(ErrorView::new(ErrorCode::TooMany, "nobody is in that many rooms"));
            }
            let moved = prefs::order(&desk.state, desk.me()?.id, rooms).await?;
            tell(desk, moved).await
        }
        PeopleCommand::Person { account } => card(desk, account).await.map(Answer::Person),
        PeopleCommand::Contacts => everybody(desk).await.map(Answer::Contacts),
        PeopleCommand::PresenceSet { state, text, until } => presence::choose(desk, state, text, until).await,
        PeopleCommand::Idle { idle } => presence::idle(desk, idle).await,
        PeopleCommand::RoomLink { room, uses, days } => links::make(desk, room, uses, days).await,
        PeopleCommand::RoomLinks { room } => links::list(desk, room).await,
        PeopleCommand::RoomLinkRevoke { room, id } => links::revoke(desk, room, id).await,
        PeopleCommand::RoomJoin { link } => links::join(desk, &link).await,
        PeopleCommand::PasswordSet { old, new } => profile::set_password(desk, old, new).await,
        PeopleCommand::ProfileFieldsSet { profile } => profile::set_fields(desk, &profile).await,
        PeopleCommand::ProfileSet { display_name } => profile::set_name(desk, display_name).await,
        // `answer` gave it to another.
        PeopleCommand::TalkTo { .. } => {
            Err(ErrorView::new(ErrorCode::Internal, "the command went the wrong way"))
        }
    }
}

/// The rows of these rooms are other ones now.
async fn tell(desk: &Desk, rooms: Vec<RoomId>) -> Reply {
    for room in rooms {
        if let Some(room) = rooms::summary(desk, room).await? {
            desk.sink.emit(Event::Room { room });
        }
    }
    Ok(Answer::Done)
}

/// Opens the conversation of two: the one there is, here or in the outbox, or a new one.
async fn talk_to(desk: &Desk, account: AccountId, answer: oneshot::Sender<Reply>) {
    let found = async {
        let me = desk.me()?;
        if account == me.id {
            return Err(ErrorView::new(ErrorCode::BadRequest, "nobody talks to themself"));
        }
        talk(desk, &me, account).await
    };
    let reply = match found.await {
        Ok(Some(room)) => Ok(Answer::RoomId(room)),
        Ok(None) => {
            return wishes::create_room(desk, String::new(), vec![account], Side::Chat, answer).await;
        }
        Err(error) => Err(error),
    };
    let _ = answer.send(reply);
}

/// The conversation of two with a person; of several the one that was last used.
async fn talk(desk: &Desk, me: &Account, account: AccountId) -> Result<Option<RoomId>, ErrorView> {
    if let Some(room) = desk.cache.talk_with(me.id, account).await? {
        return Ok(Some(room));
    }
    let rows = outbox::all(&desk.state, me.id).await?;
    let made = rows.into_iter().rev().find(|row| {
        row.failed.is_none()
            && matches!(&row.wish, Wish::RoomCreate { title, members, .. }
                if title.is_empty() && members.len() == 1 && members.iter().all(|who| who.account == account))
    });
    Ok(made.map(|row| row.room))
}

/// A person's card, as far as this device ever heard of them.
pub(super) async fn card(desk: &Desk, account: AccountId) -> Result<PersonView, ErrorView> {
    let me = desk.me()?;
    let who = who(desk, &me, account).await?;
    let contact = contacts::one(desk, account).await?;
    build(desk, &me, who, contact).await
}

async fn build(
    desk: &Desk,
    me: &Account,
    who: Person,
    contact: Option<(ContactState, bool)>,
) -> Result<PersonView, ErrorView> {
    let account = who.account;
    let mine = account == me.id;
    let shared = if mine { Vec::new() } else { desk.cache.shared_rooms(me.id, account).await? };
    let presence = if mine { presence::as_seen(desk) } else { presence::of(desk, account).await? };
    Ok(PersonView {
        account,
        display_name: if who.display_name.is_empty() { who.name.clone() } else { who.display_name },
        name: who.name,
        me: mine,
        presence,
        profile: desk.cache.profile(account).await?,
        rooms: shared.into_iter().map(|(id, title)| RoomName { id, title }).collect(),
        talk: if mine { None } else { talk(desk, me, account).await? },
        contact: contact.filter(|(held, waiting)| !held.is_gone() || *waiting).as_ref().map(contacts::view),
    })
}

/// The newest names of somebody: in a room, or found by a search.
async fn who(desk: &Desk, me: &Account, account: AccountId) -> Result<Person, ErrorView> {
    if account == me.id {
        let (name, display_name) = (me.name.clone(), me.display_name.clone());
        return Ok(Person { account, name, display_name });
    }
    if let Some(row) = desk.cache.person(account).await? {
        return Ok(Person { account, name: row.name, display_name: row.display_name });
    }
    if let Some(held) = desk.cache.kept_contact(account).await? {
        return Ok(Person { account, name: held.name, display_name: held.display_name });
    }
    let found = desk.live().people.get(&account).cloned();
    found.ok_or_else(|| ErrorView::new(ErrorCode::NotFound, "nobody of that kind is known here"))
}

/// Everybody this person keeps as a contact or shares a room with, by name.
async fn everybody(desk: &Desk) -> Result<Vec<PersonView>, ErrorView> {
    let me = desk.me()?;
    let mut kept = contacts::all(desk).await?;
    let mut cards = Vec::new();
    for row in desk.cache.roommates(me.id).await? {
        let person = Person { account: row.account, name: row.name, display_name: row.display_name };
        let contact = kept.take(row.account);
        cards.push(build(desk, &me, person, contact).await?);
    }
    let others: Vec<AccountId> = kept.contacts.people.keys().copied().collect();
    for account in others {
        let Some((held, waiting)) = kept.take(account).filter(|(held, _)| !held.is_gone()) else { continue };
        let mut person = Person { account, name: held.name.clone(), display_name: held.display_name.clone() };
        if person.name.is_empty() {
            // Asked for while offline: as far as a search named them.
            person = who(desk, &me, account).await.unwrap_or(person);
        }
        cards.push(build(desk, &me, person, Some((held, waiting))).await?);
    }
    cards.sort_by_cached_key(|card| (card.display_name.to_lowercase(), card.name.clone(), card.account));
    Ok(cards)
}
