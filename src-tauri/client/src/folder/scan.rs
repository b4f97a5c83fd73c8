//! One look at a linked folder: everything that lies in it, files with their digest. Blocks.
//!
//! A file is read only when it rested for [`QUIET`]; what its [`Mark`] was then is remembered with the digest. The system's
//! time of change in it cannot be set by a program, and a later change, even one of the same size within one tick of the
//! clock, comes after it: so an unchanged mark means an unchanged file.

use super::disk::{MARKER, mark_of};
use super::local;
use crate::view::ErrorView;
use pod_machine::folder::{Alone, Local, Mark, Seen};
use pod_shared::{ErrorCode, LinkedId, limits};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A file that was changed within this time is left until it rests: whoever writes it may not be ready.
pub(crate) const QUIET: Duration = Duration::from_millis(800);
/// On a disk that counts time in whole seconds two changes may look like one for this long.
const QUIET_COARSE: Duration = Duration::from_millis(2_500);
/// A time that lies further in the future than this means that the clock was set back.
const AHEAD: Duration = Duration::from_secs(2);
/// Bytes read at once.
const PIECE_BYTES: usize = 256 * 1024;

/// Digests of files that were read, by what they were then.
pub(crate) type Digests = HashMap<(u64, u64, i64, i64), String>;

/// What a look found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// Everything, each folder before what lies in it.
    pub(crate) locals: Vec<Local>,
    /// Something in the linked folder itself came or went just now.
    pub(crate) restless: bool,
    /// Files that were read.
    pub(crate) read: Vec<(Mark, String)>,
    /// Something was left because it was just changing: look again after this time.
    pub(crate) again_in: Option<Duration>,
}

/// The key of a file in [`Digests`].
pub(crate) fn key(mark: &Mark) -> (u64, u64, i64, i64) {
    (mark.inode, mark.size, mark.modified_ns, mark.changed_ns)
}

/// What tells the file or folder there from a changed one.
pub(super) fn mark_of_path(path: &Path) -> std::io::Result<Mark> {
    Ok(mark_of(&fs::symlink_metadata(path)?))
}

/// Looks at everything. `stop` ends a long look.
pub(crate) fn scan(
    root: &Path,
    id: LinkedId,
    known: &Digests,
    stop: &dyn Fn() -> bool,
) -> Result<Found, ErrorView> {
    super::disk::check_root(root, id)?;
    let mut look = Look::new(known, stop);
    look.found.restless = look.changes(&mark_of_path(root).map_err(local)?);
    look.folder(root, "")?;
    // The folder may have gone while it was looked at: what is missing then is not deleted.
    super::disk::check_root(root, id)?;
    look.found.locals.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(look.found)
}

/// What a look at the time of its beginning finds.
pub(super) struct Look<'a> {
    known: &'a Digests,
    stop: &'a dyn Fn() -> bool,
    now_ns: i64,
    found: Found,
}

