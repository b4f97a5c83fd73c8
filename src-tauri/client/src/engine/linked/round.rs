//! One round: look at the queue, the server and the disk, in this order, plan, and do it.
//!
//! The order matters: a transfer that is over when the queue is looked at is seen in what is looked at after it; one that
//! is still open is left alone. So nothing is sent or fetched twice, whenever the process dies.

use super::Desk;
use crate::engine::folders;
use crate::engine::permits::Permits;
use crate::engine::tell::Teller;
use crate::folder::{disk, scan};
use crate::state::linked::{self, Linked};
use crate::transfer::OpenMove;
use crate::view::{ErrorView, LeftAlone, LinkedQuestion, RoomSummary};
use pod_machine::folder::{
    Alone, Base, Local, Mark, Operation, Plan, Question, Right, Seen, Trees, from_server, plan,
};
use pod_shared::content::{Entry, EntryKind};
use pod_shared::{EntryId, ErrorCode, Role};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

/// Digests of files that are not there any more, kept before they are cleared away.
const DIGESTS_SPARE: usize = 1_000;
/// Things left alone that are shown.
const ALONE_SHOWN_MAX: usize = 100;

/// What the rounds of one folder remember from one to the next; all of it can be had again.
pub(super) struct Round {
    pub(super) desk: Desk,
    pub(super) tell: Teller,
    pub(super) linked: Linked,
    pub(super) bases: BTreeMap<EntryId, Base>,
    /// What was at the server without a base: a copy of it may lie here by now. Kept while it is hidden.
    coming: BTreeMap<EntryId, Base>,
    allowed: BTreeSet<EntryId>,
    /// Digests of what was sent since both sides were last alike.
    sent: BTreeSet<String>,
    digests: scan::Digests,
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
    /// Something could not be moved.
    pub(super) stumbled: bool,
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
    pub(super) fn new(desk: Desk, tell: Teller, linked: Linked) -> Self {
        let (bases, allowed, digests) = (BTreeMap::new(), BTreeSet::new(), scan::Digests::new());
        let (sent, right) = (BTreeSet::new(), Right::Write);
        Self {
            desk,
            tell,
            linked,
            bases,
            allowed,
            sent,
            digests,
            right,
            coming: BTreeMap::new(),
            is_closed: false,
            is_back: false,
        }
    }

    /// Reads what is kept.
    pub(super) async fn load(&mut self) -> Result<(), ErrorView> {
        let (bases, allowed) = linked::known(&self.desk.state, self.linked.id).await?;
        self.digests.extend(bases.iter().map(|base| (scan::key(&base.mark), base.digest.clone())));
        let kept: BTreeSet<String> = bases.iter().map(|base| base.digest.clone()).collect();
        self.bases = bases.into_iter().map(|base| (base.entry, base)).collect();
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
        let open = self.desk.transfers.open_for(self.linked.id);
        let trouble = self.clear_up(&open).await;
        folders::catch_up(&self.desk, &self.tell, self.linked.room).await?;
        let room = self.desk.cache.room(self.linked.room).await?.ok_or_else(gone)?;
        let me = self.desk.me()?;
        let members = self.desk.cache.members(self.linked.room).await?;
        let role = members.iter().find(|member| member.account == me.id).and_then(|member| member.role);
        let role = role.ok_or_else(gone)?;
        self.right = right_of(role);
        if let Some(entry) = self.linked.entry
            && self.desk.cache.entry(entry).await?.is_none_or(|entry| entry.deleted)
        {
            return Err(gone());
        }
        let remote = self.desk.cache.tree(self.linked.room, self.linked.entry).await?;
        let above = match self.linked.entry {
            Some(entry) => self.desk.cache.path_to(entry).await?,
            None => Vec::new(),
        };
        let permits = Permits { me: me.id, role };
        self.is_closed = !permits.may_change(&above, None);
        let closed = permits.closed(&above, &remote);
        let there: BTreeSet<EntryId> = remote.iter().map(|entry| entry.id).collect();
        let hidden = self.hidden(&there).await?;
        let found = self.look().await?;
        let moving: BTreeSet<String> = open.iter().filter_map(|open| self.inside(&open.path)).collect();
        let (plan, again_in) =
            self.plan(remote.clone(), found, moving, (closed, hidden), me.display_name.clone()).await?;
        let names: BTreeMap<EntryId, Entry> = remote.into_iter().map(|entry| (entry.id, entry)).collect();
        let (done, failed) = self.perform(&plan, &names, open.len()).await?;
        let without = names.values().filter(|entry| !self.bases.contains_key(&entry.id));
        self.coming.extend(without.map(|entry| (entry.id, as_base(entry))));
        let wanted: Vec<Operation> = plan.operations.iter().filter(|one| !is_note(one)).cloned().collect();
        let moves = wanted.iter().filter(|one| is_move(one)).count();
        let question = plan.question.as_ref().map(counted);
        let shown = ShownNow {
            room_title: room.title,
            files: count(self.bases.values().filter(|base| base.kind == EntryKind::File).count()),
            left: count(open.len() + moves),
            question,
            alone: shown_alone(&plan),
        };
        // Moves that are in the queue are waited for; what was done otherwise is looked at again.
        let wanted = if done { wanted } else { wanted.into_iter().filter(|one| !is_move(one)).collect() };
        let trouble = trouble.or(failed);
        if open.is_empty() && plan.operations.is_empty() {
            self.sent.clear();
        }
        let stumbled = open.iter().any(|open| open.waits_for.is_some());
        Ok(Outcome { stumbled, wanted, again_in, trouble, question: plan.question, shown: Some(shown) })
    }

