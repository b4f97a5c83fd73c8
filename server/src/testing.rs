//! For tests of this crate: real servers on real sockets, and people who sign up there.

use crate::app::{self, Running};
use crate::config::{Config, Settings};
use pod_shared::auth::{Audience, DeviceClaim, SignUp, SignedIn, TokenAnswer, TokenRequest};
use pod_shared::{DeviceId, ErrorBody, ErrorCode};
use reqwest::{RequestBuilder, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::path::Path;
use std::time::{Duration, Instant};
use uuid::Uuid;

pub(crate) const PASSWORD: &str = "correct horse";

/// A server in this process, on a free port, in a folder of its own.
pub(crate) struct TestServer {
    pub(crate) running: Running,
    pub(crate) url: String,
    pub(crate) http: reqwest::Client,
}

/// A status and a code.
pub(crate) type Refused = (StatusCode, ErrorCode);

pub(crate) fn settings(data: &Path) -> Settings {
    Settings { data: Some(data.to_owned()), listen: Some("127.0.0.1:0".into()), ..Settings::default() }
}

impl TestServer {
    pub(crate) async fn start(data: &Path) -> Self {
        Self::with(settings(data)).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let running = app::start(Config::resolve(settings).unwrap()).await.unwrap();
        let url = running.first_line.listening.clone();
        let http = crate::tls::client(running.first_line.fingerprint.as_deref()).unwrap();
        Self { running, url, http }
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.url))
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.url))
    }

    pub(crate) fn delete(&self, path: &str) -> RequestBuilder {
        self.http.delete(format!("{}{path}", self.url))
    }

    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        bearer: Option<&str>,
        body: &impl Serialize,
    ) -> Result<T, Refused> {
        let mut request = self.post(path).json(body);
        if let Some(bearer) = bearer {
            request = request.bearer_auth(bearer);
        }
        answer(request).await
    }

    pub(crate) async fn sign_up(&self, name: &str, invite: Option<&str>) -> Result<SignedIn, Refused> {
        self.ask("/v1/accounts", None, &sign_up(name, invite)).await
    }

    pub(crate) async fn token(&self, device_token: &str, audience: Audience) -> Result<TokenAnswer, Refused> {
        self.ask("/v1/tokens", Some(device_token), &TokenRequest { audience }).await
    }
}

pub(crate) fn sign_up(name: &str, invite: Option<&str>) -> SignUp {
    SignUp {
        name: name.into(),
        display_name: name.into(),
        password: PASSWORD.into(),
        invite: invite.map(Into::into),
        setup_code: None,
        device: device(),
    }
}

pub(crate) fn device() -> DeviceClaim {
    DeviceClaim { id: DeviceId(Uuid::now_v7()), label: "laptop".into() }
}

pub(crate) async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Refused> {
    let response = request.send().await.unwrap();
    let status = response.status();
    let bytes = response.bytes().await.unwrap();
    if status.is_success() {
        let bytes = if bytes.is_empty() { &b"null"[..] } else { &bytes[..] };
        return Ok(serde_json::from_slice(bytes).unwrap());
    }
    let body: ErrorBody = serde_json::from_slice(&bytes).unwrap();
    assert!(status.as_u16() == 405 || status.as_u16() == body.code.http_status(), "{status} {body}");
    Err((status, body.code))
}

/// Asks until it is so; the test fails when it never is.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !is_so().await {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::task::yield_now().await;
    }
}
