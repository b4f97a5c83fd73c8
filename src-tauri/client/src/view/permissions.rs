//! Who may see and change a file or folder.

use pod_shared::content::Permission;
use pod_shared::{AccountId, EntryId};
use serde::{Deserialize, Serialize};

/// Who may see and change an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct PermissionsView {
    /// The entry.
    pub entry: EntryId,
    /// Who made it, and always sees it.
    pub registrant: AccountId,
    /// Its own permission.
    pub own: Permission,
    /// Those of the folders above it, from the top down; each of them counts too.
    pub above: Vec<PermissionAbove>,
    /// This person may set it.
    pub may_set: bool,
    /// This person is the registrant, who alone may keep it for themselves.
    pub mine: bool,
}

/// The permission of a folder above an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct PermissionAbove {
    /// The folder.
    pub entry: EntryId,
    /// Its name.
    pub name: String,
    /// Its registrant.
    pub by: AccountId,
    /// Its permission.
    pub permission: Permission,
}
