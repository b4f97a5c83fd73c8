//! Rules of the user interface: one file knows Tauri, every error has a sentence, colours come from tokens.

use crate::source::{Source, files, none, with_ending};
use pod_shared::ErrorCode;

fn interface(endings: &'static [&'static str]) -> impl Iterator<Item = &'static Source> {
    with_ending(endings).filter(|file| file.path.starts_with("ui/src/"))
}

#[test]
fn one_file_of_the_interface_knows_tauri() {
    let name = concat!("@tauri", "-apps/");
    let found: Vec<String> = interface(&[".ts", ".svelte", ".js", ".mjs"])
        .filter(|file| file.path != "ui/src/lib/backend/tauri.ts" && file.text.contains(name))
        .map(|file| file.path.clone())
        .collect();
    none(&found, "only ui/src/lib/backend/tauri.ts imports @tauri-apps");
}

/// A command that is missing in one of the lists is refused to every window, or is not known.
#[test]
fn every_command_of_the_shell_is_allowed_and_described() {
    let read = |path: &str| std::fs::read_to_string(crate::source::top().join(path)).unwrap();
    let between = |text: &str, from: &str, to: &str| {
        text.split_once(from).unwrap().1.split_once(to).unwrap().0.to_owned()
    };
    let app = read("src-tauri/src/app.rs");
    let handled = between(&app, "generate_handler![", "])");
    let commands: Vec<&str> = handled
        .split(',')
        .filter_map(|line| line.trim().split("::").last())
        .filter(|name| !name.is_empty())
        .collect();
    assert!(commands.len() > 30, "the list is read rightly: {commands:?}");
    let (declared, allowed) = (read("src-tauri/build.rs"), read("src-tauri/capabilities/windows.json"));
    let described = read("ui/src/lib/backend/SHELL.md");
    let mut found = Vec::new();
    for name in commands {
        let told = [
            (declared.contains(&format!("\"{name}\"")), "src-tauri/build.rs"),
            (allowed.contains(&format!("\"allow-{}\"", name.replace('_', "-"))), "capabilities/windows.json"),
            (described.contains(&format!("`{name}`")), "SHELL.md"),
        ];
        found.extend(told.iter().filter(|(there, _)| !there).map(|(_, place)| format!("{name}: {place}")));
    }
    none(&found, "a command of the shell is missing");
}

/// The names of the error codes as they stand on the wire, read from the list itself.
fn codes() -> Vec<String> {
    let list = files().iter().find(|file| file.path == "shared/src/error.rs").unwrap();
    let body = list.text.split_once("pub enum ErrorCode {").unwrap().1.split_once("\n}").unwrap().0;
    let variants = body.lines().map(str::trim).filter(|line| !line.starts_with("//") && !line.is_empty());
    let name = |variant: &str| crate::source::words(variant.trim_end_matches(',')).join("_");
    variants.map(name).collect()
}

#[test]
fn the_list_of_codes_is_read_rightly() {
    let codes = codes();
    assert!(codes.len() > 30 && codes.contains(&"interlock_stale".to_owned()));
    for code in codes {
        let parsed: Result<ErrorCode, _> = serde_json::from_str(&format!("\"{code}\""));
        assert!(parsed.is_ok(), "{code} is no code");
    }
}

#[test]
fn every_error_has_a_sentence_in_every_language() {
    let words: Vec<&Source> = interface(&[".ts"]).filter(|file| file.path.contains("/i18n/")).collect();
    let mut found = Vec::new();
    for language in ["en", "ko", "zh"] {
        let belongs = |path: &str| {
            path.contains(&format!("/i18n/{language}.ts")) || path.contains(&format!("/i18n/{language}/"))
        };
        let text: String =
            words.iter().filter(|file| belongs(&file.path)).map(|file| file.text.as_str()).collect();
        assert!(!text.is_empty(), "no words in {language}");
        for code in codes() {
            let told = [format!("\"error.{code}"), format!("\"error.{code}.what\""), format!("  {code}:")];
            if !told.iter().any(|key| text.contains(key.as_str())) {
                found.push(format!("{language}: {code}"));
            }
        }
    }
    none(&found, "an error without a sentence");
}

#[test]
fn the_languages_have_the_same_keys() {
    let keys = |language: &str| -> Vec<String> {
        let path = format!("ui/src/lib/i18n/{language}.ts");
        let file = files().iter().find(|file| file.path == path);
        let text = file.map(|file| file.text.as_str()).unwrap_or_default();
        let mut keys: Vec<String> = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix('"')?.split_once("\":"))
            .map(|(key, _)| key.to_owned())
            .collect();
        keys.sort();
        keys
    };
    let english = keys("en");
    assert!(english.len() > 50, "the words were not found");
    assert_eq!(keys("ko"), english, "Korean");
    assert_eq!(keys("zh"), english, "Chinese");
}

#[test]
fn colours_come_from_tokens() {
    let mut found = Vec::new();
    let files = interface(&[".svelte", ".css"]).filter(|file| !file.path.contains("/skins/"));
    for file in files {
        for (at, line) in file.code() {
            let hex = line.match_indices('#').any(|(at, _)| {
                let digits = line[at + 1..].chars().take_while(char::is_ascii_hexdigit).count();
                let next = line[at + 1 + digits..].chars().next();
                matches!(digits, 3 | 4 | 6 | 8)
                    && next.is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '_')
            });
            if hex && line.contains(':') && !line.contains("href") {
                found.push(format!("{}:{at}", file.path));
            }
        }
    }
    none(&found, "a colour that is no token");
}

#[test]
fn the_page_loads_nothing_from_elsewhere() {
    let mut found = Vec::new();
    for file in interface(&[".ts", ".svelte", ".css"]).chain(with_ending(&["ui/index.html"])) {
        for (at, line) in file.code() {
            let remote = ["src=\"http", "url(http", "url(\"http", "@import \"http", "from \"http"];
            if remote.iter().any(|word| line.contains(word)) {
                found.push(format!("{}:{at}", file.path));
            }
        }
    }
    none(&found, "something is loaded from another host");
}
