//! Files from person to person, two people at once: one is dropped on a contact, accepted, watched, paused, put elsewhere
//! in the queue, moved on without a server and through a power cut of the receiver, and dragged out of the window; one
//! is declined; one waits on the server for who is away, when its sender is gone. One of them reads Korean at midnight.

use crate::people::{Half, ask, bytes, file, invite, join, seat_window, write};
use crate::queue::{Row, is_ordered};
use crate::screens::keep;
use pod_tests::desktop::{Desk, Page, Pointer, Screen, Seat};
use pod_tests::{Arrangement, World, wait};
use serde_json::json;

const FILM: &str = "바다 여행.mp4";
const SCRIPT: &str = "대본.pdf";
const LETTER: &str = "편지.pdf";
/// Much longer at the limit that Alice has set than they watch it, then it is lifted.
const FILM_BYTES: u32 = 64_000_000;
const LIMIT: &str = "1500000";
const JIWOO: &str = "지우";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_send_each_other_files() {
    let mut world = World::new(Arrangement::One, "offers", &[]).await;
    let screen = Screen::start("offers").await;
    let desk = Desk::with_tray(&screen).await;
    let (mut alice, mut bob) = (Seat::new(&screen, "alice"), Seat::new(&screen, "bob"));
    tokio::join!(alice.open(), bob.open());
    let film = bytes(FILM_BYTES);
    let letter = bytes(3_000_000);

    begin(&world, &screen, &alice, &bob).await;
    wait_for_a_message(&screen, &alice).await;
    offer_and_accept(&screen, &desk, &alice, &bob, &film).await;
    watch_and_pause(&screen, &alice, &bob).await;
    put_elsewhere_and_decline(&screen, &alice, &bob).await;
    move_without_a_server(&mut world, &alice, &bob).await;
    bob.kill().await;
    bob.open().await;
    arrive(&screen, &alice, &bob, &film).await;
    drag_out(&screen, &bob, &film).await;
    bob.kill().await;
    leave_on_the_server(&screen, &alice, &letter).await;
    alice.kill().await;
    bob.open().await;
    desk.has_icons(4).await;
    take_from_the_server(&screen, &desk, &bob, &letter).await;

    bob.kill().await;
    desk.end().await;
    screen.end().await;
    world.end().await;
}

async fn set(page: &Page<'_>, key: &str, value: Option<&str>) {
    ask(page, "run", json!({"command": {"do": "setting_set", "key": key, "value": value}})).await;
}

/// Waits until an element is there.
async fn there(page: &Page<'_>, css: &str) {
    let script = "return document.querySelector(arguments[0]) !== null";
    let found = wait::deadline(wait::STEP, async || {
        page.script(script, json!([css])).await.is_ok_and(|answer| answer == true).then_some(())
    })
    .await;
    assert!(found.is_some(), "no {css}; the page shows:\n{}", page.text().await);
}

async fn begin(world: &World, screen: &Screen, alice: &Seat, bob: &Seat) {
    let pointer = Pointer::new(screen);
    let (main, his) = (alice.main().await, bob.main().await);
    seat_window(&pointer, alice, "Pod", Half::Left).await;
    join(&main.page(), &invite(&world.messenger).await, "alice", "Alice").await;
    join(&his.page(), &invite(&world.messenger).await, "jiwoo", JIWOO).await;
    set(&main.page(), "transfers.up_limit", Some(LIMIT)).await;
    // He takes his time.
    set(&main.page(), "transfers.wait_s", Some("120")).await;
    set(&his.page(), "language", Some("ko")).await;
    set(&his.page(), "skin", Some("midnight")).await;
    let window = pointer.window_titled(&bob.process_id(), "").await;
    pointer.arrange(&window, (820, 80), (818, 430)).await;
    main.page().press("[data-testid=new-talk]").await;
    main.page().fill_role("combobox", "Find people by name", "jiwoo").await;
    main.page().click("option", "jiwoo").await;
    main.page().press("[data-testid=create]").await;
    main.page().find("textbox", &format!("Message {JIWOO}")).await;
    write(&main.page(), JIWOO, "영화 보낼게!").await;
    bob.room().await.page().shows("영화 보낼게!").await;
    let window = pointer.window_titled(&bob.process_id(), "Alice").await;
    pointer.arrange(&window, (820, 515), (818, 445)).await;
}

/// With Alt held a dropped file is not offered, but waits in the line one writes in.
async fn wait_for_a_message(screen: &Screen, alice: &Seat) {
    let pointer = Pointer::new(screen);
    let main = alice.main().await;
    let page = main.page();
    let note = file(alice, "쪽지.txt", b"later");
    let (x, y) = page.middle("[data-testid=log]").await;
    let corner = Half::Left.place();
    let target = (corner.0 + x.round() as i32, corner.1 + y.round() as i32);
    let held = async || there(&page, "[data-testid=drop-card][data-ask=true]").await;
    pointer.drop_files_with("Alt_L", &[note], target, held).await;
    there(&page, "[data-testid=tray]").await;
    page.rests().await;
    main.picture(&screen.artefacts().join("01-waits-for-a-message.png")).await;
    page.press("[data-testid=tray-remove]").await;
    assert!(page.attribute("[data-testid=peer-transfer]", "data-name").await.is_none(), "it was offered");
}

