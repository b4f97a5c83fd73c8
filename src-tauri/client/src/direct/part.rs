//! The part file of a fetch: whole pieces only, each checked before it is written.
//!
//! There is no journal: what an earlier run left is read again and compared with the manifest, so a kill at any moment
//! costs at most the pieces that were not on the disk. Each function blocks. Refuses to write a byte that is not the
//! file's, and to call a byte durable before it is synced.

use super::{Manifest, disk};
use crate::view::ErrorView;
use pod_shared::limits;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

#[cfg(test)]
mod tests;

/// Consecutive pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The first.
    pub first: u32,
    /// How many, at least one.
    pub count: u32,
}

/// A part file that is being written.
pub struct Part {
    file: File,
    manifest: Arc<Manifest>,
    have: Vec<bool>,
    /// Pieces from the first on that are there without a gap.
    whole: u32,
    bytes: u64,
    unsynced: u64,
    durable: u64,
}

/// What became of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// Written.
    Written,
    /// These are not the bytes of that piece; nothing was written.
    Wrong,
}

impl Part {
    /// Opens the part file where an earlier run left it, or a new one, and reads what it holds.
    ///
    /// # Errors
    /// `disk_full`, `file_unreadable`.
    pub fn open(path: &Path, manifest: Arc<Manifest>, stop: &dyn Fn() -> bool) -> Result<Self, ErrorView> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| disk::trouble(&error))?;
        }
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(path);
        let mut file = file.map_err(|error| disk::trouble(&error))?;
        let have = read_again(&mut file, &manifest, stop).map_err(|error| disk::trouble(&error))?;
        let mut part = Self { file, manifest, have, whole: 0, bytes: 0, unsynced: 0, durable: 0 };
        part.bytes = part.places().map(|(_, length)| length as u64).sum();
        part.unsynced = part.bytes;
        part.advance();
        // Bytes behind the last piece would be named with the file.
        let length = part.file.metadata().map_err(|error| disk::trouble(&error))?.len();
        if length > part.manifest.size() {
            part.file.set_len(part.manifest.size()).map_err(|error| disk::trouble(&error))?;
        }
        Ok(part)
    }

    /// Bytes that are there, checked.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Bytes from the first one on that survive a power cut.
    #[must_use]
    pub fn durable(&self) -> u64 {
        self.durable
    }

    /// Whether everything is there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.whole as usize == self.have.len()
    }

    /// What is not there, in order.
    #[must_use]
    pub fn missing(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (index, _) in (0_u32..).zip(&self.have).filter(|(_, have)| !**have) {
            match runs.last_mut() {
                Some(run) if run.first + run.count == index => run.count += 1,
                _ => runs.push(Run { first: index, count: 1 }),
            }
        }
        runs
    }

    /// Checks a piece and writes it to its place.
    ///
    /// # Errors
    /// `disk_full`, `file_unreadable`.
    pub fn put(&mut self, index: u32, bytes: &[u8]) -> Result<Put, ErrorView> {
        let Some((at, _)) = self.manifest.place(index) else { return Ok(Put::Wrong) };
        if !self.manifest.is_piece(index, bytes) {
            return Ok(Put::Wrong);
        }
        let seek = self.file.seek(SeekFrom::Start(at));
        seek.and_then(|_| self.file.write_all(bytes)).map_err(|error| disk::trouble(&error))?;
        if let Some(have) = self.have.get_mut(index as usize)
            && !*have
        {
            *have = true;
            self.bytes += bytes.len() as u64;
        }
        self.unsynced += bytes.len() as u64;
        self.advance();
        Ok(Put::Written)
    }

    /// Brings what was written to the disk, when it is enough to be worth it, or the last time is long ago. Answers
    /// whether it did.
    ///
    /// # Errors
    /// `disk_full`, `file_unreadable`.
    pub fn sync_at_times(&mut self, since_last: Duration) -> Result<bool, ErrorView> {
        let due = since_last >= Duration::from_millis(limits::DIRECT_UNSYNCED_MS_MAX);
        let worth = due || self.unsynced >= limits::DIRECT_UNSYNCED_BYTES_MAX || self.is_whole();
        if worth {
            self.sync()?;
        }
        Ok(worth)
    }

    /// Brings everything that was written to the disk.
    ///
    /// # Errors
    /// `disk_full`, `file_unreadable`.
    pub fn sync(&mut self) -> Result<(), ErrorView> {
        if self.unsynced > 0 {
            self.file.sync_data().map_err(|error| disk::trouble(&error))?;
            self.unsynced = 0;
        }
        let begins = u64::from(self.whole) * limits::OFFER_PIECE_BYTES;
        self.durable = begins.min(self.manifest.size());
        Ok(())
    }

    fn advance(&mut self) {
        while self.have.get(self.whole as usize) == Some(&true) {
            self.whole += 1;
        }
    }

    /// The places of the pieces that are there.
    fn places(&self) -> impl Iterator<Item = (u64, usize)> {
        let there = (0_u32..).zip(&self.have).filter(|(_, have)| **have);
        there.filter_map(|(index, _)| self.manifest.place(index))
    }
}

/// Which pieces a file holds.
fn read_again(file: &mut File, manifest: &Manifest, stop: &dyn Fn() -> bool) -> io::Result<Vec<bool>> {
    let mut have = vec![false; manifest.pieces().len()];
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    for (index, have) in (0_u32..).zip(have.iter_mut()) {
        if stop() {
            return Err(ErrorKind::Interrupted.into());
        }
        let Some((_, length)) = manifest.place(index) else { break };
        bytes.resize(length, 0);
        match file.read_exact(&mut bytes) {
            Ok(()) => *have = manifest.is_piece(index, &bytes),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        }
    }
    Ok(have)
}

/// Bytes from the first one on that a part file holds, checked against the manifest; nothing when there is no file.
///
/// # Errors
/// `file_unreadable`, also when `stop` said so.
pub fn whole(path: &Path, manifest: &Manifest, stop: &dyn Fn() -> bool) -> Result<u64, ErrorView> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(disk::trouble(&error)),
    };
    let have = read_again(&mut file, manifest, stop).map_err(|error| disk::trouble(&error))?;
    let pieces = have.iter().take_while(|have| **have).count() as u64;
    Ok(pieces.saturating_mul(limits::OFFER_PIECE_BYTES).min(manifest.size()))
}
