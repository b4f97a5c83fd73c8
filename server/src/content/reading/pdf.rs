//! What a PDF says, read in a process that does nothing else: bytes on standard input, text on standard output.

use pod_shared::limits;
use std::io::{Read, Write};
use std::panic::AssertUnwindSafe;

/// Memory of the process, in bytes; a system without such limits has none.
#[cfg(unix)]
const MEMORY_BYTES_MAX: u64 = 1 << 30;

/// Reads a PDF from standard input and writes what its pages say to standard output, page by page, so that of one that
/// takes too long the beginning is known. What it cannot read is left out.
///
/// # Errors
/// When standard input or output is closed.
pub fn read_pdf() -> std::io::Result<()> {
    confine();
    let mut bytes = Vec::new();
    std::io::stdin().take(limits::INDEX_PDF_BYTES_MAX as u64).read_to_end(&mut bytes)?;
    let mut out = std::io::stdout().lock();
    each_page(&bytes, |page| {
        writeln!(out, "{page}")?;
        out.flush()
    })
}

/// Less than it may take from the system: it needs no files and little memory.
fn confine() {
    #[cfg(unix)]
    {
        let seconds = limits::INDEX_PDF_MS_MAX.div_ceil(1_000);
        // Where the system refuses a limit the time of the parent still holds.
        for (resource, most) in [
            (rlimit::Resource::AS, MEMORY_BYTES_MAX),
            (rlimit::Resource::CPU, seconds),
            (rlimit::Resource::FSIZE, 0),
            (rlimit::Resource::CORE, 0),
        ] {
            let _ = resource.set(most, most);
        }
    }
}

/// What each page says, in order; pages that the reader fails on are left out.
fn each_page(bytes: &[u8], mut say: impl FnMut(&str) -> std::io::Result<()>) -> std::io::Result<()> {
    let load = || {
        let mut document = pdf_extract::Document::load_mem(bytes).ok()?;
        if document.is_encrypted() {
            document.decrypt("").ok()?;
        }
        Some(document)
    };
    let Ok(Some(document)) = std::panic::catch_unwind(AssertUnwindSafe(load)) else { return Ok(()) };
    for page in document.get_pages().into_keys().take(limits::INDEX_PDF_PAGES_MAX) {
        let mut said = String::new();
        let read = || {
            let mut output = pdf_extract::PlainTextOutput::new(&mut said);
            pdf_extract::output_doc_page(&document, &mut output, page).is_ok()
        };
        // Half a page is worth having, too.
        let _ = std::panic::catch_unwind(AssertUnwindSafe(read));
        say(&said)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
