//! The part file of a download on the disk, and how it gets its name. Each function blocks.
//!
//! Refuses to overwrite a file that is not ours, and to name a file whose digest is not the promised one.

use super::source::{digest_of, hex, unreadable};
use super::trouble::Failure;
use pod_machine::transfer::{Content, Trouble};
use pod_shared::{TransferId, limits};
use sha2::{Digest, Sha256};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes of a file's name that its part file keeps.
const PART_STEM_BYTES_MAX: usize = 200;
/// Names tried before a folder counts as full of namesakes.
const NAMESAKES_MAX: u32 = 10_000;

/// A part file that is being written.
pub(super) struct Part {
    file: File,
    path: PathBuf,
    digest: Sha256,
    bytes: u64,
}

/// Where the bytes of a download lie until they are whole: beside the file, under a name that no other transfer and no
/// file of the person has, and that no system finds too long.
pub(super) fn part_path(dest: &Path, transfer: TransferId) -> PathBuf {
    let name = dest.file_name().unwrap_or_default().to_string_lossy();
    let begin = &name[..name.floor_char_boundary(PART_STEM_BYTES_MAX)];
    // The first digits are the time, and alike for transfers of one moment.
    let id = transfer.to_string();
    let own = &id[id.len().saturating_sub(12)..];
    dest.with_file_name(format!("{begin}.{own}.pod-part"))
}

impl Part {
    /// Opens the part file where an earlier run left it; what it holds is read again for the digest.
    pub(super) fn open(path: PathBuf, content: &Content, stop: &dyn Fn() -> bool) -> Result<Self, Failure> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(local)?;
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).map_err(local)?;
        let mut length = file.metadata().map_err(local)?.len();
        if length > content.size {
            file.set_len(0).map_err(local)?;
            length = 0;
        }
        let (digest, bytes) = digest_of(&mut file, length, stop).map_err(local)?;
        Ok(Self { file, path, digest, bytes })
    }

    /// An empty part file, whatever an earlier run left.
    pub(super) fn anew(path: PathBuf) -> Result<Self, Failure> {
        let open = || OpenOptions::new().write(true).create(true).truncate(true).open(&path);
        let file = match open() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| open())
            }
            other => other,
        };
        Ok(Self { file: file.map_err(local)?, path, digest: Sha256::new(), bytes: 0 })
    }

    /// Bytes that are there.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Begins from the first byte.
    pub(super) fn clear(&mut self) -> Result<(), Failure> {
        self.file.set_len(0).map_err(local)?;
        self.file.seek(SeekFrom::Start(0)).map_err(local)?;
        self.digest = Sha256::new();
        self.bytes = 0;
        Ok(())
    }

    /// Appends.
    pub(super) fn write(&mut self, piece: &[u8]) -> Result<(), Failure> {
        self.file.write_all(piece).map_err(local)?;
        self.digest.update(piece);
        self.bytes += piece.len() as u64;
        Ok(())
    }

    /// Checks the digest and brings everything to the disk; gives where it lies.
    pub(super) fn whole(self, content: &Content) -> Result<PathBuf, Failure> {
        if self.bytes != content.size || hex(&self.digest.finalize()) != content.digest {
            return Err(Failure::new(Trouble::BytesWrong, "the bytes that came are not those of the file"));
        }
        self.file.sync_all().map_err(local)?;
        drop(self.file);
        // Renamed or moved away, itself or the folder around it: it comes again, to where it was wanted.
        if !self.path.exists() {
            return Err(Failure::new(Trouble::BytesWrong, "what came so far is not where it was any more"));
        }
        Ok(self.path)
    }

    /// Checks the digest, brings everything to the disk, and gives the file its name, or one beside it when that is
    /// taken by another content: the same one is there already, as after a kill between the name and the note of it.
    /// `replaces` is a file of ours that may make room.
    pub(super) fn place(
        self,
        dest: &Path,
        content: &Content,
        replaces: Option<&Path>,
    ) -> Result<PathBuf, Failure> {
        let part = self.whole(content)?;
        if replaces == Some(dest) {
            fs::rename(&part, dest).map_err(local)?;
            return Ok(dest.to_owned());
        }
        for number in 1..NAMESAKES_MAX {
            let name = namesake(dest, number);
            match claim(&part, &name) {
                Ok(()) => return Ok(name),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    if holds(&name, content) {
                        drop_part(&part);
                        return Ok(name);
                    }
                }
                Err(error) => return Err(local(error)),
            }
        }
        Err(local(ErrorKind::AlreadyExists.into()))
    }
}

/// Whether this content lies there as a file. What can't be read is another one.
pub(super) fn holds(path: &Path, content: &Content) -> bool {
    let alike = fs::symlink_metadata(path).is_ok_and(|there| there.is_file() && there.len() == content.size);
    let digest = || digest_of(&mut File::open(path)?, content.size, &|| false);
    alike
        && digest()
            .is_ok_and(|(found, bytes)| bytes == content.size && hex(&found.finalize()) == content.digest)
}

/// Deletes what came down so far.
pub(super) fn drop_part(part: &Path) {
    if let Err(error) = fs::remove_file(part)
        && error.kind() != ErrorKind::NotFound
    {
        tracing::warn!(kind = %error.kind(), "a part file could not be deleted");
    }
}

/// `name.ext`, `name (2).ext`, `name (3).ext` ..., cut where it would be too long for a file system.
pub(super) fn namesake(path: &Path, number: u32) -> PathBuf {
    if number <= 1 {
        return path.to_owned();
    }
    let mut tail = OsString::from(format!(" ({number})"));
    if let Some(extension) = path.extension() {
        tail.push(".");
        tail.push(extension);
    }
    let mut name = path.file_stem().map(OsString::from).unwrap_or_default();
    let room = limits::ENTRY_NAME_BYTES_MAX.saturating_sub(tail.len());
    if name.len() > room {
        let stem = name.to_string_lossy().into_owned();
        name = stem[..stem.floor_char_boundary(room)].trim_end().into();
    }
    name.push(tail);
    path.with_file_name(name)
}

/// Moves the file to a name that nobody has. A link never replaces anything, a rename would.
fn claim(part: &Path, name: &Path) -> io::Result<()> {
    match fs::hard_link(part, name) {
        Ok(()) => fs::remove_file(part),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
        Err(_) => {
            // A disk without links: an empty file of ours holds the name for the rename.
            OpenOptions::new().write(true).create_new(true).open(name)?;
            fs::rename(part, name).inspect_err(|_| drop(fs::remove_file(name)))
        }
    }
}

fn local(error: io::Error) -> Failure {
    Failure::from(unreadable(&error))
}
