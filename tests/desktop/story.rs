//! The main story, two people at once: they sign up, one makes a room, they talk, a file is dropped on the chat, the
//! other opens it, the server is killed in the middle of another, both programs end and start again, and all is there.

use crate::people::{
    Half, bytes, drop_on_chat, file, invite, join, make_room, seat_window, sees_moving, write,
};
use pod_tests::desktop::{Pointer, Screen, Seat};
use pod_tests::proxy::Weather;
use pod_tests::{Arrangement, World, wait};

const ROOM: &str = "제주 가족여행";

/// What stands over a chat that a file is held over.
const DROP: &str = "Drop to share with";
/// The size of the film: half a minute on the slow way.
const FILM: u32 = 96_000_000;
/// Bytes in a second on the slow way.
const SLOW: u64 = 3_000_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_share_a_room_and_files_through_kills_and_restarts() {
    story(Arrangement::One, "story").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_with_messages_and_files_in_two_processes() {
    story(Arrangement::Two, "story-two-processes").await;
}

async fn story(arrangement: Arrangement, name: &str) {
    let mut world = World::new(arrangement, "desktop", &[]).await;
    let screen = Screen::start(name).await;
    let (mut alice, mut bob) = (Seat::new(&screen, "alice"), Seat::new(&screen, "bob"));
    tokio::join!(alice.open(), bob.open());

    sign_up(&world, &screen, &alice, &bob).await;
    talk(&screen, &alice, &bob).await;
    share_a_file(&screen, &alice, &bob).await;
    share_through_a_power_cut(&mut world, &screen, &alice, &bob).await;

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
    let bytes = bytes(12_000_000);
    let ticket = file(alice, "항공권 김포-제주.pdf", &bytes);
    let main = alice.main().await;
    let folder = main.page().look_for("button", "Close the folder").await;
    assert!(folder.is_none(), "the folder lies over the chat of a narrow window");
    drop_on_chat(screen, alice, ticket, "04-file-held-over-the-chat", DROP).await;
    arrives(bob, "항공권 김포-제주.pdf", &bytes).await;
    main.page().rests().await;
    screen.picture("05-file-shared").await;
}

/// The servers die in the middle of an upload that both see; what was on its way goes on by itself.
async fn share_through_a_power_cut(world: &mut World, screen: &Screen, alice: &Seat, bob: &Seat) {
    let bytes = bytes(FILM);
    let film = file(alice, "바다.mp4", &bytes);
    let (main, room) = (alice.main().await, bob.room().await);
    world.way_to_content().set(Weather::Slow(SLOW));
    drop_on_chat(screen, alice, film, "06-film-held-over-the-chat", DROP).await;
    let (hers, his) = (main.page(), room.page());
    tokio::join!(sees_moving(&hers, "바다.mp4"), sees_moving(&his, "바다.mp4"));
    screen.picture("07-film-on-its-way").await;
    world.kill().await;
    hers.find("status", "Reconnecting").await;
    his.find("status", "Everything you have opened still works").await;
    write(&hers, ROOM, "written while the server was dead").await;
    hers.find("status", "1 message and 1 file will be sent when you are back").await;
    hers.rests().await;
    screen.picture("08-server-killed").await;
    world.way_to_content().set(Weather::Fair);
    world.start_again().await;
    his.shows("written while the server was dead").await;
    hers.is_gone("status", "Reconnecting").await;
    arrives(bob, "바다.mp4", &bytes).await;
    hers.rests().await;
    screen.picture("09-film-arrived").await;
}

/// Somebody opens a file from the chat, and it is what was sent.
async fn arrives(seat: &Seat, name: &str, bytes: &[u8]) {
    let room = seat.room().await;
    room.page().click("button", &format!("Open {name}")).await;
    let opened = seat.opened(name).await;
    let theirs = std::fs::read(&opened).expect("the opened file is there");
    assert!(theirs == bytes, "{name} arrived with other bytes");
    assert!(opened.starts_with(seat.home()), "the file lies with the one who opened it");
    wait::until("the chat to say that the file is here", async || {
        let moving = room.page().attribute("[data-testid=file-state][data-on=downloading]", "data-on").await;
        moving.is_none().then_some(())
    })
    .await;
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
            "바다.mp4",
        ] {
            page.shows(text).await;
        }
        page.is_gone("status", "Reconnecting").await;
        page.rests().await;
    }
    screen.picture("10-all-is-there").await;
}
