//! Every limit is named in a test: the one that exceeds it.

use crate::source::{files, none};

#[test]
fn every_limit_is_named_in_a_test() {
    let list = files().iter().find(|file| file.path == "shared/src/limits.rs").unwrap();
    let limits = list.text.lines().filter_map(|line| line.strip_prefix("pub const ")?.split_once(':'));
    let tests: Vec<&str> =
        files().iter().filter(|file| file.is_test()).map(|file| file.text.as_str()).collect();
    let names = |text: &&str, limit: &str| {
        let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
        text.match_indices(limit).any(|(at, _)| {
            ends(text[..at].chars().next_back()) && ends(text[at + limit.len()..].chars().next())
        })
    };
    let named = |limit: &str| tests.iter().any(|text| names(text, limit));
    let found: Vec<String> =
        limits.map(|(limit, _)| limit).filter(|limit| !named(limit)).map(str::to_owned).collect();
    none(&found, "a limit that no test names");
}
