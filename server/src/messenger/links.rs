//! Rules for room links: who makes them, within limits, and who joins with one.
//!
//! Whatever is wrong with a code, the answer is the same: who tries codes learns nothing.

use super::{Inner, Messenger, now};
use crate::error::Refusal;
use crate::secret;
use crate::store::sqlite::messenger::{JoinAsk, JoinFacts, NewLink, Shown};
use pod_shared::limits::{
    INVITE_DAYS_MAX, INVITE_USES_MAX, LINK_CODE_BYTES_MAX, LINKS_PER_ROOM_MAX, MEMBERS_PER_ROOM_MAX,
};
use pod_shared::links::{LinkAnswer, LinkRequest};
use pod_shared::{AccountId, ErrorCode, Role, TimeMs};

const DAY_MS: i64 = 24 * 3_600 * 1_000;

impl Inner {
    pub(super) async fn link(&self, by: AccountId, ask: LinkRequest) -> Result<LinkAnswer, Refusal> {
        match ask {
            LinkRequest::Create { link, room, digest, uses, days } => {
                check_span(uses, days)?;
                let digest = digest
                    .0
                    .try_into()
                    .map_err(|_| Refusal::new(ErrorCode::BadRequest, "the digest of a code is 32 bytes"))?;
                let at = now();
                let expires_at = TimeMs(at.0.saturating_add(i64::from(days).saturating_mul(DAY_MS)));
                let new = NewLink { link, room, digest, by, role: Role::Editor, uses, at, expires_at };
                let expires_at = self.store.create_link(new, may_make).await?;
                Ok(LinkAnswer::Made { base: self.about.join_base(), expires_at })
            }
            LinkRequest::List { room } => {
                Ok(LinkAnswer::Links { links: self.store.links(room, by, now(), manages).await? })
            }
            LinkRequest::Revoke { room, link } => {
                self.store.revoke_link(room, link, by, manages).await?;
                Ok(LinkAnswer::Links { links: self.store.links(room, by, now(), manages).await? })
            }
            LinkRequest::Join { code } => {
                let digest = digest(&code).ok_or_else(refused)?;
                let person = self.directory.get(vec![by]).await?.pop();
                let ask = JoinAsk { digest, account: by, person, at: now() };
                Ok(LinkAnswer::Joined { room: self.store.join(ask, may_join).await? })
            }
        }
    }
}

impl Messenger {
    /// What to say of a room link to who opens its page; nothing: it cannot be used.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn shown_link(&self, code: &str) -> Result<Option<Shown>, Refusal> {
        match digest(code) {
            Some(digest) => self.inner.store.shown_link(digest, now(), may_join).await,
            None => Ok(None),
        }
    }
}

fn digest(code: &str) -> Option<[u8; 32]> {
    (code.len() <= LINK_CODE_BYTES_MAX).then(|| secret::sha256(code.as_bytes()))
}

fn check_span(uses: u32, days: u32) -> Result<(), Refusal> {
    if uses == 0 || days == 0 {
        return Err(Refusal::new(ErrorCode::BadRequest, "a link is for at least one person and one day"));
    }
    if uses > INVITE_USES_MAX || days > INVITE_DAYS_MAX {
        return Err(Refusal::new(ErrorCode::TooMany, "a link is for fewer people and days"));
    }
    Ok(())
}

fn manages(role: Role) -> Result<(), Refusal> {
    if role.manages() {
        return Ok(());
    }
    Err(Refusal::new(ErrorCode::RoleTooLow, "only managers and owners have to do with links"))
}

fn may_make(role: Role, links: u64) -> Result<(), Refusal> {
    manages(role)?;
    if links >= LINKS_PER_ROOM_MAX as u64 {
        return Err(Refusal::new(ErrorCode::TooMany, "the room has as many links as it can"));
    }
    Ok(())
}

fn refused() -> Refusal {
    Refusal::new(ErrorCode::InviteInvalid, "the link is unknown, used up or over")
}

/// A link is good while its maker still manages the room. Who was removed by somebody does not come back with one.
fn may_join(facts: Option<&JoinFacts>) -> Result<(), Refusal> {
    let Some(facts) = facts else { return Err(refused()) };
    let good = !facts.revoked
        && facts.at < facts.expires_at
        && (facts.uses_left > 0 || facts.used_before)
        && !facts.removed
        && facts.maker.is_some_and(Role::manages)
        && facts.members < MEMBERS_PER_ROOM_MAX as u64
        && facts.known;
    if good { Ok(()) } else { Err(refused()) }
}
