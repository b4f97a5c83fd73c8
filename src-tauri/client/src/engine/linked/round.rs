//! One round: look at the queue, the server and the disk, in this order, plan, and do it.
//!
//! It looks at what changed: what the disk hinted at, what the pages of changes named, what moved, and what was not at
//! rest before. Everything is looked at by the first round, after a failure, where hints were lost, and now and then.
//! The order matters: a transfer that is over when the queue is looked at is seen in what is looked at after it; one that
//! is still open is left alone. So nothing is sent or fetched twice, whenever the process dies.

use super::Desk;
use super::known::Known;
use super::look::Looked;
use super::shut::Shut;
use crate::engine::folders;
use crate::engine::permits::Permits;
use crate::engine::tell::Teller;
use crate::folder::watch::Hints;
use crate::folder::{disk, scan};
use crate::state::linked::{self, Linked};
use crate::transfer::{Landed, OpenMove};
use crate::view::{ErrorView, LeftAlone, LinkedQuestion, RoomSummary};
use pod_machine::folder::{Alone, Changed, Local, Operation, Part, Plan, Question, Right, Seen, Trees, plan};
use pod_shared::content::Entry;
use pod_shared::{EntryId, ErrorCode, Role};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Things left alone that are shown.
const ALONE_SHOWN_MAX: usize = 100;

/// What the rounds of one folder remember from one to the next; all of it can be had again.
pub(super) struct Round {
    pub(super) desk: Desk,
    pub(super) tell: Teller,
    pub(super) linked: Linked,
    pub(super) known: Arc<Known>,
    hints: Hints,
    /// What was not at rest after the last round; nothing: everything is to be looked at.
    restless: Option<Changed>,
    /// Paths that moved in the last round.
    pub(super) moved: BTreeSet<String>,
    allowed: BTreeSet<EntryId>,
    /// Digests of what was sent since both sides were last alike.
    sent: BTreeSet<String>,
    pub(super) digests: scan::Digests,
    right: Right,
    /// The linked folder itself may only be viewed.
    is_closed: bool,
    /// What a former process had out of sight is back.
    is_back: bool,
}

/// What came of a round.
#[derive(Default)]
pub(super) struct Outcome {
    /// What was planned, notes left out.
    pub(super) wanted: Vec<Operation>,
    /// Something changes just now: look again after this.
    pub(super) again_in: Option<Duration>,
    /// What is in the way.
    pub(super) trouble: Option<ErrorView>,
    /// What waits for a word.
    pub(super) question: Option<Question>,
    /// What is shown; nothing: as before.
    pub(super) shown: Option<ShownNow>,
}

/// What is shown of a folder after a round.
#[derive(Clone, Default)]
pub(super) struct ShownNow {
    pub(super) room_title: String,
    pub(super) files: u32,
    pub(super) left: u32,
    pub(super) question: Option<LinkedQuestion>,
    pub(super) alone: Vec<LeftAlone>,
}

impl Outcome {
    /// Both sides have the same.
    pub(super) fn rests(&self) -> bool {
        let left = self.shown.as_ref().is_some_and(|shown| shown.left > 0);
        self.wanted.is_empty() && self.again_in.is_none() && self.question.is_none() && !left
    }
}

impl Round {
    pub(super) fn new(desk: Desk, tell: Teller, linked: Linked, hints: Hints) -> Self {
        let (known, allowed, digests) = (Arc::default(), BTreeSet::new(), scan::Digests::new());
        let (sent, right, restless, moved) = (BTreeSet::new(), Right::Write, None, BTreeSet::new());
        Self {
            desk,
            tell,
            linked,
            known,
            hints,
            restless,
            moved,
            allowed,
            sent,
            digests,
            right,
            is_closed: false,
            is_back: false,
        }
    }

