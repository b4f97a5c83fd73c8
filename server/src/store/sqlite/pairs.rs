//! What `check` compares between the two databases: every room with a folder has its group, with the same members.

use pod_shared::{AccountId, Role, RoomId};
use std::collections::BTreeMap;

/// Rooms that have a folder, or sharing groups, with their present members.
pub type Pairs = BTreeMap<RoomId, BTreeMap<AccountId, Role>>;

/// One line for each difference between the messenger's rooms and the content service's groups.
#[must_use]
pub fn compare(rooms: &Pairs, groups: &Pairs) -> Vec<String> {
    let mut violations = Vec::new();
    for (room, members) in rooms {
        match groups.get(room) {
            None => violations.push(format!("room {room} has a folder but no sharing group")),
            Some(others) => compare_members(*room, members, others, &mut violations),
        }
    }
    for group in groups.keys().filter(|group| !rooms.contains_key(group)) {
        violations.push(format!("sharing group {group} has no room with a folder"));
    }
    violations
}

fn compare_members(
    room: RoomId,
    here: &BTreeMap<AccountId, Role>,
    there: &BTreeMap<AccountId, Role>,
    violations: &mut Vec<String>,
) {
    for (account, role) in here {
        if there.get(account) != Some(role) {
            violations.push(format!("room {room}: member {account} differs in the sharing group"));
        }
    }
    for account in there.keys().filter(|account| !here.contains_key(account)) {
        violations.push(format!("room {room}: {account} is a member of the sharing group only"));
    }
}
