//! Uploads begun, looked at and given up.

use super::entries::id_reused;
use super::place::place_of;
use super::table::activities::{About, append};
use super::table::{members, uploads};
use super::{ContentStore, Doing, Ended, Goal, Spot, UploadRow, forwards, sight, space};
use crate::content::rules::{self, Canceller};
use crate::error::Refusal;
use pod_shared::content::ActivityKind;
use pod_shared::{AccountId, ErrorCode, UploadId, limits};
use rusqlite::Connection;

impl ContentStore {
    /// Begins an upload. Repeatable by the id, by its sender: answers the upload as it stands.
    pub(crate) async fn begin_upload(&self, doing: Doing, new: UploadRow) -> Result<Begun, Refusal> {
        let quotas = self.quotas;
        self.change(move |conn| {
            let new = match new.goal {
                Goal::Folder(_) => new,
                Goal::Offer(offer) => forwards::rest_of(conn, offer, new)?,
            };
            if let Some(there) = uploads::get(conn, new.id)? {
                return Ok(Begun { upload: repeated(conn, there, &new)?, given_up: Vec::new() });
            }
            if uploads::count_open_by(conn, doing.by)? >= limits::OPEN_UPLOADS_PER_ACCOUNT_MAX as u64 {
                return Err(Refusal::new(ErrorCode::TooMany, "that many uploads cannot be open at once"));
            }
            let mut given_up = Vec::new();
            match &new.goal {
                Goal::Folder(spot) => {
                    rules::writer(members::role(conn, spot.room, doing.by)?)?;
                    place_of(conn, spot, new.by, new.promised.as_ref())?;
                    space::require(conn, quotas, spot.room, new.by, new.length)?;
                    uploads::insert(conn, &new)?;
                    append(conn, spot.room, doing, &ActivityKind::UploadStarted, about(spot, &new))?;
                }
                Goal::Offer(offer) => {
                    forwards::being_sent(conn, *offer, doing.by)?;
                    given_up = forwards::give_up_uploads(conn, *offer)?;
                    uploads::insert(conn, &new)?;
                }
            }
            Ok(Begun { upload: new, given_up })
        })
        .await
    }

    /// An upload that is open or done, for its sender, who must still be allowed to send.
    pub(crate) async fn upload(&self, account: AccountId, upload: UploadId) -> Result<UploadRow, Refusal> {
        self.db
            .read(move |conn| {
                let upload = uploads::get(conn, upload)?.ok_or_else(rules::not_found)?;
                if upload.by != account {
                    return Err(rules::not_found());
                }
                may_send(conn, &upload)?;
                if upload.ended == Ended::Cancelled { Err(gone()) } else { Ok(upload) }
            })
            .await
    }

    /// Gives an upload up, by its sender or a manager of the room. Repeatable.
    pub(crate) async fn cancel_upload(&self, doing: Doing, upload: UploadId) -> Result<(), Refusal> {
        self.change(move |conn| {
            let upload = uploads::get(conn, upload)?.ok_or_else(rules::not_found)?;
            let who = if upload.by == doing.by { Canceller::Sender } else { Canceller::Other };
            match &upload.goal {
                Goal::Folder(spot) => {
                    rules::cancel(members::role(conn, spot.room, doing.by)?, who)?;
                    if !sight::Sight::of(conn, spot.room, doing.by)?.sees_upload(&upload)? {
                        return Err(rules::not_found());
                    }
                }
                Goal::Offer(_) if who == Canceller::Sender => {}
                Goal::Offer(_) => return Err(rules::not_found()),
            }
            match upload.ended {
                Ended::Not => cancel(conn, doing, &upload),
                Ended::Cancelled => Ok(()),
                Ended::Done { .. } | Ended::Forwarded => {
                    Err(Refusal::new(ErrorCode::Conflict, "the upload is finished"))
                }
            }
        })
        .await
    }

    /// Gives up an upload that cannot be finished, or ran out; fine when it is not open any more.
    pub(crate) async fn drop_upload(&self, doing: Doing, upload: UploadId) -> Result<(), Refusal> {
        self.change(move |conn| match uploads::get(conn, upload)? {
            Some(upload) if upload.ended == Ended::Not => cancel(conn, doing, &upload),
            Some(_) | None => Ok(()),
        })
        .await
    }

    /// Open uploads of everybody after an id.
    pub(crate) async fn open_uploads(
        &self,
        after: Option<UploadId>,
        limit: u32,
    ) -> Result<Vec<UploadRow>, Refusal> {
        self.db.read(move |conn| Ok(uploads::open_after(conn, after, limit)?)).await
    }

    /// What an upload has come to; nothing: it never was.
    pub(crate) async fn ended(&self, upload: UploadId) -> Result<Option<Ended>, Refusal> {
        self.db.read(move |conn| Ok(uploads::get(conn, upload)?.map(|upload| upload.ended))).await
    }

    /// Keeps from where on the bytes of an upload are not yet compared with their checksum; nothing: all are.
    pub(crate) async fn set_unproven(&self, upload: UploadId, from: Option<u64>) -> Result<(), Refusal> {
        self.db.write(move |conn| Ok(uploads::set_unproven(conn, upload, from)?)).await
    }
}

/// An upload just begun, or begun before.
#[derive(Clone, Debug)]
pub(crate) struct Begun {
    /// It.
    pub(crate) upload: UploadRow,
    /// Uploads that it takes the place of.
    pub(crate) given_up: Vec<UploadId>,
}

/// Whether its sender may still send it.
fn may_send(conn: &Connection, upload: &UploadRow) -> Result<(), Refusal> {
    match &upload.goal {
        Goal::Folder(spot) => {
            rules::writer(members::role(conn, spot.room, upload.by)?)?;
            if upload.ended == Ended::Not { sight::sender(conn, spot, upload.by) } else { Ok(()) }
        }
        Goal::Offer(_) if upload.ended == Ended::Forwarded => Ok(()),
        Goal::Offer(offer) => forwards::being_sent(conn, *offer, upload.by).map(drop),
    }
}

pub(super) fn repeated(conn: &Connection, there: UploadRow, new: &UploadRow) -> Result<UploadRow, Refusal> {
    let same = (&there.goal, there.by, there.length, there.promised)
        == (&new.goal, new.by, new.length, new.promised);
    if !same {
        return Err(id_reused());
    }
    may_send(conn, &there)?;
    if there.ended == Ended::Cancelled { Err(gone()) } else { Ok(there) }
}

/// Marks an open upload as given up and tells it.
pub(super) fn cancel(conn: &Connection, doing: Doing, upload: &UploadRow) -> Result<(), Refusal> {
    uploads::set_cancelled(conn, upload.id)?;
    if let Goal::Folder(spot) = &upload.goal {
        append(conn, spot.room, doing, &ActivityKind::UploadCancelled, about(spot, upload))?;
    }
    Ok(())
}

/// What an activity on an upload that is not an entry yet is about.
fn about<'a>(spot: &'a Spot, upload: &UploadRow) -> About<'a> {
    About { name: &spot.name, size: upload.length, upload: Some(upload.id), ..About::default() }
}

fn gone() -> Refusal {
    Refusal::new(ErrorCode::Gone, "the upload was cancelled or ran out")
}
