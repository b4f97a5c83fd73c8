//! Every limit is exceeded in a test, or at least named in one.

use crate::source::{files, none};

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
    let found: Vec<String> = limits
        .map(|(limit, _)| limit)
        .filter(|limit| !tests.iter().any(|text| names(text, limit)))
        .map(str::to_owned)
        .collect();
    none(&found, "a limit that no test names");
}
