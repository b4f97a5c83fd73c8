//! Where contents are kept: partial ones that grow at their end, and stored ones that never change.
//!
//! The seam for other places than a disk: [`Blobs`] and [`Partial`], with one conformance suite. A stored object has a
//! unique name and is immutable; nothing here knows rooms, people or databases. All calls block: callers run them off
//! the asynchronous threads.

#[cfg(test)]
pub(crate) mod conformance;
mod digest;
mod disk;
mod packed;

pub use digest::{CHUNK_BYTES, Content, Digesting};
pub use disk::DiskBlobs;
pub(crate) use packed::read_all;
pub use packed::{PACKED_BYTES_MIN, Packed, Packing, pays, promises};

use std::io;
use std::time::SystemTime;

/// A place for contents.
pub trait Blobs: Send + Sync + 'static {
    /// Opens a partial content to append to it; makes it if it is not there.
    ///
    /// # Errors
    /// What the place says.
    fn partial(&self, name: &str) -> io::Result<Box<dyn Partial>>;

    /// How long a partial content is, and when it last grew; nothing: it is not there.
    ///
    /// # Errors
    /// What the place says.
    fn partial_state(&self, name: &str) -> io::Result<Option<PartialState>>;

    /// Makes a partial content durable and turns it into the stored object of the same name. Repeatable.
    ///
    /// # Errors
    /// What the place says; the partial content is then still there.
    fn keep(&self, name: &str) -> io::Result<()>;

    /// Makes a durable stored object of bytes that are all here. A name is used once.
    ///
    /// # Errors
    /// `StorageFull` when there is no room, and what the place says.
    fn store(&self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Opens a stored object.
    ///
    /// # Errors
    /// `NotFound` when there is none, and what the place says.
    fn open(&self, object: &str) -> io::Result<Box<dyn ReadAt>>;

    /// Drops a partial content; fine when there is none.
    ///
    /// # Errors
    /// What the place says.
    fn discard(&self, name: &str) -> io::Result<()>;

    /// Drops a stored object; fine when there is none.
    ///
    /// # Errors
    /// What the place says.
    fn remove(&self, object: &str) -> io::Result<()>;

    /// Names of all partial contents.
    ///
    /// # Errors
    /// What the place says.
    fn partials(&self) -> io::Result<Vec<String>>;

    /// Names of all stored objects.
    ///
    /// # Errors
    /// What the place says.
    fn objects(&self) -> io::Result<Vec<String>>;
}

/// A partial content as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartialState {
    /// Bytes.
    pub length: u64,
    /// When it last grew.
    pub touched: SystemTime,
}

/// A partial content, open at its end.
pub trait Partial: ReadAt {
    /// Appends some of the bytes, at least one; answers how many. What is appended is part of the length at once.
    ///
    /// # Errors
    /// `StorageFull` when there is no room, and what the place says.
    fn append(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// Cuts it back to a length.
    ///
    /// # Errors
    /// What the place says.
    fn cut_to(&mut self, length: u64) -> io::Result<()>;

    /// Bytes in it.
    fn length(&self) -> u64;

    /// What makes the bytes so far durable, to be run beside further appending: at the end little is left to wait for.
    ///
    /// # Errors
    /// What the place says.
    fn syncing(&self) -> io::Result<Syncing>;
}

/// Makes bytes durable; an error means that they may be lost.
pub type Syncing = Box<dyn FnOnce() -> io::Result<()> + Send>;

/// Something that can be read from any place in it.
pub trait ReadAt: Send {
    /// Reads up to the length of `into` from a place; answers how many bytes, 0 at the end.
    ///
    /// # Errors
    /// What the place says.
    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize>;

    /// Bytes in it.
    ///
    /// # Errors
    /// What the place says.
    fn size(&self) -> io::Result<u64>;
}