    /// Reads what is kept.
    pub(super) async fn load(&mut self) -> Result<(), ErrorView> {
        // What landed until now is read with the rest.
        self.hear_what_landed();
        let (bases, allowed) = linked::known(&self.desk.state, self.linked.id).await?;
        // A mark without a time of change is of a file that was not looked at since it got its name.
        let looked_at = bases.iter().filter(|base| base.mark.changed_ns != 0);
        self.digests.extend(looked_at.map(|base| (scan::key(&base.mark), base.digest.clone())));
        let kept: BTreeSet<String> = bases.iter().map(|base| base.digest.clone()).collect();
        Arc::make_mut(&mut self.known).set_bases(bases);
        self.restless = None;
        self.allowed = allowed;
        if !self.is_back {
            let root = self.linked.path.clone();
            let back = move || disk::bring_back(&root, &|digest| kept.contains(digest));
            tokio::task::spawn_blocking(back).await.map_err(|_| ErrorView::stopped())??;
            self.is_back = true;
        }
        Ok(())
    }

    /// Whether the role that the room's row shows is the one planned with.
    pub(super) fn knows_role(&self, room: &RoomSummary) -> bool {
        self.right == right_of(room.role)
    }

    /// One round.
    pub(super) async fn once(&mut self) -> Result<Outcome, ErrorView> {
        // In this order: what is over by now has told what both sides have.
        let open = self.desk.transfers.open_for(self.linked.id);
        let mut changed = self.restless.take();
        let landed = self.hear_what_landed();
        let places = self.hints.take();
        let trouble = lasting(&open);
        folders::catch_up(&self.desk, &self.tell, self.linked.room).await?;
        let room = self.desk.cache.room(self.linked.room).await?.ok_or_else(gone)?;
        let me = self.desk.me()?;
        let members = self.desk.cache.members(self.linked.room).await?;
        let role = members.iter().find(|member| member.account == me.id).and_then(|member| member.role);
        let role = role.ok_or_else(gone)?;
        let right = right_of(role);
        if std::mem::replace(&mut self.right, right) != right {
            changed = None;
        }
        if let Some(entry) = self.linked.entry
            && self.desk.cache.entry(entry).await?.is_none_or(|entry| entry.deleted)
        {
            return Err(gone());
        }
        let (permits, above) = (Permits { me: me.id, role }, self.above().await?);
        let is_closed = !permits.may_change(&above, None);
        if std::mem::replace(&mut self.is_closed, is_closed) != is_closed {
            changed = None;
        }
        let moving: BTreeSet<String> = open.iter().filter_map(|open| self.inside(&open.path)).collect();
        let touched = self.desk.linked.take_touched(self.linked.id);
        let changed = self.changed(changed, places, touched, landed, &moving);
        let looked = self.look(changed, &me.display_name).await?;
        let shut = self.shut(permits, &above, &looked).await?;
        let plan = self.plan(&looked, moving.clone(), shut, me.display_name.clone()).await?;
        let (again_in, part) = (looked.again_in, &looked.part);
        let names: BTreeMap<EntryId, Entry> =
            part.remote.iter().map(|entry| (entry.id, entry.clone())).collect();
        let (done, failed) = self.perform(&plan, &names, open.len()).await?;
        let restless = self.what_is_restless(looked).await?;
        (self.restless, self.moved) = (Some(restless), moving);
        let wanted: Vec<Operation> = plan.operations.iter().filter(|one| !is_note(one)).cloned().collect();
        let moves = wanted.iter().filter(|one| is_move(one)).count();
        let question = plan.question.as_ref().map(counted);
        let shown = ShownNow {
            room_title: room.title,
            files: count(self.known.files()),
            left: count(open.len() + moves),
            question,
            alone: shown_alone(&plan),
        };
        // Moves that are in the queue are waited for; what was done otherwise is looked at again.
        let wanted = if done { wanted } else { wanted.into_iter().filter(|one| !is_move(one)).collect() };
        let trouble = trouble.or(failed);
        let outcome = Outcome { wanted, again_in, trouble, question: plan.question, shown: Some(shown) };
        if open.is_empty() && plan.operations.is_empty() && outcome.rests() {
            self.sent.clear();
        }
        Ok(outcome)
    }

