//! The main story, two people at once: they sign up, one makes a room, they talk, a file is dropped on the chat, the
//! other opens it, the server is killed in between, both programs end and start again, and all is there.

use crate::people::{Half, file, invite, join, make_room, seat_window, write};
use pod_tests::desktop::{Pointer, Screen, Seat};
use pod_tests::{Arrangement, World};

const ROOM: &str = "제주 가족여행";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_share_a_room_and_a_file_through_kills_and_restarts() {
    let mut world = World::new(Arrangement::One, "desktop", &[]).await;
    let screen = Screen::start("story").await;
    let (mut alice, mut bob) = (Seat::new(&screen, "alice"), Seat::new(&screen, "bob"));
    tokio::join!(alice.open(), bob.open());

    sign_up(&world, &screen, &alice, &bob).await;
    talk(&screen, &alice, &bob).await;
    share_a_file(&screen, &alice, &bob).await;
    talk_through_a_power_cut(&mut world, &screen, &alice, &bob).await;

    alice.main().await.page().click_away("button", "Close").await;
    alice.has_ended().await;
    bob.kill().await;
    world.power_cut().await;
    tokio::join!(alice.open(), bob.open());
    all_is_there(&screen, &alice, &bob).await;

    alice.kill().await;
    bob.kill().await;
    screen.end().await;
    world.end().await;
}

async fn sign_up(world: &World, screen: &Screen, alice: &Seat, bob: &Seat) {
    let pointer = Pointer::new(screen);
    let (first, second) = (alice.main().await, bob.main().await);
    seat_window(&pointer, alice, "Pod", Half::Left).await;
    seat_window(&pointer, bob, "Pod", Half::Right).await;
    first.page().rests().await;
    second.page().rests().await;
    screen.picture("01-first-run").await;
    join(&first.page(), &invite(&world.messenger).await, "alice", "Alice").await;
    join(&second.page(), &invite(&world.messenger).await, "jiwoo", "지우").await;
    screen.picture("02-signed-up").await;
}

async fn talk(screen: &Screen, alice: &Seat, bob: &Seat) {
    let pointer = Pointer::new(screen);
    let main = alice.main().await;
    make_room(&main.page(), ROOM, "jiwoo").await;
    // It opens by itself (N3).
    let room = bob.room().await;
    seat_window(&pointer, bob, ROOM, Half::Right).await;
    write(&main.page(), ROOM, "항공권부터 올릴게요!").await;
    room.page().shows("항공권부터 올릴게요!").await;
    write(&room.page(), ROOM, "Yes please").await;
    main.page().shows("Yes please").await;
    screen.picture("03-talk").await;
}

async fn share_a_file(screen: &Screen, alice: &Seat, bob: &Seat) {
    let pointer = Pointer::new(screen);
    let bytes =
        (0..3_000_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect::<Vec<_>>();
    let ticket = file(alice, "항공권 김포-제주.pdf", &bytes);
    let main = alice.main().await;
    let corner = seat_window(&pointer, alice, "Pod", Half::Left).await;
    main.page().rests().await;
    // In a narrow window the folder lies over the chat.
    if main.page().look_for("button", "Close the folder").await.is_some() {
        main.page().click("button", "Close the folder").await;
        main.page().is_gone("button", "Close the folder").await;
        main.page().rests().await;
    }
    let (x, y) = main.page().middle("[data-testid=chat]").await;
    let target = (corner.0 + x.round() as i32, corner.1 + y.round() as i32);
    pointer
        .drop_files(&[ticket], target, async || {
            main.page().shows("Drop to share with").await;
            main.page().rests().await;
            screen.picture("04-file-held-over-the-chat").await;
        })
        .await;
    let room = bob.room().await;
    room.page().shows("항공권 김포-제주.pdf").await;
    room.page().click("button", "Open 항공권 김포-제주.pdf").await;
    let opened = bob.opened("항공권 김포-제주.pdf").await;
    let theirs = std::fs::read(&opened).expect("the opened file is there");
    assert!(theirs == bytes, "the file arrived with other bytes");
    assert!(opened.starts_with(bob.home()), "the file lies with the one who opened it");
    main.page().rests().await;
    screen.picture("05-file-shared").await;
}

async fn talk_through_a_power_cut(world: &mut World, screen: &Screen, alice: &Seat, bob: &Seat) {
    let (main, room) = (alice.main().await, bob.room().await);
    world.messenger.process().kill().await;
    main.page().find("status", "Reconnecting").await;
    write(&main.page(), ROOM, "written while the server was dead").await;
    screen.picture("06-server-killed").await;
    world.start_again().await;
    room.page().shows("written while the server was dead").await;
    main.page().is_gone("status", "Reconnecting").await;
    screen.picture("07-server-back").await;
}

async fn all_is_there(screen: &Screen, alice: &Seat, bob: &Seat) {
    let pointer = Pointer::new(screen);
    let main = alice.main().await;
    main.page().click("button", ROOM).await;
    // The window of the room was open when the power went: it is open again.
    let room = bob.room().await;
    seat_window(&pointer, alice, "Pod", Half::Left).await;
    seat_window(&pointer, bob, ROOM, Half::Right).await;
    for page in [main.page(), room.page()] {
        for text in [
            "항공권부터 올릴게요!",
            "Yes please",
            "written while the server was dead",
            "항공권 김포-제주.pdf",
        ] {
            page.shows(text).await;
        }
        page.is_gone("status", "Reconnecting").await;
        page.rests().await;
    }
    screen.picture("08-all-is-there").await;
}
