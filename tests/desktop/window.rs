//! One window: it opens, it can be read aloud, it stays within its content policy.

use crate::people::{Half, file, seat_window};
use pod_tests::desktop::{Pointer, Screen, Seat, accessibility};
use pod_tests::wait;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_opens_and_shows_the_first_page() {
    let screen = Screen::start("first-page").await;
    let mut alice = Seat::new(&screen, "alice");
    alice.open().await;
    {
        let main = alice.main().await;
        main.page().rests().await;
        main.page().find("heading", "How do you want to begin?").await;
        main.picture(&screen.artefacts().join("page.png")).await;
    }
    screen.picture("screen").await;
    alice.kill().await;
    screen.end().await;
}

fn same_place(notice: &Value, other: &Value) -> bool {
    ["phase", "files"].iter().all(|name| notice[name] == other[name])
        && ["x", "y"].iter().all(|name| notice[name].as_f64() == other[name].as_f64())
}

/// Hears the shell's drop events as the page does, and keeps them.
const HEAR_DROPS: &str = "
    window.heard = [];
    const handler = window.__TAURI_INTERNALS__.transformCallback((event) => window.heard.push(event.payload));
    return window.__TAURI_INTERNALS__.invoke('plugin:event|listen', {
        event: 'drop', target: { kind: 'WebviewWindow', label: 'main' }, handler,
    });";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_learns_where_files_were_dropped_and_never_their_paths() {
    let screen = Screen::start("drop").await;
    let mut alice = Seat::new(&screen, "alice");
    alice.open().await;
    let pointer = Pointer::new(&screen);
    let main = alice.main().await;
    main.page().rests().await;
    let corner = seat_window(&pointer, &alice, "Pod", Half::Left).await;
    main.page().script(HEAR_DROPS, json!([])).await.expect("a page may listen");
    let secret = file(&alice, "secret name.txt", b"text");
    let target = (corner.0 + 300, corner.1 + 200);
    let page = main.page();
    let over = json!({"phase": "over", "x": 300.0, "y": 200.0, "files": 1});
    pointer
        .drop_files(&[secret], target, async || {
            wait::until("the page to hear where the files are held", async || {
                let heard = page.script("return window.heard", json!([])).await.ok()?;
                heard.as_array()?.last().filter(|notice| same_place(notice, &over)).map(drop)
            })
            .await;
        })
        .await;
    let heard = wait::until("the page to hear of the drop", async || {
        let heard = main.page().script("return window.heard", json!([])).await.ok()?;
        heard.as_array()?.iter().any(|notice| notice["phase"] == "drop").then_some(heard)
    })
    .await;
    let dropped = heard.as_array().and_then(|all| all.iter().find(|notice| notice["phase"] == "drop"));
    let dropped = dropped.expect("it was found before");
    assert_eq!(dropped["files"], 1);
    assert_eq!((dropped["x"].as_f64(), dropped["y"].as_f64()), (Some(300.0), Some(200.0)));
    assert!(!heard.to_string().contains("secret"), "the page was told a path: {heard}");
    page.rests().await;
    screen.picture("after-the-drop").await;
    alice.kill().await;
    screen.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_reader_finds_every_way_to_begin() {
    let screen = Screen::start("screen-reader").await;
    let mut alice = Seat::new(&screen, "alice");
    alice.open().await;
    alice.main().await.page().rests().await;
    let process = alice.process_id();
    for way in ["Join with an invite link", "Start a server on this computer", "Sign in to a server"] {
        reads_a_button(&screen, &process, way).await;
    }
    let nameless = accessibility::tree(&screen, &process).await;
    let nameless = nameless
        .iter()
        .filter(|thing| thing.focusable && thing.role.contains("button") && thing.name.is_empty());
    assert_eq!(nameless.count(), 0, "a button has no name");
    alice.kill().await;
    screen.end().await;
}

/// Waits until a button that the keyboard can reach is in the accessibility tree.
async fn reads_a_button(screen: &Screen, process: &str, name: &str) {
    wait::until(&format!("a button {name:?} in the accessibility tree"), async || {
        let things = accessibility::tree(screen, process).await;
        things
            .iter()
            .find(|thing| thing.role.contains("button") && thing.name.contains(name) && thing.focusable)
            .map(drop)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_whose_process_ended_is_there_again() {
    let screen = Screen::start("lost-page").await;
    let mut alice = Seat::new(&screen, "alice");
    alice.open().await;
    alice.main().await.page().rests().await;
    let process = alice.process_id();
    alice.kill_pages();
    // The tree of a page that is gone goes with it; what is read is the new page's.
    reads_a_button(&screen, &process, "Join with an invite link").await;
    screen.picture("again").await;
    alice.kill().await;
    screen.end().await;
}
