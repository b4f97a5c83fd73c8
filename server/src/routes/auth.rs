//! Signing up and in over HTTP. The device token goes to these paths only.

use super::bearer::bearer;
use super::extract::{Body, InPath};
use crate::app::Place;
use crate::auth::{Auth, Origin};
use crate::error::Refusal;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Json;
use pod_shared::ErrorCode;
use pod_shared::auth::{
    Invite, InviteRequest, PasswordChange, Profile, ProfileChange, ServerInfo, SignIn, SignInRow, SignUp,
    SignedIn, TokenAnswer, TokenRequest,
};

/// What the handlers need.
#[derive(Clone)]
pub struct AuthRoutes {
    /// The rules.
    pub auth: Auth,
    /// For invite links.
    pub place: Place,
}

/// `GET /v1/server`
///
/// # Errors
/// As [`Auth::server`].
pub async fn server(State(state): State<AuthRoutes>) -> Result<Json<ServerInfo>, Refusal> {
    Ok(Json(state.auth.server().await?))
}

/// `POST /v1/accounts`
///
/// # Errors
/// As [`Auth::sign_up`].
pub async fn sign_up(
    State(state): State<AuthRoutes>,
    Extension(origin): Extension<Origin>,
    Body(ask): Body<SignUp>,
) -> Result<(StatusCode, Json<SignedIn>), Refusal> {
    Ok((StatusCode::CREATED, Json(state.auth.sign_up(ask, origin).await?)))
}

/// `POST /v1/sign-ins`
///
/// # Errors
/// As [`Auth::sign_in`].
pub async fn sign_in(
    State(state): State<AuthRoutes>,
    Extension(origin): Extension<Origin>,
    Body(ask): Body<SignIn>,
) -> Result<(StatusCode, Json<SignedIn>), Refusal> {
    Ok((StatusCode::CREATED, Json(state.auth.sign_in(ask, origin).await?)))
}

/// `GET /v1/sign-ins`
///
/// # Errors
/// As [`Auth::sign_ins`].
pub async fn sign_ins(
    State(state): State<AuthRoutes>,
    headers: HeaderMap,
) -> Result<Json<Vec<SignInRow>>, Refusal> {
    Ok(Json(state.auth.sign_ins(bearer(&headers)).await?))
}

/// `DELETE /v1/sign-ins/{current|device}`
///
/// # Errors
/// As [`Auth::sign_out`].
pub async fn sign_out(
    State(state): State<AuthRoutes>,
    InPath(which): InPath<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Refusal> {
    let device = match which.as_str() {
        "current" => None,
        id => Some(id.parse().map_err(|_| Refusal::new(ErrorCode::BadRequest, "not a device's id"))?),
    };
    state.auth.sign_out(bearer(&headers), device).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /v1/tokens`
///
/// # Errors
/// As [`Auth::token`].
pub async fn token(
    State(state): State<AuthRoutes>,
    headers: HeaderMap,
    Body(ask): Body<TokenRequest>,
) -> Result<Json<TokenAnswer>, Refusal> {
    Ok(Json(state.auth.token(bearer(&headers), ask.audience).await?))
}

/// `PUT /v1/accounts/current/password`
///
/// # Errors
/// As [`Auth::change_password`].
pub async fn change_password(
    State(state): State<AuthRoutes>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    Body(ask): Body<PasswordChange>,
) -> Result<StatusCode, Refusal> {
    state.auth.change_password(bearer(&headers), ask, origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PATCH /v1/accounts/current`
///
/// # Errors
/// As [`Auth::change_profile`].
pub async fn change_profile(
    State(state): State<AuthRoutes>,
    headers: HeaderMap,
    Body(ask): Body<ProfileChange>,
) -> Result<Json<Profile>, Refusal> {
    Ok(Json(state.auth.change_profile(bearer(&headers), &ask).await?))
}

/// `POST /v1/invites`
///
/// # Errors
/// As [`Auth::invite_by`].
pub async fn invite(
    State(state): State<AuthRoutes>,
    headers: HeaderMap,
    Body(ask): Body<InviteRequest>,
) -> Result<(StatusCode, Json<Invite>), Refusal> {
    let invited = state.auth.invite_by(bearer(&headers), &ask).await?;
    Ok((StatusCode::CREATED, Json(state.place.invite(&invited)?)))
}
