//! Changes of the own account: password and display name.

use super::Desk;
use super::commands::Reply;
use super::wake::Wake;
use crate::command::{Answer, Secret};
use crate::state::account;
use crate::view::ErrorView;
use pod_shared::ErrorCode;
use pod_shared::auth::{PasswordChange, Profile, ProfileChange};
use pod_shared::socket::Request;
use reqwest::Method;

/// Another password; the other devices are signed out by it.
pub(super) async fn set_password(desk: &Desk, old: Secret, new: Secret) -> Reply {
    let auth = desk.net.auth().await?;
    let body = PasswordChange { old: old.0, new: new.0 };
    auth.http.exchange(Method::PUT, "/v1/accounts/current/password", &auth.bearer, Some(&body)).await?;
    Ok(Answer::Done)
}

/// Another display name. Rooms hear of it at once, or when a device of this person next connects.
pub(super) async fn set_name(desk: &Desk, display_name: String) -> Reply {
    let me = desk.me()?;
    let auth = desk.net.auth().await?;
    let body = ProfileChange { display_name };
    let answer = auth.http.exchange(Method::PATCH, "/v1/accounts/current", &auth.bearer, Some(&body)).await?;
    let profile: Profile = serde_json::from_slice(&answer).map_err(|_| {
        ErrorView::new(ErrorCode::UnsupportedVersion, "the server's answer is not understood")
    })?;
    let changed = account::Account { display_name: profile.display_name, ..(*me).clone() };
    account::save(&desk.state, changed.clone()).await?;
    let view = changed.view(desk.device);
    desk.wake(Wake::Renamed(changed)).await?;
    if let Err(error) = desk.request(Request::NameChanged {}).await {
        tracing::info!(code = %error.code, "rooms hear of the new name with the next connection");
    }
    Ok(Answer::Account(view))
}