/// Drags a file onto Jiwoo in Alice's list.
async fn drop_on_jiwoo(screen: &Screen, alice: &Seat, name: &str, bytes: &[u8]) {
    let pointer = Pointer::new(screen);
    let main = alice.main().await;
    let page = main.page();
    let path = file(alice, name, bytes);
    page.press("[data-testid=rail-messages]").await;
    let (x, y) = page.middle("[data-testid=room][data-drop-person]").await;
    let corner = Half::Left.place();
    let target = (corner.0 + x.round() as i32, corner.1 + y.round() as i32);
    pointer.drop_files(&[path], target, async || page.shows(&format!("Drop to send to {JIWOO}")).await).await;
}

/// He is asked in his main window, in the conversation and by the desktop, and accepts with the keyboard.
async fn offer_and_accept(screen: &Screen, desk: &Desk<'_>, alice: &Seat, bob: &Seat, film: &[u8]) {
    let pointer = Pointer::new(screen);
    pointer.focus(&pointer.window_titled(&alice.process_id(), "").await).await;
    drop_on_jiwoo(screen, alice, FILM, film).await;
    let (main, talk) = (bob.main().await, bob.room().await);
    there(&main.page(), "[data-testid=offer-dialog]").await;
    there(&talk.page(), "[data-testid=peer-foot] [data-testid=offer]").await;
    let notice = desk.notice(FILM).await;
    assert!(notice.title.contains("Alice"), "{notice:?}");
    Row::in_talk(alice.main().await.page(), FILM).is("waiting").await;
    keep(screen, &main, "02-offered").await;
    keep(screen, &talk, "03-offered-in-the-talk").await;
    screen.picture("04-offered-both").await;
    desk.click(&notice).await;
    let process = bob.process_id();
    let windows = pointer.windows_of(&process).await;
    pointer.is_active_one_of(&windows).await;
    pointer.key("Return").await;
    Row::in_talk(talk.page(), FILM).is("moving").await;
    Row::in_talk(alice.main().await.page(), FILM).is("moving").await;
}

async fn watch_and_pause(screen: &Screen, alice: &Seat, bob: &Seat) {
    let pointer = Pointer::new(screen);
    let (main, his) = (alice.main().await, bob.main().await);
    main.page().press("[data-testid=rail-transfers]").await;
    his.page().press("[data-testid=rail-transfers]").await;
    his.page().press("[data-testid=transfers-window-button]").await;
    let own = bob.transfers().await;
    let window = pointer.window_titled(&bob.process_id(), "전송").await;
    pointer.arrange(&window, (820, 80), (818, 430)).await;
    let (up, down) = (Row::listed(main.page(), FILM), Row::listed(own.page(), FILM));
    for (row, words) in [(up, ["Direct", "B/s", "of 64 MB", "left"]), (down, ["직접", "B/s", "64MB", "남음"])]
    {
        for word in words {
            row.says(word).await;
        }
        row.moves_on().await;
    }
    main.picture(&screen.artefacts().join("05-moving.png")).await;
    keep(screen, &own, "06-moving-midnight").await;
    keep(screen, &bob.room().await, "07-moving-in-the-talk").await;
    down.press("transfer-pause").await;
    down.is("paused").await;
    up.says(&format!("{JIWOO} paused it at")).await;
    screen.picture("08-paused").await;
}

async fn put_elsewhere_and_decline(screen: &Screen, alice: &Seat, bob: &Seat) {
    let pointer = Pointer::new(screen);
    drop_on_jiwoo(screen, alice, SCRIPT, &bytes(200_000)).await;
    let (main, talk) = (alice.main().await, bob.room().await);
    let page = main.page();
    there(&talk.page(), "[data-testid=peer-foot] [data-testid=offer]").await;
    page.press("[data-testid=rail-transfers]").await;
    is_ordered(&page, &[FILM, SCRIPT]).await;
    let corner = Half::Left.place();
    let place = |(x, y): (f64, f64)| (corner.0 + x.round() as i32, corner.1 + y.round() as i32);
    let (film, script) = (Row::listed(page, FILM), Row::listed(page, SCRIPT));
    let from = place(page.middle(&format!("{} .dir", script.css())).await);
    let to = place(page.middle(&format!("{} .dir", film.css())).await);
    pointer.drag_to(from, (to.0, to.1 - 14)).await;
    is_ordered(&page, &[SCRIPT, FILM]).await;
    let window = pointer.window_titled(&alice.process_id(), "").await;
    pointer.focus(&window).await;
    page.script("document.querySelector(arguments[0]).focus()", json!([film.css()]))
        .await
        .expect("a row is focused");
    pointer.key("alt+Up").await;
    is_ordered(&page, &[FILM, SCRIPT]).await;
    talk.page().press("[data-testid=peer-foot] [data-testid=offer-decline]").await;
    script.is("cancelled").await;
    script.says(&format!("{JIWOO} declined")).await;
    page.rests().await;
    main.picture(&screen.artefacts().join("09-declined.png")).await;
    let own = bob.transfers().await;
    let down = Row::listed(own.page(), FILM);
    down.press("transfer-resume").await;
    down.is("moving").await;
}

