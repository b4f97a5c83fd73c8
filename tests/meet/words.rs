//! Lines of words in, lines of JSON out.

use anyhow::Context;
use pod_shared::OfferId;
use serde_json::Value;
use std::io::Write;

/// The words of one line.
pub(crate) struct Words<'a>(std::str::SplitWhitespace<'a>);

impl<'a> Words<'a> {
    /// Of this line.
    pub(crate) fn of(line: &'a str) -> Self {
        Self(line.split_whitespace())
    }

    /// The next one.
    pub(crate) fn next(&mut self) -> anyhow::Result<&'a str> {
        self.0.next().context("a word is missing")
    }

    /// The next one as an offer.
    pub(crate) fn offer(&mut self) -> anyhow::Result<OfferId> {
        Ok(self.next()?.parse()?)
    }

    /// The next one as bytes.
    pub(crate) fn bytes(&mut self) -> anyhow::Result<Vec<u8>> {
        let text = self.next()?;
        let pairs = (0..text.len()).step_by(2).map(|at| text.get(at..at + 2));
        let bytes =
            pairs.map(|pair| u8::from_str_radix(pair.context("hex has pairs")?, 16).map_err(Into::into));
        bytes.collect()
    }
}

/// Bytes as hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a line. Who does not listen any more does not want to know.
pub(crate) fn say(line: &Value) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}
