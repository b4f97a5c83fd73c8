//! Contacts: what this person wants of them is on disk first, shown at once, and told to the server in its order when the
//! connection is there.
//!
//! The life of a wish: a row in `state.db` → laid over what the cache has → asked of the server → gone, when the server took
//! it or refused it for good; a refusal is told. One task tells at a time. Each wish is repeatable: a kill between the
//! server's yes and the row's end asks once more and changes nothing.

use super::commands::Reply;
use super::wake::Wake;
use super::{Desk, fresh, people, presence};
use crate::command::{Answer, ContactCommand};
use crate::event::Event;
use crate::state::contacts as wishes;
use crate::view::{ContactGroupView, ContactGroupsView, ContactView, ErrorView};
use futures_util::future::BoxFuture;
use pod_machine::contact::{Contacts, put_before};
use pod_shared::contact::{ContactRequest, ContactStanding, ContactState};
use pod_shared::socket::Request;
use pod_shared::{AccountId, ContactGroupId, ErrorCode, Retry};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::sync::oneshot;

/// Who waits for the server's word is told after this long that it goes on by itself.
const OUTCOME_WAIT: Duration = Duration::from_secs(15);
/// The server wants to be asked less often: what waits is told after this long.
const SLOWED: Duration = Duration::from_secs(10);
/// People named in one event; of more all are looked at anew.
const NAMED_MAX: usize = 64;
/// Refusals that somebody may still ask for.
const REFUSED_MAX: usize = 256;

/// Contacts with what waits laid over, and of whom something waits.
pub(super) struct Shown {
    pub(super) contacts: Contacts,
    about: BTreeSet<AccountId>,
    waiting: u32,
}

/// All contacts and groups.
pub(super) async fn all(desk: &Desk) -> Result<Shown, ErrorView> {
    let kept = desk.cache.kept_contacts().await?;
    lay(desk, kept).await
}

async fn lay(desk: &Desk, mut contacts: Contacts) -> Result<Shown, ErrorView> {
    let me = desk.me()?;
    let wishes = wishes::all(&desk.state, me.id).await?;
    let waiting = u32::try_from(wishes.len()).unwrap_or(u32::MAX);
    let mut about = BTreeSet::new();
    for (_, wish) in wishes {
        contacts.lay(&wish);
        about.extend(whom(&wish));
    }
    contacts.people.remove(&me.id);
    Ok(Shown { contacts, about, waiting })
}

/// One contact; nothing: nothing is kept of them.
pub(super) async fn one(desk: &Desk, account: AccountId) -> Result<Option<(ContactState, bool)>, ErrorView> {
    let held = desk.cache.kept_contact(account).await?;
    let people = held.into_iter().map(|held| (account, held)).collect();
    let mut shown = lay(desk, Contacts { people, groups: BTreeMap::new() }).await?;
    Ok(shown.take(account))
}

impl Shown {
    /// One contact, and whether something about them waits.
    pub(super) fn take(&mut self, account: AccountId) -> Option<(ContactState, bool)> {
        let held = self.contacts.people.remove(&account)?;
        Some((held, self.about.contains(&account)))
    }
}

/// As a user interface shows it.
pub(super) fn view((held, waiting): &(ContactState, bool)) -> ContactView {
    ContactView {
        waiting: *waiting,
        standing: held.standing,
        blocked: held.blocked,
        favourite: held.favourite,
        muted: held.muted,
        nickname: held.nickname.clone(),
        text: held.text.clone(),
        places: held.places.clone(),
    }
}

/// The groups, and how much waits.
async fn groups(desk: &Desk) -> Reply {
    let Shown { contacts, waiting, .. } = all(desk).await?;
    let group = |held: &pod_shared::contact::ContactGroupState| ContactGroupView {
        id: held.group,
        name: held.name.clone(),
        members: contacts.members(held.group).into_iter().map(|(account, _)| account).collect(),
    };
    let groups = contacts.ordered().into_iter().map(group).collect();
    Ok(Answer::ContactGroups(ContactGroupsView { groups, waiting }))
}

