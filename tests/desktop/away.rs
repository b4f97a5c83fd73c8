//! Who uses neither Pod nor another program is shown as away, and is back with the first move of the mouse.

use crate::people::{invite, join, make_room};
use pod_tests::desktop::{Page, Pointer, Screen, Seat};
use pod_tests::{Arrangement, World, wait};

const ROOM: &str = "Rota";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_touches_nothing_is_away_and_a_move_of_the_mouse_brings_them_back() {
    let world = World::new(Arrangement::One, "away", &[]).await;
    let screen = Screen::start("away").await;
    let pointer = Pointer::new(&screen);
    let mut alice = Seat::new(&screen, "alice").with("POD_IDLE_AFTER_S", "3");
    let mut bob = Seat::new(&screen, "bob");
    tokio::join!(alice.open(), bob.open());
    {
        let (hers, his) = (alice.main().await, bob.main().await);
        join(&hers.page(), &invite(&world.messenger).await, "alice", "Alice").await;
        join(&his.page(), &invite(&world.messenger).await, "bob", "Bob").await;
        make_room(&his.page(), ROOM, "alice").await;
        his.page().press("[data-testid=members-button]").await;
        is_shown(&his.page(), "away").await;
        his.page().rests().await;
        screen.picture("away").await;
        // Over no window of Pod: the system knows.
        pointer.move_to((1630, 970)).await;
        is_shown(&his.page(), "here").await;
        is_shown(&his.page(), "away").await;
    }
    alice.kill().await;
    bob.kill().await;
    screen.end().await;
    world.end().await;
}

/// Waits until the list of members says that Alice is like this.
async fn is_shown(page: &Page<'_>, state: &str) {
    let dot = "[data-testid=member][data-name=alice] [data-testid=presence]";
    let mut last = None;
    let found = wait::deadline(wait::STEP, async || {
        last = page.attribute(dot, "data-state").await;
        (last.as_deref() == Some(state)).then_some(())
    })
    .await;
    assert!(found.is_some(), "Alice is {last:?} and not {state}");
}