/// Between the two of them nothing stops when the server is gone.
async fn move_without_a_server(world: &mut World, alice: &Seat, bob: &Seat) {
    let (main, own) = (alice.main().await, bob.transfers().await);
    world.kill().await;
    main.page().find("status", "Reconnecting").await;
    Row::listed(own.page(), FILM).moves_on().await;
    Row::listed(main.page(), FILM).moves_on().await;
    world.start_again().await;
    main.page().is_gone("status", "Reconnecting").await;
}

async fn arrive(screen: &Screen, alice: &Seat, bob: &Seat, film: &[u8]) {
    let (main, own) = (alice.main().await, bob.transfers().await);
    let (up, down) = (Row::listed(main.page(), FILM), Row::listed(own.page(), FILM));
    down.moves_on().await;
    up.moves_on().await;
    set(&main.page(), "transfers.up_limit", None).await;
    down.is("done").await;
    up.is("done").await;
    up.says("Done and checked").await;
    let here = std::fs::read(bob.received(FILM).await).expect("the film is there");
    assert!(here == film, "the film arrived with other bytes");
    up.press("transfer-more").await;
    down.press("transfer-more").await;
    keep(screen, &own, "10-arrived").await;
    main.page().rests().await;
    main.picture(&screen.artefacts().join("11-arrived-at-the-sender.png")).await;
}

/// Out of the window into another program: the real file, under its real name.
async fn drag_out(screen: &Screen, bob: &Seat, film: &[u8]) {
    let pointer = Pointer::new(screen);
    let own = bob.transfers().await;
    let window = pointer.window_titled(&bob.process_id(), "전송").await;
    let corner = (820, 80);
    pointer.arrange(&window, corner, (818, 430)).await;
    own.page().rests().await;
    let (x, y) = own.page().middle(&format!("{} .dir", Row::listed(own.page(), FILM).css())).await;
    let from = (corner.0 + x.round() as i32, corner.1 + y.round() as i32);
    let given = pointer.drag_into_other_program(from).await;
    assert_eq!(given, [bob.received(FILM).await]);
    let there = std::fs::read(&given[0]).expect("the other program can read it");
    assert!(there == film, "the other program got other bytes");
}

/// Nobody answers, so the server keeps it; then its sender goes, too.
async fn leave_on_the_server(screen: &Screen, alice: &Seat, letter: &[u8]) {
    let main = alice.main().await;
    set(&main.page(), "transfers.wait_s", Some("1")).await;
    drop_on_jiwoo(screen, alice, LETTER, letter).await;
    let row = Row::in_talk(main.page(), LETTER);
    row.says(&format!("On the server. {JIWOO} gets it when back, even if you are away.")).await;
    main.page().rests().await;
    main.picture(&screen.artefacts().join("12-on-the-server.png")).await;
}

/// Everything is stopped and goes on from the tray.
async fn take_from_the_server(screen: &Screen, desk: &Desk<'_>, bob: &Seat, letter: &[u8]) {
    let (main, own) = (bob.main().await, bob.transfers().await);
    there(&main.page(), "[data-testid=offer-inbox] [data-testid=offer][data-step=forwarded]").await;
    keep(screen, &main, "13-waits-for-who-comes-back").await;
    choose(desk, "전송 모두 멈춤").await;
    own.page().shows("모두 멈춰 있습니다").await;
    main.page().press("[data-testid=offer-inbox] [data-testid=offer-accept]").await;
    let row = Row::listed(own.page(), LETTER);
    row.says("모두 멈춰 있음").await;
    keep(screen, &own, "14-everything-paused").await;
    choose(desk, "전송 모두 계속").await;
    row.is("done").await;
    let here = std::fs::read(bob.received(LETTER).await).expect("the letter is there");
    assert!(here == letter, "the letter arrived with other bytes");
    main.page().rests().await;
    screen.picture("15-all-there").await;
}

/// Chooses an entry of the tray, once it is there.
async fn choose(desk: &Desk<'_>, label: &str) {
    wait::until(&format!("{label:?} in the tray"), async || {
        desk.labels().await.contains(label).then_some(())
    })
    .await;
    desk.choose(label).await;
}
