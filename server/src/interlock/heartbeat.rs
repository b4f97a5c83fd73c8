//! How the halves of a server that is two processes know of each other: content says hello at its start and with each
//! heartbeat; the messenger answers with keys and revocations, and tells new revocations at once.

use super::http::{ContentLink, Remote, path};
use super::{ProgressSink, ProgressTarget};
use crate::about::About;
use crate::access::Access;
use crate::error::Refusal;
use futures_util::future::BoxFuture;
use pod_shared::interlock::{ContentHello, MessengerHello, ProgressBatch, Revocation};
use pod_shared::limits::{INTERLOCK_HEARTBEAT_MS, PROGRESS_EVERY_MS};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

const HEARTBEAT: Duration = Duration::from_millis(INTERLOCK_HEARTBEAT_MS);
/// Pause after a hello that failed; short, because nobody is let in meanwhile.
const AGAIN: Duration = Duration::from_millis(1_000);
/// Reports of one room go out at most this often.
const PROGRESS_EVERY: Duration = Duration::from_millis(PROGRESS_EVERY_MS);

/// What `auth` tells the content service.
pub trait TokenNews: Send + Sync + 'static {
    /// Key that signs tokens.
    fn token_key(&self) -> (String, String);
    /// Devices signed out after this number.
    fn revocations_after(&self, seq: u64) -> BoxFuture<'_, Result<Vec<Revocation>, Refusal>>;
}

/// The messenger's greeting for a content service that has revocations up to this number.
///
/// # Errors
/// When `auth` cannot be asked.
pub async fn greeting(news: &dyn TokenNews, about: &About, after: u64) -> Result<MessengerHello, Refusal> {
    Ok(MessengerHello {
        capabilities: about.capabilities(),
        token_keys: vec![news.token_key()],
        revocations: news.revocations_after(after).await?,
    })
}

/// Content: takes over what the messenger says.
pub fn listen(access: &Access, hello: &MessengerHello) {
    access.trust(&hello.token_keys);
    access.learn(&hello.revocations);
    // A page with something in it may not be the last: who was signed out stands perhaps in the next.
    if hello.revocations.is_empty() {
        access.heard();
    }
}

/// Content: says hello until the server stops. The first good answer opens the door.
pub async fn say_hello(
    to: Remote,
    access: Access,
    me: ContentHello,
    heard: Arc<Notify>,
    stopping: CancellationToken,
) {
    let mut is_heard = false;
    let mut is_told = false;
    loop {
        let hello = ContentHello { revocations_after: access.revocations_after(), ..me.clone() };
        let answer: Result<MessengerHello, Refusal> = tokio::select! {
            () = stopping.cancelled() => return,
            answer = to.ask(path::HELLO, &hello) => answer,
        };
        let pause = match answer {
            Ok(answer) => {
                listen(&access, &answer);
                if !is_heard {
                    heard.notify_one();
                    tracing::info!("the messenger answers");
                }
                (is_heard, is_told) = (true, false);
                // A long list comes in pages.
                if answer.revocations.is_empty() { HEARTBEAT } else { Duration::ZERO }
            }
            Err(refusal) => {
                if !is_told {
                    tracing::warn!(code = ?refusal.code(), reason = refusal.0.message, "the messenger does not answer");
                }
                (is_heard, is_told) = (false, true);
                AGAIN.mul_f64(rand::random_range(0.5..=1.0))
            }
        };
        tokio::select! {
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Messenger: tells content of new revocations at once, until the server stops. What fails comes with its next hello.
pub async fn tell_revocations(
    link: Arc<ContentLink>,
    news: Arc<dyn TokenNews>,
    about: About,
    mut revoked: watch::Receiver<u64>,
    told: Arc<AtomicU64>,
) {
    let stopping = about.stopping().clone();
    loop {
        tokio::select! {
            () = stopping.cancelled() => return,
            changed = revoked.changed() => if changed.is_err() { return },
        }
        let after = told.load(Ordering::SeqCst);
        let outcome = async {
            let hello = greeting(news.as_ref(), &about, after).await?;
            link.remote()?.ask::<_, serde_json::Value>(path::HELLO, &hello).await
        };
        if let Some(Err(refusal)) = stopping.run_until_cancelled(outcome).await {
            tracing::warn!(code = ?refusal.code(), "revocations wait for the next hello of the content service");
        }
    }
}

/// Brings progress from content to a messenger in this process.
pub async fn progress_here(from: ProgressSink, to: Arc<dyn ProgressTarget>, stopping: CancellationToken) {
    let carry = async {
        loop {
            to.progress(from.take().await);
            tokio::time::sleep(PROGRESS_EVERY).await;
        }
    };
    stopping.run_until_cancelled(carry).await;
}

/// Brings progress from content to a messenger elsewhere; what fails is lost, the next report says more anyway.
pub async fn progress_there(from: ProgressSink, to: Remote, stopping: CancellationToken) {
    let carry = async {
        loop {
            let batch = ProgressBatch { progress: from.take().await };
            if let Err(refusal) = to.ask::<_, serde_json::Value>(path::PROGRESS, &batch).await {
                tracing::debug!(code = ?refusal.code(), "progress was lost");
            }
            tokio::time::sleep(PROGRESS_EVERY).await;
        }
    };
    stopping.run_until_cancelled(carry).await;
}
