//! A content packed piece by piece: any part of it is read by unpacking the pieces it lies in, no others.
//!
//! The object holds the pieces one after the other, each packed with zstd, or as it is where that is not smaller; then
//! where each ends (8 bytes: twice the place behind it, and 1 more when it is packed); then a mark, the size of the
//! content and the number of pieces. Nothing of this is trusted when it is read back: what does not fit is an error.

use super::{Blobs, CHUNK_BYTES, Partial, ReadAt};
use std::io;
use zstd::bulk::{Compressor, Decompressor};

#[cfg(test)]
mod tests;

/// How hard it is packed: on text a third of the size at some hundred MiB a second.
const LEVEL: i32 = 3;
const MARK: &[u8; 8] = b"podpack1";
const FOOT_BYTES: u64 = 24;
const END_BYTES: u64 = 8;

/// Smaller contents take a block of the disk either way: they are never packed.
pub const PACKED_BYTES_MIN: u64 = 8 * 1024;

/// Samples taken to see whether packing pays, and bytes of each.
const SAMPLES: u64 = 4;
const SAMPLE_BYTES: u64 = 64 * 1024;

/// Whether packed bytes are so much fewer that it pays.
#[must_use]
pub fn pays(packed: u64, plain: u64) -> bool {
    packed * 10 <= plain * 9
}

/// Whether packing pays for a content, as far as some samples tell.
///
/// # Errors
/// What reading says.
pub fn promises(content: &mut dyn ReadAt) -> io::Result<bool> {
    let size = content.size()?;
    let mut packer = Compressor::new(LEVEL)?;
    let (mut plain, mut packed) = (0, 0);
    for number in 0..SAMPLES {
        let at = size.saturating_sub(SAMPLE_BYTES) / (SAMPLES - 1) * number;
        let mut sample = vec![0; usize::try_from(SAMPLE_BYTES.min(size)).unwrap_or_default()];
        read_all(content, at, &mut sample)?;
        plain += sample.len() as u64;
        packed += packer.compress(&sample)?.len() as u64;
    }
    Ok(pays(packed, plain))
}

/// A content being packed into a partial one.
pub struct Packing {
    partial: Box<dyn Partial>,
    packer: Compressor<'static>,
    ends: Vec<u64>,
    at: u64,
    size: u64,
}

impl Packing {
    /// Begins under this name.
    ///
    /// # Errors
    /// What the place says.
    pub fn begin(blobs: &dyn Blobs, name: &str) -> io::Result<Self> {
        let mut partial = blobs.partial(name)?;
        partial.cut_to(0)?;
        Ok(Self { partial, packer: Compressor::new(LEVEL)?, ends: Vec::new(), at: 0, size: 0 })
    }

    /// Takes the next piece: [`CHUNK_BYTES`] each, the last may be shorter.
    ///
    /// # Errors
    /// What the place says.
    pub fn add(&mut self, piece: &[u8]) -> io::Result<()> {
        let packed = self.packer.compress(piece)?;
        let is_smaller = packed.len() < piece.len();
        self.append(if is_smaller { &packed } else { piece })?;
        self.size += piece.len() as u64;
        self.ends.push(self.at << 1 | u64::from(is_smaller));
        Ok(())
    }

    /// Writes where everything is; answers the bytes of all.
    ///
    /// # Errors
    /// What the place says.
    pub fn end(mut self) -> io::Result<u64> {
        let count = self.ends.len() as u64;
        let mut tail: Vec<u8> = self.ends.iter().flat_map(|end| end.to_le_bytes()).collect();
        tail.extend_from_slice(MARK);
        tail.extend_from_slice(&self.size.to_le_bytes());
        tail.extend_from_slice(&count.to_le_bytes());
        self.append(&tail)?;
        Ok(self.at)
    }

    fn append(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let written = self.partial.append(bytes)?;
            self.at += written as u64;
            bytes = &bytes[written..];
        }
        Ok(())
    }
}

