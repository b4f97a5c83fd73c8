//! Declares the shell's commands, so that each has a permission of its own, and makes sure that there is a page to show.
//!
//! The user interface is built by npm into `ui/dist`. Without it the program still compiles, so that its Rust can be
//! checked alone; the page it then shows says how to build the real one.

use std::{fs, io, path::Path};

/// Every command a window may call; `capabilities/windows.json` allows them one by one.
const COMMANDS: &[&str] = &[
    "run",
    "window_info",
    "window_act",
    "window_title",
    "window_fold",
    "window_top",
    "open_room_window",
    "open_folder_window",
    "open_transfers_window",
    "looking",
    "edit_entry",
    "open_entry",
    "show_entry",
    "play",
    "playing",
    "play_end",
    "pick_files",
    "pick_held",
    "pick_room_picture",
    "paste",
    "held",
    "held_release",
    "drop_on",
    "offer_on",
    "pick_offer",
    "accept_into",
    "link_folder",
    "pick_transfers_folder",
    "pick_skin",
    "open_transfer",
    "show_transfer",
    "drag_out",
    "drag_received",
    "open_link",
    "touched",
    "autostart_get",
    "autostart_set",
    "host_info",
    "host_folder",
    "host_start",
    "host_stop",
    "crash_seen",
];

const PLACEHOLDER: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>Pod</title>
<h1>Pod was built without its user interface</h1>
<p>Run <code>bash scripts/start.sh</code> in the source folder: it builds the user interface, then Pod.</p>
</html>
";

fn main() -> anyhow::Result<()> {
    let dist = Path::new("../ui/dist");
    if !dist.join("index.html").exists() {
        write_placeholder(dist)?;
        println!(
            "cargo:warning=ui/dist is missing: Pod will show a page that says so. Run scripts/start.sh."
        );
    }
    println!("cargo:rerun-if-changed=../ui/dist");
    let app = tauri_build::AppManifest::new().commands(COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(app))
}

fn write_placeholder(dist: &Path) -> io::Result<()> {
    fs::create_dir_all(dist)?;
    fs::write(dist.join("index.html"), PLACEHOLDER)
}
