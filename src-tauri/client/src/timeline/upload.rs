//! How far an upload in the chat is, from what the folder's log, this device's queue and live progress say of it.

use super::Around;
use crate::cache::{Page, PlacedActivity};
use crate::transfer::LocalUpload;
use crate::view::{FileState, LiveUpload, TransferState, TransferView, UploadPhase};
use pod_shared::content::{Activity, ActivityKind, PreviewKind};
use pod_shared::{Role, UploadId};

/// An upload that the server knows.
pub(super) fn of_activity(
    page: &Page,
    around: &Around<'_>,
    id: UploadId,
    placed: &PlacedActivity,
) -> LiveUpload {
    let started = &placed.activity;
    let newest = placed.end.as_ref().unwrap_or(started);
    let local = around.uploads.iter().find(|upload| upload.upload == id).map(|upload| &upload.transfer);
    let (told, length) = page.uploads.get(&id).copied().unwrap_or((0, 0));
    let offset = around.progress.get(&id).copied().unwrap_or(0).max(told);
    let phase = match ended(page, around, newest) {
        Some(phase) => phase,
        None => match local {
            Some(transfer) => of_transfer(transfer, offset),
            None => UploadPhase::Moving { offset, rate: None },
        },
    };
    let role = page.members.iter().find(|member| member.account == around.me).and_then(|member| member.role);
    LiveUpload {
        upload: id,
        transfer: local.map(|transfer| transfer.id),
        entry: newest.entry,
        name: newest.name.clone(),
        size: newest.size.max(started.size).max(length),
        may_cancel: open(&phase) && (started.by == around.me || role.is_some_and(Role::manages)),
        preview: stored(&phase).then(|| PreviewKind::of(&newest.name, newest.size)).flatten(),
        version: if stored(&phase) { newest.version } else { 0 },
        conflict_of: conflict_of(&newest.kind),
        phase,
    }
}

/// An upload of this device that the server does not know yet.
pub(super) fn waiting(upload: &LocalUpload, around: &Around<'_>, role: Option<Role>) -> LiveUpload {
    let transfer = &upload.transfer;
    let offset = around.progress.get(&upload.upload).copied().unwrap_or(0).max(transfer.done);
    let phase = of_transfer(transfer, offset);
    LiveUpload {
        upload: upload.upload,
        transfer: Some(transfer.id),
        entry: transfer.entry,
        name: transfer.name.clone(),
        size: transfer.total,
        // A room that is not at the server yet has no roles.
        may_cancel: open(&phase) && role.is_none_or(Role::writes),
        preview: None,
        version: 0,
        conflict_of: None,
        phase,
    }
}

fn conflict_of(kind: &ActivityKind) -> Option<String> {
    if let ActivityKind::ConflictKept { of } = kind { Some(of.clone()) } else { None }
}

fn ended(page: &Page, around: &Around<'_>, newest: &Activity) -> Option<UploadPhase> {
    match newest.kind {
        ActivityKind::Uploaded | ActivityKind::Modified | ActivityKind::ConflictKept { .. } => {
            let entry = newest.entry.and_then(|id| page.entries.get(&id));
            if entry.is_some_and(|entry| entry.deleted) {
                return Some(UploadPhase::Deleted);
            }
            let file = newest.entry.and_then(|id| around.files.get(&id).cloned());
            Some(UploadPhase::Stored { file: file.unwrap_or(FileState::Server) })
        }
        ActivityKind::UploadCancelled => Some(UploadPhase::Cancelled),
        ActivityKind::GroupCreated
        | ActivityKind::UploadStarted
        | ActivityKind::Downloaded
        | ActivityKind::FolderCreated
        | ActivityKind::Renamed { .. }
        | ActivityKind::Moved
        | ActivityKind::Deleted
        | ActivityKind::Restored
        | ActivityKind::VersionRestored { .. }
        | ActivityKind::Commented
        | ActivityKind::CommentDeleted
        | ActivityKind::Purged
        | ActivityKind::TrashEmptied
        | ActivityKind::MetadataChanged
        | ActivityKind::Rated { .. }
        | ActivityKind::Locked
        | ActivityKind::Unlocked
        | ActivityKind::LockExpired
        | ActivityKind::LockBroken { .. }
        | ActivityKind::PermissionChanged
        | ActivityKind::Opened
        | ActivityKind::OpenedTold { .. }
        | ActivityKind::Unknown { .. }
        | ActivityKind::RoomPicture => None,
    }
}

fn of_transfer(transfer: &TransferView, told: u64) -> UploadPhase {
    let offset = told.max(transfer.done);
    match &transfer.state {
        TransferState::Waiting(stuck) => UploadPhase::Waiting { stuck: Some(stuck.clone()), offset },
        TransferState::Moving | TransferState::Verifying => {
            UploadPhase::Moving { offset, rate: transfer.rate }
        }
        TransferState::Paused => UploadPhase::Paused { offset },
        // All bytes are there; the folder's log has not said so yet.
        TransferState::Done => UploadPhase::Moving { offset: transfer.total, rate: None },
        TransferState::Failed { error } => UploadPhase::Failed { error: error.clone() },
        TransferState::Cancelled => UploadPhase::Cancelled,
    }
}

fn stored(phase: &UploadPhase) -> bool {
    matches!(phase, UploadPhase::Stored { .. })
}

fn open(phase: &UploadPhase) -> bool {
    match phase {
        UploadPhase::Waiting { .. }
        | UploadPhase::Moving { .. }
        | UploadPhase::Paused { .. }
        | UploadPhase::Failed { .. } => true,
        UploadPhase::Stored { .. } | UploadPhase::Cancelled | UploadPhase::Deleted => false,
    }
}
