//! What others may ask of `auth` without knowing it: the directory of people, and what content must know of tokens.

use super::{Auth, name};
use crate::directory::Directory;
use crate::error::Refusal;
use crate::interlock::heartbeat::TokenNews;
use futures_util::future::BoxFuture;
use pod_shared::interlock::Revocation;
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

impl TokenNews for Auth {
    fn token_key(&self) -> (String, String) {
        self.inner.signer.public()
    }

    fn revocations_after(&self, seq: u64) -> BoxFuture<'_, Result<Vec<Revocation>, Refusal>> {
        Box::pin(async move { Ok(self.inner.store.revocations_after(seq).await?) })
    }
}
