//! Where windows are: folded at the edge of the screen, and there again after a power cut.

use crate::people::{ask, hear, heard, invite, join, own_room};
use pod_tests::desktop::{Desk, Pointer, Screen, Seat};
use pod_tests::{Arrangement, World, wait};
use serde_json::json;

/// The right edge of the test's screen.
const EDGE: i32 = 1640;

async fn rect_is(
    pointer: &Pointer<'_>,
    window: &str,
    what: &str,
    fits: impl Fn([i32; 4]) -> bool,
) -> [i32; 4] {
    let mut last = None;
    let found = wait::deadline(wait::STEP, async || {
        last = pointer.rect_of(window).await;
        last.filter(|rect| fits(*rect))
    })
    .await;
    found.unwrap_or_else(|| panic!("{what}: the window is at {last:?}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folded_window_keeps_to_its_edge_and_is_there_again_after_a_power_cut() {
    let screen = Screen::start("folding").await;
    let pointer = Pointer::new(&screen);
    let mut alice = Seat::new(&screen, "alice");
    alice.open().await;
    let large = [EDGE - 1010, 20, 1000, 800];
    let folded = {
        let main = alice.main().await;
        let page = main.page();
        page.rests().await;
        let window = pointer.window_titled(&alice.process_id(), "Pod").await;
        pointer.arrange(&window, (large[0], large[1]), (large[2], large[3])).await;
        hear(&page, "folded").await;
        ask(&page, "window_fold", json!({"folded": true})).await;
        heard(&page, |folded| *folded == true).await;
        let folded = rect_is(&pointer, &window, "folded", |rect| rect[2..] == [320, 560]).await;
        assert_eq!(
            [folded[0] + folded[2], folded[1]],
            [EDGE - 10, large[1]],
            "the near edges stay: {folded:?}"
        );
        page.rests().await;
        screen.picture("folded").await;
        ask(&page, "window_top", json!({"on": true})).await;
        kept(&alice, "\"folded\":true", "\"top\":true").await;
        folded
    };
    alice.kill().await;
    alice.open().await;
    {
        let main = alice.main().await;
        let page = main.page();
        let info = ask(&page, "window_info", json!({})).await;
        assert_eq!((&info["folded"], &info["top"]), (&json!(true), &json!(true)));
        let window = pointer.window_titled(&alice.process_id(), "Pod").await;
        rect_is(&pointer, &window, "folded again", |rect| rect == folded).await;
        let state = screen.command("xprop").args(["-id", &window, "_NET_WM_STATE"]).output().await;
        let state = state.expect("xprop runs").stdout;
        assert!(String::from_utf8_lossy(&state).contains("ABOVE"), "it does not stay on top");
        ask(&page, "window_fold", json!({"folded": false})).await;
        rect_is(&pointer, &window, "expanded", |rect| rect == large).await;
    }
    alice.kill().await;
    screen.end().await;
}

/// Waits until the places on disk say this.
async fn kept(seat: &Seat, one: &str, two: &str) {
    let file = seat.home().join("profile/shell/places.json");
    wait::until("the places to be on disk", async || {
        let text = std::fs::read_to_string(&file).ok()?;
        (text.contains(one) && text.contains(two)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_remembered_where_no_screen_is_comes_back_on_this_one() {
    let screen = Screen::start("off-screen").await;
    let pointer = Pointer::new(&screen);
    let mut alice = Seat::new(&screen, "alice");
    let shell = alice.home().join("profile/shell");
    std::fs::create_dir_all(&shell).expect("a folder can be made");
    let far = json!({"main": {"expanded": {"x": 5000, "y": -4000, "width": 900, "height": 700}}});
    std::fs::write(shell.join("places.json"), far.to_string()).expect("a file can be written");
    alice.open().await;
    {
        let main = alice.main().await;
        main.page().rests().await;
        let window = pointer.window_titled(&alice.process_id(), "Pod").await;
        let fits = |[x, y, width, height]: [i32; 4]| {
            x >= 0 && y >= 0 && x + width <= EDGE && y + height <= 980 && width == 900
        };
        rect_is(&pointer, &window, "back on the screen", fits).await;
    }
    alice.kill().await;
    screen.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn windows_that_were_open_come_back_to_their_places_and_closed_ones_do_not() {
    const ROOM: &str = "Choir";
    let world = World::new(Arrangement::One, "windows", &[]).await;
    let screen = Screen::start("windows").await;
    let desk = Desk::with_tray(&screen).await;
    let pointer = Pointer::new(&screen);
    let mut alice = Seat::new(&screen, "alice");
    alice.open().await;
    let (room_at, folder_at) = ([30, 40, 700, 620], [60, 90, 900, 640]);
    let titles = ["Choir on", "shared folder"];
    {
        let main = alice.main().await;
        let page = main.page();
        join(&page, &invite(&world.messenger).await, "alice", "Alice").await;
        own_room(&page, ROOM).await;
        page.rests().await;
        let id = page.attribute("[data-testid=chat]", "data-room").await.expect("the chat has a room");
        ask(&page, "open_room_window", json!({"room": id})).await;
        alice.room().await.page().rests().await;
        ask(&page, "open_folder_window", json!({"room": id, "entry": null})).await;
        alice.folder().await.page().rests().await;
        let process = alice.process_id();
        for (title, [x, y, width, height]) in titles.iter().zip([room_at, folder_at]) {
            let window = pointer.window_titled(&process, title).await;
            pointer.arrange(&window, (x, y), (width, height)).await;
        }
        kept(&alice, "\"width\":700", "\"width\":900").await;
        page.rests().await;
        screen.picture("three-windows").await;
    }
    alice.kill().await;
    alice.open().await;
    {
        alice.folder().await.page().rests().await;
        for (title, place) in titles.iter().zip([room_at, folder_at]) {
            let window = pointer.window_titled(&alice.process_id(), title).await;
            rect_is(&pointer, &window, title, |rect| rect == place).await;
        }
        screen.picture("three-windows-again").await;
        alice.folder().await.page().click_away("button", "Close").await;
        wait::until("the window of the folder to go", async || {
            (alice.window_count().await == 2).then_some(())
        })
        .await;
    }
    desk.choose("Quit").await;
    alice.has_ended().await;
    // A start into the tray shows nothing until Pod is opened.
    alice.open_with(&["--quiet"]).await;
    {
        let main = alice.main().await;
        main.page().rests().await;
        assert_eq!(pointer.windows_of(&alice.process_id()).await, Vec::<String>::new());
        assert_eq!(alice.window_count().await, 1, "the window of the room has to wait");
        desk.choose("Open Pod").await;
        let room = alice.room().await;
        room.page().rests().await;
        assert_eq!(alice.window_count().await, 2, "a window that was closed is there again");
    }
    alice.kill().await;
    desk.end().await;
    screen.end().await;
    world.end().await;
}
