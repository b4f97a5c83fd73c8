//! Whether the bytes that the database speaks of are there, and no others: for `pod-server check`.

use super::downloads::open_form;
use crate::blobs::{Blobs, Digesting, DiskBlobs};
use crate::store::StoreError;
use crate::store::sqlite::content::{ExpectedFiles, StoredBlob};
use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// How closely files are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// That they are there, in the right size.
    Sizes,
    /// Also every byte, by the digests.
    Digests,
}

/// One line for each file that is missing, wrong or belongs to nothing. `expected` asks the database, after the files
/// were listed.
///
/// # Errors
/// When the database or the folder cannot be read.
pub fn check_files(
    data: &Path,
    depth: Depth,
    expected: impl FnOnce() -> Result<ExpectedFiles, StoreError>,
) -> Result<Vec<String>, StoreError> {
    let blobs = DiskBlobs::open(&data.join(super::BLOBS))?;
    // Listed first: what is linked meanwhile is then expected as well.
    let (objects, partials) = (blobs.objects()?, blobs.partials()?);
    let expected = expected()?;
    let mut violations = Vec::new();
    for blob in &expected.blobs {
        violations.extend(
            problem(&blobs, blob, depth)?.map(|what| format!("stored content {}: {what}", blob.object)),
        );
    }
    let linked: BTreeSet<&str> = expected.blobs.iter().map(|blob| blob.object.as_str()).collect();
    for object in
        objects.iter().filter(|name| !linked.contains(name.as_str()) && !expected.open.contains(*name))
    {
        violations.push(format!("stored content {object}: no version has it"));
    }
    for partial in
        partials.iter().filter(|name| !linked.contains(name.as_str()) && !expected.open.contains(*name))
    {
        violations.push(format!("partial content {partial}: no open upload has it"));
    }
    Ok(violations)
}

fn problem(blobs: &dyn Blobs, blob: &StoredBlob, depth: Depth) -> io::Result<Option<&'static str>> {
    let mut object = match open_form(blobs, &blob.object, blob.form) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Some("its file is missing")),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Ok(Some("its file is no packed content"));
        }
        other => other?,
    };
    if object.size()? != blob.size {
        return Ok(Some("its file has another size"));
    }
    if depth == Depth::Sizes {
        return Ok(None);
    }
    let mut digesting = Digesting::default();
    match digesting.catch_up(&mut *object, u64::MAX) {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::Other) => {
            return Ok(Some("a packed piece cannot be unpacked"));
        }
        other => _ = other?,
    }
    let content = digesting.finish();
    if content.sha256 != blob.sha256 {
        return Ok(Some("its bytes do not have its digest"));
    }
    Ok((content.chunks != blob.chunks).then_some("a piece does not have its digest"))
}
