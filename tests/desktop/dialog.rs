//! The system's own file dialog, used with the keys as a person does.

use crate::people::{file, invite, join, own_room};
use pod_tests::desktop::{Page, Pointer, Screen, Seat, accessibility};
use pod_tests::{Arrangement, World, wait};
use serde_json::json;
use std::path::Path;

const ROOM: &str = "Print shop";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_chosen_in_the_systems_dialog_waits_in_the_tray_and_goes_with_a_message() {
    let world = World::new(Arrangement::One, "dialog", &[]).await;
    let screen = Screen::start("dialog").await;
    let pointer = Pointer::new(&screen);
    let mut alice = Seat::new(&screen, "alice");
    alice.open().await;
    let (stays, goes) =
        (file(&alice, "draft.txt", b"not this one"), file(&alice, "poster.txt", b"the poster"));
    {
        let main = alice.main().await;
        let page = main.page();
        join(&page, &invite(&world.messenger).await, "alice", "Alice").await;
        own_room(&page, ROOM).await;
        let process = alice.process_id();
        for path in [&stays, &goes] {
            page.press("[data-testid=attach]").await;
            choose(&screen, &pointer, &process, "Choose files", path).await;
        }
        page.shows("2 files").await;
        page.rests().await;
        screen.picture("two-files-wait").await;
        page.click("button", "Remove draft.txt").await;
        page.shows("1 file").await;
        // Whoever closes the dialog has chosen nothing.
        page.press("[data-testid=attach]").await;
        let dialog = pointer.window_titled(&process, "Choose files").await;
        pointer.focus(&dialog).await;
        pointer.key("Escape").await;
        pointer.is_gone(&process, &dialog).await;
        let field = format!("Message {ROOM}");
        page.fill(&field, "This one is for the printer").await;
        page.enter(&field).await;
        page.find("button", "Open poster.txt").await;
        page.shows("This one is for the printer").await;
        let shown = page.text().await;
        assert!(!shown.contains("draft.txt"), "what was taken out of the tray was sent: {shown}");
        page.rests().await;
        screen.picture("sent").await;
    }
    alice.kill().await;
    screen.end().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_skin_chosen_in_the_systems_dialog_is_worn_and_survives_a_restart() {
    let world = World::new(Arrangement::One, "skin", &[]).await;
    let screen = Screen::start("skin").await;
    let pointer = Pointer::new(&screen);
    let mut alice = Seat::new(&screen, "alice");
    alice.open().await;
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/skins/embers.json");
    let skin = file(&alice, "embers.json", &std::fs::read(sample).expect("the sample is there"));
    let wrong =
        file(&alice, "wrong.json", b"{\"pod_skin\":1,\"name\":\"x\",\"tokens\":{\"ink\":\"url(x)\"}}");
    {
        let main = alice.main().await;
        let page = main.page();
        join(&page, &invite(&world.messenger).await, "alice", "Alice").await;
        page.press("[data-testid=rail-settings]").await;
        page.press("[data-testid=settings-look]").await;
        let process = alice.process_id();
        page.press("[data-testid=skin-bring]").await;
        choose(&screen, &pointer, &process, "Choose a skin", &wrong).await;
        page.shows("This skin was not added.").await;
        page.rests().await;
        screen.picture("refused").await;
        page.press("[data-testid=skin-bring]").await;
        choose(&screen, &pointer, &process, "Choose a skin", &skin).await;
        wears_embers(&page).await;
        page.rests().await;
        screen.picture("worn").await;
    }
    alice.kill().await;
    alice.open().await;
    wears_embers(&alice.main().await.page()).await;
    alice.kill().await;
    screen.end().await;
    world.end().await;
}

/// The window has the colours of the sample, as the web view computes them.
async fn wears_embers(page: &Page<'_>) {
    let canvas = "return getComputedStyle(document.documentElement).getPropertyValue('--canvas').trim()";
    wait::until("the window to wear the skin", async || {
        (page.script(canvas, json!([])).await.ok()? == "#1d1210").then_some(())
    })
    .await;
}

/// Types the path of a file into the dialog and chooses it.
async fn choose(screen: &Screen, pointer: &Pointer<'_>, process: &str, title: &str, path: &Path) {
    let dialog = pointer.window_titled(process, title).await;
    pointer.focus(&dialog).await;
    pointer.key("ctrl+l").await;
    // The field for a path is there when a screen reader can find it.
    wait::until("a field for the path", async || {
        let things = accessibility::tree(screen, process).await;
        things.iter().any(|thing| thing.role == "text" && thing.focusable).then_some(())
    })
    .await;
    pointer.type_text(&path.display().to_string()).await;
    // The list of names that fit comes and goes; Enter is for the dialog once it stands still.
    screen.picture("path-typed").await;
    pointer.key("Return").await;
    pointer.is_gone(process, &dialog).await;
}
