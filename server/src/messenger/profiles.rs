//! What people say of themselves, and finding them by it. Who may see it is the store's to say.

use super::Inner;
use crate::error::Refusal;
use pod_shared::limits::{PEOPLE_PAGE_MAX, SEARCH_TEXT_BYTES_MAX};
use pod_shared::profile::ProfileFields;
use pod_shared::socket::Person;
use pod_shared::{AccountId, ErrorCode};
use std::collections::BTreeSet;
use tokio::time::Instant;
use unicode_normalization::UnicodeNormalization;

impl Inner {
    /// Keeps what a person says of themself; the same again changes nothing.
    pub(super) async fn set_profile(
        &self,
        account: AccountId,
        profile: &ProfileFields,
    ) -> Result<(), Refusal> {
        self.rates.profiles.count(account, Instant::now())?;
        let profile = profile.trimmed();
        let bad = |code| Refusal::new(code, "a field is too long, or holds a character that cannot be shown");
        profile.check().map_err(bad)?;
        let texts = profile.named().map(|(_, text)| text);
        let key = fold(&texts.join("\n"));
        self.store.set_profile(account, profile, key).await
    }

    /// People by their names, then by what they say of themselves, of those whom the person may see.
    pub(super) async fn find_people(
        &self,
        account: AccountId,
        text: String,
        limit: u32,
    ) -> Result<Vec<Person>, Refusal> {
        if text.len() > SEARCH_TEXT_BYTES_MAX {
            return Err(Refusal::new(ErrorCode::TooLarge, "the search text is too long"));
        }
        let limit = limit.clamp(1, PEOPLE_PAGE_MAX);
        let key = fold(text.trim());
        let mut people = self.directory.find(text, limit).await?;
        let left = (limit as usize).saturating_sub(people.len());
        if key.is_empty() || left == 0 {
            return Ok(people);
        }
        let named: BTreeSet<AccountId> = people.iter().map(|person| person.account).collect();
        let found = self.store.find_profiles(account, key).await?;
        let more: Vec<AccountId> = found.into_iter().filter(|who| !named.contains(who)).take(left).collect();
        if !more.is_empty() {
            let mut more = self.directory.get(more).await?;
            more.sort_by(|one, other| one.name.cmp(&other.name));
            people.extend(more);
        }
        Ok(people)
    }
}

/// How texts are compared: without case, in composed form.
fn fold(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.to_uppercase().to_lowercase().nfc().collect()
}
