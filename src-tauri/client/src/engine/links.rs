//! Room links: making them, taking them back, and joining with one.
//!
//! The code is made here and told to the server as a digest only. A link that came with a sign-up is kept on disk until
//! the server answered, so that a kill in between costs nothing.

use super::commands::Reply;
use super::presence::waits;
use super::{Desk, fresh, sign_in};
use crate::command::Answer;
use crate::event::Event;
use crate::net::{Endpoint, page_of, read_address, with_code};
use crate::state::account::Account;
use crate::state::waiting;
use crate::view::{ErrorView, InviteView, RoomLinkView, ServerAddress};
use pod_shared::bytes::ByteString;
use pod_shared::links::{LinkAnswer, LinkRequest};
use pod_shared::socket::{self, Request};
use pod_shared::{ErrorCode, LinkId, RoomId, limits};
use sha2::{Digest, Sha256};

/// Makes a link. For an admin it also lets people make an account.
pub(super) async fn make(desk: &Desk, room: RoomId, uses: u32, days: u32) -> Reply {
    let me = desk.me()?;
    if uses > limits::INVITE_USES_MAX || days > limits::INVITE_DAYS_MAX {
        return Err(ErrorView::new(ErrorCode::TooMany, "a link is for fewer people and days"));
    }
    let code = new_code();
    let digest = ByteString(Sha256::digest(code.as_bytes()).to_vec());
    let link = fresh(LinkId::from_slice)?;
    let LinkAnswer::Made { base, expires_at } =
        ask(desk, LinkRequest::Create { link, room, digest, uses, days }).await?
    else {
        return Err(not_understood());
    };
    // The account's part comes second: a room that refuses leaves no open door to the server.
    let (invite, base) = match me.is_admin {
        true => {
            let invite = sign_in::invite(desk, uses, days).await?;
            (invite.code, invite.link)
        }
        false => (String::new(), base),
    };
    let link = with_code(&base, &code);
    Ok(Answer::Invite(InviteView { code: invite, page: page_of(&link), link, expires_at }))
}

/// 128 random bits, as letters and digits.
fn new_code() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// The links of a room.
pub(super) async fn list(desk: &Desk, room: RoomId) -> Reply {
    listed(ask(desk, LinkRequest::List { room }).await?).map(Answer::RoomLinks)
}

/// Takes a link back.
pub(super) async fn revoke(desk: &Desk, room: RoomId, link: LinkId) -> Reply {
    listed(ask(desk, LinkRequest::Revoke { room, link }).await?).map(|_| Answer::Done)
}

fn listed(answer: LinkAnswer) -> Result<Vec<RoomLinkView>, ErrorView> {
    let LinkAnswer::Links { links } = answer else { return Err(not_understood()) };
    let view = |link: pod_shared::links::RoomLink| RoomLinkView {
        id: link.link,
        by_name: link.by_name,
        uses_left: link.uses_left,
        expires_at: link.expires_at,
    };
    Ok(links.into_iter().map(view).collect())
}

/// Joins with a link of this server.
pub(super) async fn join(desk: &Desk, link: &str) -> Reply {
    let me = desk.me()?;
    let address = read_address(link)?;
    let Some(code) = address.room.clone() else {
        return Err(ErrorView::new(ErrorCode::BadRequest, "this link is not for a room"));
    };
    if !is_here(&me, &address) {
        return Err(ErrorView::new(ErrorCode::Conflict, "the link is for another server"));
    }
    let LinkAnswer::Joined { room } = ask(desk, LinkRequest::Join { code }).await? else {
        return Err(not_understood());
    };
    Ok(Answer::RoomId(room))
}

/// Whether the address is that of the server where the person is signed in; a code is told to no other.
pub(super) fn is_here(me: &Account, address: &ServerAddress) -> bool {
    let here = &me.endpoint;
    if here.fingerprint.is_some() && here.fingerprint == address.fingerprint {
        return true;
    }
    Endpoint::of(address).is_ok_and(|there| there.url == here.url)
}

/// Joins with the codes that wait. One that is refused is dropped, and told.
pub(super) async fn join_waiting(desk: &Desk) -> Result<(), ErrorView> {
    let me = desk.me()?;
    for code in waiting::joins(&desk.state, me.id).await? {
        match ask(desk, LinkRequest::Join { code: code.clone() }).await {
            Err(error) if waits(&error) => return Err(error),
            Err(error) => {
                waiting::drop_join(&desk.state, me.id, code).await?;
                desk.sink.emit(Event::JoinRefused { error });
            }
            Ok(_) => waiting::drop_join(&desk.state, me.id, code).await?,
        }
    }
    Ok(())
}

async fn ask(desk: &Desk, ask: LinkRequest) -> Result<LinkAnswer, ErrorView> {
    match desk.request(Request::Link(ask)).await? {
        socket::Answer::Link(answer) => Ok(answer),
        socket::Answer::Done {}
        | socket::Answer::Pending {}
        | socket::Answer::History { .. }
        | socket::Answer::People { .. }
        | socket::Answer::Peer { .. }
        | socket::Answer::Relay { .. } => Err(not_understood()),
    }
}

fn not_understood() -> ErrorView {
    ErrorView::new(ErrorCode::UnsupportedVersion, "the server's answer is not understood")
}
