//! Notifications of the desktop: what arrives while nobody looks is shown, and a click on it leads to its place.

use crate::people::{invite, join, make_room, own_room};
use pod_client::command::{Answer, Command, Secret};
use pod_client::view::ServerAddress;
use pod_client::{Pod, SecretsKind, StartOptions, start};
use pod_tests::desktop::{Desk, Page, Pointer, Screen, Seat};
use pod_tests::world::PASSWORD;
use pod_tests::{Arrangement, World, wait};
use serde_json::json;

const ROOM: &str = "Autumn fair";
/// Enough to push what was said before them out of the window.
const LATER: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_click_on_a_notification_leads_to_the_message_and_not_only_to_the_room() {
    let world = World::new(Arrangement::One, "notices", &[]).await;
    let screen = Screen::start("notices").await;
    let desk = Desk::without_tray(&screen).await;
    let pointer = Pointer::new(&screen);
    let (mut alice, mut bob) = (Seat::new(&screen, "alice"), Seat::new(&screen, "bob"));
    tokio::join!(alice.open(), bob.open());
    {
        let (hers, his) = (alice.main().await, bob.main().await);
        join(&hers.page(), &invite(&world.messenger).await, "alice", "Alice").await;
        join(&his.page(), &invite(&world.messenger).await, "bob", "Bob").await;
        make_room(&hers.page(), ROOM, "bob").await;
        // She looks at another room from now on.
        own_room(&hers.page(), "Elsewhere").await;
        hers.page().rests().await;
        let main = pointer.window_titled(&alice.process_id(), "Pod").await;
        let theirs = bob.room().await;
        let page = theirs.page();
        say(&page, "Who has the key to the shed?").await;
        let notice = desk.notice("Who has the key to the shed?").await;
        assert_eq!(notice.title, format!("Bob · {ROOM}"));
        for number in 1..=LATER {
            say(&page, &format!("and another thing, number {number}")).await;
        }
        desk.notice(&format!("number {LATER}")).await;
        desk.click(&notice).await;
        let room = alice.room().await;
        is_seen(&room.page(), "Who has the key to the shed?").await;
        let window = pointer.window_titled(&alice.process_id(), ROOM).await;
        pointer.is_active(&window).await;
        room.page().is_drawn().await;
        screen.picture("at-the-message").await;
        // The room's window is open and looks elsewhere: the same window goes there, and comes to the front.
        pointer.focus(&main).await;
        say(&page, "It hangs behind the door").await;
        let notice = desk.notice("It hangs behind the door").await;
        desk.click(&notice).await;
        is_seen(&room.page(), "It hangs behind the door").await;
        pointer.is_active(&window).await;
        // Nothing is told of a room that one looks at.
        say(&page, "Found it?").await;
        room.page().shows("Found it?").await;
        pointer.focus(&main).await;
        say(&page, "Hello?").await;
        desk.notice("Hello?").await;
        assert!(desk.notices().iter().all(|notice| notice.body != "Found it?"), "it was in sight");
        // The number on the icon of the task bar is what is unread; what she reads on another computer is taken down here.
        desk.has_count(1).await;
        let notice = desk.notice("Hello?").await;
        let other = reading_elsewhere(&world, "alice").await;
        desk.is_taken_down(&notice).await;
        desk.has_count(0).await;
        drop(other);
    }
    alice.kill().await;
    bob.kill().await;
    desk.end().await;
    screen.end().await;
    world.end().await;
}

/// The same person on another computer, where they read all of the room.
async fn reading_elsewhere(world: &World, name: &str) -> Pod {
    let profile = world.folder().join(format!("{name}-elsewhere"));
    let options = StartOptions { secrets: SecretsKind::File, ..StartOptions::new(profile) };
    let (pod, _) = start(options).await.unwrap_or_else(|error| panic!("no pod elsewhere: {error}"));
    let server = ServerAddress { url: world.url(), fingerprint: None, invite: None, room: None };
    let sign_in = Command::SignIn { server, name: name.into(), password: Secret(PASSWORD.into()) };
    pod.run(sign_in).await.unwrap_or_else(|error| panic!("not signed in elsewhere: {error}"));
    let newest = async || {
        let Answer::Rooms(rooms) = pod.run(Command::Rooms).await.ok()? else { return None };
        let room = rooms.into_iter().find(|room| room.title == ROOM)?;
        Some((room.id, room.last?.pos?))
    };
    let (room, pos) = wait::until("the room elsewhere", newest).await;
    let read = pod.run(Command::Read { room, pos }).await;
    assert!(read.is_ok(), "{read:?}");
    pod
}

/// Says something in the room of this window, by the command its composer uses.
async fn say(page: &Page<'_>, text: &str) {
    let script = "
        const room = new URLSearchParams(location.search).get('room');
        return window.__TAURI_INTERNALS__.invoke('run', { command: { do: 'send', room, text: arguments[0], mentions: [], reply: null } });";
    page.script(script, json!([text])).await.unwrap_or_else(|error| panic!("{text} was not sent: {error}"));
}

/// Waits until a message is within the part of the chat that one sees.
async fn is_seen(page: &Page<'_>, text: &str) {
    let script = "
        const row = [...document.querySelectorAll('[data-said]')].find((one) => one.innerText.includes(arguments[0]));
        if (!row) return false;
        const [box, log] = [row, document.querySelector('[data-testid=log]')].map((one) => one.getBoundingClientRect());
        return box.top >= log.top && box.bottom <= log.bottom";
    let found = wait::deadline(wait::STEP, async || {
        page.script(script, json!([text])).await.is_ok_and(|answer| answer == true).then_some(())
    })
    .await;
    assert!(found.is_some(), "{text:?} is not in sight; the page shows:\n{}", page.text().await);
}
