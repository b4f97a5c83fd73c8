//! Contacts: listing, asking and answering, blocks, and the groups they are sorted into.

use super::args::contacts::{Contacts, Group};
use super::end::{End, unexpected};
use super::find;
use super::out::{Out, with_id};
use super::session::Session;
use pod_client::command::{Answer, Command, ContactCommand, PeopleCommand};
use pod_client::event::Event;
use pod_client::view::{
    ContactAnswer, ContactGroupView, ContactGroupsView, ContactStanding, PersonView, PresenceState,
};
use pod_shared::{AccountId, ContactGroupId};
use serde_json::{Value, json};

/// Does one of the commands for contacts.
pub(crate) async fn run(session: &mut Session, out: &Out, verb: Contacts) -> Result<(), End> {
    let mark = |account, nickname, favourite, muted| ContactCommand::ContactMark {
        account,
        nickname,
        favourite,
        muted,
    };
    let (account, command) = match verb {
        Contacts::List => return list(session, out).await,
        Contacts::Group { verb } => return group(session, out, verb.unwrap_or(Group::List)).await,
        Contacts::Add { person, text, group } => {
            session.settle().await?;
            let account = someone(session, &person).await?;
            if let Some(group) = group {
                let group = find_group(session, &group).await?;
                ask(session, ContactCommand::ContactAsk { account, text }).await?;
                (account, ContactCommand::ContactPlace { account, group, before: None, from: None })
            } else {
                (account, ContactCommand::ContactAsk { account, text })
            }
        }
        Contacts::Remove(whom) => {
            let account = kept(session, &whom.person).await?;
            (account, ContactCommand::ContactRemove { account })
        }
        Contacts::Accept(whom) => answered(session, &whom.person, ContactAnswer::Accept).await?,
        Contacts::Decline(whom) => answered(session, &whom.person, ContactAnswer::Decline).await?,
        Contacts::Ignore(whom) => answered(session, &whom.person, ContactAnswer::Ignore).await?,
        Contacts::Block(whom) => {
            session.settle().await?;
            let account = someone(session, &whom.person).await?;
            (account, ContactCommand::ContactBlock { account, blocked: true })
        }
        Contacts::Unblock(whom) => {
            let account = kept(session, &whom.person).await?;
            (account, ContactCommand::ContactBlock { account, blocked: false })
        }
        Contacts::Favourite(marked) => {
            let account = kept(session, &marked.person).await?;
            (account, mark(account, None, Some(!marked.off), None))
        }
        Contacts::Mute(marked) => {
            let account = kept(session, &marked.person).await?;
            (account, mark(account, None, None, Some(!marked.off)))
        }
        Contacts::Name { person, nickname } => {
            let account = kept(session, &person).await?;
            (account, mark(account, Some(nickname), None, None))
        }
    };
    ask(session, command).await?;
    let told = told(session).await;
    say_person(session, out, account, &told).await?;
    told
}

async fn ask(session: &mut Session, command: ContactCommand) -> Result<Answer, End> {
    session.run(Command::AboutContacts(command)).await
}

async fn answered(
    session: &mut Session,
    person: &str,
    how: ContactAnswer,
) -> Result<(AccountId, ContactCommand), End> {
    let account = kept(session, person).await?;
    Ok((account, ContactCommand::ContactAnswer { account, how }))
}

/// Waits until the server has heard of all that is wanted.
async fn told(session: &mut Session) -> Result<(), End> {
    let patience = session.patience();
    let until = patience.until();
    loop {
        if groups(session).await?.waiting == 0 {
            return Ok(());
        }
        match tokio::time::timeout_at(until, session.next_event()).await {
            Ok(Some(Event::ContactRefused { error, .. })) => return Err(error.into()),
            Ok(Some(_)) => {}
            Ok(None) => return Err(pod_client::view::ErrorView::stopped().into()),
            Err(_) => {
                return Err(End::Unreachable { next: "It is kept and told when the server is back." });
            }
        }
    }
}

/// How somebody stands now.
async fn say_person(
    session: &mut Session,
    out: &Out,
    account: AccountId,
    told: &Result<(), End>,
) -> Result<(), End> {
    if told.as_ref().is_err_and(|end| !matches!(end, End::Unreachable { .. })) {
        return Ok(());
    }
    let card = session.run(Command::AboutPeople(PeopleCommand::Person { account })).await;
    let contact = match card {
        Ok(Answer::Person(card)) => card.contact,
        Ok(_) => return Err(unexpected()),
        // Who was blocked or removed may be unknown here otherwise.
        Err(End::Refused(_)) => None,
        Err(end) => return Err(end),
    };
    let state = if told.is_ok() { "done" } else { "waiting" };
    let object = json!({"id": account, "state": state, "contact": contact});
    out.say(&object, || {
        if told.is_ok() { "Done.".to_owned() } else { "Kept; the server has not heard it yet.".to_owned() }
    });
    Ok(())
}

async fn people(session: &mut Session) -> Result<Vec<PersonView>, End> {
    let Answer::Contacts(people) = session.run(Command::AboutPeople(PeopleCommand::Contacts)).await? else {
        return Err(unexpected());
    };
    Ok(people)
}

/// Somebody among the contacts and those one shares a room with.
async fn kept(session: &mut Session, text: &str) -> Result<AccountId, End> {
    session.settle().await?;
    let people = people(session).await?;
    find::contact(text, people)
}

