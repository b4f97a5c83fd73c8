//! Kinds of activities: each that is known is read as itself, and one of a later version breaks nothing.

use crate::content::{Activity, ActivityKind, Changes};
use crate::wire;

/// Each that is known.
pub(super) fn kinds() -> Vec<ActivityKind> {
    use ActivityKind as Kind;
    vec![
        Kind::GroupCreated,
        Kind::UploadStarted,
        Kind::Uploaded,
        Kind::UploadCancelled,
        Kind::Modified,
        Kind::Downloaded,
        Kind::FolderCreated,
        Kind::Renamed { from: "겨울.txt".into() },
        Kind::Moved,
        Kind::Deleted,
        Kind::Restored,
        Kind::RoomPicture,
        Kind::ConflictKept { of: "봄.txt".into() },
        Kind::VersionRestored { version: 3 },
        Kind::Locked,
        Kind::Unlocked,
        Kind::LockExpired,
        Kind::LockBroken { reason: "봄".into() },
        Kind::Commented,
        Kind::CommentDeleted,
        Kind::Rated { halves: 9 },
        Kind::Opened,
        Kind::OpenedTold { on: false },
        Kind::PermissionChanged,
        Kind::Purged,
        Kind::TrashEmptied,
        Kind::MetadataChanged,
    ]
}

const PAGE: &str = r#"{"activities":[
  {"id":"01920000-0000-7000-8000-000000000001","position":1,"at":2,"by":"01920000-0000-7000-8000-000000000002","kind":KIND}
],"entries":[],"uploads":[],"position":1,"more":false}"#;

#[test]
fn each_known_kind_is_read_as_itself_from_both_forms() {
    // One that was kept before is kept again.
    let kept = ActivityKind::Unknown { was: "later".into() };
    for kind in kinds().into_iter().chain([kept]) {
        let page = PAGE.replace("KIND", &serde_json::to_string(&kind).unwrap());
        let changes: Changes = serde_json::from_str(&page).unwrap();
        assert_eq!(changes.activities[0].kind, kind);
        let activity: Activity = wire::decode(&wire::encode(&changes.activities[0]).unwrap()).unwrap();
        assert_eq!(activity.kind, kind, "as the cache keeps it");
    }
}

#[test]
fn a_kind_of_a_later_version_is_kept_and_breaks_no_page() {
    for (kind, word) in [(r#""painted""#, "painted"), (r#"{"tagged":{"with":["a",{"b":1}]}}"#, "tagged")] {
        let changes: Changes = serde_json::from_str(&PAGE.replace("KIND", kind)).unwrap();
        assert_eq!(changes.activities[0].kind, ActivityKind::Unknown { was: word.into() });
        let kept: Activity = wire::decode(&wire::encode(&changes.activities[0]).unwrap()).unwrap();
        assert_eq!(kept, changes.activities[0]);
    }
}
