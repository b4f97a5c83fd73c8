//! The only list of paths. Each process has those of its services.

use crate::about::About;
use crate::content::Content;
use crate::error::Refusal;
use crate::interlock::http::path;
use crate::messenger::Messenger;
use crate::routes::auth::{self, AuthRoutes};
use crate::routes::content::{
    chunks, download, entries, forwards, groups, links, locks, opened, permissions, preview, remarks,
    room_picture, search, space, trash, uploads,
};
use crate::routes::health::{self, Health};
use crate::routes::interlock::{self, ContentLock, MessengerLock};
use crate::routes::join::{self, JoinPage};
use crate::routes::messenger;
use axum::Json;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, options, patch, post, put};
use pod_shared::content::{PIECE_BYTES, PIECE_DIGEST_BYTES};
use pod_shared::limits::{FORWARD_BYTES_MAX, JSON_BODY_BYTES_MAX, ROOM_PICTURE_BYTES_MAX};
use pod_shared::{ErrorBody, ErrorCode};

/// The digests of all pieces of the largest forwarded file.
const MANIFEST_BYTES_MAX: usize = (FORWARD_BYTES_MAX / PIECE_BYTES) as usize * PIECE_DIGEST_BYTES;

/// The interlock's paths, on the half that this process is.
pub enum Half {
    /// There is no other half.
    Whole,
    /// Sign-in and chat.
    Messenger(MessengerLock),
    /// Files.
    Content(ContentLock),
}

/// All paths of this process.
pub fn router(health: Health, about: About, auth_routes: Option<AuthRoutes>, half: Half) -> Router {
    let (the_messenger, the_content) = (health.messenger.clone(), health.content.clone());
    let mut router = Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready).with_state(health));
    if let Some(state) = auth_routes {
        router = router.merge(sign_in_paths(state));
    }
    if let Some(service) = the_messenger {
        router = router.merge(join_path(JoinPage { messenger: service.clone(), about }));
        router = router.merge(socket_path(service));
    }
    if let Some(service) = the_content {
        router = router.merge(file_paths(service));
    }
    router
        .merge(interlock_paths(half))
        .fallback(|| async { Refusal::new(ErrorCode::NotFound, "there is nothing at this path") })
        .method_not_allowed_fallback(other_method)
        .layer(DefaultBodyLimit::max(JSON_BODY_BYTES_MAX))
}

fn sign_in_paths(state: AuthRoutes) -> Router {
    Router::new()
        .route("/v1/server", get(auth::server))
        .route("/v1/accounts", post(auth::sign_up))
        .route("/v1/accounts/current", patch(auth::change_profile))
        .route("/v1/accounts/current/password", put(auth::change_password))
        .route("/v1/sign-ins", post(auth::sign_in).get(auth::sign_ins))
        .route("/v1/sign-ins/{which}", delete(auth::sign_out))
        .route("/v1/tokens", post(auth::token))
        .route("/v1/invites", post(auth::invite))
        .with_state(state)
}

fn join_path(page: JoinPage) -> Router {
    Router::new().route("/join", get(join::page)).with_state(page)
}

/// The path of the messenger.
pub(crate) fn socket_path(service: Messenger) -> Router {
    Router::new().route("/v1/socket", get(messenger::open)).with_state(service)
}

/// The paths of the content service.
pub(crate) fn file_paths(service: Content) -> Router {
    let picture = get(room_picture::get).put(room_picture::set).delete(room_picture::clear);
    let picture = picture.layer(DefaultBodyLimit::max(ROOM_PICTURE_BYTES_MAX));
    let manifest = get(forwards::manifest).put(forwards::put_manifest);
    let manifest = manifest.layer(DefaultBodyLimit::max(MANIFEST_BYTES_MAX));
    Router::new()
        .route("/v1/groups", get(groups::list).post(groups::create))
        .route("/v1/groups/{room}", get(groups::get))
        .route("/v1/groups/{room}/picture", picture)
        .route("/v1/groups/{room}/members/{account}", put(groups::set_member).delete(groups::remove_member))
        .route("/v1/rooms/{room}/entries", get(entries::list))
        .route("/v1/rooms/{room}/changes", get(entries::changes))
        .route("/v1/rooms/{room}/folders", post(entries::create_folder))
        .route("/v1/entries/{entry}", get(entries::get).patch(entries::change).delete(entries::delete))
        .route("/v1/entries/{entry}/content", get(download::content))
        .route("/v1/entries/{entry}/chunks", get(chunks::list))
        .route("/v1/entries/{entry}/preview", get(preview::preview))
        .route("/v1/rooms/{room}/trash", get(trash::list).delete(trash::empty))
        .route("/v1/entries/{entry}/trash", delete(trash::purge))
        .route("/v1/entries/{entry}/restore", post(entries::restore))
        .route("/v1/entries/{entry}/opened", post(opened::tell))
        .route("/v1/groups/{room}/opened", put(opened::switch))
        .route("/v1/entries/{entry}/versions", get(entries::versions))
        .route("/v1/entries/{entry}/comments", get(remarks::list).post(remarks::say))
        .route("/v1/comments/{comment}", delete(remarks::delete))
        .route("/v1/entries/{entry}/about", put(search::describe))
        .route("/v1/rooms/{room}/space", get(space::get))
        .route("/v1/search", post(search::search))
        .route("/v1/entries/{entry}/rating", put(remarks::rate))
        .route("/v1/entries/{entry}/ratings", get(remarks::ratings))
        .route("/v1/entries/{entry}/permission", put(permissions::set))
        .route("/v1/entries/{entry}/lock", put(locks::take).delete(locks::give_back))
        .route("/v1/entries/{entry}/lock/break", post(locks::end))
        .route("/v1/entries/{entry}/versions/{version}/restore", post(entries::restore_version))
        .route("/v1/forwards/{offer}", put(forwards::put).get(forwards::get).delete(forwards::drop))
        .route("/v1/forwards/{offer}/manifest", manifest)
        .route("/v1/forwards/{offer}/content", get(forwards::content))
        .route("/v1/links", post(links::ask))
        .route("/v1/links/{upload}/proof", post(links::prove))
        .route("/v1/uploads", options(uploads::options).post(uploads::create))
        .route(
            "/v1/uploads/{upload}",
            options(uploads::options).head(uploads::look).patch(uploads::send).delete(uploads::cancel),
        )
        .route("/v1/uploads/{upload}/copy", post(chunks::copy))
        .layer(DefaultBodyLimit::max(JSON_BODY_BYTES_MAX))
        .with_state(service)
}

fn interlock_paths(half: Half) -> Router {
    let large = DefaultBodyLimit::max(interlock::BODY_BYTES_MAX);
    match half {
        Half::Whole => Router::new(),
        Half::Messenger(here) => Router::new()
            .route(path::ROWS, post(interlock::rows).with_state(here.lock.clone()).layer(large))
            .route(path::HELLO, post(interlock::content_says))
            .route(path::PROGRESS, post(interlock::progress).layer(large))
            .with_state(here),
        Half::Content(here) => Router::new()
            .route(path::ROWS, post(interlock::rows).with_state(here.lock.clone()).layer(large))
            .route(path::HELLO, post(interlock::messenger_says).layer(large))
            .with_state(here),
    }
}

async fn other_method() -> Response {
    let body = ErrorBody::new(ErrorCode::BadRequest, "this path does not know that method");
    (StatusCode::METHOD_NOT_ALLOWED, Json(body)).into_response()
}