impl<'a> Look<'a> {
    pub(super) fn new(known: &'a Digests, stop: &'a dyn Fn() -> bool) -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { known, stop, now_ns: nanos(since), found: Found::default() }
    }

    /// All that it found.
    pub(super) fn found(self) -> Found {
        self.found
    }

    /// One thing of the disk, with all that lies in it.
    pub(super) fn through(
        &mut self,
        at: &Path,
        path: String,
        metadata: &Metadata,
    ) -> Result<Vec<Local>, ErrorView> {
        self.one(at, path, metadata)?;
        Ok(std::mem::take(&mut self.found.locals))
    }

    /// What lies in one folder, and in those in it. The top must be readable, the others are left alone if not.
    fn folder(&mut self, folder: &Path, path: &str) -> Result<(), ErrorView> {
        for item in fs::read_dir(folder).map_err(local)? {
            if (self.stop)() {
                return Err(ErrorView::stopped());
            }
            let item = item.map_err(local)?;
            let name = item.file_name();
            let Some(name) = name.to_str() else {
                self.alone(joined(path, &name.to_string_lossy()), 0, Alone::Name);
                continue;
            };
            if is_passing(name) {
                continue;
            }
            if self.found.locals.len() >= limits::ENTRIES_PER_ROOM_MAX {
                return Err(ErrorView::new(ErrorCode::TooMany, "the folder holds more than a room can"));
            }
            let path = joined(path, name);
            // Gone between the two questions: the folder is restless then, and looked at again.
            let Ok(metadata) = fs::symlink_metadata(item.path()) else {
                self.again_in(QUIET);
                continue;
            };
            self.one(&item.path(), path, &metadata)?;
        }
        Ok(())
    }

    fn one(&mut self, at: &Path, path: String, metadata: &Metadata) -> Result<(), ErrorView> {
        let mark = mark_of(metadata);
        if metadata.is_symlink() {
            self.alone(path, mark.inode, Alone::Link);
        } else if metadata.is_dir() {
            let restless = self.changes(&mark);
            let place = self.found.locals.len();
            self.found.locals.push(Local {
                path: path.clone(),
                inode: mark.inode,
                seen: Seen::Folder { restless },
            });
            let depth = path.matches('/').count() + 1;
            if depth >= limits::FOLDER_DEPTH_MAX || self.folder(at, &path).is_err() {
                if (self.stop)() {
                    return Err(ErrorView::stopped());
                }
                self.found.locals.truncate(place);
                self.alone(path, mark.inode, Alone::Unreadable);
            }
        } else if metadata.is_file() {
            self.file(at, path, mark);
        } else {
            self.alone(path, mark.inode, Alone::Special);
        }
        Ok(())
    }

    fn file(&mut self, at: &Path, path: String, mark: Mark) {
        if let Some(digest) = self.known.get(&key(&mark)) {
            let seen = Seen::File { digest: digest.clone(), mark };
            self.found.locals.push(Local { path, inode: mark.inode, seen });
            return;
        }
        if self.changes(&mark) {
            return self.alone(path, mark.inode, Alone::Busy);
        }
        match digest(at, self.stop) {
            Ok(digest) if fs::symlink_metadata(at).is_ok_and(|after| mark_of(&after) == mark) => {
                // A time of change in the future says nothing about a later one.
                if mark.changed_ns <= self.now_ns {
                    self.found.read.push((mark, digest.clone()));
                }
                let seen = Seen::File { digest, mark };
                self.found.locals.push(Local { path, inode: mark.inode, seen });
            }
            Ok(_) => {
                self.again_in(QUIET);
                self.alone(path, mark.inode, Alone::Busy);
            }
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                self.alone(path, mark.inode, Alone::Unreadable);
            }
            // Locked by who writes it, or gone meanwhile.
            Err(_) => {
                self.again_in(QUIET);
                self.alone(path, mark.inode, Alone::Busy);
            }
        }
    }

    /// Whether it was changed just now.
    pub(super) fn changes(&mut self, mark: &Mark) -> bool {
        let age = self.now_ns.saturating_sub(mark.changed_ns);
        let coarse = mark.changed_ns % 1_000_000_000 == 0;
        let quiet = if coarse { QUIET_COARSE } else { QUIET };
        let changes = age < nanos(quiet) && age > -nanos(AHEAD);
        if changes {
            let left = u64::try_from(nanos(quiet).saturating_sub(age)).unwrap_or_default();
            self.again_in(Duration::from_nanos(left));
        }
        changes
    }

    fn again_in(&mut self, time: Duration) {
        self.found.again_in = Some(self.found.again_in.map_or(time, |before| before.min(time)));
    }

    fn alone(&mut self, path: String, inode: u64, why: Alone) {
        self.found.locals.push(Local { path, inode, seen: Seen::Alone(why) });
    }
}

/// Files that are nobody's: of this program, of the system, and of editors while they are open.
pub(super) fn is_passing(name: &str) -> bool {
    name == MARKER
        || name.ends_with(".pod-part")
        || name.ends_with(".pod-old")
        || matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini")
        || (name.starts_with(".~lock.") && name.ends_with('#'))
        || name.starts_with("~$")
        || (name.starts_with('.') && (name.ends_with(".swp") || name.ends_with(".swx")))
}

/// Whether a file may be deleted with the folder that holds it and nothing else.
pub(crate) fn is_rubbish(name: &str) -> bool {
    matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

pub(crate) fn digest(at: &Path, stop: &dyn Fn() -> bool) -> std::io::Result<String> {
    let mut file = File::open(at)?;
    let mut digest = Sha256::new();
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        if stop() {
            return Err(ErrorKind::TimedOut.into());
        }
        match file.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => digest.update(piece.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn joined(above: &str, name: &str) -> String {
    if above.is_empty() { name.to_owned() } else { format!("{above}/{name}") }
}

fn nanos(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)
}
