//! Names of files and folders that trick paths, computers or eyes, by every way a name comes in.

use pod_shared::content::EntryPage;
use pod_shared::{ErrorCode, limits};
use pod_tests::device::{Device, refused, taken};
use pod_tests::{World, both_ways};
use reqwest::Method;
use serde_json::json;

fn tricks() -> Vec<String> {
    let mut tricks: Vec<String> = [
        "",
        ".",
        "..",
        "../x",
        "..\\x",
        "a/b",
        "/etc/passwd",
        "a\0b",
        "CON",
        "con.txt",
        "NUL",
        "COM1",
        "LPT9.log",
        "a:b",
        "C:\\x",
        "x.",
        "x ",
        " x",
        "a\nb",
        "a\u{202e}fdp.exe",
        "a\u{200f}",
        "\u{2066}a",
        "a\u{200b}b",
        "\u{feff}a",
        "a?",
        "a*",
        "a|b",
        "a<b",
        "a\"b",
    ]
    .iter()
    .map(|name| (*name).to_owned())
    .collect();
    tricks.push("a".repeat(limits::ENTRY_NAME_BYTES_MAX + 1));
    tricks.push("가".repeat(100));
    tricks
}

both_ways!(a_tricky_name_is_refused_wherever_it_comes_in, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let room = alice.group("Attic", &[]).await;
    let file = alice.put(room, "fine.txt", b"hello").await;
    for name in tricks() {
        refused(alice.new_folder(room, None, &name).await, ErrorCode::InvalidName).await;
        refused(alice.new_upload(room, &name, 5).await, ErrorCode::InvalidName).await;
        let rename = alice.request(Method::PATCH, &format!("/v1/entries/{}", file.id));
        refused(rename.json(&json!({ "name": name })).send().await.unwrap(), ErrorCode::InvalidName).await;
    }
    let page: EntryPage = taken(alice.get(&format!("/v1/rooms/{room}/entries")).await).await;
    assert_eq!(page.entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["fine.txt"]);
    assert_eq!(page.entries[0].position, file.position, "a refusal moved the folder");
});

both_ways!(names_of_all_scripts_come_back_as_they_went, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let room = alice.group("다락방", &[]).await;
    for name in
        ["한국어 파일.txt", "会议记录.docx", "😀👩‍👩‍👧.png", "a'b;c--.txt", "%2e%2e", "-rf", "$HOME", "e\u{301}"]
    {
        assert_eq!(alice.put(room, name, name.as_bytes()).await.name, name);
    }
});

both_ways!(two_names_that_a_desktop_cannot_hold_together_are_refused, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let room = alice.group("Attic", &[]).await;
    let _ = alice.put(room, "Report.txt", b"1").await;
    let _: serde_json::Value = taken(alice.new_folder(room, None, "Stuff").await).await;
    for name in ["Stuff", "STUFF", "report.TXT"] {
        refused(alice.new_folder(room, None, name).await, ErrorCode::NameExists).await;
    }
});
