//! The README is true: its commands are there, its paths exist; and no file names a path of one machine.

use crate::source::{files, none, top, with_ending};

#[test]
fn no_file_names_a_path_of_one_machine() {
    let roots =
        [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/Us", "ers/"), concat!("C:\\Us", "ers")];
    let mut found = Vec::new();
    for file in files() {
        for (at, line) in file.text.lines().enumerate() {
            if roots.iter().any(|root| line.contains(root)) {
                found.push(format!("{}:{}", file.path, at + 1));
            }
        }
    }
    none(&found, "a path of one machine");
}

/// The lines of the code blocks of a Markdown text.
fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    text.lines().filter(move |line| {
        if line.trim_start().starts_with("```") {
            inside = !inside;
            return false;
        }
        inside
    })
}

#[test]
fn the_commands_of_every_readme_exist() {
    let mut found = Vec::new();
    for file in with_ending(&["README.md"]) {
        for line in code_lines(&file.text) {
            let mut parts = line.trim_start_matches("$ ").split_whitespace();
            let script = match (parts.next(), parts.next()) {
                (Some("bash" | "sh" | "node" | "python3"), Some(script)) => script,
                _ => continue,
            };
            if !script.starts_with('-') && !top().join(script).is_file() {
                found.push(format!("{}: {line}", file.path));
            }
        }
    }
    none(&found, "a command that is not there");
    let readme = files().iter().find(|file| file.path == "README.md").expect("there is a README");
    for command in ["bash scripts/start.sh", "bash scripts/test.sh"] {
        let is_it = |line: &str| line.split('#').next().is_some_and(|said| said.trim() == command);
        assert!(code_lines(&readme.text).any(is_it), "the README lacks `{command}`");
    }
}

#[test]
fn the_pictures_and_files_that_the_readmes_link_to_exist() {
    let mut found = Vec::new();
    for file in with_ending(&["README.md"]) {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (at, _) in file.text.match_indices("](") {
            let link = file.text[at + 2..].split([')', '#', ' ']).next().unwrap_or_default();
            if link.is_empty() || link.contains("://") {
                continue;
            }
            if !top().join(folder).join(link).exists() {
                found.push(format!("{}: {link}", file.path));
            }
        }
    }
    none(&found, "a link to nothing");
}

#[test]
fn each_crate_has_its_specification() {
    let crates =
        ["shared", "server", "src-tauri", "src-tauri/client", "src-tauri/client/machine", "tests", "ui"];
    let missing = crates.map(|name| format!("{name}/README.md"));
    let missing: Vec<String> =
        missing.into_iter().filter(|path| !files().iter().any(|file| file.path == *path)).collect();
    none(&missing, "a crate without its specification");
}
