//! What files say, for the index: read in quiet, one after the other, within limits of bytes, pages, time and memory.
//!
//! Texts are decoded here. A PDF is read by a process of its own (`pod-server read-pdf`) that can do nothing but answer:
//! whatever a hostile file makes of it, a crash, a loop, a flood of memory, ends that process and not this one. What was
//! read, or cannot be, is kept by the digest of the content and not read again. What was being read when the server ended is read
//! by its next life.

use super::{Content, Inner, tokens};
use crate::blobs::ReadAt;
use crate::error::Refusal;
use crate::store::sqlite::content::{NextText, ToRead};
use pod_shared::content::PreviewKind;
use pod_shared::limits;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

mod pdf;
mod text;

pub use pdf::read_pdf;

/// How often it is looked when nothing changes, or the database fails.
const IDLE: Duration = Duration::from_secs(600);
/// Bytes read at once.
const PIECE_BYTES: usize = 256 * 1024;

impl Content {
    /// Reads PDFs with this program from now on, each for at most so long; without one they are found by their names only.
    pub fn read_pdfs_with(&self, program: PathBuf, patience: Duration) {
        if self.inner.pdf_reader.set((program, patience)).is_ok() {
            self.inner.store.words_changed().notify_one();
        }
    }

    /// Brings the index up to what changed; ends when there is nothing more.
    pub(crate) async fn catch_up_index(&self) -> Result<(), Refusal> {
        loop {
            while self.store().index_some().await? {
                crate::fault::point("words_indexed");
            }
            match self.store().next_to_read().await? {
                NextText::None => return Ok(()),
                NextText::Settled => {}
                NextText::Read(file) => self.read(&file).await?,
            }
        }
    }

    async fn read(&self, file: &ToRead) -> Result<(), Refusal> {
        let said = match PreviewKind::of(&file.name, file.size) {
            Some(PreviewKind::Text | PreviewKind::Markdown) => self.read_text(file).await,
            Some(PreviewKind::Pdf) => self.read_document(file).await,
            Some(PreviewKind::Image | PreviewKind::Audio | PreviewKind::Video) | None => Ok(None),
        };
        crate::fault::point("text_read");
        let said = said.unwrap_or_else(|refusal| {
            tracing::info!(code = %refusal.code(), "what a file says could not be read for the search");
            None
        });
        let cut = tokio::task::spawn_blocking(move || tokens::text(&said.unwrap_or_default())).await;
        self.store().keep_text(file, cut.map_err(|error| Refusal::of_work(&error))?).await
    }

    async fn read_text(&self, file: &ToRead) -> Result<Option<String>, Refusal> {
        let bytes = self.first_bytes(file, limits::INDEX_TEXT_BYTES_MAX).await?;
        let truncated = file.size > bytes.len() as u64;
        Ok(text::decoded(&bytes, truncated))
    }

    /// The first bytes of a content.
    async fn first_bytes(&self, file: &ToRead, most: usize) -> Result<Vec<u8>, Refusal> {
        let object = self.open_stored(file.lying.clone()).await?;
        let read = tokio::task::spawn_blocking(move || beginning(object, most)).await;
        read.map_err(|error| Refusal::of_work(&error))?.map_err(|error| Refusal::internal(&error))
    }

    async fn read_document(&self, file: &ToRead) -> Result<Option<String>, Refusal> {
        let Some((program, patience)) = self.inner.pdf_reader.get() else { return Ok(None) };
        if file.size > limits::INDEX_PDF_BYTES_MAX as u64 {
            return Ok(None);
        }
        let bytes = self.first_bytes(file, limits::INDEX_PDF_BYTES_MAX).await?;
        ask(program, *patience, bytes).await.map(Some).map_err(|error| Refusal::internal(&error))
    }
}

/// The first bytes of an object.
fn beginning(mut object: Box<dyn ReadAt>, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while bytes.len() < most {
        let from = bytes.len();
        bytes.resize(most.min(from + PIECE_BYTES), 0);
        let read = object.read_at(from as u64, &mut bytes[from..])?;
        bytes.truncate(from + read);
        if read == 0 {
            break;
        }
    }
    Ok(bytes)
}

/// Has the program read a PDF. It ends with this, however far it is.
async fn ask(program: &Path, patience: Duration, bytes: Vec<u8>) -> io::Result<String> {
    let mut child = Command::new(program)
        .arg("read-pdf")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else { return Ok(String::new()) };
    let feed = tokio::spawn(async move {
        // It may end before it has read all.
        let _ = stdin.write_all(&bytes).await;
    });
    let mut said = Vec::new();
    let mut stdout = stdout.take(limits::INDEX_TEXT_BYTES_MAX as u64);
    // What it said until it failed, or took too long, is worth having.
    let _ = tokio::time::timeout(patience, stdout.read_to_end(&mut said)).await;
    feed.abort();
    let _ = child.start_kill();
    let _ = child.wait().await;
    Ok(String::from_utf8_lossy(&said).into_owned())
}

/// Begins to keep the index in step, what an earlier life left first; ends with the last handle.
pub(super) fn start(content: &Content) {
    let (service, woken) = (Arc::downgrade(&content.inner), content.inner.store.words_changed());
    tokio::spawn(async move {
        while look(&service).await {
            // A dropped service is found at the next look.
            let _ = tokio::time::timeout(IDLE, woken.notified()).await;
        }
    });
}

/// Answers whether the service is still there.
async fn look(service: &Weak<Inner>) -> bool {
    let Some(inner) = service.upgrade() else { return false };
    if let Err(refusal) = (Content { inner }).catch_up_index().await {
        tracing::warn!(code = %refusal.code(), "the index for searching could not be brought up to date");
    }
    true
}
