//! The files of the project as the rules see them: what git knows or would take up.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// One text file.
pub(crate) struct Source {
    /// Path from the top of the project, with `/`.
    pub(crate) path: String,
    /// What is in it.
    pub(crate) text: String,
}

/// The top folder of the project.
pub(crate) fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// All text files.
pub(crate) fn files() -> &'static [Source] {
    static FILES: OnceLock<Vec<Source>> = OnceLock::new();
    FILES.get_or_init(|| {
        let list = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(top())
            .output()
            .expect("git is there: the rules read what it knows");
        assert!(list.status.success(), "git cannot list the files of the project");
        let names = String::from_utf8(list.stdout).expect("paths are UTF-8");
        let read = |path: &str| std::fs::read_to_string(top().join(path)).ok();
        let files: Vec<Source> = names
            .split('\0')
            .filter(|path| !path.is_empty())
            .filter_map(|path| Some(Source { path: path.to_owned(), text: read(path)? }))
            .collect();
        assert!(files.len() > 20, "only {} files found: the rules look at the wrong folder", files.len());
        files
    })
}

/// All files whose name ends with one of these.
pub(crate) fn with_ending(endings: &[&str]) -> impl Iterator<Item = &'static Source> {
    files().iter().filter(move |file| endings.iter().any(|ending| file.path.ends_with(ending)))
}

/// All Rust files.
pub(crate) fn rust() -> impl Iterator<Item = &'static Source> {
    with_ending(&[".rs"])
}

impl Source {
    /// Whether it is a test, or part of one.
    pub(crate) fn is_test(&self) -> bool {
        let path = &self.path;
        path.starts_with("tests/")
            || path.ends_with("/tests.rs")
            || path.contains("/tests/")
            || path.contains("/conformance")
            || path.ends_with(".test.ts")
    }

    /// Lines with their numbers, comments left out.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(at, line)| (at + 1, line)).filter(|(_, line)| {
            let line = line.trim_start();
            !line.starts_with("//") && !line.starts_with("* ") && !line.starts_with("/*")
        })
    }

    /// The name without folders.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// Fails with all that was found, one a line.
pub(crate) fn none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

/// The words of a name: `messageQueue`, `message_queue` and `MessageQueue` are `message`, `queue`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut fresh = true;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            fresh = true;
            continue;
        }
        if fresh || c.is_uppercase() {
            words.push(String::new());
        }
        fresh = false;
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words
}

#[test]
fn names_fall_apart_into_words() {
    assert_eq!(words("MessageQueue"), ["message", "queue"]);
    assert_eq!(words("message_queue.rs"), ["message", "queue", "rs"]);
}
