//! Rules of the tests: they wait for states, are told by sentences, and none is switched off.

use crate::source::{none, rust, with_ending};

#[test]
fn no_test_sleeps() {
    let forbidden = [
        concat!("thread::sl", "eep"),
        concat!("time::sl", "eep"),
        concat!("use tokio::time::{sl", "eep"),
        concat!("waitFor", "Timeout("),
        concat!("browser.pa", "use("),
    ];
    let mut found = Vec::new();
    for file in with_ending(&[".rs", ".ts", ".mjs", ".js"]).filter(|file| file.is_test()) {
        for (at, line) in file.code() {
            if forbidden.iter().any(|word| line.contains(word)) {
                found.push(format!("{}:{at}", file.path));
            }
        }
    }
    none(&found, "a test waits for time instead of a state");
}

#[test]
fn no_test_is_switched_off() {
    let mut found = Vec::new();
    for file in rust() {
        for (at, line) in file.code() {
            let line = line.trim_start();
            if line.starts_with(concat!("#[ign", "ore")) {
                found.push(format!("{}:{at}", file.path));
            }
        }
    }
    none(&found, "a test that is not run");
}

#[test]
fn tests_are_named_by_sentences() {
    let mut found = Vec::new();
    for file in rust().filter(|file| file.is_test()) {
        let mut is_test = false;
        for (at, line) in file.code() {
            let line = line.trim();
            if line.starts_with("#[test") || line.starts_with("#[tokio::test") {
                is_test = true;
            } else if is_test && (line.starts_with("fn ") || line.starts_with("async fn ")) {
                is_test = false;
                let name = line.trim_start_matches("async ").trim_start_matches("fn ");
                let name = name.split('(').next().unwrap_or(name);
                if name.matches('_').count() < 2 {
                    found.push(format!("{}:{at}: {name}", file.path));
                }
            }
        }
    }
    none(&found, "a test whose name is no sentence");
}
