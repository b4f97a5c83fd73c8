//! Pasted pictures come and go.

use super::Pasted;
use std::path::PathBuf;

fn pasted() -> (tempfile::TempDir, Pasted) {
    let folder = tempfile::tempdir().unwrap();
    let pasted = Pasted::new(folder.path().join("pasted"));
    (folder, pasted)
}

#[test]
fn an_unused_picture_goes_and_a_file_of_the_person_stays() {
    let (folder, pasted) = pasted();
    let theirs = folder.path().join("theirs.png");
    std::fs::write(&theirs, b"theirs").unwrap();
    let ours = pasted.write("Pasted.png", b"ours").unwrap();
    assert_eq!(std::fs::read(&ours).unwrap(), b"ours");
    pasted.drop_unused(&[theirs.clone(), ours.clone(), PathBuf::from("/")]);
    assert!(theirs.exists() && !ours.exists());
}

#[test]
fn a_picture_goes_once_it_was_sent_and_the_others_wait() {
    let (_folder, pasted) = pasted();
    let sent = pasted.write("one.png", b"1").unwrap();
    let waits = pasted.write("two.png", b"2").unwrap();
    pasted.ended("one.png");
    assert!(!sent.exists() && waits.exists());
}

#[test]
fn a_start_keeps_what_a_transfer_still_needs() {
    let (_folder, pasted) = pasted();
    let needed = pasted.write("one.png", b"1").unwrap();
    let forgotten = pasted.write("two.png", b"2").unwrap();
    pasted.retain(|name| name == "one.png");
    assert!(needed.exists() && !forgotten.exists());
}
