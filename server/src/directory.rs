//! Who has an account here: what the messenger may ask of `auth` without knowing it.

use crate::error::Refusal;
use futures_util::future::BoxFuture;
use pod_shared::AccountId;
use pod_shared::socket::Person;

/// The people of this server. `auth` is one; tests have their own.
pub trait Directory: Send + Sync + 'static {
    /// The people with these ids, in no order; ids that nobody has are left out, disabled accounts are not.
    fn get(&self, ids: Vec<AccountId>) -> BoxFuture<'_, Result<Vec<Person>, Refusal>>;

    /// People whose unique name begins with the text, or whose display name holds it; without case, by name.
    /// Disabled accounts are left out. At most `limits::PEOPLE_PAGE_MAX`.
    fn find(&self, text: String, limit: u32) -> BoxFuture<'_, Result<Vec<Person>, Refusal>>;
}
