//! Offers from person to person in the queue (seed 004): files that go straight, through the server, or half and half.
//!
//! One task owns the rows (`desk`); every decision is `pod_machine::offer`, every step is in `state.db` before it is
//! done. What is to be told to the messenger is part of a row and told until it is taken (`speak`); what the messenger
//! says comes from the cache. `read`, `send` and `fetch` go through the server, `pull` and `book` straight. Refuses to
//! take a file without a person's yes, and to name one whose digest is not the promised one.

mod accept;
mod asks;
mod book;
mod desk;
mod fetch;
mod job;
mod perform;
mod pull;
mod row;
mod send;
mod settings;
mod shown;
mod speak;
mod table;

pub(super) use book::Ledger;
pub(super) use desk::Desk;
pub(crate) use table::TABLES;
