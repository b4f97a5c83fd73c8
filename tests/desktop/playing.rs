//! A film and a sound are played where they lie in the folder, in real WebKit: only what is watched is fetched, seeking
//! works, a cut only makes one wait, and the page gets at the address by no other way (O15).

use crate::people::{Half, drop_on_chat, invite, join, make_room, seat_window};
use pod_tests::desktop::{Page, Pointer, Screen, Seat};
use pod_tests::proxy::Weather;
use pod_tests::{Arrangement, World, wait};
use serde_json::{Value, json};
use std::path::PathBuf;

const ROOM: &str = "Cinema";
const FILM: &str = "축제 영화.avi";
const SONG: &str = "Opening.wav";
/// Of the film, each second.
const FRAMES: u32 = 10;
const FILM_S: u32 = 120;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_film_and_a_sound_are_played_from_the_folder() {
    let world = World::new(Arrangement::One, "playing", &[]).await;
    let screen = Screen::start("playing").await;
    let (mut mina, mut tomas) = (Seat::new(&screen, "mina"), Seat::new(&screen, "tomas"));
    tokio::join!(mina.open(), tomas.open());
    let pointer = Pointer::new(&screen);
    seat_window(&pointer, &mina, "Pod", Half::Left).await;
    seat_window(&pointer, &tomas, "Pod", Half::Right).await;
    join(&mina.main().await.page(), &invite(&world.messenger).await, "mina", "Mina").await;
    join(&tomas.main().await.page(), &invite(&world.messenger).await, "tomas", "Tomás").await;
    make_room(&mina.main().await.page(), ROOM, "tomas").await;
    seat_window(&pointer, &tomas, ROOM, Half::Right).await;
    let film = film(&screen, &mina).await;
    let size = std::fs::metadata(&film).expect("the film is there").len();
    drop_on_chat(&screen, &mina, film, "01-film-held-over-the-chat", "Drop to share with").await;
    drop_on_chat(&screen, &mina, song(&mina), "02-sound-held-over-the-chat", "Drop to share with").await;

    let folder = open_folder(&pointer, &tomas).await;
    let page = folder.page();
    page.shows(FILM).await;
    page.shows(SONG).await;
    watch(&world, &screen, &page, size).await;
    listen(&screen, &page).await;
    mina.kill().await;
    tomas.kill().await;
    screen.end().await;
    world.end().await;
}

pub(crate) async fn open_folder<'a>(
    pointer: &Pointer<'_>,
    seat: &'a Seat,
) -> pod_tests::desktop::seat::Window<'a> {
    let room = seat.room().await;
    room.page().rests().await;
    let keys = "window.dispatchEvent(new KeyboardEvent('keydown', { key: 'F', code: 'KeyF', ctrlKey: true, shiftKey: true, bubbles: true }))";
    room.page().script(keys, json!([])).await.expect("a key is pressed");
    let folder = seat.folder().await;
    folder.page().rests().await;
    wide(pointer, seat).await;
    folder
}

/// The sharing-room window as large as it opens, over all others.
pub(crate) async fn wide(pointer: &Pointer<'_>, seat: &Seat) {
    let window = pointer.window_titled(&seat.process_id(), "shared folder").await;
    pointer.arrange(&window, (120, 60), (1360, 840)).await;
}

async fn watch(world: &World, screen: &Screen, page: &Page<'_>, size: u64) {
    page.press(&format!("[data-testid=entry][data-name={FILM:?}]")).await;
    page.find("button", &format!("Play {FILM}")).await;
    let before = world.network.bytes_down();
    page.press("[data-testid=player-play]").await;
    let moves_on = async |seconds: f64| {
        wait::until(&format!("the film to be beyond {seconds}"), async || {
            (media(page, "currentTime").await?.as_f64()? > seconds).then_some(())
        })
        .await;
    };
    moves_on(0.5).await;
    assert_eq!(media(page, "duration").await.and_then(|length| length.as_f64()), Some(f64::from(FILM_S)));
    assert_eq!(media(page, "videoWidth").await, Some(json!(640)), "its picture is there");
    screen.picture("03-film").await;
    seek(page, 100.0).await;
    moves_on(100.5).await;
    let moved = world.network.bytes_down() - before;
    assert!(moved < size / 3, "{moved} bytes of {size} came for the beginning and the end");

    // Cut, and a place is wanted that has not come yet: it waits, and goes on by itself.
    world.network.set(Weather::Cut);
    seek(page, 50.0).await;
    let waits = async || (media(page, "seeking").await? == true).then_some(());
    wait::until("it to wait for what does not come", waits).await;
    world.network.set(Weather::Fair);
    moves_on(50.5).await;
    let at = media(page, "currentTime").await.and_then(|at| at.as_f64()).expect("it plays");
    assert!(at < 100.0, "it went on where it was wanted, not at {at}");
    page.press("[data-testid=player-toggle]").await;
    wait::until("a pause", async || (media(page, "paused").await? == true).then_some(())).await;
    only_played(page).await;
    screen.picture("04-film-paused").await;
}

