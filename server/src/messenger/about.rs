//! Rules for messages: who may write, and who may change, delete or answer with an emoji what is written.

use crate::error::Refusal;
use crate::store::sqlite::messenger::{PostFacts, Target};
use pod_shared::ErrorCode;
use pod_shared::socket::AboutKind;

/// Whether a message is taken.
pub(super) fn judge(facts: &PostFacts) -> Result<(), Refusal> {
    let Some(about) = facts.about else { return super::rooms::may_write(facts.role) };
    match about.target {
        Target::Unknown => return Err(Refusal::new(ErrorCode::NotFound, "no such message in this room")),
        Target::About => {
            return Err(Refusal::new(ErrorCode::BadRequest, "that message is itself about another"));
        }
        // A viewer learns no more of it than that they may not.
        Target::Deleted | Target::Stands => {}
    }
    match about.how {
        AboutKind::Edit if !about.own => {
            Err(Refusal::new(ErrorCode::RoleTooLow, "only who wrote a message changes it"))
        }
        AboutKind::Edit | AboutKind::Reaction => super::rooms::may_write(facts.role),
        AboutKind::Deletion if about.own || facts.role.manages() => Ok(()),
        AboutKind::Deletion => Err(Refusal::new(
            ErrorCode::RoleTooLow,
            "only who wrote a message, or manages the room, deletes it",
        )),
    }?;
    if about.target == Target::Deleted {
        return Err(Refusal::new(ErrorCode::Gone, "the message is deleted"));
    }
    Ok(())
}
