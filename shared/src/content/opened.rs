//! Who looked at a file: told once for each person and version, in rooms that want to know (N8).
//!
//! `POST /v1/entries/{id}/opened` with an [`OpenedNew`], repeatably: a person looked at that version. Nothing else is ever
//! told as opened: no download, no preview in a list, nothing that a linked folder fetches. `PUT
//! /v1/groups/{room}/opened` with an [`OpenedSwitch`], by who manages the room: whether the room is told at all; told itself
//! as [`super::ActivityKind::OpenedTold`].

use serde::{Deserialize, Serialize};

/// `POST /v1/entries/{id}/opened`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedNew {
    /// The version that was looked at.
    pub version: u32,
}

/// `PUT /v1/groups/{room}/opened`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedSwitch {
    /// Whether it is told.
    pub on: bool,
}
