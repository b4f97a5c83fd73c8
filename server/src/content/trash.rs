//! What was deleted: the rules that need no data, the days after which it is deleted for good, and the task that removes
//! what was.

use super::sweep::ms;
use super::{Content, Inner, now};
use crate::access::Caller;
use crate::error::Refusal;
use crate::store::sqlite::content::Part;
use pod_shared::content::TrashPage;
use pod_shared::{ContentPosition, EntryId, RoomId, TimeMs};
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

/// How often it is looked when nobody deletes for good, or the database fails.
const IDLE: Duration = Duration::from_secs(600);
/// A day in milliseconds.
const DAY_MS: i64 = 24 * 3_600_000;

impl Content {
    /// What was deleted before a position, the newest first.
    pub(crate) async fn trash(
        &self,
        caller: Caller,
        room: RoomId,
        before: ContentPosition,
        limit: u32,
    ) -> Result<TrashPage, Refusal> {
        let mut trash = self.store().trash(caller.account, room, before, limit).await?;
        for item in &mut trash.items {
            item.until = TimeMs(item.entry.modified_at.0.saturating_add(self.trash_ms()));
        }
        Ok(TrashPage { items: trash.items, more: trash.more, days: self.inner.policy.trash_days })
    }

    /// Deletes something in the trash for good.
    pub(crate) async fn purge(&self, caller: Caller, entry: EntryId) -> Result<(), Refusal> {
        self.store().purge(Self::doing_at(caller), entry).await?;
        crate::fault::point("purge_marked");
        self.inner.purges.notify_one();
        Ok(())
    }

    /// Deletes for good all that was deleted up to a position.
    pub(crate) async fn empty_trash(
        &self,
        caller: Caller,
        room: RoomId,
        up_to: ContentPosition,
    ) -> Result<(), Refusal> {
        let (mut part, mut next) = (Part::First, Some(up_to));
        while let Some(up_to) = next {
            next = self.store().empty_trash(Self::doing_at(caller), room, up_to, part).await?;
            part = Part::Later;
        }
        self.inner.purges.notify_one();
        Ok(())
    }

    /// Deletes for good what was deleted too long ago, as of a time.
    pub(super) async fn empty_old_trash(&self, as_of: SystemTime) -> Result<(), Refusal> {
        let before = TimeMs(ms(as_of).0.saturating_sub(self.trash_ms()));
        while self.store().expire_trash(before, now()).await? {}
        self.remove_purged().await
    }

    /// Removes what was deleted for good, step by step.
    async fn remove_purged(&self) -> Result<(), Refusal> {
        while self.store().purge_some(now()).await? {
            crate::fault::point("purge_step");
        }
        Ok(())
    }

    fn trash_ms(&self) -> i64 {
        i64::from(self.inner.policy.trash_days) * DAY_MS
    }
}

/// Begins to remove what was deleted for good, what an earlier life left first; ends with the last handle.
pub(super) fn start(content: &Content) {
    let (service, woken) = (Arc::downgrade(&content.inner), Arc::clone(&content.inner.purges));
    tokio::spawn(async move {
        while look(&service).await {
            // A dropped service is found at the next look.
            let _ = tokio::time::timeout(IDLE, woken.notified()).await;
        }
    });
}

/// Answers whether the service is still there.
async fn look(service: &Weak<Inner>) -> bool {
    let Some(inner) = service.upgrade() else { return false };
    if let Err(refusal) = (Content { inner }).remove_purged().await {
        tracing::warn!(code = %refusal.code(), "what was deleted for good could not all be removed");
    }
    true
}
