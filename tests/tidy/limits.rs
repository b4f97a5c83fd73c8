//! Every limit is exceeded in a test, or at least named in one.

use crate::source::{files, none};

/// Limits that no test exceeds yet. The list only shrinks: a limit that a test names may not stay on it.
const OWED: &[&str] = &[
    "SERVER_FRAME_BYTES_MAX",
    "REQUESTS_IN_FLIGHT_MAX",
    "CONNECTIONS_MAX",
    "SYNC_KEY_DAYS",
    "INTERLOCK_SILENCE_MS_MAX",
    "RELAY_BATCH_MAX",
    "INTERLOCK_SKEW_MS_MAX",
    "PROGRESS_EVERY_MS",
    "OUTBOX_MESSAGES_MAX",
    "TRANSFERS_MAX",
    "CLIENT_EVENTS_MAX",
];

#[test]
fn every_limit_is_named_in_a_test() {
    let list = files().iter().find(|file| file.path == "shared/src/limits.rs").unwrap();
    let limits = list.text.lines().filter_map(|line| line.strip_prefix("pub const ")?.split_once(':'));
    let tests: Vec<&str> = files()
        .iter()
        .filter(|file| file.is_test() && file.name() != "limits.rs")
        .map(|file| file.text.as_str())
        .collect();
    let names = |text: &&str, limit: &str| {
        text.match_indices(limit).any(|(at, _)| {
            let after = text[at + limit.len()..].chars().next();
            after.is_none_or(|c| !c.is_alphanumeric() && c != '_')
        })
    };
    let named = |limit: &str| tests.iter().any(|text| names(text, limit));
    let found: Vec<String> = limits
        .map(|(limit, _)| limit)
        .filter(|limit| named(limit) == OWED.contains(limit))
        .map(str::to_owned)
        .collect();
    none(&found, "a limit that no test names, or that is owed no more");
}
