//! What a step makes of both sides of a pair. Each function gets the facts and answers how both stand then; nothing: they
//! stand as they did, since this was said before.
//!
//! Pure: no clock, no store. Who is blocked hears what they would hear from somebody who never answers.

use crate::error::Refusal;
use crate::store::sqlite::messenger::{ContactAfter, ContactFacts, ContactSide, PlaceFacts};
use pod_shared::ErrorCode;
use pod_shared::contact::{ContactStanding, ContactStep};
use pod_shared::limits::{
    CONTACT_GROUPS_MAX, CONTACT_REQUESTS_WAITING_MAX, CONTACTS_PER_ACCOUNT_MAX, GROUPS_PER_CONTACT_MAX,
};

/// What somebody does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// Asks, for the so-manieth time.
    Ask { round: u32 },
    /// Answers that request of the other person.
    Answer { round: u32, how: ContactStep },
    /// Removes or blocks.
    Plain(ContactStep),
    /// Blocks no longer.
    Unblock,
}

fn conflict(why: &str) -> Refusal {
    Refusal::new(ErrorCode::Conflict, why)
}

/// What a step makes of both.
pub(super) fn step(facts: ContactFacts, act: Act) -> Result<Option<ContactAfter>, Refusal> {
    let ContactFacts { mine, theirs, .. } = facts;
    let (step, asks) = match act {
        Act::Unblock => {
            let freed = ContactSide { blocked: false, ..mine };
            return Ok(changed(facts, ContactAfter { mine: freed, theirs, forget: false }));
        }
        Act::Ask { .. } | Act::Answer { how: ContactStep::Accept, .. } if mine.blocked => {
            return Err(conflict("they are blocked; unblock them first"));
        }
        // What was asked before has had its effect.
        Act::Ask { round } if round <= mine.asks && !is_asked(mine) => return Ok(None),
        Act::Ask { round } => (ContactStep::Ask, round),
        Act::Answer { round, .. } if is_asked(mine) && round != theirs.asks => {
            return Err(conflict("they took that request back and asked anew"));
        }
        Act::Answer { how, .. } => (how, mine.asks),
        Act::Plain(step) => (step, mine.asks),
    };
    let standing = mine
        .standing
        .after(step)
        .ok_or_else(|| Refusal::new(ErrorCode::Gone, "there is no request to answer any more"))?;
    let asks = if mine.standing == standing { mine.asks } else { asks };
    let after = ContactAfter {
        mine: ContactSide { standing, blocked: mine.blocked || step == ContactStep::Block, asks },
        theirs: ContactSide {
            standing: theirs.standing.answering(mine.standing, standing, theirs.blocked),
            ..theirs
        },
        forget: step == ContactStep::Remove && standing == ContactStanding::None,
    };
    let after = changed(facts, after);
    if let Some(after) = after {
        has_place(facts, after)?;
    }
    Ok(after)
}

/// The other person waits for an answer.
fn is_asked(mine: ContactSide) -> bool {
    matches!(mine.standing, ContactStanding::Asks | ContactStanding::Ignored)
}

fn changed(facts: ContactFacts, after: ContactAfter) -> Option<ContactAfter> {
    ((after.mine, after.theirs) != (facts.mine, facts.theirs)).then_some(after)
}

fn is_kept(side: ContactSide) -> bool {
    side.standing != ContactStanding::None || side.blocked
}

fn has_place(facts: ContactFacts, after: ContactAfter) -> Result<(), Refusal> {
    let new = is_kept(after.mine) && !is_kept(facts.mine);
    if new && facts.contacts >= CONTACTS_PER_ACCOUNT_MAX as u64 {
        return Err(Refusal::new(ErrorCode::TooMany, "nobody has that many contacts"));
    }
    let asks = after.theirs.standing == ContactStanding::Asks && after.theirs != facts.theirs;
    if asks && facts.waiting >= CONTACT_REQUESTS_WAITING_MAX as u64 {
        return Err(Refusal::new(ErrorCode::TooMany, "too many requests wait for this person"));
    }
    Ok(())
}

/// Whether one more group may be made.
pub(super) fn group(groups: u64) -> Result<(), Refusal> {
    if groups >= CONTACT_GROUPS_MAX as u64 {
        return Err(Refusal::new(ErrorCode::TooMany, "nobody has that many groups"));
    }
    Ok(())
}

/// Whether a contact may be in one more group.
pub(super) fn place(facts: PlaceFacts) -> Result<(), Refusal> {
    if facts.groups >= GROUPS_PER_CONTACT_MAX as u64 {
        return Err(Refusal::new(ErrorCode::TooMany, "one contact is not in that many groups"));
    }
    Ok(())
}
