//! Finding files and saying what they are: the rules that need no data.

use super::Content;
use crate::access::Caller;
use crate::error::Refusal;
use pod_shared::content::{AboutNew, Entry, SearchAsk, SearchPage};
use pod_shared::{EntryId, ErrorCode, limits};

impl Content {
    /// What is asked for, among what the person may see.
    pub(crate) async fn search(&self, caller: Caller, ask: SearchAsk) -> Result<SearchPage, Refusal> {
        if ask.text.len() > limits::SEARCH_TEXT_BYTES_MAX {
            return Err(Refusal::new(ErrorCode::TooLarge, "the text to search for is too long"));
        }
        if ask.rooms.is_empty() {
            return Err(Refusal::new(ErrorCode::BadRequest, "a search names the rooms it looks in"));
        }
        if ask.rooms.len() > limits::SEARCH_ROOMS_MAX || ask.endings.len() > limits::SEARCH_ENDINGS_MAX {
            return Err(Refusal::new(ErrorCode::TooMany, "a search cannot look for that much at once"));
        }
        self.store().search(caller.account, ask).await
    }

    /// Says what an entry is.
    pub(crate) async fn describe(
        &self,
        caller: Caller,
        entry: EntryId,
        mut about: AboutNew,
    ) -> Result<Entry, Refusal> {
        about.description = about.description.trim().to_owned();
        if about.description.len() > limits::DESCRIPTION_BYTES_MAX {
            return Err(Refusal::new(ErrorCode::TooLarge, "the description is too long"));
        }
        let mut tags: Vec<String> = Vec::new();
        for tag in about.tags {
            let tag = tag.split_whitespace().collect::<Vec<_>>().join(" ");
            if tag.len() > limits::TAG_BYTES_MAX {
                return Err(Refusal::new(ErrorCode::TooLarge, "a tag is too long"));
            }
            if !tag.is_empty() && !tags.iter().any(|one| one.to_lowercase() == tag.to_lowercase()) {
                tags.push(tag);
            }
        }
        if tags.len() > limits::TAGS_PER_ENTRY_MAX {
            return Err(Refusal::new(ErrorCode::TooMany, "that many tags cannot be on one entry"));
        }
        about.tags = tags;
        self.store().describe(Self::doing_at(caller), entry, about).await
    }
}
