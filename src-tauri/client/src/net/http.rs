//! JSON over HTTP: one client for one endpoint, and refusals as [`ErrorView`].

use super::endpoint::Endpoint;
use super::tls;
use crate::view::ErrorView;
use pod_shared::{ErrorBody, ErrorCode, limits};
use reqwest::{Method, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;

#[cfg(test)]
mod tests;

/// A server that does not take a connection for this long counts as not reachable.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A small request that is not answered for this long counts as lost.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// Largest answer read as a refusal.
const REFUSAL_BYTES_MAX: usize = 64 * 1024;

/// A client for one endpoint; cheap to clone, connections are shared.
#[derive(Clone)]
pub(crate) struct Http {
    client: reqwest::Client,
    endpoint: Endpoint,
}

impl Http {
    /// A client that trusts what the endpoint says is to be trusted.
    pub(crate) fn new(endpoint: Endpoint) -> Result<Self, ErrorView> {
        let tls = tls::config(endpoint.fingerprint.as_deref())?;
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            // Files are served and sent as they are; a proxy of the environment has no say about a pinned server.
            .no_proxy()
            .user_agent(concat!("pod/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| unreachable_error(&error))?;
        Ok(Self { client, endpoint })
    }

    /// The address this client speaks to.
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// A client for another address that this server named.
    pub(crate) fn sibling(&self, url: &str, fingerprint: Option<String>) -> Result<Self, ErrorView> {
        Self::new(Endpoint { url: url.trim_end_matches('/').to_owned(), fingerprint })
    }

    /// A request to a path of this endpoint, without a timeout: for bytes of files.
    pub(crate) fn request(&self, method: Method, path: &str, bearer: Option<&str>) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.endpoint.url));
        match bearer {
            Some(bearer) => request.bearer_auth(bearer),
            None => request,
        }
    }

    /// GET of a JSON value.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        bearer: Option<&str>,
    ) -> Result<T, ErrorView> {
        json(self.request(Method::GET, path, bearer)).await
    }

    /// POST of a JSON value.
    pub(crate) async fn post<B: Serialize, T: DeserializeOwned>(
        &self,
        path: &str,
        bearer: Option<&str>,
        body: &B,
    ) -> Result<T, ErrorView> {
        json(self.request(Method::POST, path, bearer).json(body)).await
    }

    /// Any request with a JSON value or without; gives the body of the answer.
    pub(crate) async fn exchange<B: Serialize>(
        &self,
        method: Method,
        path: &str,
        bearer: &str,
        body: Option<&B>,
    ) -> Result<Vec<u8>, ErrorView> {
        let mut request = self.request(method, path, Some(bearer));
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = send(request).await?;
        body_of(answer, limits::JSON_ANSWER_BYTES_MAX).await
    }

    /// A request whose answer's body does not matter.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        bearer: Option<&str>,
    ) -> Result<(), ErrorView> {
        send(self.request(method, path, bearer)).await.map(|_| ())
    }
}

async fn json<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, ErrorView> {
    let answer = send(request).await?;
    let body = body_of(answer, limits::JSON_ANSWER_BYTES_MAX).await?;
    serde_json::from_slice(&body)
        .map_err(|_| ErrorView::new(ErrorCode::UnsupportedVersion, "the server's answer is not understood"))
}

async fn send(request: RequestBuilder) -> Result<Response, ErrorView> {
    let answer = request.timeout(REQUEST_TIMEOUT).send().await.map_err(|error| unreachable_error(&error))?;
    if answer.status().is_success() { Ok(answer) } else { Err(refusal_of(answer).await) }
}

/// The body of an answer, which does not end a byte beyond the limit, whatever the server says of its length.
async fn body_of(mut answer: Response, bytes_max: usize) -> Result<Vec<u8>, ErrorView> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| unreachable_error(&error))? {
        if body.len() + chunk.len() > bytes_max {
            return Err(ErrorView::new(ErrorCode::TooLarge, "the server's answer is too long"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What an answer that is no success says.
pub(crate) async fn refusal_of(answer: Response) -> ErrorView {
    let status = answer.status();
    let body = body_of(answer, REFUSAL_BYTES_MAX).await.unwrap_or_default();
    match serde_json::from_slice::<ErrorBody>(&body) {
        Ok(body) => body.into(),
        // A proxy in between answers in its own words.
        Err(_) if status.is_server_error() => {
            ErrorView::new(ErrorCode::Unavailable, format!("the server answered {status}"))
        }
        Err(_) => ErrorView::new(ErrorCode::BadRequest, format!("the server answered {status}")),
    }
}

/// What a request that got no answer means.
pub(crate) fn unreachable_error(error: &(dyn std::error::Error + 'static)) -> ErrorView {
    if tls::is_distrust(error) {
        return ErrorView::new(
            ErrorCode::ServerNotTrusted,
            "the server's certificate is not the expected one",
        );
    }
    let mut detail = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        detail = inner.to_string();
        source = inner.source();
    }
    ErrorView::new(ErrorCode::Offline, detail)
}
