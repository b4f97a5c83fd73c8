//! Who may do what in a room's folder: pure decisions, asked inside the transaction that acts on them.
//! A person who is no member learns nothing: not even whether the thing is there.

use crate::error::Refusal;
use pod_shared::content::{Mark, may_change, may_permit, may_see};
use pod_shared::{AccountId, ErrorCode, Role};

/// The answer for what is not there and for what is not this person's.
#[must_use]
pub(crate) fn not_found() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "there is no such thing here")
}

/// A member may look.
pub(crate) fn reader(role: Option<Role>) -> Result<Role, Refusal> {
    role.ok_or_else(not_found)
}

/// An editor, manager or owner may change files.
pub(crate) fn writer(role: Option<Role>) -> Result<Role, Refusal> {
    let role = reader(role)?;
    if role.writes() {
        Ok(role)
    } else {
        Err(Refusal::new(ErrorCode::RoleTooLow, "viewers cannot change files"))
    }
}

/// Who passes all permissions sees.
pub(crate) fn seer(who: AccountId, marks: &[Mark<'_>]) -> Result<(), Refusal> {
    if may_see(who, marks) { Ok(()) } else { Err(not_found()) }
}

/// A writer changes what is not for viewing only.
pub(crate) fn changer(who: AccountId, role: Role, marks: &[Mark<'_>]) -> Result<Role, Refusal> {
    writer(Some(role))?;
    if may_change(who, role, marks) {
        Ok(role)
    } else {
        Err(Refusal::new(ErrorCode::RoleTooLow, "this may only be viewed"))
    }
}

/// Who sees what is set by its registrant, or by who manages the room.
pub(crate) fn permitter(who: AccountId, role: Role, registrant: AccountId) -> Result<(), Refusal> {
    if may_permit(who, role, registrant) {
        return Ok(());
    }
    Err(Refusal::new(ErrorCode::RoleTooLow, "its registrant or a manager of the room says who sees it"))
}

/// A registrant goes on to see what is their own.
pub(crate) fn keeps_sight(registrant: AccountId, marks: &[Mark<'_>]) -> Result<(), Refusal> {
    if may_see(registrant, marks) {
        return Ok(());
    }
    Err(Refusal::new(ErrorCode::Conflict, "a member's own file or folder would be hidden from them"))
}

/// A folder stays while something in it is not this person's to change.
pub(crate) fn closed_below() -> Refusal {
    Refusal::new(ErrorCode::RoleTooLow, "something in the folder may not be changed by this person")
}

/// A manager or owner may change what stands for the whole room.
pub(crate) fn manager(role: Option<Role>) -> Result<Role, Refusal> {
    let role = reader(role)?;
    if role.manages() {
        Ok(role)
    } else {
        Err(Refusal::new(ErrorCode::RoleTooLow, "only a manager of the room can change that"))
    }
}

/// What is deleted for good is deleted by who manages the room; a file of one's own by whoever may still change files.
pub(crate) fn purger(role: Option<Role>, whose: Whose) -> Result<Role, Refusal> {
    let role = writer(role)?;
    if role.manages() || whose == Whose::OwnFile {
        return Ok(role);
    }
    Err(Refusal::new(
        ErrorCode::RoleTooLow,
        "only a manager of the room, or who registered a file, deletes it for good",
    ))
}

/// Whose something is that is to be deleted for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// A file that the person registered.
    OwnFile,
    /// Anything else.
    Others,
}

/// A change of one member.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MemberChange {
    /// The role of who asks.
    pub(crate) actor: Option<Role>,
    /// Whom it is about.
    pub(crate) whom: Whom,
    /// Their role now.
    pub(crate) from: Option<Role>,
    /// The role wanted; nothing: out.
    pub(crate) to: Option<Role>,
    /// Owners of the group now.
    pub(crate) owners: u64,
}

/// Whom a member change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whom {
    /// Who asks: everybody may leave, or step down.
    Oneself,
    /// Somebody else.
    Another,
}

/// Whether the change may be made.
pub(crate) fn member_change(change: MemberChange) -> Result<(), Refusal> {
    let actor = reader(change.actor)?;
    let steps_down = change.whom == Whom::Oneself && change.to < change.from;
    if !steps_down && !actor.may_change(change.from, change.to) {
        return Err(Refusal::new(ErrorCode::RoleTooLow, "this role cannot make that change"));
    }
    if change.from == Some(Role::Owner) && change.to != Some(Role::Owner) && change.owners <= 1 {
        return Err(Refusal::new(ErrorCode::LastOwner, "a room keeps at least one owner"));
    }
    Ok(())
}

/// Who cancels an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Canceller {
    /// The person who sends it.
    Sender,
    /// Another member.
    Other,
}

/// An upload is cancelled by who sends it, or by who manages the room (N12).
pub(crate) fn cancel(role: Option<Role>, who: Canceller) -> Result<(), Refusal> {
    let role = reader(role)?;
    if who == Canceller::Sender || role.manages() {
        return Ok(());
    }
    Err(Refusal::new(ErrorCode::RoleTooLow, "only its sender or a manager of the room cancels an upload"))
}
