//! *Edit and lock* in a real window: the file opens in the system's program, each save goes to the room, *Done* gives it back.

use crate::people::{ask, invite, join};
use pod_tests::desktop::{Screen, Seat};
use pod_tests::{Arrangement, World, seen, wait};
use serde_json::{Value, json};

const FILE: &str = "계획.txt";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_edited_in_its_program_and_each_save_goes_to_the_room() {
    let world = World::new(Arrangement::One, "edits", &[]).await;
    let screen = Screen::start("edits").await;
    let mut bob = world.open_person("bob").await;
    let mut alice = Seat::new(&screen, "alice");
    alice.open().await;
    {
        let main = alice.main().await;
        let page = main.page();
        join(&page, &invite(&world.messenger).await, "alice", "Alice").await;
        bob.run(&["rooms", "create", "Attic", "--with", "alice"]).await;
        let room = seen::room(&bob, "Attic", "with its folder", |room| room["has_folder"] == true).await;
        let file = world.folder().join(FILE);
        std::fs::write(&file, "one").expect("a file can be written");
        bob.run(&["files", "Attic", "put", file.to_str().expect("a path is text")]).await;
        let entry = seen::entry(&bob, "Attic", FILE).await;
        // Her Pod has heard of the file when it can tell of it.
        let command = json!({ "command": { "do": "entry", "entry": entry["id"] } });
        let script =
            "return window.__TAURI_INTERNALS__.invoke('run', arguments[0]).then(() => true, () => false)";
        wait::until("her Pod to know the file", async || {
            (page.script(script, json!([command])).await.ok()? == true).then_some(())
        })
        .await;
        ask(&page, "open_folder_window", json!({ "room": room["id"], "entry": entry["id"] })).await;
    }
    {
        let folder = alice.folder().await;
        let page = folder.page();
        page.press("[data-testid=details-menu]").await;
        page.press("[data-testid=act-edit]").await;
        let place = alice.opened(FILE).await;
        assert_eq!(std::fs::read_to_string(&place).expect("it is there"), "one");
        page.shows("Each save goes to the room.").await;
        let is = async |what: &str, fits: &dyn Fn(&Value) -> bool| {
            let look = async || Some(seen::entry(&bob, "Attic", FILE).await).filter(|entry| fits(entry));
            wait::until(what, look).await
        };
        is("the lock to be seen", &|entry| entry["lock"]["by_name"] == "Alice").await;
        let beside = place.with_file_name("saving");
        std::fs::write(&beside, "two").expect("a file can be written");
        std::fs::rename(&beside, &place).expect("an editor can save");
        is("the save to come", &|entry| entry["version"] == 2).await;
        page.shows("1 save is in the room.").await;
        page.rests().await;
        screen.picture("edited").await;
        page.press("[data-testid=edit-done]").await;
        is("the file to be free", &|entry| entry["lock"].is_null()).await;
        assert!(!place.exists(), "nothing stays behind");
    }
    alice.kill().await;
    bob.close().await;
    screen.end().await;
    world.end().await;
}
