//! The sender's disk: one thread that reads the pieces asked for, a little ahead, and looks that the file stays the same.

use super::part::Run;
use super::{Manifest, Source, disk};
use bytes::Bytes;
use pod_machine::transfer::Stamp;
use pod_shared::ErrorCode;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Pieces read ahead.
const AHEAD: usize = 1;

/// An open source, still what it was.
pub(super) struct Outlet {
    file: File,
    stamp: Stamp,
    manifest: Arc<Manifest>,
}

impl Outlet {
    /// Opens it. `file_changed`: something else is there; `file_unreadable`.
    pub(super) async fn open(source: &Source) -> Result<Self, ErrorCode> {
        let source = source.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let file = File::open(&source.path).map_err(|error| gone(&error))?;
            let outlet = Self { file, stamp: source.stamp, manifest: source.manifest };
            outlet.is_same().then_some(outlet).ok_or(ErrorCode::FileChanged)
        });
        opened.await.unwrap_or(Err(ErrorCode::FileUnreadable))
    }

    /// Reads what is asked for, in order, until nobody asks or takes any more. The last one may be the reason why not.
    pub(super) fn read(mut self, mut asked: mpsc::Receiver<Run>) -> mpsc::Receiver<Result<Bytes, ErrorCode>> {
        let (pieces, taken) = mpsc::channel(AHEAD);
        tokio::task::spawn_blocking(move || {
            while let Some(run) = asked.blocking_recv() {
                for index in run.first..run.first.saturating_add(run.count) {
                    let piece = self.piece(index);
                    let last = piece.is_err();
                    if pieces.blocking_send(piece).is_err() || last {
                        return;
                    }
                }
            }
        });
        taken
    }

    fn piece(&mut self, index: u32) -> Result<Bytes, ErrorCode> {
        let (at, length) = self.manifest.place(index).ok_or(ErrorCode::BadRequest)?;
        let mut bytes = vec![0; length];
        let read = self.file.seek(SeekFrom::Start(at)).and_then(|_| self.file.read_exact(&mut bytes));
        read.map_err(|error| gone(&error))?;
        // Looked at after reading: what was written before the reading shows.
        if self.is_same() { Ok(bytes.into()) } else { Err(ErrorCode::FileChanged) }
    }

    fn is_same(&self) -> bool {
        disk::stamp(&self.file).is_ok_and(|stamp| stamp == self.stamp)
    }
}

/// A file that is gone or shorter is another file.
fn gone(error: &io::Error) -> ErrorCode {
    if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::UnexpectedEof) {
        ErrorCode::FileChanged
    } else {
        disk::trouble(error).code
    }
}
