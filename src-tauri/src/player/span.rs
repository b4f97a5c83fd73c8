//! Which part of a file a request asks for (RFC 9110, section 14). Pure.

/// From, and up to but not with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: u64,
    pub(super) to: u64,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Whole,
    Part(Span),
    /// No byte of it is there.
    Beyond,
}

/// Reads a `Range`; of several ranges, or of what cannot be read, the whole is sent, as the RFC allows.
pub(super) fn read(range: Option<&str>, size: u64) -> Asked {
    let parts = range.and_then(|range| range.trim().strip_prefix("bytes=")?.split_once('-'));
    let Some((from, to)) = parts else { return Asked::Whole };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(from) || !digits(to) {
        return Asked::Whole;
    }
    // More digits than a size can have: beyond any file.
    let number = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
    let span = match (from.is_empty(), to.is_empty()) {
        (true, true) => return Asked::Whole,
        (true, false) if number(to) == 0 => return Asked::Beyond,
        (true, false) => Span { from: size.saturating_sub(number(to)), to: size },
        (false, true) => Span { from: number(from), to: size },
        (false, false) if number(from) > number(to) => return Asked::Whole,
        (false, false) => Span { from: number(from), to: number(to).saturating_add(1).min(size) },
    };
    if span.from < span.to { Asked::Part(span) } else { Asked::Beyond }
}
