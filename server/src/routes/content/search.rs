//! Files and folders found by words and by what is known of them; what an entry is.

use super::Asking;
use crate::content::Content;
use crate::error::Refusal;
use crate::routes::extract::{Body, InPath};
use axum::Json;
use axum::extract::State;
use pod_shared::EntryId;
use pod_shared::content::{AboutNew, Entry, SearchAsk, SearchPage};

pub(crate) async fn search(
    State(content): State<Content>,
    Asking(caller): Asking,
    Body(ask): Body<SearchAsk>,
) -> Result<Json<SearchPage>, Refusal> {
    content.search(caller, ask).await.map(Json)
}

pub(crate) async fn describe(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
    Body(about): Body<AboutNew>,
) -> Result<Json<Entry>, Refusal> {
    content.describe(caller, entry, about).await.map(Json)
}