/// Somebody who is known here, or on the server.
async fn someone(session: &mut Session, text: &str) -> Result<AccountId, End> {
    let people = people(session).await?;
    match find::contact(text, people) {
        Ok(account) => Ok(account),
        Err(_) => find::person(session, text).await,
    }
}

async fn groups(session: &mut Session) -> Result<ContactGroupsView, End> {
    let Answer::ContactGroups(groups) = ask(session, ContactCommand::ContactGroups).await? else {
        return Err(unexpected());
    };
    Ok(groups)
}

async fn find_group(session: &mut Session, text: &str) -> Result<ContactGroupId, End> {
    let groups = groups(session).await?.groups;
    find::contact_group(text, groups)
}

/// How somebody stands, in a word.
fn stands(person: &PersonView) -> &'static str {
    let Some(contact) = &person.contact else { return "" };
    if contact.blocked {
        return "blocked";
    }
    match contact.standing {
        ContactStanding::None => "",
        ContactStanding::Asked => "asked",
        ContactStanding::Asks => "asks",
        ContactStanding::Ignored => "ignored",
        ContactStanding::Contact => "contact",
        ContactStanding::Declined => "declined",
    }
}

async fn list(session: &mut Session, out: &Out) -> Result<(), End> {
    session.settle().await?;
    let people = people(session).await?;
    let row = |person: &PersonView| {
        let state = match person.presence.state {
            PresenceState::Here => "here",
            PresenceState::Away => "away",
            PresenceState::Busy => "busy",
            PresenceState::Offline => "offline",
        };
        let cells = vec![
            person.name.clone(),
            person.display_name.clone(),
            stands(person).to_owned(),
            state.to_owned(),
            person.presence.text.clone(),
            person.account.to_string(),
        ];
        (with_id(&person.account, person), cells)
    };
    let heading = ["NAME", "SHOWN AS", "CONTACT", "IS", "SAYS", "ID"];
    out.table(
        &heading,
        people.iter().map(row).collect(),
        "No contacts yet. Ask somebody: `contacts add NAME`.",
    );
    Ok(())
}

async fn group(session: &mut Session, out: &Out, verb: Group) -> Result<(), End> {
    session.settle().await?;
    let (id, command) = match verb {
        Group::List => return list_groups(session, out).await,
        Group::Create { name } => {
            let command = ContactCommand::ContactGroupCreate { name };
            let Answer::ContactGroupId(group) = ask(session, command).await? else {
                return Err(unexpected());
            };
            let told = told(session).await;
            say_group(out, json!({"id": group}), &told);
            return told;
        }
        Group::Rename { group, name } => {
            let group = find_group(session, &group).await?;
            (json!({"id": group}), ContactCommand::ContactGroupRename { group, name })
        }
        Group::Delete { group } => {
            let group = find_group(session, &group).await?;
            (json!({"id": group}), ContactCommand::ContactGroupDelete { group })
        }
        Group::Order { group, before } => {
            let group = find_group(session, &group).await?;
            let before = match before {
                Some(before) => Some(find_group(session, &before).await?),
                None => None,
            };
            (json!({"id": group}), ContactCommand::ContactGroupMove { group, before })
        }
        Group::Move { person, group, before, from } => {
            let account = kept(session, &person).await?;
            let group = find_group(session, &group).await?;
            let before = match before {
                Some(before) => Some(kept(session, &before).await?),
                None => None,
            };
            let from = match from {
                Some(from) => Some(find_group(session, &from).await?),
                None => None,
            };
            let object = json!({"id": account, "group": group});
            (object, ContactCommand::ContactPlace { account, group, before, from })
        }
        Group::Take { person, group } => {
            let account = kept(session, &person).await?;
            let group = find_group(session, &group).await?;
            (json!({"id": account, "group": group}), ContactCommand::ContactUnplace { account, group })
        }
    };
    ask(session, command).await?;
    let told = told(session).await;
    say_group(out, id, &told);
    told
}

fn say_group(out: &Out, mut object: Value, told: &Result<(), End>) {
    if told.as_ref().is_err_and(|end| !matches!(end, End::Unreachable { .. })) {
        return;
    }
    if let Some(fields) = object.as_object_mut() {
        fields.insert("state".to_owned(), json!(if told.is_ok() { "done" } else { "waiting" }));
    }
    out.say(&object, || "Done.".to_owned());
}

async fn list_groups(session: &mut Session, out: &Out) -> Result<(), End> {
    let groups = groups(session).await?.groups;
    let people = people(session).await?;
    let name = |account: &AccountId| {
        people.iter().find(|person| person.account == *account).map(|person| person.name.clone())
    };
    let row = |group: &ContactGroupView| {
        let members: Vec<String> = group.members.iter().filter_map(name).collect();
        let cells = vec![group.name.clone(), members.join(", "), group.id.to_string()];
        let mut object = with_id(&group.id, group);
        if let Some(fields) = object.as_object_mut() {
            fields.insert("names".to_owned(), json!(members));
        }
        (object, cells)
    };
    let nothing = "No groups yet. Make one: `contacts group create NAME`.";
    out.table(&["GROUP", "WHO", "ID"], groups.iter().map(row).collect(), nothing);
    Ok(())
}
