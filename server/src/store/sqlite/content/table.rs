//! The SQL of content.db, a file for each table. Each function is one statement or two inside somebody else's
//! transaction; nothing here decides who may do what.

pub(super) mod activities;
pub(super) mod blobs;
pub(super) mod columns;
pub(super) mod comments;
pub(super) mod entries;
pub(super) mod forwards;
pub(super) mod groups;
pub(super) mod locks;
pub(super) mod loose;
pub(super) mod members;
pub(super) mod openings;
pub(super) mod permissions;
pub(super) mod permits;
pub(super) mod pictures;
pub(super) mod purges;
pub(super) mod ratings;
pub(super) mod readable;
pub(super) mod spares;
pub(super) mod uploads;
pub(super) mod used;
pub(super) mod versions;
pub(super) mod words;
