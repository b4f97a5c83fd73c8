//! Whether the process lives, and whether it can serve.

use crate::access::Access;
use crate::auth::Auth;
use crate::content::Content;
use crate::error::Refusal;
use crate::interlock::Side;
use crate::messenger::Messenger;
use axum::extract::State;

/// The services of this process.
#[derive(Clone)]
pub struct Health {
    /// Sign-in, if it is here.
    pub auth: Option<Auth>,
    /// The messenger, if it is here.
    pub messenger: Option<Messenger>,
    /// The content service, if it is here.
    pub content: Option<Content>,
    /// Whether the interlock lets people in.
    pub access: Access,
}

/// `GET /healthz`: the process lives.
pub async fn live() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: every database can be read, and the interlock is alive.
///
/// # Errors
/// `interlock_stale`, `unavailable` or `internal`.
pub async fn ready(State(health): State<Health>) -> Result<&'static str, Refusal> {
    health.access.fresh()?;
    if let Some(auth) = &health.auth {
        auth.ready().await?;
    }
    // Asking for one row reads the database.
    if let Some(messenger) = &health.messenger {
        messenger.pending(1, Vec::new()).await?;
    }
    if let Some(content) = &health.content {
        content.pending(1, Vec::new()).await?;
    }
    Ok("ready\n")
}
