//! Two people plan a fair: they answer, react, change and take back what they said, a picture is seen where it was
//! dropped and in the sharing room, one jumps by keyboard, shows a status, and folds the pod.

use crate::people::{Half, drop_on_chat, invite, join, make_room, seat_window, write};
use pod_tests::desktop::{Page, Pointer, Screen, Seat};
use pod_tests::{Arrangement, World, wait};
use serde_json::json;
use std::path::PathBuf;

const ROOM: &str = "가을 축제";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_plan_a_fair() {
    let world = World::new(Arrangement::One, "fair", &[]).await;
    let screen = Screen::start("fair").await;
    let (mut mina, mut tomas) = (Seat::new(&screen, "mina"), Seat::new(&screen, "tomas"));
    tokio::join!(mina.open(), tomas.open());
    let pointer = Pointer::new(&screen);
    seat_window(&pointer, &mina, "Pod", Half::Left).await;
    seat_window(&pointer, &tomas, "Pod", Half::Right).await;
    join(&mina.main().await.page(), &invite(&world.messenger).await, "mina", "박미나").await;
    join(&tomas.main().await.page(), &invite(&world.messenger).await, "tomas", "Tomás Rivera").await;
    make_room(&mina.main().await.page(), ROOM, "tomas").await;

    talk(&screen, &mina, &tomas).await;
    picture(&screen, &mina, &tomas).await;
    sharing_room(&screen, &mina, &tomas).await;
    jump_and_fold(&screen, &mina).await;

    mina.kill().await;
    tomas.kill().await;
    screen.end().await;
    world.end().await;
}

/// Opens the menu of the message with this text, as a right click does, and chooses.
async fn choose(page: &Page<'_>, text: &str, what: &str) {
    page.shows(text).await;
    page.rests().await;
    let open = "const row = [...document.querySelectorAll('[data-said]')].findLast((one) => one.innerText.includes(arguments[0]));
        const box = row.getBoundingClientRect();
        row.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, clientX: box.left + 60, clientY: box.top + 10 }))";
    page.script(open, json!([text])).await.expect("a message has a menu");
    page.click("menuitem", what).await;
}

/// Waits until an element is there, by selector.
async fn there(page: &Page<'_>, css: &str) {
    let script = "return document.querySelector(arguments[0]) !== null";
    let found = wait::deadline(wait::STEP, async || {
        page.script(script, json!([css])).await.is_ok_and(|answer| answer == true).then_some(())
    })
    .await;
    assert!(found.is_some(), "no {css}; the page shows:\n{}", page.text().await);
}

/// Waits until a picture was loaded and drawn, not only asked for.
async fn drawn(page: &Page<'_>, css: &str) {
    let script = "const picture = document.querySelector(arguments[0]);
        return picture !== null && picture.complete && picture.naturalWidth > 0";
    let found = wait::deadline(wait::STEP, async || {
        page.script(script, json!([css])).await.is_ok_and(|answer| answer == true).then_some(())
    })
    .await;
    assert!(found.is_some(), "{css} is not drawn; the page shows:\n{}", page.text().await);
}

async fn talk(screen: &Screen, mina: &Seat, tomas: &Seat) {
    let pointer = Pointer::new(screen);
    let (main, room) = (mina.main().await, tomas.room().await);
    seat_window(&pointer, tomas, ROOM, Half::Right).await;
    let (hers, his) = (main.page(), room.page());
    write(&hers, ROOM, "누가 탁자를 가져오나요? https://fair.example/plan").await;
    choose(&his, "누가 탁자를", "Reply").await;
    // The first Enter takes the name from the list, the second one sends.
    let field = format!("Message {ROOM}");
    his.fill(&field, "I bring six, @박").await;
    his.find("option", "박미나").await;
    his.enter(&field).await;
    his.enter(&field).await;
    his.shows("I bring six, @박미나").await;
    there(&hers, "[data-testid=quote]").await;
    choose(&hers, "I bring six", "React").await;
    hers.press("[data-testid=emoji-grid] button").await;
    there(&his, "[data-testid=reaction]").await;
    choose(&his, "I bring six", "Change").await;
    his.fill(&field, "I bring eight tables").await;
    his.enter(&field).await;
    hers.shows("I bring eight tables").await;
    hers.shows("edited").await;
    write(&his, ROOM, "oh, wrong room").await;
    hers.shows("oh, wrong room").await;
    choose(&his, "oh, wrong room", "Delete").await;
    hers.shows("Message deleted").await;
    wait::until("a deleted message to be shown nowhere", async || {
        (!hers.text().await.contains("wrong room")).then_some(())
    })
    .await;
    hers.rests().await;
    his.rests().await;
    screen.picture("01-talk").await;
}