    /// What both sides have since files moved, and what was sent.
    fn hear_what_landed(&mut self) -> BTreeSet<EntryId> {
        let mut landed = BTreeSet::new();
        for Landed { sent, base, .. } in self.desk.transfers.landed_for(self.linked.id) {
            self.sent.extend(sent);
            if let Some(base) = base {
                landed.insert(base.entry);
                Arc::make_mut(&mut self.known).put(base);
            }
        }
        landed
    }

    async fn plan(
        &mut self,
        looked: &Looked,
        moving: BTreeSet<String>,
        Shut { closed, hidden }: Shut,
        person: String,
    ) -> Result<Plan, ErrorView> {
        let (allowed, sent, date) = (self.allowed.clone(), self.sent.clone(), today());
        let right = if self.is_closed { Right::Look } else { self.right };
        let (folder, device) = (self.linked.entry, self.desk.device.id());
        let looked = looked.clone();
        let made = tokio::task::spawn_blocking(move || {
            let Part { local, remote, bases, .. } = &looked.part;
            let locked =
                remote.iter().filter(|entry| entry.lock.as_ref().is_some_and(|lock| lock.device != device));
            let held: BTreeSet<EntryId> = locked.map(|entry| entry.id).chain(closed).collect();
            let plan = plan(Trees {
                folder,
                restless: looked.restless,
                local,
                remote,
                bases,
                files: looked.files,
                moving: &moving,
                held: &held,
                hidden: &hidden,
                sent: &sent,
                allowed: &allowed,
                right,
                person: &person,
                date: &date,
            });
            let sent: Vec<String> = plan.operations.iter().filter_map(|one| sends(one, local)).collect();
            (plan, sent)
        });
        let (plan, sent) = made.await.map_err(|_| ErrorView::stopped())?;
        self.sent.extend(sent);
        Ok(plan)
    }

    /// A place on this computer as a path of the plan.
    pub(super) fn inside(&self, path: &Path) -> Option<String> {
        path.strip_prefix(&self.linked.path).ok().and_then(Path::to_str).map(str::to_owned)
    }
}

/// The digest of what an operation sends; the locals are sorted by their path.
fn sends(operation: &Operation, locals: &[Local]) -> Option<String> {
    let Operation::Send { path, .. } = operation else { return None };
    let at = locals.binary_search_by(|local| local.path.cmp(path)).ok()?;
    match &locals.get(at)?.seen {
        Seen::File { digest, .. } => Some(digest.clone()),
        Seen::Folder { .. } | Seen::Alone(_) => None,
    }
}

fn right_of(role: Role) -> Right {
    if role >= Role::Editor { Right::Write } else { Right::Look }
}

fn gone() -> ErrorView {
    ErrorView::new(
        ErrorCode::NotFound,
        "the room, or its folder that is linked, is gone or not for this person any more",
    )
}

/// What keeps the whole folder from its rest, and a person should know.
fn lasting(open: &[OpenMove]) -> Option<ErrorView> {
    let lasts = |error: &&ErrorView| {
        matches!(error.code, ErrorCode::DiskFull | ErrorCode::RoleTooLow | ErrorCode::TooMany)
    };
    open.iter().filter_map(|open| open.waits_for.as_ref()).find(lasts).cloned()
}

fn is_note(operation: &Operation) -> bool {
    matches!(operation, Operation::Note(_) | Operation::Forget(_))
}

pub(super) fn is_move(operation: &Operation) -> bool {
    matches!(operation, Operation::Send { .. } | Operation::Fetch { .. })
}

fn counted(question: &Question) -> LinkedQuestion {
    LinkedQuestion { here: count(question.here.len()), there: count(question.there.len()) }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn shown_alone(plan: &Plan) -> Vec<LeftAlone> {
    let lasts = plan.alone.iter().filter(|(_, why)| !matches!(why, Alone::Busy | Alone::Moving));
    lasts.take(ALONE_SHOWN_MAX).map(|(path, why)| LeftAlone { path: path.clone(), why: *why }).collect()
}

/// The day, for the name of a copy.
pub(super) fn today() -> String {
    let now = time::OffsetDateTime::now_utc();
    format!("{:04}-{:02}-{:02}", now.year(), u8::from(now.month()), now.day())
}
