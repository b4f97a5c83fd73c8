//! Sharing groups made, and their members changed, on the files side (N2, N4).

use super::{Content, naming};
use crate::access::Caller;
use crate::error::Refusal;
use pod_shared::content::{Group, GroupNew, Settled};
use pod_shared::{AccountId, Role, RoomId};
use std::time::Duration;

/// How long a request waits for the other side to take a right away, before it says `Pending`.
const SETTLE_MAX: Duration = Duration::from_secs(5);

impl Content {
    /// Makes a group; its room follows by itself.
    pub(crate) async fn create_group(&self, caller: Caller, new: GroupNew) -> Result<Group, Refusal> {
        naming::title(&new.title)?;
        self.store().create_group(Self::doing(caller.account), new).await
    }

    /// The groups of a person.
    pub(crate) async fn groups(&self, caller: Caller) -> Result<Vec<Group>, Refusal> {
        self.store().groups_of(caller.account).await
    }

    /// One group of a person.
    pub(crate) async fn group(&self, caller: Caller, room: RoomId) -> Result<Group, Refusal> {
        self.store().group(caller.account, room).await
    }

    /// Adds a member, gives another role, or (no role) removes. A loss of rights is `Done` when both sides have it.
    pub(crate) async fn set_member(
        &self,
        caller: Caller,
        room: RoomId,
        account: AccountId,
        role: Option<Role>,
    ) -> Result<Settled, Refusal> {
        let outcome = self.store().set_member(Self::doing(caller.account), room, account, role).await?;
        self.discard_uploads(outcome.cancelled);
        let Some(row) = outcome.awaits else { return Ok(Settled::Done) };
        let settled = self.inner.settling.wait_for(row);
        // It may have been settled before anybody waited.
        let done = !self.store().waits(row).await?
            || matches!(tokio::time::timeout(SETTLE_MAX, settled).await, Ok(Ok(())));
        Ok(if done { Settled::Done } else { Settled::Pending })
    }
}