/// Keeps what is wanted; the answer comes when the server has said its word, or is not there.
pub(super) async fn run(desk: &Desk, command: ContactCommand, answer: oneshot::Sender<Reply>) {
    let kept = async {
        let (wanted, done) = wanted(desk, command).await?;
        if wanted.is_empty() {
            return Ok((None, done));
        }
        let changed = changed(wanted.iter());
        let last = wishes::wish(&desk.state, desk.me()?.id, wanted).await?;
        desk.sink.emit(changed);
        count(desk).await?;
        Ok((Some(last), done))
    };
    let (last, done) = match kept.await {
        Ok(kept) => kept,
        Err(error) => return drop(answer.send(Err(error))),
    };
    // Not in the turn of those that write: a message does not wait for the server's word about a contact.
    let desk = desk.clone();
    tokio::spawn(async move {
        if let Some(last) = last {
            let telling = desk.clone();
            // It goes on when nobody waits any more.
            let told = tokio::spawn(async move { tell_or_say(&telling).await });
            let _ = tokio::time::timeout(OUTCOME_WAIT, told).await;
            if let Some(error) = desk.live().refused.remove(&last) {
                return drop(answer.send(Err(error)));
            }
        }
        let _ = answer.send(Ok(done));
    });
}

/// What a command means, as wishes; and its answer.
async fn wanted(desk: &Desk, command: ContactCommand) -> Result<(Vec<ContactRequest>, Answer), ErrorView> {
    let me = desk.me()?.id;
    let other = |account: AccountId| {
        if account == me {
            return Err(ErrorView::new(ErrorCode::BadRequest, "nobody is their own contact"));
        }
        Ok(account)
    };
    let mut done = Answer::Done;
    let wanted = match command {
        ContactCommand::ContactAsk { account, text } => {
            let held = one(desk, other(account)?).await?;
            let round = held.map_or(0, |(held, _)| held.mine).saturating_add(1);
            vec![ContactRequest::Ask { account, text: text.trim().to_owned(), round }]
        }
        ContactCommand::ContactAnswer { account, how } => {
            let asks = |held: &ContactState| {
                matches!(held.standing, ContactStanding::Asks | ContactStanding::Ignored)
            };
            let held = one(desk, account).await?.map(|(held, _)| held).filter(asks);
            let held = held.ok_or_else(|| ErrorView::new(ErrorCode::NotFound, "they ask nothing"))?;
            vec![ContactRequest::Answer { account, round: held.theirs, how }]
        }
        ContactCommand::ContactRemove { account } => vec![ContactRequest::Remove { account }],
        ContactCommand::ContactBlock { account, blocked } => {
            vec![ContactRequest::Block { account: other(account)?, blocked }]
        }
        ContactCommand::ContactMark { account, nickname, favourite, muted } => {
            let nickname = nickname.map(|name| name.trim().to_owned());
            vec![ContactRequest::Mark { account, nickname, favourite, muted }]
        }
        ContactCommand::ContactPlace { account, group, before, from } => {
            let members = all(desk).await?.contacts.members(group);
            let places = put_before(&members, account, before);
            let mut wanted: Vec<ContactRequest> = places
                .into_iter()
                .map(|(account, rank)| ContactRequest::Place { account, group, rank: Some(rank) })
                .collect();
            let left = from.filter(|from| *from != group);
            wanted.extend(left.map(|group| ContactRequest::Place { account, group, rank: None }));
            wanted
        }
        ContactCommand::ContactUnplace { account, group } => {
            vec![ContactRequest::Place { account, group, rank: None }]
        }
        ContactCommand::ContactGroupCreate { name } => {
            let group = fresh(ContactGroupId::from_slice)?;
            done = Answer::ContactGroupId(group);
            vec![ContactRequest::Group { group, name: Some(named(&name)?), rank: None }]
        }
        ContactCommand::ContactGroupRename { group, name } => {
            vec![ContactRequest::Group { group, name: Some(named(&name)?), rank: None }]
        }
        ContactCommand::ContactGroupMove { group, before } => {
            let Shown { contacts, .. } = all(desk).await?;
            let order: Vec<_> = contacts.ordered().into_iter().map(|held| (held.group, held.rank)).collect();
            put_before(&order, group, before)
                .into_iter()
                .map(|(group, rank)| ContactRequest::Group { group, name: None, rank: Some(rank) })
                .collect()
        }
        ContactCommand::ContactGroupDelete { group } => vec![ContactRequest::GroupDelete { group }],
        ContactCommand::ContactGroups => return Ok((Vec::new(), groups(desk).await?)),
    };
    Ok((wanted, done))
}

fn named(name: &str) -> Result<String, ErrorView> {
    let name = name.trim();
    if name.is_empty() {
        return Err(ErrorView::new(ErrorCode::InvalidName, "the name is empty"));
    }
    Ok(name.to_owned())
}

