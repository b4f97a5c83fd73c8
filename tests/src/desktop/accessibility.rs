//! The accessibility tree of a running Pod, as the desktop's screen reader gets it (AT-SPI).

use super::screen::Screen;
use serde_json::Value;
use std::path::Path;

/// One thing in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    /// What it is, in AT-SPI's words: `push button`, `entry`, `landmark` ...
    pub role: String,
    /// What it is called.
    pub name: String,
    /// Whether the keyboard can reach it.
    pub focusable: bool,
}

/// Everything a process shows to a screen reader.
pub async fn tree(screen: &Screen, process: &str) -> Vec<Thing> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("desktop/accessibility_tree.py");
    let output =
        screen.command("/usr/bin/python3").arg(script).arg(process).output().await.expect("python runs");
    assert!(output.status.success(), "no tree: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .map(|line| thing(&line))
        .collect()
}

fn thing(line: &Value) -> Thing {
    let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    Thing { role: text("role"), name: text("name"), focusable: line["focusable"] == true }
}
