//! Files and folders over HTTP, and whose request it is.

use crate::access::Caller;
use crate::content::Content;
use crate::error::Refusal;
use crate::routes::bearer::bearer;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use pod_shared::auth::Audience;

pub(crate) mod chunks;
pub(crate) mod download;
pub(crate) mod entries;
pub(crate) mod forwards;
pub(crate) mod groups;
pub(crate) mod links;
pub(crate) mod locks;
pub(crate) mod opened;
pub(crate) mod permissions;
pub(crate) mod preview;
mod range;
pub(crate) mod remarks;
pub(crate) mod room_picture;
pub(crate) mod search;
pub(crate) mod space;
#[cfg(test)]
mod tests;
pub(crate) mod trash;
pub(crate) mod uploads;

/// The person and device that ask, found good for this service.
pub(crate) struct Asking(Caller);

impl FromRequestParts<Content> for Asking {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, content: &Content) -> Result<Self, Refusal> {
        content.caller(bearer(&parts.headers), Audience::Content).map(Self)
    }
}
