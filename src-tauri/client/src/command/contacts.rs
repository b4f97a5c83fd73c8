//! What is asked about contacts and the groups they are sorted into. All of it works offline: it is told when the connection
//! is back, in its order.
//!
//! In JSON these are commands like all others: the outer enum adds nothing around them.

use pod_shared::contact::ContactAnswer;
use pod_shared::{AccountId, ContactGroupId};
use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum ContactCommand {
    /// Ask somebody to be a contact; who asks already is accepted.
    ContactAsk {
        /// Whom.
        account: AccountId,
        /// What to say; may be empty.
        text: String,
    },
    /// Answer a request.
    ContactAnswer {
        /// Whose.
        account: AccountId,
        /// How.
        how: ContactAnswer,
    },
    /// Take a request back, or be no longer contacts, on both sides.
    ContactRemove {
        /// Whom.
        account: AccountId,
    },
    /// Block somebody, or no longer. They are not told.
    ContactBlock {
        /// Whom.
        account: AccountId,
        /// They are to be.
        blocked: bool,
    },
    /// What this person alone sees of a contact; absent fields stay.
    ContactMark {
        /// Whom.
        account: AccountId,
        /// What to call them; empty: by their own name.
        nickname: Option<String>,
        /// They stand above the others.
        favourite: Option<bool>,
        /// They do not disturb.
        muted: Option<bool>,
    },
    /// Put a contact into a group, or to another place in it.
    ContactPlace {
        /// Whom.
        account: AccountId,
        /// The group.
        group: ContactGroupId,
        /// Before whom; nothing: at the end.
        before: Option<AccountId>,
        /// The group they leave for it.
        from: Option<ContactGroupId>,
    },
    /// Take a contact out of a group.
    ContactUnplace {
        /// Whom.
        account: AccountId,
        /// The group.
        group: ContactGroupId,
    },
    /// The contact groups, in their order.
    ContactGroups,
    /// Make a group, at the end.
    ContactGroupCreate {
        /// Its name.
        name: String,
    },
    /// Another name.
    ContactGroupRename {
        /// Which.
        group: ContactGroupId,
        /// The name.
        name: String,
    },
    /// Another place among the groups.
    ContactGroupMove {
        /// Which.
        group: ContactGroupId,
        /// Before which; nothing: at the end.
        before: Option<ContactGroupId>,
    },
    /// Delete a group; its contacts stay contacts.
    ContactGroupDelete {
        /// Which.
        group: ContactGroupId,
    },
}
