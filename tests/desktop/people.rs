//! What people do in the windows, in their words.

use pod_tests::desktop::{Page, Pointer, Screen, Seat};
use pod_tests::{Server, wait, world::PASSWORD};
use serde_json::Value;
use std::path::PathBuf;

/// The half of the screen a person's window has.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Half {
    Left,
    Right,
}

impl Half {
    pub(crate) fn place(self) -> (i32, i32) {
        match self {
            Self::Left => (0, 80),
            Self::Right => (820, 80),
        }
    }
}

const HALF: (i32, i32) = (818, 880);

/// Asks a command of the shell, as the page does.
pub(crate) async fn ask(page: &Page<'_>, command: &str, args: Value) -> Value {
    let script = "return window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1])";
    page.script(script, serde_json::json!([command, args])).await.expect("the shell answers")
}

/// Hears an event of the shell, as the page does, and keeps what comes in `window.heard`.
pub(crate) async fn hear(page: &Page<'_>, event: &str) {
    let script = "
        window.heard = [];
        const handler = window.__TAURI_INTERNALS__.transformCallback((event) => window.heard.push(event.payload));
        return window.__TAURI_INTERNALS__.invoke('plugin:event|listen', {
            event: arguments[0], target: { kind: 'WebviewWindow', label: arguments[1] }, handler,
        });";
    let label =
        page.script("return window.__TAURI_INTERNALS__.metadata.currentWindow.label", serde_json::json!([]));
    let label = label.await.expect("a window has a label");
    page.script(script, serde_json::json!([event, label])).await.expect("a page may listen");
}

/// Waits for what was heard.
pub(crate) async fn heard(page: &Page<'_>, fits: impl Fn(&Value) -> bool) -> Value {
    wait::until("the page to hear of it", async || {
        let heard = page.script("return window.heard", serde_json::json!([])).await.ok()?;
        heard.as_array()?.iter().find(|payload| fits(payload)).cloned()
    })
    .await
}

/// An invite link of the server, as its operator makes one.
pub(crate) async fn invite(server: &Server) -> String {
    let (code, said) = server.run(&["invite"]).await;
    assert_eq!(code, 0, "no invite: {said}");
    let said: Value = serde_json::from_str(said.trim()).expect("an invite is JSON");
    said["link"].as_str().expect("an invite has a link").to_owned()
}

/// Joins with a link: from the first page to the list of rooms.
pub(crate) async fn join(page: &Page<'_>, link: &str, name: &str, shown: &str) {
    page.click("button", "Join with an invite link").await;
    page.fill("Invite link", link).await;
    page.click("button", "Next").await;
    page.fill("Name", name).await;
    page.fill("Shown as", shown).await;
    page.fill("Password", PASSWORD).await;
    page.click("button", "Create account").await;
    page.find("button", "New room").await;
    page.rests().await;
}

/// Makes a room with nobody else in it yet.
pub(crate) async fn own_room(page: &Page<'_>, title: &str) {
    page.click("button", "New room").await;
    page.fill("Name of the room", title).await;
    page.click("button", "Create room").await;
    page.find("textbox", &format!("Message {title}")).await;
}

/// Makes a room with one other person, found by name.
pub(crate) async fn make_room(page: &Page<'_>, title: &str, with: &str) {
    page.click("button", "New room").await;
    page.fill("Name of the room", title).await;
    page.fill_role("combobox", "Find people by name", with).await;
    page.click("option", with).await;
    page.click("button", "Create room").await;
    page.find("textbox", &format!("Message {title}")).await;
}

/// Writes a message and sends it with Enter.
pub(crate) async fn write(page: &Page<'_>, room: &str, text: &str) {
    let field = format!("Message {room}");
    page.fill(&field, text).await;
    page.enter(&field).await;
    page.shows(text).await;
}

/// Puts a window of a person on their half of the screen; answers its place.
pub(crate) async fn seat_window(pointer: &Pointer<'_>, seat: &Seat, title: &str, half: Half) -> (i32, i32) {
    let window = pointer.window_titled(&seat.process_id(), title).await;
    pointer.arrange(&window, half.place(), HALF).await;
    half.place()
}

/// Drags a file onto the chat of the main window, on the left half, and lets it go.
/// `said` stands over the chat meanwhile.
pub(crate) async fn drop_on_chat(screen: &Screen, seat: &Seat, file: PathBuf, picture: &str, said: &str) {
    let pointer = Pointer::new(screen);
    let corner = Half::Left.place();
    let main = seat.main().await;
    main.page().rests().await;
    let (x, y) = main.page().middle("[data-testid=chat]").await;
    let target = (corner.0 + x.round() as i32, corner.1 + y.round() as i32);
    pointer
        .drop_files(&[file], target, async || {
            main.page().shows(said).await;
            main.page().rests().await;
            screen.picture(picture).await;
        })
        .await;
}

/// Waits until a file is seen on its way in the chat, and then further on.
pub(crate) async fn sees_moving(page: &Page<'_>, name: &str) {
    let card = format!("[data-testid=upload][data-phase=moving][data-name={name:?}] [role=progressbar]");
    let percent = async || page.attribute(&card, "aria-valuenow").await?.parse::<u32>().ok();
    let first =
        wait::until(&format!("{name} to move"), async || percent().await.filter(|part| *part > 0)).await;
    let further = async || percent().await.filter(|part| *part > first);
    wait::until(&format!("{name} to move on from {first} %"), further).await;
}

/// Bytes that are no run of the same.
pub(crate) fn bytes(length: u32) -> Vec<u8> {
    (0..length / 4).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect()
}

/// A file with this content in a person's home.
pub(crate) fn file(seat: &Seat, name: &str, bytes: &[u8]) -> PathBuf {
    let path = seat.home().join(name);
    std::fs::write(&path, bytes).expect("a file can be written");
    path
}
