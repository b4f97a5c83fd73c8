//! Carries the rows of one side's relay log to the other side: in order per room, at least once, until applied.
//!
//! A process that dies at any step delivers again after its restart; the receiver knows what it applied. A room whose
//! row cannot be applied now is held back for a while, so that it never holds up the others.

mod memory;
#[cfg(test)]
mod tests;

use super::Side;
use crate::error::Refusal;
use crate::fault;
use futures_util::future::BoxFuture;
use memory::Memory;
use pod_shared::interlock::{Rows, RowsApplied};
use pod_shared::limits::RELAY_BATCH_MAX;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// First pause after a failed delivery.
const PAUSE_MIN: Duration = Duration::from_millis(100);
/// Longest pause between two tries.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// A way to the other side.
pub trait Deliver: Send + Sync + 'static {
    /// Hands rows over; answers what is applied and committed there.
    fn deliver(&self, rows: Rows) -> BoxFuture<'_, Result<RowsApplied, Refusal>>;
}

/// The other side in this same process: a call.
pub struct Local(pub Arc<dyn Side>);

impl Deliver for Local {
    fn deliver(&self, rows: Rows) -> BoxFuture<'_, Result<RowsApplied, Refusal>> {
        Box::pin(async move {
            let outcome = self.0.apply(rows.rows).await?;
            if !rows.forget.is_empty() {
                self.0.forget(rows.forget).await?;
            }
            fault::point("relay_applied");
            Ok(outcome)
        })
    }
}

/// One direction of the interlock.
pub struct Dispatch {
    /// Whose relay log.
    pub from: Arc<dyn Side>,
    /// The way to the other side.
    pub to: Arc<dyn Deliver>,
    /// The other side was heard: no reason to pause any longer.
    pub heard: Arc<Notify>,
}

impl Dispatch {
    /// Carries rows until the server stops.
    pub async fn run(self, stopping: CancellationToken) {
        tokio::select! {
            () = stopping.cancelled() => {}
            () = self.carry() => {}
        }
    }

    async fn carry(&self) {
        let woken = self.from.relay_woken();
        let mut memory = Memory::default();
        let mut failures = 0_u32;
        loop {
            match self.step(&mut memory).await {
                Ok(Step::Moved) => failures = 0,
                Ok(Step::Idle) => {
                    failures = 0;
                    let Some(next) = memory.next(Instant::now()) else {
                        woken.notified().await;
                        continue;
                    };
                    tokio::select! {
                        () = woken.notified() => {}
                        () = tokio::time::sleep_until(next.into()) => {}
                        () = self.heard.notified() => memory.release(),
                    }
                }
                Err(refusal) => {
                    if failures == 0 {
                        tracing::warn!(code = ?refusal.code(), reason = refusal.0.message, "rows wait for the other side");
                    }
                    self.pause(&mut failures).await;
                }
            }
        }
    }

    async fn step(&self, memory: &mut Memory) -> Result<Step, Refusal> {
        let now = Instant::now();
        let rows = self.from.pending(RELAY_BATCH_MAX, memory.held(now)).await?;
        if rows.is_empty() {
            return Ok(Step::Idle);
        }
        fault::point("relay_send");
        let (sent, forget) = (memory::names(&rows), memory.to_forget(now));
        let told = forget.len();
        let outcome = self.to.deliver(Rows { rows, forget }).await?;
        fault::point("relay_answered");
        for (row, reason) in &outcome.refused {
            tracing::error!(%row, reason, "the other side refused a row for good");
        }
        self.from.settled(outcome.clone()).await?;
        fault::point("relay_settled");
        memory.forgotten(told);
        memory.learn(Instant::now(), &sent, &outcome);
        Ok(Step::Moved)
    }

    async fn pause(&self, failures: &mut u32) {
        let longest = PAUSE_MAX.min(PAUSE_MIN.saturating_mul(1 << (*failures).min(10)));
        *failures += 1;
        let pause = longest.mul_f64(rand::random_range(0.5..=1.0));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = self.heard.notified() => *failures = 0,
        }
    }
}

enum Step {
    /// No row waits, but perhaps those of rooms that are held.
    Idle,
    /// Some rows were delivered.
    Moved,
}
