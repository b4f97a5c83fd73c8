//! What was deleted from a room's folder and can come back.
//!
//! `GET /v1/rooms/{room}/trash?before=POSITION&limit=N` is a [`TrashPage`], what was deleted last first. `POST
//! /v1/entries/{id}/restore` brings one back, with all that was deleted with it: where it lay, or into the next folder above
//! that is still there, under a free name. `DELETE /v1/entries/{id}/trash` deletes one for good, repeatably, with all that
//! lies in it: by who manages the room, and a file by who registered it. `DELETE /v1/rooms/{room}/trash?up_to=POSITION` does
//! so with all that was deleted up to there, by who manages the room. The server does it by itself after the days that its
//! operator says. Of what is deleted for good the log keeps its lines, and devices hear of it as of any deletion.

use super::Entry;
use crate::{ContentPosition, TimeMs};
use serde::{Deserialize, Serialize};

/// `GET /v1/rooms/{room}/trash`: what was deleted last first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashPage {
    /// What was deleted, each with all that went with it.
    pub items: Vec<TrashItem>,
    /// There is more, deleted before.
    pub more: bool,
    /// Days until the server deletes for good by itself.
    pub days: u32,
}

/// One thing that was deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashItem {
    /// It, as it was; `modified_by` deleted it, at `modified_at`.
    pub entry: Entry,
    /// Where its deletion stands in the folder's log.
    pub at: ContentPosition,
    /// Names of the folders in which it lay, from the top down.
    pub path: Vec<String>,
    /// Files and folders that come back with it.
    pub below: u64,
    /// When it is deleted for good.
    pub until: TimeMs,
}
