//! Files a window holds: pasted from another program. The page sees names and pictures,
//! and never a path.

use crate::people::ask;
use pod_tests::desktop::{Page, Screen, Seat};
use pod_tests::wait;
use serde_json::{Value, json};

const NO_ROOM: &str = "018f0000-0000-7000-8000-000000000001";

/// What an address answers: status, kind, bytes, and the width of the picture, if it is one.
const LOOK: &str = "
    const url = arguments[0];
    return fetch(url).then(async (answer) => {
        const bytes = (await answer.arrayBuffer()).byteLength;
        const image = new Image();
        const drawn = await new Promise((done) => {
            image.onload = () => done(image.naturalWidth);
            image.onerror = () => done(0);
            image.src = url;
        });
        return [answer.status, answer.headers.get('content-type'), bytes, drawn];
    });";

async fn look(page: &Page<'_>, path: &str) -> Value {
    let url = format!("preview://localhost/{path}");
    page.script(LOOK, json!([url])).await.unwrap_or_else(|error| panic!("{url}: {error}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_and_a_picture_copied_elsewhere_are_pasted_and_the_picture_is_seen() {
    let mut screen = Screen::start("paste").await;
    let folder = screen.folder().join("elsewhere");
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let (list, picture) = (folder.join("list"), folder.join("picture.png"));
    std::fs::write(folder.join("A 한.txt"), "12345").expect("a file can be written");
    let uri = format!("file://{}/A%20%ED%95%9C.txt\r\n", folder.display());
    std::fs::write(&list, uri).expect("a file can be written");
    let drawn = screen.command("convert").args(["-size", "64x48", "xc:#3355aa"]).arg(&picture).status().await;
    assert!(drawn.is_ok_and(|status| status.success()), "no picture can be drawn");
    let copy = |kind: &str, path: &std::path::Path| {
        ["-selection", "clipboard", "-quiet", "-t", kind, "-i", &path.display().to_string()]
            .map(str::to_owned)
    };
    let (files, image) = (copy("text/uri-list", &list), copy("image/png", &picture));
    let mut alice = Seat::new(&screen, "alice");
    alice.open().await;
    screen.add("xclip", &files.each_ref().map(String::as_str));
    {
        let main = alice.main().await;
        let page = main.page();
        page.rests().await;
        let held = pasted(&page, |held| held["files"][0]["bytes"] == 5).await.1;
        let expect =
            json!({"files": [{"name": "A 한.txt", "bytes": 5, "image": false, "folder": false, "index": 0}]});
        assert_eq!(held, expect);
    }
    screen.add("xclip", &image.each_ref().map(String::as_str));
    {
        let main = alice.main().await;
        let page = main.page();
        let (number, held) = pasted(&page, |held| held["files"][0]["image"] == true).await;
        let name = held["files"][0]["name"].as_str().unwrap_or_default().to_owned();
        assert!(name.starts_with("Pasted picture 20") && name.ends_with(".png"), "{name}");
        let seen = look(&page, &format!("held/{number}/0")).await;
        assert_eq!((&seen[0], &seen[1], &seen[3]), (&json!(200), &json!("image/png"), &json!(64)), "{seen}");
        for nothing in [
            format!("held/{number}/1"),
            "held/99/0".to_owned(),
            format!("entry/{NO_ROOM}?v=1"),
            format!("room/{NO_ROOM}?v=1"),
            "held/../../etc/passwd".to_owned(),
        ] {
            let seen = look(&page, &nothing).await;
            assert_eq!(
                (&seen[0], &seen[2], &seen[3]),
                (&json!(404), &json!(0), &json!(0)),
                "{nothing}: {seen}"
            );
        }
        let files = alice.home().join("profile/pasted");
        assert_eq!(std::fs::read_dir(&files).expect("it is kept there").count(), 1);
        ask(&page, "held_release", json!({"drop": number})).await;
        assert_eq!(
            std::fs::read_dir(&files).expect("it was kept there").count(),
            0,
            "it is kept for nothing"
        );
    }
    alice.kill().await;
    screen.end().await;
}

/// Pastes until another program has copied what is waited for.
async fn pasted(page: &Page<'_>, fits: impl Fn(&Value) -> bool) -> (Value, Value) {
    wait::until("the clipboard to have it", async || {
        let number = ask(page, "paste", json!({})).await;
        if number.is_null() {
            return None;
        }
        let held = ask(page, "held", json!({ "drop": number })).await;
        fits(&held).then_some((number, held))
    })
    .await
}
