//! What this person may see and change of a room's folder: the content service's own rule over what the cache has, so that
//! nothing is offered that would be refused; and setting it.

use super::{Desk, browse, commands, folders};
use crate::view::{ErrorView, PermissionAbove, PermissionsView};
use pod_shared::content::{Entry, Mark, Permission, may_change, may_permit};
use pod_shared::{AccountId, EntryId, Role};
use reqwest::Method;
use std::collections::{BTreeMap, BTreeSet};

/// This person in a room.
#[derive(Clone, Copy, Debug)]
pub(super) struct Permits {
    pub(super) me: AccountId,
    pub(super) role: Role,
}

fn mark(entry: &Entry) -> Option<Mark<'_>> {
    entry.permission.as_ref().map(|permission| Mark { registrant: entry.created_by, permission })
}

impl Permits {
    /// Whether they change an entry (nothing: what lies in the last of the folders) below these folders.
    pub(super) fn may_change(&self, above: &[Entry], entry: Option<&Entry>) -> bool {
        let marks: Vec<Mark<'_>> = above.iter().chain(entry).filter_map(mark).collect();
        may_change(self.me, self.role, &marks)
    }

    /// Those of a tree below these folders that they may not change.
    pub(super) fn closed(&self, above: &[Entry], tree: &[Entry]) -> BTreeSet<EntryId> {
        if above.iter().chain(tree).all(|entry| entry.permission.is_none()) {
            return BTreeSet::new();
        }
        let by_id: BTreeMap<EntryId, &Entry> =
            above.iter().chain(tree).map(|entry| (entry.id, entry)).collect();
        let mut known: BTreeMap<EntryId, bool> = BTreeMap::new();
        let closed = |entry: &&Entry| !self.opens(entry, &by_id, &mut known);
        tree.iter().filter(closed).map(|entry| entry.id).collect()
    }

    fn opens(
        &self,
        entry: &Entry,
        by_id: &BTreeMap<EntryId, &Entry>,
        known: &mut BTreeMap<EntryId, bool>,
    ) -> bool {
        if let Some(known) = known.get(&entry.id) {
            return *known;
        }
        let above = entry.parent.and_then(|parent| by_id.get(&parent).copied());
        let opens = mark(entry).is_none_or(|mark| mark.opens(self.me, self.role))
            && above.is_none_or(|above| self.opens(above, by_id, known));
        known.insert(entry.id, opens);
        opens
    }
}

/// Who may see and change an entry.
pub(super) async fn of(desk: &Desk, id: EntryId) -> Result<PermissionsView, ErrorView> {
    let entry = browse::open(desk, id).await?;
    let above = match entry.parent {
        Some(parent) => desk.cache.path_to(parent).await?,
        None => Vec::new(),
    };
    let me = desk.me()?.id;
    let members = desk.cache.members(entry.room).await?;
    let role = members.iter().find(|member| member.account == me).and_then(|member| member.role);
    let above = above.into_iter().filter_map(|folder| {
        let permission = folder.permission?;
        Some(PermissionAbove { entry: folder.id, name: folder.name, by: folder.created_by, permission })
    });
    Ok(PermissionsView {
        entry: id,
        registrant: entry.created_by,
        own: entry.permission.unwrap_or_default(),
        above: above.collect(),
        may_set: role.is_some_and(|role| may_permit(me, role, entry.created_by)),
        mine: entry.created_by == me,
    })
}

/// Sets it.
pub(super) async fn set(desk: &Desk, id: EntryId, permission: Permission) -> Result<(), ErrorView> {
    let room = folders::room_of(desk, id).await?;
    let path = format!("/v1/entries/{id}/permission");
    let answer = commands::content_call(desk, Method::PUT, &path, Some(&permission)).await?;
    folders::keep(desk, room, &answer).await
}

#[cfg(test)]
mod tests;
