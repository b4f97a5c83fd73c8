//! Finding files: by name, description, tags, comments and what they say, PDFs too; a hostile PDF harms nobody; without the
//! server the names that are known are searched; quotas are said before a file is sent.

use crate::seen;
use pod_shared::limits;
use pod_tests::{World, both_ways, wait};
use serde_json::Value;
use std::time::Duration;

fn names(rows: &[Value]) -> Vec<String> {
    let mut names: Vec<String> = rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

/// A PDF of one page with this text.
fn pdf(text: &str) -> Vec<u8> {
    let content = format!("BT /F1 12 Tf 72 700 Td ({text}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
    ];
    let (mut file, mut places) = ("%PDF-1.4\n".to_owned(), String::new());
    for (n, object) in objects.iter().enumerate() {
        places = format!("{places}{:010} 00000 n \n", file.len());
        file = format!("{file}{} 0 obj\n{object}\nendobj\n", n + 1);
    }
    let start = file.len();
    format!("{file}xref\n0 6\n0000000000 65535 f \n{places}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n")
        .into_bytes()
}

both_ways!(files_are_found_by_what_is_said_of_them_and_by_what_they_say, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    alice.run(&["rooms", "create", "Attic", "--with", "bob"]).await;
    seen::room(&bob, "Attic", "with its folder", |room| room["has_folder"] == true).await;
    // Objects that hold one another without end, and a page tree that leads back to itself.
    let round = String::from_utf8(pdf("x")).unwrap().replace("/Kids [4 0 R]", "/Kids [2 0 R]");
    let deep = format!("%PDF-1.4\n1 0 obj\n{}\nendobj\ntrailer << /Root 1 0 R >>", "[".repeat(200_000));
    for (name, content) in [
        ("회의록.md", "# 가을 축제\n\n천막은 아홉 시까지".as_bytes().to_vec()),
        ("permit.pdf", pdf("The council allows the fair")),
        ("round.pdf", round.into_bytes()),
        ("deep.pdf", deep.into_bytes()),
        ("notes.txt", b"bring the blue folder".to_vec()),
    ] {
        let file = world.folder().join(name);
        std::fs::write(&file, content).unwrap();
        alice.run(&["files", "Attic", "put", file.to_str().unwrap()]).await;
    }
    seen::entry(&bob, "Attic", "notes.txt").await;
    alice.run(&["files", "Attic", "comment", "notes.txt", "the tent is missing"]).await;
    alice
        .run(&["files", "Attic", "describe", "notes.txt", "--text", "for Saturday", "--tags", "fair,list"])
        .await;
    let find = async |words: &[&str]| names(&bob.run(&[&["files", "Attic", "search"], words].concat()).await);
    let within = Duration::from_millis(3 * limits::INDEX_PDF_MS_MAX);
    wait::until_within(within, "all of it to be in the index", async || {
        let texts = find(&["blue"]).await == ["notes.txt"] && find(&["council"]).await == ["permit.pdf"];
        texts.then_some(())
    })
    .await;
    for (words, expect) in [
        (&["의록"][..], &["회의록.md"][..]),
        (&["축제"], &["회의록.md"]),
        (&["tent"], &["notes.txt"]),
        (&["saturday"], &["notes.txt"]),
        (&["--tag", "list"], &["notes.txt"]),
        (&["--type", "pdf"], &["deep.pdf", "permit.pdf", "round.pdf"]),
        (&["--by", "bob"], &[]),
        (&["folder", "--type", "md"], &[]),
    ] {
        assert_eq!(find(words).await, expect, "{words:?}");
    }
    wait::until("the description to be at bob's", async || {
        let said = bob.run(&["files", "Attic", "describe", "notes.txt"]).await;
        (said[0]["description"] == "for Saturday" && said[0]["tags"][1] == "list").then_some(())
    })
    .await;
    let described =
        |item: &Value| item["type"] == "activity" && item["kind"].to_string().contains("metadata_changed");
    seen::said(&bob, "Attic", "that alice described it", described).await;
    alice.close().await;
    bob.close().await;
});
