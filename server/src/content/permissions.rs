//! Permissions: the rules that need no data.

use super::Content;
use crate::access::Caller;
use crate::error::Refusal;
use pod_shared::content::{Entry, Permission, SharedWith};
use pod_shared::{EntryId, ErrorCode, limits};

impl Content {
    /// Sets who may see and change an entry.
    pub(crate) async fn set_permission(
        &self,
        caller: Caller,
        entry: EntryId,
        mut permission: Permission,
    ) -> Result<Entry, Refusal> {
        if let SharedWith::Some(people) = &mut permission.shared_with {
            people.sort_unstable();
            people.dedup();
            if people.is_empty() {
                return Err(Refusal::new(ErrorCode::BadRequest, "to share with some, name them"));
            }
            if people.len() > limits::PERMISSION_PEOPLE_MAX {
                return Err(Refusal::new(ErrorCode::TooMany, "a permission cannot name that many people"));
            }
        }
        let doing = Self::doing_at(caller);
        let (entry, ended) = self.store().set_permission(doing, entry, permission).await?;
        self.discard_uploads(ended);
        Ok(entry)
    }
}
