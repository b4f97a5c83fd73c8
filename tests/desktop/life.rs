//! How Pod leaves the screen and comes back: into the tray, out of it, by a second start, after a crash.

use crate::people::{ask, hear, heard};
use pod_tests::desktop::{Desk, Pointer, Screen, Seat};
use pod_tests::wait;
use serde_json::json;

const STAYS: &str = "Messages and files keep arriving.";

async fn windows_are(pointer: &Pointer<'_>, seat: &Seat, count: usize) {
    wait::until(&format!("{count} windows on the screen"), async || {
        (pointer.windows_of(&seat.process_id()).await.len() == count).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_window_goes_into_the_tray_says_so_once_and_comes_back() {
    let screen = Screen::start("tray").await;
    let desk = Desk::with_tray(&screen).await;
    let mut alice = Seat::new(&screen, "alice");
    alice.open().await;
    desk.has_icon().await;
    let pointer = Pointer::new(&screen);
    let labels = desk.labels().await;
    for label in ["Open Pod", "New room", "Settings", "Quit"] {
        assert!(labels.contains(label), "no {label:?} in {labels}");
    }
    {
        let main = alice.main().await;
        let page = main.page();
        page.rests().await;
        hear(&page, "menu").await;
        page.click_away("button", "Close").await;
        windows_are(&pointer, &alice, 0).await;
        desk.notice(STAYS).await;
        // A menu speaks to a hidden window too, and brings it back.
        desk.choose("Settings").await;
        windows_are(&pointer, &alice, 1).await;
        heard(&page, |menu| menu["act"] == "settings").await;
        page.click_away("button", "Close").await;
        windows_are(&pointer, &alice, 0).await;
        // A second start wakes the one in the tray, and hands its link on.
        hear(&page, "link").await;
        let link = "pod://127.0.0.1:7600/join?code=K7QF-29XM";
        let second = alice.start_again(&[link]).await;
        assert!(second.status.success(), "the second start: {second:?}");
        windows_are(&pointer, &alice, 1).await;
        heard(&page, |told| told["text"] == link).await;
        // One that starts with the computer is quiet.
        page.click_away("button", "Close").await;
        windows_are(&pointer, &alice, 0).await;
        alice.start_again(&["--quiet"]).await;
        desk.choose("Open Pod").await;
        windows_are(&pointer, &alice, 1).await;
    }
    let said = desk.notices().iter().filter(|notice| notice.body.contains(STAYS)).count();
    assert_eq!(said, 1, "it was said more than once");
    desk.choose("Quit").await;
    alice.has_ended().await;
    // Not in the next life either.
    alice.open().await;
    {
        let main = alice.main().await;
        main.page().click_away("button", "Close").await;
        windows_are(&pointer, &alice, 0).await;
    }
    desk.choose("Quit").await;
    alice.has_ended().await;
    assert_eq!(desk.notices().iter().filter(|notice| notice.body.contains(STAYS)).count(), 1);
    desk.end().await;
    screen.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_quits_where_the_setting_says_so_although_there_is_a_tray() {
    let screen = Screen::start("tray-quit").await;
    let desk = Desk::with_tray(&screen).await;
    let mut alice = Seat::new(&screen, "alice");
    alice.open().await;
    {
        let main = alice.main().await;
        let page = main.page();
        let set = json!({"command": {"do": "setting_set", "key": "tray.close", "value": "quit"}});
        ask(&page, "run", set).await;
        page.click_away("button", "Close").await;
    }
    alice.has_ended().await;
    assert_eq!(desk.notices(), Vec::new(), "nothing stays, so nothing is said");
    desk.end().await;
    screen.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_leaves_a_report_and_the_next_start_says_where() {
    let screen = Screen::start("crash").await;
    let mut alice = Seat::new(&screen, "alice");
    let crashed = alice.start_again(&["--crash"]).await;
    assert!(!crashed.status.success(), "it did not crash: {crashed:?}");
    let said = String::from_utf8_lossy(&crashed.stderr).into_owned();
    let reports = std::fs::read_dir(alice.home().join("profile/reports")).expect("there are reports");
    let report = reports.filter_map(Result::ok).next().expect("there is a report").path();
    assert!(said.contains(&report.display().to_string()), "standard error does not say where: {said}");
    let text = std::fs::read_to_string(&report).expect("a report is text");
    assert!(text.contains("this crash was asked for") && text.contains("thread: main"), "{text}");
    alice.open().await;
    {
        let main = alice.main().await;
        let page = main.page();
        let info = ask(&page, "window_info", json!({})).await;
        assert_eq!(info["crash"], json!(report), "the window is not told where the report is");
        page.shows("Pod stopped unexpectedly last time.").await;
        page.shows(&report.display().to_string()).await;
        page.rests().await;
        screen.picture("crash-note").await;
        page.click("button", "Dismiss").await;
        wait::until("the note to go", async || {
            (!page.text().await.contains("stopped unexpectedly")).then_some(())
        })
        .await;
        assert_eq!(ask(&page, "window_info", json!({})).await["crash"], json!(null));
        assert!(!report.exists() && report.with_extension("seen.txt").exists(), "the report is not kept");
    }
    alice.kill().await;
    alice.open().await;
    {
        let main = alice.main().await;
        let page = main.page();
        page.rests().await;
        assert!(!page.text().await.contains("stopped unexpectedly"), "it is told twice");
    }
    alice.kill().await;
    screen.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_with_a_defect_says_so_and_is_loaded_again_when_wished() {
    let screen = Screen::start("defect").await;
    let mut alice = Seat::new(&screen, "alice");
    alice.open().await;
    {
        let main = alice.main().await;
        let page = main.page();
        page.rests().await;
        let fail =
            "window.before = true; setTimeout(() => { throw new Error('a defect, as a test needs one') })";
        page.script(fail, json!([])).await.expect("a script runs");
        page.shows("Something in this window did not work.").await;
        page.rests().await;
        screen.picture("told").await;
        page.click("button", "Load again").await;
        wait::until("the page to be a new one", async || {
            let before = page.script("return window.before === true", json!([])).await.ok()?;
            (before == false).then_some(())
        })
        .await;
        page.find("heading", "How do you want to begin?").await;
    }
    alice.kill().await;
    screen.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pod_starts_with_the_computer_when_wished() {
    let screen = Screen::start("autostart").await;
    let mut alice = Seat::new(&screen, "alice");
    alice.open().await;
    let entry = alice.home().join(".config/autostart/Pod.desktop");
    {
        let main = alice.main().await;
        let page = main.page();
        assert_eq!(ask(&page, "autostart_get", json!({})).await, false);
        ask(&page, "autostart_set", json!({"on": true})).await;
        assert_eq!(ask(&page, "autostart_get", json!({})).await, true);
        let text = std::fs::read_to_string(&entry).expect("there is an entry for the next sign-in");
        assert!(text.contains("--quiet"), "it would open a window: {text}");
        ask(&page, "autostart_set", json!({"on": false})).await;
        assert_eq!(ask(&page, "autostart_get", json!({})).await, false);
        assert!(!entry.exists());
    }
    alice.kill().await;
    screen.end().await;
}