/// Tells what waits, and says so when it cannot.
pub(super) async fn tell_or_say(desk: &Desk) {
    if let Err(error) = tell(desk).await {
        tracing::info!(code = %error.code, "what is wanted of contacts is told with the next connection");
    }
}

/// Tells the server what waits, in its order, one at a time.
async fn tell(desk: &Desk) -> Result<(), ErrorView> {
    let _turn = desk.contacts_turn.lock().await;
    let me = desk.me()?;
    for (seq, wish) in wishes::all(&desk.state, me.id).await? {
        match desk.request(Request::Contact(wish.clone())).await {
            Ok(_) => {
                wishes::settle(&desk.state, seq).await?;
                desk.sink.emit(changed([&wish]));
                count(desk).await?;
            }
            Err(error) if error.retry == Retry::After => {
                tokio::spawn(tell_later(desk.clone()));
                return Err(error);
            }
            Err(error) if presence::waits(&error) => return Err(error),
            Err(error) => {
                wishes::settle(&desk.state, seq).await?;
                refused(desk, seq, &wish, error);
                count(desk).await?;
            }
        }
    }
    Ok(())
}

/// How much waits is part of the status.
pub(super) async fn count(desk: &Desk) -> Result<(), ErrorView> {
    let waiting = wishes::count(&desk.state, desk.me()?.id).await?;
    desk.live().contacts_waiting = waiting;
    desk.wake(Wake::PresenceChosen).await
}

/// Boxed, as it is spawned by what it calls.
fn tell_later(desk: Desk) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        tokio::time::sleep(SLOWED).await;
        tell_or_say(&desk).await;
    })
}

/// What was refused is no longer shown; whoever waits for it is told, and everybody who listens.
fn refused(desk: &Desk, seq: i64, wish: &ContactRequest, error: ErrorView) {
    let account = whom(wish);
    {
        let mut live = desk.live();
        if live.refused.len() >= REFUSED_MAX {
            live.refused.clear();
        }
        live.refused.insert(seq, error.clone());
    }
    desk.sink.emit(Event::ContactRefused { account, error });
    desk.sink.emit(changed([wish]));
}

/// Whom a wish is about; nothing: a group.
fn whom(wish: &ContactRequest) -> Option<AccountId> {
    match wish {
        ContactRequest::Ask { account, .. }
        | ContactRequest::Answer { account, .. }
        | ContactRequest::Remove { account }
        | ContactRequest::Block { account, .. }
        | ContactRequest::Mark { account, .. }
        | ContactRequest::Place { account, .. } => Some(*account),
        ContactRequest::Group { .. } | ContactRequest::GroupDelete { .. } => None,
    }
}

/// Which groups a wish changes, or who is in them.
fn sorts(wish: &ContactRequest) -> bool {
    match wish {
        ContactRequest::Group { .. } | ContactRequest::GroupDelete { .. } | ContactRequest::Place { .. } => {
            true
        }
        // Who is no contact is in no group.
        ContactRequest::Remove { .. } | ContactRequest::Block { .. } | ContactRequest::Ask { .. } => true,
        ContactRequest::Answer { .. } | ContactRequest::Mark { .. } => false,
    }
}

/// What wishes change, as told.
fn changed<'a>(wishes: impl IntoIterator<Item = &'a ContactRequest>) -> Event {
    let mut people = BTreeSet::new();
    let mut groups = false;
    for wish in wishes {
        people.extend(whom(wish));
        groups |= sorts(wish);
        // Everybody in it is out of it.
        if matches!(wish, ContactRequest::GroupDelete { .. }) {
            return Event::Contacts { people: None, groups: true };
        }
    }
    told(people, groups)
}

fn told(people: BTreeSet<AccountId>, groups: bool) -> Event {
    let few = people.len() <= NAMED_MAX;
    Event::Contacts { people: few.then(|| people.into_iter().collect()), groups }
}

/// Frames changed contacts: who listens looks at those anew, and hears of who asks.
pub(super) fn touched(desk: &Desk, contacts: &BTreeSet<AccountId>, groups: bool, asking: Vec<AccountId>) {
    if !contacts.is_empty() || groups {
        // A contact's places in groups come with the contact.
        desk.sink.emit(told(contacts.clone(), true));
    }
    if asking.is_empty() {
        return;
    }
    let desk = desk.clone();
    tokio::spawn(async move {
        for account in asking {
            match people::card(&desk, account).await {
                Ok(person) => desk.sink.emit(Event::ContactAsks { person: Box::new(person) }),
                Err(error) => tracing::warn!(code = %error.code, "who asks could not be shown"),
            }
        }
    });
}
