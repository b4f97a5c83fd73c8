//! Everything that touches the network, except the bytes of files (`transfer` moves those with [`Net::content`]).
//!
//! [`Net`] is the signed-in session as all parts of the engine share it: one address, one certificate rule, one cache
//! of tokens for each audience. It refuses to send the device token anywhere but to the auth service.

mod endpoint;
pub(crate) mod http;
pub(crate) mod socket;
mod tls;

pub(crate) use endpoint::{Endpoint, page_of, read_address, with_code};
pub(crate) use http::{Http, refusal_of, unreachable_error};

use crate::command::Secret;
use crate::view::ErrorView;
use pod_shared::ErrorCode;
use pod_shared::auth::{Audience, TokenAnswer, TokenRequest};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;

#[cfg(test)]
mod tests;

/// A token is renewed when less than this is left of it, so that a request under way does not outlive it.
const RENEW_BEFORE: Duration = Duration::from_secs(60);

/// The signed-in session, shared; cheap to clone.
#[derive(Clone)]
pub(crate) struct Net {
    known: watch::Sender<Known>,
}

/// Who works for whom.
#[derive(Clone)]
enum Known {
    /// The place of secrets has not answered yet: who asks waits.
    NotYet,
    Nobody,
    Session(Arc<Session>),
}

impl Default for Net {
    /// Nobody is signed in.
    fn default() -> Self {
        Self { known: watch::Sender::new(Known::Nobody) }
    }
}

struct Session {
    auth: Http,
    device_token: Secret,
    tokens: tokio::sync::Mutex<Tokens>,
}

#[derive(Default)]
struct Tokens {
    messenger: Option<Held>,
    content: Option<Held>,
}

#[derive(Clone)]
struct Held {
    bearer: Arc<str>,
    renew_at: Instant,
    http: Http,
}

/// A client for one audience with its bearer.
#[derive(Clone)]
pub(crate) struct Authorized {
    /// Requests go through this.
    pub(crate) http: Http,
    /// `Authorization: Bearer` of each.
    pub(crate) bearer: Arc<str>,
}

impl Net {
    /// As long as it is not known whether somebody is signed in, everybody waits.
    pub(crate) fn not_yet_known() -> Self {
        Self { known: watch::Sender::new(Known::NotYet) }
    }

    /// It is known now.
    pub(crate) async fn settled(&self) {
        // The sender is part of this handle: it cannot be gone.
        let _ = self.known.subscribe().wait_for(|known| !matches!(known, Known::NotYet)).await;
    }

    /// From now on everybody works for this session.
    pub(crate) fn sign_in(&self, endpoint: Endpoint, device_token: Secret) -> Result<(), ErrorView> {
        let auth = Http::new(endpoint)?;
        let session = Session { auth, device_token, tokens: tokio::sync::Mutex::default() };
        self.known.send_replace(Known::Session(Arc::new(session)));
        Ok(())
    }

    /// Nobody is signed in any more.
    pub(crate) fn sign_out(&self) {
        self.known.send_replace(Known::Nobody);
    }

    /// The computer slept, or its network is another one: what waits in the pools of connections may be dead without a
    /// word. Requests from now on open their own.
    pub(crate) fn new_lines(&self) -> Result<(), ErrorView> {
        let known = match &*self.known.borrow() {
            Known::Session(session) => Some(Arc::clone(session)),
            Known::Nobody | Known::NotYet => None,
        };
        let Some(session) = known else { return Ok(()) };
        self.sign_in(session.auth.endpoint().clone(), session.device_token.clone())
    }

    async fn session(&self) -> Result<Arc<Session>, ErrorView> {
        self.settled().await;
        match &*self.known.borrow() {
            Known::Session(session) => Ok(Arc::clone(session)),
            Known::Nobody | Known::NotYet => Err(ErrorView::not_signed_in()),
        }
    }

    /// The auth service, with the device token.
    pub(crate) async fn auth(&self) -> Result<Authorized, ErrorView> {
        let session = self.session().await?;
        Ok(Authorized { http: session.auth.clone(), bearer: session.device_token.0.as_str().into() })
    }

    /// The messenger, with a token that is good for a while.
    pub(crate) async fn messenger(&self) -> Result<Authorized, ErrorView> {
        self.token(Audience::Messenger).await
    }

    /// The content service, with a token that is good for a while. Ask anew for each request.
    pub(crate) async fn content(&self) -> Result<Authorized, ErrorView> {
        self.token(Audience::Content).await
    }

    /// A service called this token void: the next ask fetches another.
    pub(crate) async fn forget(&self, bearer: &str) {
        let Ok(session) = self.session().await else { return };
        let mut tokens = session.tokens.lock().await;
        let Tokens { messenger, content } = &mut *tokens;
        for slot in [messenger, content] {
            if slot.as_ref().is_some_and(|held| &*held.bearer == bearer) {
                *slot = None;
            }
        }
    }

    async fn token(&self, audience: Audience) -> Result<Authorized, ErrorView> {
        let session = self.session().await?;
        // Held over the request on purpose: a hundred askers make one request.
        let mut tokens = session.tokens.lock().await;
        let slot = match audience {
            Audience::Messenger => &mut tokens.messenger,
            Audience::Content => &mut tokens.content,
        };
        if let Some(held) = slot.as_ref().filter(|held| Instant::now() < held.renew_at) {
            return Ok(Authorized { http: held.http.clone(), bearer: Arc::clone(&held.bearer) });
        }
        let answer: TokenAnswer = session
            .auth
            .post("/v1/tokens", Some(&session.device_token.0), &TokenRequest { audience })
            .await?;
        let http = match audience {
            Audience::Content if !answer.content_url.is_empty() => {
                session.auth.sibling(&answer.content_url, answer.content_fingerprint)?
            }
            Audience::Content | Audience::Messenger => session.auth.clone(),
        };
        let life = Duration::from_secs(answer.expires_in_s);
        let renew_at = Instant::now() + life.saturating_sub(RENEW_BEFORE).max(life / 2);
        let held = Held { bearer: answer.token.into(), renew_at, http };
        *slot = Some(held.clone());
        Ok(Authorized { http: held.http, bearer: held.bearer })
    }
}

impl Authorized {
    /// Whether a refusal means that another token may help.
    pub(crate) fn token_is_void(error: &ErrorView) -> bool {
        matches!(error.code, ErrorCode::TokenExpired | ErrorCode::Unauthorized)
    }
}

/// The part of a question for what stands behind a name.
pub(crate) fn after_name(name: &str) -> String {
    let url = reqwest::Url::parse_with_params("http://name/", [("after", name)]);
    url.map(|url| format!("&{}", url.query().unwrap_or_default())).unwrap_or_default()
}
