//! Files and folders over HTTP.

use crate::content::Content;
use axum::Router;

/// The paths of the content service.
pub fn router(_content: Content) -> Router {
    Router::new()
}
