//! Presence, links to rooms, and rooms as a person sorts them.

use super::args::people::{Link, Marked, Presence, Profile};
use super::end::{End, unexpected};
use super::find;
use super::human;
use super::out::{Out, with_id};
use super::session::Session;
use pod_client::command::{Answer, Command, PeopleCommand};
use pod_client::view::{NotifyWish, PersonView, RoomLinkView};
use pod_shared::{AccountId, RoomId, TimeMs};
use serde_json::json;

async fn ask(session: &mut Session, command: PeopleCommand) -> Result<Answer, End> {
    session.run(Command::AboutPeople(command)).await
}

/// Chooses a presence.
pub(crate) async fn presence(session: &mut Session, out: &Out, verb: Presence) -> Result<(), End> {
    let Presence::Set { state, text, minutes } = verb;
    session.online().await?;
    let until = minutes.map(|minutes| TimeMs(human::now().0 + i64::from(minutes) * 60_000));
    let state = state.into();
    let Answer::Done = ask(session, PeopleCommand::PresenceSet { state, text: text.clone(), until }).await?
    else {
        return Err(unexpected());
    };
    let object = json!({"id": "presence", "state": state, "text": text, "until": until});
    out.say(&object, || "Done.".to_owned());
    Ok(())
}

/// Makes a link to a room, lists them, or takes one back.
pub(crate) async fn link(session: &mut Session, out: &Out, link: Link) -> Result<(), End> {
    let room = find::room(session, &link.room).await?;
    session.online().await?;
    if let Some(id) = link.revoke {
        ask(session, PeopleCommand::RoomLinkRevoke { room, id }).await?;
        out.say(&json!({"id": id, "room": room, "state": "revoked"}), || "Done.".to_owned());
        return Ok(());
    }
    if link.list {
        return links(session, out, room).await;
    }
    let command = PeopleCommand::RoomLink { room, uses: link.uses, days: link.days };
    let Answer::Invite(invite) = ask(session, command).await? else { return Err(unexpected()) };
    out.say(&with_id(&room, &invite), || {
        format!("{}\n{}\nGood until {} (UTC).", invite.link, invite.page, human::when(invite.expires_at))
    });
    Ok(())
}

async fn links(session: &mut Session, out: &Out, room: RoomId) -> Result<(), End> {
    let Answer::RoomLinks(links) = ask(session, PeopleCommand::RoomLinks { room }).await? else {
        return Err(unexpected());
    };
    let row = |link: &RoomLinkView| {
        let cells = vec![
            link.by_name.clone(),
            link.uses_left.to_string(),
            human::when(link.expires_at),
            link.id.to_string(),
        ];
        (with_id(&link.id, link), cells)
    };
    let heading = ["MADE BY", "USES LEFT", "UNTIL (UTC)", "ID"];
    out.table(&heading, links.iter().map(row).collect(), "No link leads to this room.");
    Ok(())
}

/// Joins a room with a link.
pub(crate) async fn join(session: &mut Session, out: &Out, link: String) -> Result<(), End> {
    session.online().await?;
    let Answer::RoomId(room) = ask(session, PeopleCommand::RoomJoin { link }).await? else {
        return Err(unexpected());
    };
    out.say(&json!({"id": room, "room": room}), || "Done.".to_owned());
    Ok(())
}

/// Lets a room not disturb, or disturb again.
pub(crate) async fn mute(session: &mut Session, out: &Out, marked: Marked) -> Result<(), End> {
    let room = find::room(session, &marked.room).await?;
    let wish = (!marked.off).then_some(NotifyWish::None);
    ask(session, PeopleCommand::RoomNotify { room, wish }).await?;
    out.say(&json!({"id": room, "muted": !marked.off}), || "Done.".to_owned());
    Ok(())
}

/// Chooses what to be told of a room.
pub(crate) async fn notify(
    session: &mut Session,
    out: &Out,
    room: &str,
    wish: Option<NotifyWish>,
) -> Result<(), End> {
    let room = find::room(session, room).await?;
    ask(session, PeopleCommand::RoomNotify { room, wish }).await?;
    out.say(&json!({"id": room, "notify": wish}), || "Done.".to_owned());
    Ok(())
}

/// Puts a room above the others, or back.
pub(crate) async fn favourite(session: &mut Session, out: &Out, marked: Marked) -> Result<(), End> {
    let room = find::room(session, &marked.room).await?;
    let favourite = !marked.off;
    ask(session, PeopleCommand::RoomFavourite { room, favourite }).await?;
    out.say(&json!({"id": room, "favourite": favourite}), || "Done.".to_owned());
    Ok(())
}

/// Shows what a person says of themself, or says something oneself.
pub(crate) async fn profile(session: &mut Session, out: &Out, verb: Profile) -> Result<(), End> {
    session.online().await?;
    let me = session.status().await?.account.ok_or_else(unexpected)?.account;
    match verb {
        Profile::Get { person: None } => {
            let card = card(session, me).await?;
            say_profile(out, &card);
        }
        Profile::Get { person: Some(person) } => {
            let account = find::person(session, &person).await?;
            let card = card(session, account).await?;
            say_profile(out, &card);
        }
        Profile::Set { field, text } => {
            let mut profile = card(session, me).await?.profile;
            let held = profile.named_mut(field.name()).ok_or_else(unexpected)?;
            held.clone_from(&text);
            let Answer::Done =
                ask(session, PeopleCommand::ProfileFieldsSet { profile: profile.clone() }).await?
            else {
                return Err(unexpected());
            };
            out.say(&with_id(&me, &profile), || "Done.".to_owned());
        }
    }
    Ok(())
}

async fn card(session: &mut Session, account: AccountId) -> Result<PersonView, End> {
    let Answer::Person(card) = ask(session, PeopleCommand::Person { account }).await? else {
        return Err(unexpected());
    };
    Ok(card)
}

fn say_profile(out: &Out, card: &PersonView) {
    let lines = || {
        let said = card.profile.named().into_iter().filter(|(_, text)| !text.is_empty());
        let lines: Vec<String> = said.map(|(name, text)| format!("{name}: {text}")).collect();
        if lines.is_empty() { "Nothing is said.".to_owned() } else { lines.join("\n") }
    };
    let mut object = with_id(&card.account, &card.profile);
    if let Some(fields) = object.as_object_mut() {
        fields.insert("name".to_owned(), json!(card.name));
        fields.insert("display_name".to_owned(), json!(card.display_name));
    }
    out.say(&object, lines);
}
