//! Asking the server on this computer how it is. No secret goes this way: the pod itself pins the certificate.

use crate::engine::{broken, refused};
use pod_client::view::ErrorView;
use pod_shared::{ErrorCode, auth::ServerInfo};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// One question; loopback answers at once or never.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
/// From the first line to ready: migrations and recovery.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// From the wish to end until the port is silent: open transfers are closed first.
const GONE_WITHIN: Duration = Duration::from_secs(15);
const PAUSE: Duration = Duration::from_millis(50);

/// It answers and takes requests.
pub(crate) async fn ready(url: &str) -> bool {
    match get(url, "/readyz").await {
        Ok(response) => response.status().is_success(),
        Err(_) => false,
    }
}

/// Waits until it takes requests.
pub(crate) async fn wait_ready(url: &str) -> Result<(), ErrorView> {
    let deadline = Instant::now() + READY_WITHIN;
    while !ready(url).await {
        pause(deadline, "the server on this computer does not become ready").await?;
    }
    Ok(())
}

/// Waits until it is gone.
pub(crate) async fn wait_gone(url: &str) -> Result<(), ErrorView> {
    let deadline = Instant::now() + GONE_WITHIN;
    while get(url, "/healthz").await.is_ok() {
        pause(deadline, "the server on this computer does not stop").await?;
    }
    Ok(())
}

/// Nobody has an account there yet.
pub(crate) async fn needs_first_account(url: &str) -> Result<bool, ErrorView> {
    let response = get(url, "/v1/server").await.map_err(broken)?;
    let bytes = response.bytes().await.map_err(broken)?;
    let info = serde_json::from_slice::<ServerInfo>(&bytes).map_err(broken)?;
    Ok(info.needs_first_account)
}

async fn pause(deadline: Instant, otherwise: &str) -> Result<(), ErrorView> {
    if Instant::now() >= deadline {
        return Err(refused(ErrorCode::Unavailable, otherwise));
    }
    sleep(PAUSE).await;
    Ok(())
}

async fn get(url: &str, path: &str) -> reqwest::Result<reqwest::Response> {
    let client = reqwest::Client::builder()
        .timeout(ANSWER_WITHIN)
        .no_proxy()
        // The certificate is self-made and the request holds no secret; signing in goes through the pod, which pins it.
        .tls_danger_accept_invalid_certs(true)
        .build()?;
    client.get(format!("{url}{path}")).send().await
}
