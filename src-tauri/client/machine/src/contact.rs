//! Contacts as a person sees them before the server has heard: what waits is laid over what was last told, in its order.
//!
//! And places: where something goes that is put before something else, without moving the others. Refuses to guess what the
//! other person does: a request that waits is asked, and no more.

use pod_shared::contact::{
    ContactGroupState, ContactPlace, ContactRequest, ContactStanding, ContactState, ContactStep,
};
use pod_shared::limits::CONTACT_RANK_MAX;
use pod_shared::{AccountId, ContactGroupId};
use std::collections::BTreeMap;

#[cfg(test)]
mod tests;

/// How far apart two are put that have nothing between them.
const STEP: i64 = 1 << 32;

/// The contacts and groups of a person, without what is gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contacts {
    /// By account; counts of requests stay when all else is gone.
    pub people: BTreeMap<AccountId, ContactState>,
    /// By id.
    pub groups: BTreeMap<ContactGroupId, ContactGroupState>,
}

impl Contacts {
    /// Lays what waits over it.
    pub fn lay(&mut self, wish: &ContactRequest) {
        match wish {
            ContactRequest::Ask { account, text, round } => {
                let held = self.person(*account);
                if *round > held.mine && held.step(ContactStep::Ask) {
                    held.mine = *round;
                    held.text =
                        if held.standing == ContactStanding::Asked { text.clone() } else { String::new() };
                }
            }
            ContactRequest::Answer { account, round, how } => {
                let held = self.person(*account);
                if *round == held.theirs
                    && held.step((*how).into())
                    && *how != pod_shared::contact::ContactAnswer::Ignore
                {
                    held.text = String::new();
                }
            }
            ContactRequest::Remove { account } => {
                let held = self.person(*account);
                held.step(ContactStep::Remove);
                if held.standing == ContactStanding::None {
                    held.nickname = String::new();
                    (held.favourite, held.muted) = (false, false);
                    held.places = Vec::new();
                }
            }
            ContactRequest::Block { account, blocked } => {
                let held = self.person(*account);
                if *blocked {
                    held.step(ContactStep::Block);
                }
                held.blocked = *blocked;
            }
            ContactRequest::Mark { account, nickname, favourite, muted } => {
                let held = self.person(*account);
                if let Some(nickname) = nickname {
                    held.nickname.clone_from(nickname);
                }
                held.favourite = favourite.unwrap_or(held.favourite);
                held.muted = muted.unwrap_or(held.muted);
            }
            ContactRequest::Place { account, group, rank } => {
                let held = self.person(*account);
                held.places.retain(|place| place.group != *group);
                held.places.extend(rank.map(|rank| ContactPlace { group: *group, rank }));
            }
            ContactRequest::Group { group, name, rank } => {
                let last = self.groups.values().map(|held| held.rank).max();
                let held = self.groups.entry(*group).or_insert_with(|| ContactGroupState {
                    group: *group,
                    name: String::new(),
                    rank: last.map_or(0, |last| last.saturating_add(STEP)),
                    gone: false,
                });
                if let Some(name) = name {
                    held.name.clone_from(name);
                }
                held.rank = rank.unwrap_or(held.rank);
            }
            ContactRequest::GroupDelete { group } => {
                self.groups.remove(group);
                for held in self.people.values_mut() {
                    held.places.retain(|place| place.group != *group);
                }
            }
        }
    }

    fn person(&mut self, account: AccountId) -> &mut ContactState {
        self.people.entry(account).or_insert_with(|| nobody(account))
    }

    /// Who is in a group, in their order.
    #[must_use]
    pub fn members(&self, group: ContactGroupId) -> Vec<(AccountId, i64)> {
        let place = |held: &ContactState| {
            let place = held.places.iter().find(|place| place.group == group)?;
            matches!(held.standing, ContactStanding::Contact | ContactStanding::Asked)
                .then_some((held.account, place.rank))
        };
        let mut members: Vec<(AccountId, i64)> = self.people.values().filter_map(place).collect();
        members.sort_unstable_by_key(|(account, rank)| (*rank, *account));
        members
    }

    /// The groups, in their order.
    #[must_use]
    pub fn ordered(&self) -> Vec<&ContactGroupState> {
        let mut groups: Vec<&ContactGroupState> = self.groups.values().collect();
        groups.sort_unstable_by_key(|held| (held.rank, held.group));
        groups
    }
}

/// Somebody of whom nothing is kept.
#[must_use]
pub fn nobody(account: AccountId) -> ContactState {
    ContactState {
        account,
        name: String::new(),
        display_name: String::new(),
        standing: ContactStanding::None,
        blocked: false,
        favourite: false,
        muted: false,
        nickname: String::new(),
        text: String::new(),
        mine: 0,
        theirs: 0,
        places: Vec::new(),
    }
}

/// A step one side of which is known.
trait Stepping {
    /// Takes it; `false`: it changes nothing.
    fn step(&mut self, step: ContactStep) -> bool;
}

impl Stepping for ContactState {
    fn step(&mut self, step: ContactStep) -> bool {
        match self.standing.after(step) {
            Some(after) if after != self.standing => {
                self.standing = after;
                if after == ContactStanding::None {
                    self.text = String::new();
                }
                true
            }
            Some(_) | None => false,
        }
    }
}

/// The places of `this` and, where there is no room between two, of others too: to stand before `before`, or at the end.
/// `order` is how they stand now, with their ranks.
#[must_use]
pub fn put_before<T: Copy + PartialEq>(order: &[(T, i64)], this: T, before: Option<T>) -> Vec<(T, i64)> {
    let mut others: Vec<(T, i64)> = order.iter().copied().filter(|(id, _)| *id != this).collect();
    let at =
        before.and_then(|before| others.iter().position(|(id, _)| *id == before)).unwrap_or(others.len());
    let last = at.checked_sub(1).and_then(|at| others.get(at)).map(|(_, rank)| *rank);
    let next = others.get(at).map(|(_, rank)| *rank);
    let rank = match (last, next) {
        (None, None) => Some(0),
        (Some(last), None) => last.checked_add(STEP),
        (None, Some(next)) => next.checked_sub(STEP),
        (Some(last), Some(next)) => {
            let middle = last.midpoint(next);
            (last < middle && middle < next).then_some(middle)
        }
    };
    if let Some(rank) = rank.filter(|rank| (-CONTACT_RANK_MAX..=CONTACT_RANK_MAX).contains(rank)) {
        return vec![(this, rank)];
    }
    others.insert(at, (this, 0));
    let middle = i64::try_from(others.len() / 2).unwrap_or_default();
    others.iter().zip(-middle..).map(|((id, _), place)| (*id, place.saturating_mul(STEP))).collect()
}
