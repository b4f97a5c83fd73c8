//! The shape of files and names: short, one idea each, and named after what they are.

use crate::source::{files, none, rust, with_ending, words};

/// The wall: no file of ours is longer.
const LINES_MAX: usize = 400;
/// Words that stand for a design that is not finished.
const EMPTY_WORDS: &[&str] =
    &["manager", "service", "helper", "helpers", "util", "utils", "processor", "misc", "common"];

#[test]
fn no_file_is_longer_than_four_hundred_lines() {
    let long = |lines: usize| lines > LINES_MAX;
    let found: Vec<String> = with_ending(&[".rs", ".ts", ".svelte", ".css", ".sh", ".py", ".mjs"])
        .filter(|file| !file.path.ends_with("bindings.ts"))
        .map(|file| (file.text.lines().count(), &file.path))
        .filter(|(lines, _)| long(*lines))
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    none(&found, "longer than 400 lines: split by idea");
}

#[test]
fn every_rust_file_begins_with_what_it_is() {
    let begins = |text: &str| text.lines().next().is_some_and(|line| line.starts_with("//! "));
    let found: Vec<String> =
        rust().filter(|file| !begins(&file.text)).map(|file| file.path.clone()).collect();
    none(&found, "the first line is not `//! ...`");
}

#[test]
fn modules_are_files_beside_their_folder_and_tests_stand_beside_the_logic() {
    let mut found: Vec<String> = rust().filter(|f| f.name() == "mod.rs").map(|f| f.path.clone()).collect();
    for file in rust() {
        let inline = file.code().filter(|(_, line)| line.trim_start().starts_with("mod tests {"));
        found.extend(inline.map(|(at, _)| format!("{}:{at}: tests in the logic's file", file.path)));
    }
    none(&found, "`foo.rs` with `foo/`, and tests in `foo/tests.rs`");
}

#[test]
fn no_name_of_a_file_or_type_holds_an_empty_word() {
    let empty = |name: &str| words(name).iter().any(|word| EMPTY_WORDS.contains(&word.as_str()));
    let mut found: Vec<String> =
        files().iter().filter(|file| empty(file.name())).map(|file| file.path.clone()).collect();
    for file in with_ending(&[".rs", ".ts", ".svelte"]) {
        for (at, line) in file.code() {
            let mut parts = line.split_whitespace().skip_while(|part| {
                !matches!(*part, "struct" | "enum" | "trait" | "type" | "class" | "interface" | "mod")
            });
            let (Some(_), Some(name)) = (parts.next(), parts.next()) else { continue };
            let name = name.split(['<', '(', '{', ';', ':', '=']).next().unwrap_or(name);
            if empty(name) {
                found.push(format!("{}:{at}: {name}", file.path));
            }
        }
    }
    none(&found, "a name with a word that says nothing");
}

#[test]
fn no_lint_is_allowed_in_silence() {
    let mut found = Vec::new();
    for file in rust() {
        for (at, line) in file.code() {
            let line = line.trim_start();
            if line.starts_with(concat!("#[al", "low(")) || line.starts_with(concat!("#![al", "low(")) {
                found.push(format!("{}:{at}", file.path));
            }
        }
    }
    none(&found, "`allow` instead of `expect` with a reason");
}

#[test]
fn nothing_is_left_to_do_later() {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("HA", "CK")];
    let mut found = Vec::new();
    for file in with_ending(&[".rs", ".ts", ".svelte", ".css", ".sh", ".md", ".toml", ".mjs", ".py"]) {
        for (at, line) in file.text.lines().enumerate() {
            let is_word = |part: &str| marks.contains(&part);
            if line.split(|c: char| !c.is_alphanumeric()).any(is_word) {
                found.push(format!("{}:{}", file.path, at + 1));
            }
        }
    }
    none(&found, "a note to do something later");
}
