//! Rules for members and roles (N4), and the waiting for the content service where a right is taken (decision 3).

use super::{Inner, now};
use crate::error::Refusal;
use crate::store::sqlite::messenger::{MemberAsk, MemberFacts, MemberOutcome};
use pod_shared::limits::MEMBERS_PER_ROOM_MAX;
use pod_shared::socket::Answer;
use pod_shared::{AccountId, ErrorCode, Role, RoomId};

impl Inner {
    /// Adds, changes or removes a member; answers when both sides have it, or that the other side is still to follow.
    pub(super) async fn set_member(
        &self,
        by: AccountId,
        room: RoomId,
        account: AccountId,
        role: Option<Role>,
    ) -> Result<Answer, Refusal> {
        let person = match role {
            Some(_) => self.directory.get(vec![account]).await?.pop(),
            None => None,
        };
        let ask = MemberAsk { room, by, at: now(), account, person, role };
        match self.store.set_member(ask, judge).await? {
            MemberOutcome::Done => Ok(Answer::Done {}),
            MemberOutcome::Settling(row) => {
                let settled = self.settlements.wait_for(row);
                if !self.store.settling(room).await?.contains(&row) {
                    return Ok(Answer::Done {});
                }
                match tokio::time::timeout(self.pace.settle, settled).await {
                    Ok(()) => Ok(Answer::Done {}),
                    Err(_) => Ok(Answer::Pending {}),
                }
            }
        }
    }
}

/// Whether a change of a member is allowed.
pub(super) fn judge(facts: &MemberFacts) -> Result<(), Refusal> {
    let leaves = facts.oneself && facts.to.is_none();
    if !leaves && !facts.by.may_change(facts.from, facts.to) {
        return Err(Refusal::new(ErrorCode::RoleTooLow, "the role does not allow this change"));
    }
    match (facts.from, facts.to) {
        (None, None) => Err(Refusal::new(ErrorCode::NotFound, "no such member")),
        (None, Some(_)) if !facts.known => Err(Refusal::new(ErrorCode::NotFound, "no such person")),
        (None, Some(_)) if facts.members >= MEMBERS_PER_ROOM_MAX as u64 => {
            Err(Refusal::new(ErrorCode::TooMany, "the room has as many members as it can"))
        }
        (Some(Role::Owner), to) if to != Some(Role::Owner) && facts.owners <= 1 => {
            Err(Refusal::new(ErrorCode::LastOwner, "a room keeps at least one owner"))
        }
        (_, _) => Ok(()),
    }
}
