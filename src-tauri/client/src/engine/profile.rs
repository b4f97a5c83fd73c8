//! The own account: password, display name, what is said of oneself, and the computers that are signed in.

use super::Desk;
use super::commands::Reply;
use super::wake::Wake;
use crate::command::{AccountCommand, Answer, Secret};
use crate::state::account;
use crate::view::{ErrorView, ProfileFields, SignInView};
use pod_shared::ErrorCode;
use pod_shared::auth::{PasswordChange, Profile, ProfileChange, SignInRow};
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
    let view = changed.view(desk.device.id());
    desk.wake(Wake::Renamed(changed)).await?;
    if let Err(error) = desk.request(Request::NameChanged {}).await {
        tracing::info!(code = %error.code, "rooms hear of the new name with the next connection");
    }
    Ok(Answer::Account(view))
}

/// Says something of this person in place of what was said before; their devices and others hear it from the messenger.
pub(super) async fn set_fields(desk: &Desk, profile: &ProfileFields) -> Reply {
    desk.me()?;
    let profile = profile.trimmed();
    let bad = |code| ErrorView::new(code, "a field is too long, or holds a character that cannot be shown");
    profile.check().map_err(bad)?;
    desk.request(Request::Profile(profile)).await?;
    Ok(Answer::Done)
}

/// The computers that are signed in, and the end of one of them.
pub(super) async fn sign_ins(desk: &Desk, command: AccountCommand) -> Reply {
    desk.me()?;
    let auth = desk.net.auth().await?;
    match command {
        AccountCommand::SignIns => {
            let rows: Vec<SignInRow> = auth.http.get("/v1/sign-ins", Some(&auth.bearer)).await?;
            let view = |SignInRow { device, label, since, seen, current }: SignInRow| SignInView {
                device,
                label,
                since,
                seen,
                current,
            };
            Ok(Answer::SignIns(rows.into_iter().map(view).collect()))
        }
        AccountCommand::SignInEnd { device } if device == desk.device.id() => {
            Err(ErrorView::new(ErrorCode::BadRequest, "this computer is signed out by signing out here"))
        }
        AccountCommand::SignInEnd { device } => {
            let path = format!("/v1/sign-ins/{device}");
            auth.http.call(Method::DELETE, &path, Some(&auth.bearer)).await?;
            Ok(Answer::Done)
        }
    }
}
