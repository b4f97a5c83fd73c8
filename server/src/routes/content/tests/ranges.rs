//! The table of ranges and tags.

use crate::content::Span;
use crate::routes::content::range::{Plan, plan};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};

const TAG: &str = "\"abc\"";

fn planned(method: Method, size: u64, headers: &[(&'static str, &str)]) -> Plan {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
        .collect();
    plan(&method, &headers, TAG, size)
}

#[test]
fn one_range_is_a_part_and_what_cannot_be_read_is_the_whole() {
    let part = |from, to| Plan::Part(Span { from, to });
    let table = [
        ("bytes=0-0", part(0, 1)),
        ("bytes=0-", part(0, 10)),
        ("bytes=9-9", part(9, 10)),
        ("bytes=3-99", part(3, 10)),
        ("bytes=3-99999999999999999999999", part(3, 10)),
        ("Bytes = 3-4", part(3, 5)),
        ("bytes=-3", part(7, 10)),
        ("bytes=-99", part(0, 10)),
        ("bytes=-0", Plan::Unsatisfiable),
        ("bytes=10-", Plan::Unsatisfiable),
        ("bytes=99999999999999999999999-", Plan::Unsatisfiable),
        ("bytes=5-4", Plan::Whole),
        ("bytes=-", Plan::Whole),
        ("bytes=", Plan::Whole),
        ("bytes=a-b", Plan::Whole),
        ("bytes=+1-2", Plan::Whole),
        ("bytes=0-1,3-4", Plan::Whole),
        ("pages=0-1", Plan::Whole),
    ];
    for (range, expected) in table {
        assert_eq!(planned(Method::GET, 10, &[("range", range)]), expected, "{range}");
    }
    assert_eq!(planned(Method::HEAD, 10, &[("range", "bytes=0-1")]), Plan::Whole);
    assert_eq!(planned(Method::GET, 0, &[("range", "bytes=0-")]), Plan::Unsatisfiable);
    assert_eq!(planned(Method::GET, 0, &[]), Plan::Whole);
}

#[test]
fn tags_decide_before_ranges() {
    let range = ("range", "bytes=0-1");
    let part = Plan::Part(Span { from: 0, to: 2 });
    let table: [(&[(&'static str, &str)], Plan); 11] = [
        (&[range, ("if-range", TAG)], part),
        (&[range, ("if-range", "\"old\"")], Plan::Whole),
        (&[range, ("if-range", "W/\"abc\"")], Plan::Whole),
        (&[range, ("if-range", "Fri, 20 Nov 2026 00:00:00 GMT")], Plan::Whole),
        (&[("if-none-match", TAG), range], Plan::NotModified),
        (&[("if-none-match", "\"x\", W/\"abc\"")], Plan::NotModified),
        (&[("if-none-match", "*")], Plan::NotModified),
        (&[("if-none-match", "\"x\"")], Plan::Whole),
        (&[("if-match", "\"x\""), range], Plan::PreconditionFailed),
        (&[("if-match", "W/\"abc\"")], Plan::PreconditionFailed),
        (&[("if-match", "\"x\", \"abc\""), range], part),
    ];
    for (headers, expected) in table {
        assert_eq!(planned(Method::GET, 10, headers), expected, "{headers:?}");
    }
}
