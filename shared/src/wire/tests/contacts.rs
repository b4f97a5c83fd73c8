//! The frames about contacts, with fixed values.

use super::samples::{alice, id};
use crate::contact::{
    ContactAnswer, ContactGroupState, ContactPlace, ContactRequest, ContactStanding, ContactState,
};
use crate::socket::{ClientFrame, Request, ServerFrame};
use crate::{ContactGroupId, Txn};

fn group() -> ContactGroupId {
    ContactGroupId(id(11))
}

fn contact() -> ContactState {
    ContactState {
        account: alice(),
        name: "alice".into(),
        display_name: "앨리스".into(),
        standing: ContactStanding::Contact,
        blocked: true,
        favourite: true,
        muted: true,
        nickname: "Al".into(),
        text: String::new(),
        mine: 1,
        theirs: 2,
        places: vec![ContactPlace { group: group(), rank: -(1 << 40) }],
    }
}

fn asks() -> ContactState {
    ContactState {
        standing: ContactStanding::Asks,
        blocked: false,
        favourite: false,
        muted: false,
        nickname: String::new(),
        text: "It is me.".into(),
        places: Vec::new(),
        ..contact()
    }
}

/// What a device asks about contacts, by name.
pub(super) fn contact_requests() -> Vec<(&'static str, ClientFrame)> {
    let (account, group) = (alice(), group());
    let answer = |how| ContactRequest::Answer { account, round: 2, how };
    let mark = |nickname, favourite, muted| ContactRequest::Mark { account, nickname, favourite, muted };
    let requests = [
        ("client.contact_ask", ContactRequest::Ask { account, text: "나야".into(), round: 1 }),
        ("client.contact_accept", answer(ContactAnswer::Accept)),
        ("client.contact_decline", answer(ContactAnswer::Decline)),
        ("client.contact_ignore", answer(ContactAnswer::Ignore)),
        ("client.contact_remove", ContactRequest::Remove { account }),
        ("client.contact_block", ContactRequest::Block { account, blocked: true }),
        ("client.contact_mark", mark(Some("Al".into()), Some(true), Some(false))),
        ("client.contact_mark.one", mark(None, None, Some(true))),
        ("client.contact_place", ContactRequest::Place { account, group, rank: Some(1 << 40) }),
        ("client.contact_place.out", ContactRequest::Place { account, group, rank: None }),
        ("client.contact_group", ContactRequest::Group { group, name: Some("집".into()), rank: Some(0) }),
        ("client.contact_group.moved", ContactRequest::Group { group, name: None, rank: Some(-7) }),
        ("client.contact_group_delete", ContactRequest::GroupDelete { group }),
    ];
    let frame = |body| ClientFrame::Request { request: 300, body: Request::Contact(body) };
    requests.into_iter().map(|(name, body)| (name, frame(body))).collect()
}

/// What the server says of contacts, by name.
pub(super) fn contact_tellings() -> Vec<(&'static str, ServerFrame)> {
    let there = ContactGroupState { group: group(), name: "집".into(), rank: 0, gone: false };
    let gone = ContactGroupState { gone: true, ..there.clone() };
    let (contacts, groups) = (vec![contact(), asks()], vec![there, gone]);
    vec![
        (
            "server.sync_contacts",
            ServerFrame::SyncContacts { contacts: contacts.clone(), groups: groups.clone(), all: false },
        ),
        (
            "server.sync_contacts.all",
            ServerFrame::SyncContacts { contacts: Vec::new(), groups: Vec::new(), all: true },
        ),
        ("server.contacts", ServerFrame::Contacts { txn: Txn(7), contacts, groups: Vec::new() }),
        ("server.contacts.groups", ServerFrame::Contacts { txn: Txn(7), contacts: Vec::new(), groups }),
    ]
}
