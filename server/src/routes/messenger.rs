//! The socket of the messenger.

use crate::messenger::Messenger;
use axum::Router;

/// The paths of the messenger.
pub fn router(_messenger: Messenger) -> Router {
    Router::new()
}
