//! One word per thing, everywhere: the glossary of the README.

use crate::source::{none, rust, words};

/// What is not said, and what is said instead. Names only: prose may speak freely.
const INSTEAD: &[(&str, &str)] = &[
    ("user", "account (on a server) or person"),
    ("channel", "room"),
    ("attachment", "file, or entry"),
    ("directory", "folder (the directory of people is `Directory`)"),
    ("username", "name"),
];

/// Where a word is somebody else's, and stands as they wrote it.
const TAKEN: &[&str] = &["Directory", "directory", "directories", "DirectoryPeople", "UserCommand"];

#[test]
fn types_are_named_by_the_words_of_the_glossary() {
    let mut found = Vec::new();
    for file in rust().filter(|file| !file.is_test()) {
        for (at, line) in file.code() {
            let mut parts = line
                .split_whitespace()
                .skip_while(|part| !matches!(*part, "struct" | "enum" | "trait" | "type"));
            let (Some(_), Some(name)) = (parts.next(), parts.next()) else { continue };
            let name = name.split(['<', '(', '{', ';', ':', '=']).next().unwrap_or(name);
            if TAKEN.contains(&name) {
                continue;
            }
            for word in words(name) {
                if let Some((_, instead)) = INSTEAD.iter().find(|(wrong, _)| *wrong == word) {
                    found.push(format!("{}:{at}: {name}: say {instead}", file.path));
                }
            }
        }
    }
    none(&found, "a word that the glossary has another for");
}

#[test]
fn a_file_is_opened_and_a_message_is_read() {
    let wrong = [
        concat!("file_", "read_by"),
        concat!("entry_", "read"),
        concat!("Entry", "Read"),
        concat!("File", "Read "),
        concat!("read_", "entry_by"),
        concat!("ActivityKind::", "Read"),
    ];
    let mut found = Vec::new();
    for file in rust() {
        for (at, line) in file.code() {
            if wrong.iter().any(|word| line.contains(word)) {
                found.push(format!("{}:{at}", file.path));
            }
        }
    }
    none(&found, "a person who looks at a file opened it; `read` is for messages");
}
