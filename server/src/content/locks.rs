//! Edit locks: the rules that need no data, and the task that ends leases when they are over.

use super::{Content, Inner, now};
use crate::access::Caller;
use crate::error::Refusal;
use crate::store::sqlite::content::LockAsked;
use pod_shared::content::{LockAsk, LockBreak, LockGrant};
use pod_shared::{EntryId, ErrorCode, limits};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// How often it is looked when no lease runs, or the database fails.
const IDLE: Duration = Duration::from_secs(600);

impl Content {
    /// Takes the lock of a file, or renews it.
    pub(crate) async fn lock(
        &self,
        caller: Caller,
        entry: EntryId,
        ask: LockAsk,
    ) -> Result<LockGrant, Refusal> {
        let lasts_s = ask.lasts_s.unwrap_or(limits::LOCK_LEASE_S);
        if !(1..=limits::LOCK_S_MAX).contains(&lasts_s) {
            return Err(Refusal::new(ErrorCode::TooLarge, "a lock cannot last that long"));
        }
        let asked = LockAsked { fence: ask.fence, lasts_ms: lasts_s * 1_000 };
        let granted = self.store().lock(Self::doing_at(caller), entry, asked).await?;
        self.inner.leases.notify_one();
        Ok(granted)
    }

    /// Gives the lock of a file back.
    pub(crate) async fn unlock(&self, caller: Caller, entry: EntryId) -> Result<(), Refusal> {
        self.store().unlock(Self::doing_at(caller), entry).await
    }

    /// Ends somebody's lock.
    pub(crate) async fn break_lock(
        &self,
        caller: Caller,
        entry: EntryId,
        LockBreak { reason }: LockBreak,
    ) -> Result<(), Refusal> {
        if reason.trim().is_empty() {
            return Err(Refusal::new(ErrorCode::BadRequest, "breaking a lock needs a reason"));
        }
        if reason.len() > limits::LOCK_REASON_BYTES_MAX {
            return Err(Refusal::new(ErrorCode::TooLarge, "the reason is too long"));
        }
        self.store().break_lock(Self::doing_at(caller), entry, reason).await
    }
}

/// Begins to look after leases; ends with the last handle.
pub(super) fn start(content: &Content) {
    let (service, woken) = (Arc::downgrade(&content.inner), Arc::clone(&content.inner.leases));
    tokio::spawn(async move {
        while let Some(pause) = look(&service).await {
            // A new lease may end before the others; a dropped service is found at the next look.
            let _ = tokio::time::timeout(pause, woken.notified()).await;
        }
    });
}

/// Ends what is over; answers when to look again, nothing: the service is gone.
async fn look(service: &Weak<Inner>) -> Option<Duration> {
    let content = Content { inner: service.upgrade()? };
    match content.store().expire_locks(now()).await {
        Ok(next) => Some(next.map_or(IDLE, |ms| Duration::from_millis(ms + 1)).min(IDLE)),
        Err(refusal) => {
            tracing::warn!(code = %refusal.code(), "locks that are over could not be ended");
            Some(Duration::from_secs(1))
        }
    }
}
