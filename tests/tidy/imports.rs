//! Who may know whom: crates by `cargo metadata`, modules by the paths in their source.

use crate::source::{Source, none, rust, top};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// What each crate may import of ours (the table of the README).
const CRATES: &[(&str, &[&str])] = &[
    ("pod-shared", &[]),
    ("pod-server", &["pod-shared"]),
    ("pod-machine", &["pod-shared"]),
    ("pod-client", &["pod-machine", "pod-shared"]),
    ("pod", &["pod-client", "pod-shared"]),
    ("pod-tests", &["pod-client", "pod-machine", "pod-server", "pod-shared"]),
];

#[test]
fn crates_import_only_what_they_may() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(top())
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("metadata lists packages");
    let ours: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    assert_eq!(ours, CRATES.iter().map(|(name, _)| *name).collect(), "the crates of the workspace");
    let mut found = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let may = CRATES.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, may)| may);
        let dependencies = package["dependencies"].as_array().into_iter().flatten();
        let names = dependencies.filter_map(|dependency| dependency["name"].as_str());
        let wrong = names.filter(|dependency| ours.contains(dependency) && !may.contains(dependency));
        found.extend(wrong.map(|dependency| format!("{name} imports {dependency}")));
    }
    none(&found, "a crate imports what it may not");
}

/// The paths that begin with `crate::` in a file: each as its segments, groups in braces taken apart.
fn paths(source: &Source) -> Vec<Vec<String>> {
    let code: String = source.code().map(|(_, line)| format!("{line}\n")).collect();
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '$') {
            take_apart(&code[at + "crate::".len()..], &mut Vec::new(), &mut found);
        }
    }
    found
}

