//! Contacts: people who agreed to see each other, blocks, and the groups they are sorted into. What a step makes of both
//! sides is judged in [`rules`]; here requests are taken and kept within their rate.
//!
//! Refuses to tell anybody that they are blocked: they ask, offer and look as if the other person never answered.

use super::{Inner, now};
use crate::error::Refusal;
use crate::store::sqlite::messenger::{ContactAsk, GroupAsk};
use pod_shared::contact::{ContactRequest, ContactStep};
use pod_shared::limits::{
    CONTACT_GROUP_NAME_BYTES_MAX, CONTACT_RANK_MAX, CONTACT_TEXT_BYTES_MAX, NICKNAME_BYTES_MAX,
};
use pod_shared::{AccountId, ErrorCode};
use rules::Act;
use tokio::time::Instant;

mod rules;
#[cfg(test)]
mod tests;

impl Inner {
    pub(super) async fn contact(&self, me: AccountId, ask: ContactRequest) -> Result<(), Refusal> {
        self.rates.contacts.count(me, Instant::now())?;
        match ask {
            ContactRequest::Ask { account, text, round } => {
                self.rates.contact_asks.count(me, Instant::now())?;
                if text.len() > CONTACT_TEXT_BYTES_MAX {
                    return Err(Refusal::new(ErrorCode::TooLarge, "the text of the request is too long"));
                }
                if text.chars().any(char::is_control) {
                    let why = "the text holds a character that cannot be shown";
                    return Err(Refusal::new(ErrorCode::BadRequest, why));
                }
                self.step(me, account, text, Act::Ask { round }).await
            }
            ContactRequest::Answer { account, round, how } => {
                self.step(me, account, String::new(), Act::Answer { round, how: how.into() }).await
            }
            ContactRequest::Remove { account } => {
                self.step(me, account, String::new(), Act::Plain(ContactStep::Remove)).await
            }
            ContactRequest::Block { account, blocked: true } => {
                self.step(me, account, String::new(), Act::Plain(ContactStep::Block)).await
            }
            ContactRequest::Block { account, blocked: false } => {
                self.step(me, account, String::new(), Act::Unblock).await
            }
            ContactRequest::Mark { account, nickname, favourite, muted } => {
                let nickname = nickname.map(|name| name.trim().to_owned());
                if let Some(nickname) = nickname.as_ref().filter(|name| !name.is_empty()) {
                    check_name(nickname, NICKNAME_BYTES_MAX)?;
                }
                self.store.mark_contact(me, account, nickname, favourite, muted).await
            }
            ContactRequest::Place { account, group, rank } => {
                check_rank(rank)?;
                self.store.place_contact(me, (account, group), rank, rules::place).await
            }
            ContactRequest::Group { group, name, rank } => {
                check_rank(rank)?;
                let name = name.map(|name| name.trim().to_owned());
                if let Some(name) = &name {
                    check_name(name, CONTACT_GROUP_NAME_BYTES_MAX)?;
                }
                self.store.put_contact_group(GroupAsk { me, group, name, rank }, rules::group).await
            }
            ContactRequest::GroupDelete { group } => self.store.delete_contact_group(me, group, now()).await,
        }
    }

    async fn step(&self, me: AccountId, other: AccountId, text: String, act: Act) -> Result<(), Refusal> {
        if me == other {
            return Err(Refusal::new(ErrorCode::BadRequest, "nobody is their own contact"));
        }
        let people = self.directory.get(vec![me, other]).await?;
        if !people.iter().any(|person| person.account == other) {
            return Err(Refusal::new(ErrorCode::NotFound, "nobody of that kind is on this server"));
        }
        let ask = ContactAsk { me, other, people, text, now: now() };
        self.store.step_contact(ask, move |facts| rules::step(facts, act)).await
    }
}

fn check_name(name: &str, bytes_max: usize) -> Result<(), Refusal> {
    if name.is_empty() {
        return Err(Refusal::new(ErrorCode::InvalidName, "the name is empty"));
    }
    if name.len() > bytes_max {
        return Err(Refusal::new(ErrorCode::InvalidName, "the name is too long"));
    }
    if name.chars().any(char::is_control) {
        return Err(Refusal::new(ErrorCode::InvalidName, "the name holds a character that cannot be shown"));
    }
    Ok(())
}

fn check_rank(rank: Option<i64>) -> Result<(), Refusal> {
    if rank.is_some_and(|rank| !(-CONTACT_RANK_MAX..=CONTACT_RANK_MAX).contains(&rank)) {
        return Err(Refusal::new(ErrorCode::BadRequest, "there is no such place"));
    }
    Ok(())
}