async fn picture(screen: &Screen, mina: &Seat, tomas: &Seat) {
    let poster = poster(screen, mina).await;
    drop_on_chat(screen, mina, poster, "02-picture-held-over-the-chat", "Drop to share with").await;
    for window in [mina.main().await, tomas.room().await] {
        drawn(&window.page(), "[data-testid=log] img").await;
        window.page().rests().await;
    }
    screen.picture("03-picture-in-the-chat").await;
}

/// A real picture in a person's home.
async fn poster(screen: &Screen, seat: &Seat) -> PathBuf {
    let path = seat.home().join("축제 포스터.png");
    let mut command = screen.command("convert");
    command.args(["-size", "1600x1000", "gradient:#f4c45c-#7a2038"]).arg(&path);
    let done = command.status().await;
    assert!(done.is_ok_and(|status| status.success()), "a picture can be made");
    path
}

/// From the room's window to its folder: the picture lies there, and its details show it without a download.
async fn sharing_room(screen: &Screen, mina: &Seat, tomas: &Seat) {
    let pointer = Pointer::new(screen);
    let main = mina.main().await;
    main.page().click("button", "Change your status").await;
    main.page().click("radio", "Busy").await;
    main.page().fill("What you are doing", "포스터 인쇄 중").await;
    main.page().press("[data-testid=status-save]").await;
    let room = tomas.room().await;
    room.page().rests().await;
    let keys = "window.dispatchEvent(new KeyboardEvent('keydown', { key: 'F', code: 'KeyF', ctrlKey: true, shiftKey: true, bubbles: true }))";
    room.page().script(keys, json!([])).await.expect("a key is pressed");
    let folder = tomas.folder().await;
    let page = folder.page();
    page.shows("축제 포스터.png").await;
    there(&page, "[data-testid=presence][data-state=busy]").await;
    let window = pointer.window_titled(&tomas.process_id(), "shared folder").await;
    pointer.arrange(&window, (120, 60), (1360, 840)).await;
    page.press("[data-testid=entry]").await;
    drawn(&page, "[data-testid=preview-image]").await;
    page.rests().await;
    screen.picture("04-sharing-room").await;
    page.script("window.dispatchEvent(new KeyboardEvent('keydown', { key: '2', code: 'Digit2', ctrlKey: true, shiftKey: true, bubbles: true }))", json!([]))
        .await
        .expect("a key is pressed");
    page.rests().await;
    screen.picture("05-sharing-room-tiles").await;
    page.click_away("button", "Close").await;
}

async fn jump_and_fold(screen: &Screen, mina: &Seat) {
    let pointer = Pointer::new(screen);
    let main = mina.main().await;
    let page = main.page();
    let window = pointer.window_titled(&mina.process_id(), "Pod").await;
    pointer.arrange(&window, (60, 60), (1280, 800)).await;
    page.rests().await;
    screen.picture("06-main-expanded").await;
    let key = "window.dispatchEvent(new KeyboardEvent('keydown', { key: arguments[0], code: arguments[1], ctrlKey: true, bubbles: true }))";
    page.script(key, json!(["k", "KeyK"])).await.expect("a key is pressed");
    let field = "document.activeElement.value = '포스터'; document.activeElement.dispatchEvent(new InputEvent('input', { bubbles: true }))";
    page.rests().await;
    page.script(field, json!([])).await.expect("one types into the field that has the focus");
    page.shows("축제 포스터.png").await;
    page.rests().await;
    screen.picture("07-quick-switcher").await;
    page.script("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))", json!([]))
        .await
        .expect("a key is pressed");
    page.rests().await;
    page.script(key, json!(["\\", "Backslash"])).await.expect("a key is pressed");
    wait::until("the pod to fold", async || {
        let width = page.script("return window.innerWidth", json!([])).await.ok()?.as_f64()?;
        (width <= 420.0).then_some(())
    })
    .await;
    page.rests().await;
    screen.picture("08-compact").await;
}
