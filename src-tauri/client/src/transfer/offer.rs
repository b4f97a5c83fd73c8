//! Offers from person to person in the queue (seed 004): files that go straight, through the server, or half and half.
//!
//! Every decision is `pod_machine::offer`, every step is in `state.db` before it is done. What is to be told to the
//! messenger is part of a row and told until it is taken (`speak`); what the messenger says comes from the cache
//! (`known`). `send` and `fetch` go through the server, `pull` and `book` straight. Refuses to take a file without a
//! person's yes, and to name one whose digest is not the promised one.

mod accept;
mod asks;
mod book;
mod fetch;
mod job;
mod known;
mod pull;
mod row;
mod send;
mod shown;
mod speak;
pub(super) mod table;

pub(super) use book::Ledger;
pub(super) use known::Offers;
pub(super) use row::{Offer, Side};
pub(crate) use table::{DECLINED, TABLES};

use job::Job;
use pod_machine::transfer::Task;

/// Does the work of an offer.
pub(super) async fn run(job: Job, task: Task) {
    match task {
        Task::Read | Task::Move => send::read(job).await,
        Task::Send { from } => send::run(job, from).await,
        Task::Pull => pull::run(job).await,
        Task::Fetch { from } => fetch::run(job, from).await,
    }
}
