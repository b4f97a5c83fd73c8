//! Which part of a file an answer carries (RFC 9110, sections 13 and 14). Pure: headers in, plan out.
//!
//! One range is served; of several, or of what cannot be read, the whole is sent, as the RFC allows. Entity tags are
//! strong, dates are never sent: an `If-Range` with a date therefore never matches.

use crate::content::Span;
use axum::http::{HeaderMap, Method, header};

/// What to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// 200 with everything.
    Whole,
    /// 206 with a part.
    Part(Span),
    /// 304.
    NotModified,
    /// 412.
    PreconditionFailed,
    /// 416.
    Unsatisfiable,
}

/// The plan for a file of this size with this entity tag (quotes included).
pub(super) fn plan(method: &Method, headers: &HeaderMap, etag: &str, size: u64) -> Plan {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_MATCH).is_some_and(|tags| !any_tag(tags, etag, Comparison::Strong)) {
        return Plan::PreconditionFailed;
    }
    if text(header::IF_NONE_MATCH).is_some_and(|tags| any_tag(tags, etag, Comparison::Weak)) {
        return Plan::NotModified;
    }
    let same = text(header::IF_RANGE).is_none_or(|tag| tag.trim() == etag);
    match text(header::RANGE) {
        Some(range) if same && *method == Method::GET => part(range, size),
        Some(_) | None => Plan::Whole,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Strong,
    Weak,
}

fn any_tag(tags: &str, etag: &str, comparison: Comparison) -> bool {
    tags.split(',').map(str::trim).any(|tag| {
        let tag = match comparison {
            Comparison::Weak => tag.strip_prefix("W/").unwrap_or(tag),
            Comparison::Strong => tag,
        };
        tag == "*" || tag == etag
    })
}

fn part(range: &str, size: u64) -> Plan {
    let Some((unit, range)) = range.split_once('=') else { return Plan::Whole };
    let Some((from, to)) = range.trim().split_once('-') else { return Plan::Whole };
    let (from, to) = (from.trim(), to.trim());
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !unit.trim().eq_ignore_ascii_case("bytes") || !digits(from) || !digits(to) {
        return Plan::Whole;
    }
    // More digits than a size can have: beyond any file.
    let number = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
    let span = match (from.is_empty(), to.is_empty()) {
        (true, true) => return Plan::Whole,
        (true, false) => {
            Span { from: size.saturating_sub(number(to)), to: if number(to) == 0 { 0 } else { size } }
        }
        (false, true) => Span { from: number(from), to: size },
        (false, false) if number(from) > number(to) => return Plan::Whole,
        (false, false) => Span { from: number(from), to: number(to).saturating_add(1).min(size) },
    };
    if span.from < span.to { Plan::Part(span) } else { Plan::Unsatisfiable }
}
