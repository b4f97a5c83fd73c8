//! Two people in the sharing-room window: one comments, rates, and makes a new version; the other sees all of it in the
//! table and in the details, compares the versions, brings the old one back, and sorts. One reads Korean at midnight.

use crate::people::{Half, drop_on_chat, file, invite, join, make_room, seat_window};
use crate::playing::{open_folder, wide};
use crate::screens::keep;
use pod_tests::desktop::{Page, Pointer, Screen, Seat};
use pod_tests::{Arrangement, World, wait};
use serde_json::json;

const ROOM: &str = "봄 전시";
const PLAN: &str = "전시 계획.md";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_work_on_a_plan_in_the_sharing_room() {
    let world = World::new(Arrangement::One, "sharing", &[]).await;
    let screen = Screen::start("sharing").await;
    let (mut mina, mut tomas) = (Seat::new(&screen, "mina"), Seat::new(&screen, "tomas"));
    tokio::join!(mina.open(), tomas.open());
    let pointer = Pointer::new(&screen);
    seat_window(&pointer, &mina, "Pod", Half::Left).await;
    seat_window(&pointer, &tomas, "Pod", Half::Right).await;
    join(&mina.main().await.page(), &invite(&world.messenger).await, "mina", "박미나").await;
    join(&tomas.main().await.page(), &invite(&world.messenger).await, "tomas", "Tomás Rivera").await;
    make_room(&mina.main().await.page(), ROOM, "tomas").await;
    seat_window(&pointer, &tomas, ROOM, Half::Right).await;
    let first = "# 전시 계획\n\n- 입구는 동쪽\n- 포스터 30장\n- 개막 10시\n";
    drop_on_chat(
        &screen,
        &mina,
        file(&mina, PLAN, first.as_bytes()),
        "01-held-over-the-chat",
        "Drop to share",
    )
    .await;

    let folder = open_folder(&pointer, &tomas).await;
    say(&folder.page()).await;
    screen.picture("02-said-and-rated").await;
    seat_window(&pointer, &tomas, "shared folder", Half::Right).await;
    let second = first.replace("30장", "45장") + "- 정리 18시\n";
    drop_on_chat(&screen, &mina, file(&mina, PLAN, second.as_bytes()), "03-again", "Drop to share").await;
    wide(&pointer, &tomas).await;
    compare_and_bring_back(&screen, &folder.page()).await;
    let hers = mina.main().await;
    set(&hers.page(), "language", "ko").await;
    set(&hers.page(), "skin", "midnight").await;
    sees(&screen, &pointer, &mina).await;

    mina.kill().await;
    tomas.kill().await;
    screen.end().await;
    world.end().await;
}

async fn set(page: &Page<'_>, key: &str, value: &str) {
    crate::people::ask(page, "run", json!({"command": {"do": "setting_set", "key": key, "value": value}}))
        .await;
}

/// Waits until an element shows this text.
async fn reads(page: &Page<'_>, css: &str, text: &str) {
    let script = "return [...document.querySelectorAll(arguments[0])].some((one) => one.innerText.includes(arguments[1]))";
    let found = wait::deadline(wait::STEP, async || {
        page.script(script, json!([css, text])).await.is_ok_and(|answer| answer == true).then_some(())
    })
    .await;
    assert!(found.is_some(), "{css} never said {text:?}; the page shows:\n{}", page.text().await);
}

/// He says something about the plan and gives it four and a half stars.
async fn say(page: &Page<'_>) {
    page.press(&format!("[data-testid=entry][data-name={PLAN:?}]")).await;
    reads(page, "[data-testid=markdown]", "입구는 동쪽").await;
    page.fill("Say something about it", "개막은 11시가 좋겠어요").await;
    page.press("[data-testid=comment-say]").await;
    reads(page, "[data-testid=comment]", "개막은 11시가 좋겠어요").await;
    let rate = "const knob = document.querySelector('[data-testid=rate]');
        knob.value = '9';
        knob.dispatchEvent(new Event('change', { bubbles: true }))";
    page.script(rate, json!([])).await.expect("a knob is let go");
    reads(page, "[data-testid=average]", "4.5").await;
    reads(page, "[data-testid=entry] .rate", "4.5").await;
    reads(page, "[data-testid=entry] .said", "1").await;
    reads(page, "[data-testid=details-activity]", "commented").await;
    page.rests().await;
}

/// The same name once more is a new version of the same file, with its comment and its rating.
async fn compare_and_bring_back(screen: &Screen, page: &Page<'_>) {
    reads(page, "[data-testid=versions]", "Version 2").await;
    reads(page, "[data-testid=markdown]", "45장").await;
    reads(page, "[data-testid=comment]", "개막은 11시가 좋겠어요").await;
    page.press("[data-testid=version-compare]").await;
    for (is, text) in [("gone", "포스터 30장"), ("came", "포스터 45장"), ("came", "정리 18시")] {
        reads(page, &format!("[data-testid=compare-lines] [data-is={is}]"), text).await;
    }
    page.rests().await;
    screen.picture("04-compared").await;
    page.press("[data-testid=compare] .ib.sm").await;
    page.press("[data-testid=version-restore]").await;
    reads(page, "[data-testid=versions]", "Version 3").await;
    reads(page, "[data-testid=markdown]", "30장").await;
    page.press("[data-testid=sort-rating]").await;
    page.rests().await;
    screen.picture("05-brought-back").await;
}

/// She sees the same at her computer, in her language and at night, also in a small window.
async fn sees(screen: &Screen, pointer: &Pointer<'_>, mina: &Seat) {
    let main = mina.main().await;
    main.page().press("[data-testid=rail-files]").await;
    main.page().press(&format!("[data-testid=entry][data-name={PLAN:?}]")).await;
    let window = pointer.window_titled(&mina.process_id(), "Pod").await;
    pointer.arrange(&window, (100, 40), (1500, 900)).await;
    let page = main.page();
    page.rests().await;
    let shown =
        page.script("return document.querySelector('[data-testid=details]') !== null", json!([])).await;
    if shown.is_ok_and(|shown| shown == false) {
        page.press("[data-testid=details-button]").await;
    }
    reads(&page, "[data-testid=comment]", "개막은 11시가 좋겠어요").await;
    reads(&page, "[data-testid=versions]", "3").await;
    keep(screen, &main, "06-korean-midnight").await;
    pointer.arrange(&window, (100, 40), (700, 640)).await;
    page.rests().await;
    keep(screen, &main, "07-small").await;
}