    /// What waits for a person in the queue: what the disk has otherwise by now is planned anew, the rest tried again.
    async fn clear_up(&self, open: &[OpenMove]) -> Option<ErrorView> {
        use crate::command::Command;
        let mut trouble = None;
        for (id, error) in open.iter().filter_map(|open| Some((open.id, open.waits_for.clone()?))) {
            let lasts =
                matches!(error.code, ErrorCode::DiskFull | ErrorCode::RoleTooLow | ErrorCode::TooMany);
            let command = if lasts { Command::TransferRetry { id } } else { Command::TransferCancel { id } };
            if lasts {
                trouble = Some(error);
            }
            if let Err(error) = self.desk.transfers.handle(command).await {
                tracing::warn!(code = %error.code, transfer = %id, "a file of a linked folder stays where it is");
            }
        }
        trouble
    }

    /// What is no longer shared with this person. What was on its way when it was hidden counts as if both had had it: its
    /// copy may lie here already, and is not this person's to send.
    async fn hidden(&mut self, there: &BTreeSet<EntryId>) -> Result<BTreeSet<EntryId>, ErrorView> {
        let known = self.bases.keys().chain(self.coming.keys());
        let missing = known.filter(|id| !there.contains(id)).copied().collect();
        let hidden = self.desk.cache.unknown(missing).await?;
        self.coming.retain(|id, _| hidden.contains(id));
        Ok(hidden)
    }

    async fn look(&mut self) -> Result<scan::Found, ErrorView> {
        let (root, id) = (self.linked.path.clone(), self.linked.id);
        let known = std::mem::take(&mut self.digests);
        // Dropped with the keeper: a long look ends then.
        let stop = tokio_util::sync::CancellationToken::new();
        let _guard = stop.clone().drop_guard();
        let look = move || {
            let found = scan::scan(&root, id, &known, &|| stop.is_cancelled());
            (found, known)
        };
        let (found, known) = tokio::task::spawn_blocking(look).await.map_err(|_| ErrorView::stopped())?;
        self.digests = known;
        let found = found?;
        if self.digests.len() > 2 * found.locals.len() + DIGESTS_SPARE {
            let there = found.locals.iter().filter_map(|local| match &local.seen {
                Seen::File { digest, mark } => Some((scan::key(mark), digest.clone())),
                Seen::Folder { .. } | Seen::Alone(_) => None,
            });
            self.digests = there.collect();
        }
        self.digests.extend(found.read.iter().map(|(mark, digest)| (scan::key(mark), digest.clone())));
        Ok(found)
    }

    async fn plan(
        &mut self,
        remote: Vec<Entry>,
        found: scan::Found,
        moving: BTreeSet<String>,
        (closed, hidden): (BTreeSet<EntryId>, BTreeSet<EntryId>),
        person: String,
    ) -> Result<(Plan, Option<Duration>), ErrorView> {
        let coming = self.coming.values().filter(|base| !self.bases.contains_key(&base.entry));
        let bases: Vec<Base> = self.bases.values().chain(coming).cloned().collect();
        let allowed = self.allowed.clone();
        let right = if self.is_closed { Right::Look } else { self.right };
        let (folder, again_in) = (self.linked.entry, found.again_in);
        let (date, sent) = (today(), self.sent.clone());
        let device = self.desk.device.id();
        let locked =
            remote.iter().filter(|entry| entry.lock.as_ref().is_some_and(|lock| lock.device != device));
        let held: BTreeSet<EntryId> = locked.map(|entry| entry.id).chain(closed).collect();
        let made = tokio::task::spawn_blocking(move || {
            let plan = plan(Trees {
                folder,
                restless: found.restless,
                local: &found.locals,
                remote: &remote,
                bases: &bases,
                moving: &moving,
                held: &held,
                hidden: &hidden,
                sent: &sent,
                allowed: &allowed,
                right,
                person: &person,
                date: &date,
            });
            let sent: Vec<String> =
                plan.operations.iter().filter_map(|one| sends(one, &found.locals)).collect();
            (plan, sent)
        });
        let (plan, sent) = made.await.map_err(|_| ErrorView::stopped())?;
        self.sent.extend(sent);
        Ok((plan, again_in))
    }

    /// A place on this computer as a path of the plan.
    fn inside(&self, path: &Path) -> Option<String> {
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

/// An entry as if both had it.
fn as_base(entry: &Entry) -> Base {
    Base {
        entry: entry.id,
        parent: entry.parent,
        name: entry.name.clone(),
        local: from_server(&entry.name),
        kind: entry.kind,
        digest: entry.digest.clone(),
        version: entry.version,
        mark: Mark::default(),
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
fn today() -> String {
    let now = time::OffsetDateTime::now_utc();
    format!("{:04}-{:02}-{:02}", now.year(), u8::from(now.month()), now.day())
}
