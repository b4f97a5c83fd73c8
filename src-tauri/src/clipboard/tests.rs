//! File names as other programs copy them.

use super::linux::{gnome_paths, paths};
use std::path::PathBuf;

#[test]
fn addresses_of_files_become_paths_and_others_are_left_out() {
    let uris = [
        "file:///home/mina/A%20%ED%95%9C.txt",
        "https://example.org/x",
        "smb://host/share",
        "/etc/passwd",
        "",
    ];
    assert_eq!(paths(uris.into_iter()), [PathBuf::from("/home/mina/A 한.txt")]);
}

#[test]
fn a_file_manager_says_copy_or_cut_first() {
    let expect = [PathBuf::from("/a"), PathBuf::from("/b")];
    assert_eq!(gnome_paths(b"copy\nfile:///a\nfile:///b"), expect);
    assert_eq!(gnome_paths(b"cut\nfile:///a\r\nfile:///b\n"), expect);
    for nothing in [&b"file:///a"[..], b"", b"copy", b"run\nfile:///a"] {
        assert_eq!(gnome_paths(nothing), Vec::<PathBuf>::new());
    }
}
