//! Files and folders over HTTP: the paths of the content service, and whose request it is.

use crate::access::Caller;
use crate::content::Content;
use crate::error::Refusal;
use crate::routes::bearer::bearer;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::routing::{get, options, patch, post, put};
use pod_shared::auth::Audience;
use pod_shared::limits;

mod download;
mod entries;
mod groups;
mod range;
#[cfg(test)]
mod tests;
mod uploads;

/// The paths of the content service.
pub fn router(content: Content) -> Router {
    Router::new()
        .route("/v1/groups", get(groups::list).post(groups::create))
        .route("/v1/groups/{room}", get(groups::get))
        .route("/v1/groups/{room}/members/{account}", put(groups::set_member).delete(groups::remove_member))
        .route("/v1/rooms/{room}/entries", get(entries::list))
        .route("/v1/rooms/{room}/changes", get(entries::changes))
        .route("/v1/rooms/{room}/folders", post(entries::create_folder))
        .route("/v1/entries/{entry}", get(entries::get).merge(patch(entries::change)).delete(entries::delete))
        .route("/v1/entries/{entry}/content", get(download::content))
        .layer(DefaultBodyLimit::max(limits::JSON_BODY_BYTES_MAX))
        .route("/v1/uploads", options(uploads::options).merge(post(uploads::create)))
        .route(
            "/v1/uploads/{upload}",
            options(uploads::options).head(uploads::look).merge(patch(uploads::send)).delete(uploads::cancel),
        )
        .with_state(content)
}

/// The person and device that ask, found good for this service.
struct Asking(Caller);

impl FromRequestParts<Content> for Asking {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, content: &Content) -> Result<Self, Refusal> {
        content.caller(bearer(&parts.headers), Audience::Content).map(Self)
    }
}
