//! One window: it opens, it can be read aloud, it stays within its content policy.

use pod_tests::desktop::{Screen, Seat};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_opens_and_shows_the_first_page() {
    let screen = Screen::start("first-page").await;
    let mut alice = Seat::new(&screen, "alice");
    alice.open().await;
    {
        let main = alice.main().await;
        main.picture(&screen.artefacts().join("page.png")).await;
    }
    screen.picture("screen").await;
    alice.kill().await;
    screen.end().await;
}