/// The page may play the address and do nothing else with it.
async fn only_played(page: &Page<'_>) {
    let fetched = "const src = document.querySelector('[data-testid=media]').src;
        return fetch(src).then((answer) => answer.text()).then(() => 'read', () => 'refused')";
    let answer = page.script(fetched, json!([])).await.expect("a script runs");
    assert_eq!(answer, json!("refused"), "no page reads it");
    let shown = "const src = document.querySelector('[data-testid=media]').src; const image = new Image();
        return new Promise((done) => { image.onload = () => done('shown'); image.onerror = () => done('refused'); image.src = src })";
    assert_eq!(page.script(shown, json!([])).await.expect("a script runs"), json!("refused"));
}

async fn listen(screen: &Screen, page: &Page<'_>) {
    page.press(&format!("[data-testid=entry][data-name={SONG:?}]")).await;
    page.find("button", &format!("Play {SONG}")).await;
    page.press("[data-testid=player-play]").await;
    let at = async |seconds: f64| (media(page, "currentTime").await?.as_f64()? > seconds).then_some(());
    wait::until("the sound to play", async || at(0.3).await).await;
    seek(page, 200.0).await;
    wait::until("the sound to play on", async || at(200.3).await).await;
    screen.picture("05-sound").await;
}

/// What the element says of itself.
async fn media(page: &Page<'_>, what: &str) -> Option<Value> {
    let script = "return document.querySelector('[data-testid=media]')?.[arguments[0]] ?? null";
    page.script(script, json!([what])).await.ok().filter(|value| !value.is_null())
}

/// As letting go of the knob does.
async fn seek(page: &Page<'_>, seconds: f64) {
    let script = "const knob = document.querySelector('[data-testid=player-position]');
        knob.value = String(arguments[0]);
        knob.dispatchEvent(new Event('change', { bubbles: true }))";
    page.script(script, json!([seconds])).await.expect("a knob is let go");
}

/// Bytes with their name and length before them.
fn chunk(name: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut chunk = name.to_vec();
    chunk.extend(u32::try_from(length).expect("a small film").to_le_bytes());
    parts.iter().for_each(|part| chunk.extend_from_slice(part));
    if length % 2 == 1 {
        chunk.push(0);
    }
    chunk
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// A film of one picture, as cameras write them: every decoder of WebKitGTK's own packages plays it.
async fn film(screen: &Screen, seat: &Seat) -> PathBuf {
    let picture = seat.home().join("frame.jpg");
    let mut command = screen.command("convert");
    command.args(["-size", "640x360", "plasma:fractal", "-quality", "90"]).arg(&picture);
    assert!(command.status().await.is_ok_and(|status| status.success()), "a picture can be made");
    let picture = std::fs::read(picture).expect("a picture was made");
    let length = u32::try_from(picture.len()).expect("a small picture");
    let count = FRAMES * FILM_S;
    let head =
        words(&[1_000_000 / FRAMES, length * FRAMES, 0, 16, count, 0, 1, length, 640, 360, 0, 0, 0, 0]);
    let stream = words(&[0, 0, 0, 1, FRAMES, 0, count, length, u32::MAX, 0, 0, 640 | 360 << 16]);
    let motion = u32::from_le_bytes(*b"MJPG");
    let form = words(&[40, 640, 360, 1 | 24 << 16, motion, 640 * 360 * 3, 0, 0, 0, 0]);
    let streams =
        chunk(b"LIST", &[b"strl", &chunk(b"strh", &[b"vidsMJPG", &stream]), &chunk(b"strf", &[&form])]);
    let about = chunk(b"LIST", &[b"hdrl", &chunk(b"avih", &[&head]), &streams]);
    let frame = chunk(b"00dc", &[&picture]);
    let whole = u32::try_from(frame.len()).expect("a small picture");
    let index: Vec<u8> =
        (0..count).flat_map(|n| [b"00dc".to_vec(), words(&[16, 4 + n * whole, length])].concat()).collect();
    let film = chunk(b"LIST", &[b"movi", &frame.repeat(count as usize)]);
    let path = seat.home().join(FILM);
    let file = chunk(b"RIFF", &[b"AVI ", &about, &film, &chunk(b"idx1", &[&index])]);
    std::fs::write(&path, file).expect("a film can be written");
    path
}

/// Five minutes of a low hum.
fn song(seat: &Seat) -> PathBuf {
    let samples: Vec<u8> = (0..300 * 8_000_u32).map(|n| if n / 40 % 2 == 0 { 120 } else { 136 }).collect();
    let form = [words(&[1 | 1 << 16, 8_000, 8_000, 1 | 8 << 16])].concat();
    let path = seat.home().join(SONG);
    let file = chunk(b"RIFF", &[b"WAVE", &chunk(b"fmt ", &[&form]), &chunk(b"data", &[&samples])]);
    std::fs::write(&path, file).expect("a sound can be written");
    path
}
