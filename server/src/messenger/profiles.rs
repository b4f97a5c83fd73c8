//! Profile fields: what a person says of themself, and finding people by it.

use super::Inner;
use crate::auth::fold;
use crate::error::Refusal;
use pod_shared::limits::{PEOPLE_PAGE_MAX, SEARCH_TEXT_BYTES_MAX};
use pod_shared::profile::ProfileFields;
use pod_shared::socket::Person;
use pod_shared::{AccountId, ErrorCode};

impl Inner {
    /// Keeps what a person says of themself; the same again changes nothing.
    pub(super) async fn set_profile(&self, account: AccountId, profile: &ProfileFields) -> Result<(), Refusal> {
        let profile = profile.trimmed();
        profile.check().map_err(|code| Refusal::new(code, "a field of the profile is too long or cannot be shown"))?;
        let key = key_of(&profile);
        self.store.set_profile(account, profile, key).await
    }
}