/// Reads one path, or one group of paths, and answers how many bytes it read.
fn take_apart(text: &str, prefix: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> usize {
    let mut at = 0;
    let depth = prefix.len();
    loop {
        let rest = &text[at..];
        if rest.starts_with('{') {
            at += 1;
            loop {
                at += text[at..].len() - text[at..].trim_start_matches([' ', '\n', ',']).len();
                if at >= text.len() || text[at..].starts_with('}') {
                    break;
                }
                let read = take_apart(&text[at..], prefix, found);
                at += read;
                if read == 0 {
                    at += text[at..].find([',', '}']).unwrap_or(text.len() - at);
                }
            }
            at = (at + 1).min(text.len());
            break;
        }
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        if length == 0 {
            break;
        }
        prefix.push(rest[..length].to_owned());
        at += length;
        if text[at..].starts_with("::") {
            at += 2;
        } else {
            found.push(prefix.clone());
            break;
        }
    }
    prefix.truncate(depth);
    at
}

/// Module path of a file below a source folder: `store/sqlite/auth/check.rs` is `store`, `sqlite`, `auth`, `check`.
fn module(path: &str, root: &str) -> Option<Vec<String>> {
    let inner = path.strip_prefix(root)?.strip_suffix(".rs")?;
    Some(inner.split('/').map(str::to_owned).collect())
}

/// Files below `root` in the module `within` that name one of `strangers`.
fn names_of(root: &str, within: &[&str], strangers: &[&[&str]]) -> Vec<String> {
    let mut found = Vec::new();
    for file in rust() {
        let Some(module) = module(&file.path, root) else { continue };
        if module.len() < within.len() || !module.iter().zip(within).all(|(a, b)| a == b) {
            continue;
        }
        for path in paths(file) {
            let named = |stranger: &&[&str]| {
                path.len() >= stranger.len() && path.iter().zip(stranger.iter()).all(|(a, b)| a == b)
            };
            if strangers.iter().any(named) {
                found.push(format!("{} names {}", file.path, path.join("::")));
            }
        }
    }
    found
}

#[test]
fn auth_messenger_and_content_never_import_one_another() {
    let sides = ["auth", "messenger", "content"];
    let mut found = Vec::new();
    for side in sides {
        let others: Vec<&str> = sides.into_iter().filter(|other| *other != side).collect();
        let tops: Vec<[&str; 1]> = others.iter().map(|other| [*other]).collect();
        let tops: Vec<&[&str]> = tops.iter().map(<[&str; 1]>::as_slice).collect();
        let stores: Vec<[&str; 3]> = others.iter().map(|other| ["store", "sqlite", *other]).collect();
        let stores: Vec<&[&str]> = stores.iter().map(<[&str; 3]>::as_slice).collect();
        for within in [&[side][..], &["store", "sqlite", side]] {
            found.extend(names_of("server/src/", within, &tops));
            found.extend(names_of("server/src/", within, &stores));
        }
    }
    none(&found, "they meet in the interlock, and are put together by `app`");
}

#[test]
fn the_siblings_of_the_client_never_import_one_another() {
    let siblings = ["net", "cache", "direct", "folder", "secrets"];
    let mut found = Vec::new();
    for sibling in siblings {
        let others: Vec<[&str; 1]> = siblings
            .into_iter()
            .chain(["transfer"])
            .filter(|other| *other != sibling)
            .map(|other| [other])
            .collect();
        let others: Vec<&[&str]> = others.iter().map(<[&str; 1]>::as_slice).collect();
        found.extend(names_of("src-tauri/client/src/", &[sibling], &others));
    }
    none(&found, "only the run loop sees them together");
}

/// Which parts of a crate know a driver; everything else goes through them.
const DRIVERS: &[(&str, &str, &[&str])] = &[
    ("rusqlite", "server/src/", &["store", "error", "app", "commands"]),
    ("argon2", "server/src/", &["auth"]),
    ("jsonwebtoken", "server/src/", &["auth", "access"]),
    ("rcgen", "server/src/", &["tls", "auth"]),
    ("tokio_tungstenite", "server/src/", &["messenger", "routes"]),
    ("rusqlite", "src-tauri/client/src/", &["store", "state", "cache", "transfer", "problem", "settings"]),
    ("keyring", "src-tauri/client/src/", &["secrets"]),
    ("tokio_tungstenite", "src-tauri/client/src/", &["net"]),
    ("notify", "src-tauri/client/src/", &["folder", "transfer"]),
    ("interprocess", "src-tauri/client/src/", &["local_socket"]),
    ("iroh", "src-tauri/client/src/", &["direct"]),
    ("tauri", "src-tauri/client/", &[]),
    ("axum", "src-tauri/", &[]),
    ("image", "server/src/", &["content"]),
];

#[test]
fn one_module_knows_each_driver() {
    let mut found = Vec::new();
    for (driver, root, homes) in DRIVERS {
        for file in rust().filter(|file| file.path.starts_with(root) && !file.is_test()) {
            let module = module(&file.path, root).unwrap_or_default();
            if module.first().is_some_and(|first| homes.contains(&first.as_str())) {
                continue;
            }
            let named = file.code().filter(|(_, line)| {
                let path = format!("{driver}::");
                line.match_indices(&path).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                })
            });
            found.extend(named.map(|(at, _)| format!("{}:{at} names {driver}", file.path)));
        }
    }
    none(&found, "a driver is known outside its module");
}

/// What `shared` and `machine` have none of: a clock, a disk, a network, a runtime, randomness.
const WORLDLY: &[&str] = &[
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "Instant::now",
    "SystemTime",
    "tokio::",
    "rand::",
    "Uuid::now_v7",
    "Uuid::new_v4",
    "std::env",
];

#[test]
fn shared_and_machine_touch_no_world() {
    let mut found = Vec::new();
    let pure =
        |path: &str| path.starts_with("shared/src/") || path.starts_with("src-tauri/client/machine/src/");
    for file in rust().filter(|file| pure(&file.path) && !file.is_test()) {
        for (at, line) in file.code() {
            let named = WORLDLY.iter().filter(|word| line.contains(**word));
            found.extend(named.map(|word| format!("{}:{at} names {word}", file.path)));
        }
    }
    none(&found, "a decision has no clock, disk, network or randomness of its own");
}

#[test]
fn a_group_of_imports_is_taken_apart() {
    let source = Source {
        path: "x.rs".into(),
        text: "use crate::{a::{b, c::d}, e};\nfn f() { crate::g::h(); }\n// use crate::no;\n".into(),
    };
    let paths: BTreeMap<String, ()> = paths(&source).into_iter().map(|path| (path.join("::"), ())).collect();
    assert_eq!(paths.into_keys().collect::<Vec<_>>(), ["a::b", "a::c::d", "e", "g::h"]);
}
