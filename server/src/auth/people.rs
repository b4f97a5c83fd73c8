//! The directory of people, for the messenger.

use super::{Auth, name};
use crate::directory::Directory;
use crate::error::Refusal;
use futures_util::future::BoxFuture;
use pod_shared::limits::{PEOPLE_PAGE_MAX, SEARCH_TEXT_BYTES_MAX};
use pod_shared::socket::Person;
use pod_shared::{AccountId, ErrorCode};

impl Directory for Auth {
    fn get(&self, ids: Vec<AccountId>) -> BoxFuture<'_, Result<Vec<Person>, Refusal>> {
        Box::pin(async move { Ok(self.inner.store.people(ids).await?) })
    }

    fn find(&self, text: String, limit: u32) -> BoxFuture<'_, Result<Vec<Person>, Refusal>> {
        Box::pin(async move {
            if text.len() > SEARCH_TEXT_BYTES_MAX {
                return Err(Refusal::new(ErrorCode::TooLarge, "the search text is too long"));
            }
            let key = name::fold(text.trim());
            Ok(self.inner.store.find_people(key, limit.min(PEOPLE_PAGE_MAX)).await?)
        })
    }
}