/// A packed content, read as if it were not.
pub struct Packed {
    object: Box<dyn ReadAt>,
    unpacker: Decompressor<'static>,
    size: u64,
    /// Where the table of ends begins.
    table: u64,
    /// The piece unpacked last.
    held: Option<u64>,
    piece: Vec<u8>,
    packed: Vec<u8>,
}

impl Packed {
    /// Opens an object that holds a packed content.
    ///
    /// # Errors
    /// `InvalidData` when it does not, and what reading says.
    pub fn open(mut object: Box<dyn ReadAt>) -> io::Result<Self> {
        let length = object.size()?;
        let foot_at = length.checked_sub(FOOT_BYTES).ok_or_else(|| broken("it is too short"))?;
        let mut foot = [0; FOOT_BYTES as usize];
        read_all(&mut *object, foot_at, &mut foot)?;
        let (mark, numbers) = foot.split_at(MARK.len());
        let (size, count) = numbers.split_at(END_BYTES as usize);
        let (size, count) = (number(size), number(count));
        let table = count.checked_mul(END_BYTES).and_then(|bytes| foot_at.checked_sub(bytes));
        let (true, Some(table)) = (mark == MARK && count == size.div_ceil(CHUNK_BYTES), table) else {
            return Err(broken("its end says something else"));
        };
        let (piece, packed) = (Vec::new(), Vec::new());
        let mut opened =
            Self { object, unpacker: Decompressor::new()?, size, table, held: None, piece, packed };
        if count > 0 && opened.end_of(count - 1)?.0 != table {
            return Err(broken("its pieces end somewhere else"));
        }
        Ok(opened)
    }

    /// Where a piece ends, and whether it is packed.
    fn end_of(&mut self, piece: u64) -> io::Result<(u64, bool)> {
        let mut end = [0; END_BYTES as usize];
        read_all(&mut *self.object, self.table + piece * END_BYTES, &mut end)?;
        let end = u64::from_le_bytes(end);
        Ok((end >> 1, end & 1 == 1))
    }

    fn hold(&mut self, piece: u64) -> io::Result<()> {
        if self.held == Some(piece) {
            return Ok(());
        }
        self.held = None;
        let begin = if piece == 0 { 0 } else { self.end_of(piece - 1)?.0 };
        let (end, is_packed) = self.end_of(piece)?;
        let length = CHUNK_BYTES.min(self.size - piece * CHUNK_BYTES);
        let stored = end.checked_sub(begin).filter(|stored| *stored <= length && end <= self.table);
        let stored = stored.ok_or_else(|| broken("a piece lies where none can"))?;
        let into = if is_packed { &mut self.packed } else { &mut self.piece };
        into.resize(usize::try_from(stored).unwrap_or_default(), 0);
        read_all(&mut *self.object, begin, into)?;
        if is_packed {
            self.piece.resize(usize::try_from(length).unwrap_or_default(), 0);
            let unpacked = self.unpacker.decompress_to_buffer(&self.packed, self.piece.as_mut_slice())?;
            self.piece.truncate(unpacked);
        }
        if self.piece.len() as u64 != length {
            return Err(broken("a piece has another length"));
        }
        self.held = Some(piece);
        Ok(())
    }
}

impl ReadAt for Packed {
    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        if offset >= self.size || into.is_empty() {
            return Ok(0);
        }
        self.hold(offset / CHUNK_BYTES)?;
        let from = usize::try_from(offset % CHUNK_BYTES).unwrap_or_default();
        let some = &self.piece[from..];
        let count = some.len().min(into.len());
        into[..count].copy_from_slice(&some[..count]);
        Ok(count)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }
}

/// Reads as many bytes as there is room for.
pub(crate) fn read_all(from: &mut dyn ReadAt, at: u64, into: &mut [u8]) -> io::Result<()> {
    let mut done = 0;
    while done < into.len() {
        match from.read_at(at + done as u64, &mut into[done..])? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => done += read,
        }
    }
    Ok(())
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("not a packed content: {what}"))
}
