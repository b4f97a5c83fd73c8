//! Two people become contacts, see how the other is by shape and words, hide, go away and come back, and one of them sees
//! their signed-in computers.

use crate::people::{Half, ask, invite, join, seat_window};
use pod_tests::desktop::{Page, Pointer, Screen, Seat};
use pod_tests::proxy::Weather;
use pod_tests::{Arrangement, World, wait};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_become_contacts_and_see_how_the_other_is() {
    let world = World::new(Arrangement::One, "contacts", &[]).await;
    let screen = Screen::start("contacts").await;
    let (mut mina, mut tomas) = (Seat::new(&screen, "mina"), Seat::new(&screen, "tomas"));
    tokio::join!(mina.open(), tomas.open());
    let pointer = Pointer::new(&screen);
    seat_window(&pointer, &mina, "Pod", Half::Left).await;
    seat_window(&pointer, &tomas, "Pod", Half::Right).await;
    {
        let (hers, his) = (mina.main().await, tomas.main().await);
        join(&hers.page(), &invite(&world.messenger).await, "mina", "박미나").await;
        join(&his.page(), &invite(&world.messenger).await, "tomas", "Tomás Rivera").await;
        // His window of their conversation would lie over hers.
        let list = json!({"do": "setting_set", "key": "rooms.open", "value": "list"});
        ask(&his.page(), "run", json!({"command": list})).await;
        become_contacts(&screen, &hers.page(), &his.page()).await;
        show(&screen, &hers.page(), &his.page()).await;
        lose_the_line(&screen, &world, &hers.page(), &his.page()).await;
        computers(&screen, &hers.page()).await;
    }
    mina.kill().await;
    // Who is killed is away at once; the line says since when.
    line(&tomas.main().await.page(), "Seen").await;
    screen.picture("07-gone").await;
    tomas.kill().await;
    screen.end().await;
    world.end().await;
}

/// She finds him by name and asks; he sees it and accepts; she puts him into a group.
async fn become_contacts(screen: &Screen, hers: &Page<'_>, his: &Page<'_>) {
    hers.press("[data-testid=add-contact]").await;
    hers.fill("Filter rooms and people", "tomas").await;
    hers.press("[data-testid=contact-found] [data-testid=contact-add]").await;
    line(hers, "Asked").await;
    let found = hers.attribute("[data-testid=contact-found]", "data-account").await;
    assert_eq!(found, None, "who was asked is offered again");
    his.find("button", "Accept").await;
    his.rests().await;
    screen.picture("01-asked").await;
    his.press("[data-testid=contact-accept]").await;
    // Backspace: what is chosen goes.
    hers.fill("Filter rooms and people", "\u{E003}").await;
    line(hers, "Here").await;
    line(his, "Here").await;
    hers.press("[data-testid=new-group]").await;
    hers.fill("Name of the group", "가을 축제").await;
    hers.click("button", "Create group").await;
    hers.find("button", "가을 축제").await;
    hers.rests().await;
    screen.picture("02-contacts").await;
}

/// He is busy and says why; then nobody sees him.
async fn show(screen: &Screen, hers: &Page<'_>, his: &Page<'_>) {
    his.press("[data-testid=own-status]").await;
    his.click("radio", "Busy").await;
    his.fill("What you are doing", "Painting the stage").await;
    his.rests().await;
    screen.picture("03-status").await;
    his.press("[data-testid=status-save]").await;
    line(hers, "Painting the stage").await;
    hers.press("[data-testid=contact]").await;
    hers.rests().await;
    screen.picture("04-busy").await;
    // What he says of himself stays until he says something else: who hides looks like who went.
    set_presence(his, "here").await;
    line(hers, "Here").await;
    set_presence(his, "invisible").await;
    line(hers, "Seen").await;
    set_presence(his, "here").await;
    line(hers, "Here").await;
}

/// Without the network her own dot is hollow, and what she sees of others says how old it is.
async fn lose_the_line(screen: &Screen, world: &World, hers: &Page<'_>, his: &Page<'_>) {
    world.network.set(Weather::Cut);
    for page in [hers, his] {
        page.find("status", "Reconnecting").await;
    }
    hers.rests().await;
    screen.picture("05-offline").await;
    world.network.set(Weather::Fair);
    for page in [hers, his] {
        page.is_gone("status", "Reconnecting").await;
        line(page, "Here").await;
    }
}

async fn computers(screen: &Screen, page: &Page<'_>) {
    page.press("[data-testid=rail-settings]").await;
    page.press("[data-testid=settings-computers]").await;
    page.shows("this computer").await;
    page.rests().await;
    screen.picture("06-computers").await;
    page.press("[data-testid=rail-messages]").await;
}

async fn set_presence(page: &Page<'_>, state: &str) {
    let presence = json!({"do": "presence_set", "state": state, "text": "", "until": null});
    ask(page, "run", json!({"command": presence})).await;
}

/// Waits until the only contact's line says this.
async fn line(page: &Page<'_>, text: &str) {
    let script = "return document.querySelector('[data-testid=contact-line]')?.innerText ?? ''";
    let mut seen = String::new();
    let found = wait::deadline(wait::STEP, async || {
        let said = page.script(script, json!([])).await.ok()?;
        seen = said.as_str().unwrap_or_default().to_owned();
        seen.contains(text).then_some(())
    })
    .await;
    assert!(
        found.is_some(),
        "the contact's line says {seen:?}, not {text:?}; the page:\n{}",
        page.text().await
    );
}
