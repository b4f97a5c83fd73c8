//! A real folder on a real disk: what a look finds, and what is never touched.

mod places;

use super::{disk, scan};
use pod_machine::folder::{Alone, Mark, Seen};
use pod_shared::{ErrorCode, LinkedId};
use std::fs;
use std::path::Path;

fn id() -> LinkedId {
    LinkedId::from_slice(&[7; 16]).unwrap()
}

fn linked() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    disk::mark_root(folder.path(), id()).unwrap();
    folder
}

/// Looks until nothing changes any more.
fn look(root: &Path, known: &mut scan::Digests) -> scan::Found {
    loop {
        let found = scan::scan(root, id(), known, &|| false).unwrap();
        known.extend(found.read.iter().map(|(mark, digest)| (scan::key(mark), digest.clone())));
        if found.again_in.is_none() {
            return found;
        }
        std::thread::yield_now();
    }
}

fn seen<'a>(found: &'a scan::Found, path: &str) -> &'a Seen {
    &found.locals.iter().find(|local| local.path == path).unwrap().seen
}

fn digest(found: &scan::Found, path: &str) -> String {
    match seen(found, path) {
        Seen::File { digest, .. } => digest.clone(),
        other @ (Seen::Folder { .. } | Seen::Alone(_)) => panic!("{path} is {other:?}"),
    }
}

fn mark(path: &Path) -> Mark {
    disk::mark_of(&fs::symlink_metadata(path).unwrap())
}

#[test]
fn two_edits_of_one_size_within_one_tick_are_both_found() {
    let folder = linked();
    let (file, mut known) = (folder.path().join("f"), scan::Digests::new());
    fs::write(&file, "one").unwrap();
    let busy = scan::scan(folder.path(), id(), &known, &|| false).unwrap();
    assert_eq!((seen(&busy, "f"), busy.again_in.is_some()), (&Seen::Alone(Alone::Busy), true));
    let first = digest(&look(folder.path(), &mut known), "f");
    fs::write(&file, "two").unwrap();
    fs::write(&file, "six").unwrap();
    let second = digest(&look(folder.path(), &mut known), "f");
    fs::write(&file, "one").unwrap();
    let third = digest(&look(folder.path(), &mut known), "f");
    assert!(first != second && first == third, "{first} {second} {third}");
    assert!(look(folder.path(), &mut known).read.is_empty(), "what is known is not read again");
}

#[cfg(unix)]
#[test]
fn links_are_told_and_never_followed() {
    let (folder, elsewhere) = (linked(), tempfile::tempdir().unwrap());
    fs::write(elsewhere.path().join("secret"), "s").unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("way")).unwrap();
    let found = look(folder.path(), &mut scan::Digests::new());
    assert_eq!(seen(&found, "way"), &Seen::Alone(Alone::Link));
    assert_eq!(found.locals.len(), 1);
    for refused in [
        disk::make(folder.path(), "way/new"),
        disk::rename(folder.path(), "way/secret", "got"),
        disk::delete(folder.path(), "way/secret", Some(mark(&elsewhere.path().join("secret")))),
        disk::make(folder.path(), "../out"),
    ] {
        assert_eq!(refused.unwrap_err().code, ErrorCode::FileUnreadable);
    }
    assert!(elsewhere.path().join("secret").exists() && !elsewhere.path().join("new").exists());
}

#[test]
fn a_disk_that_is_not_there_is_no_empty_folder() {
    let folder = linked();
    fs::write(folder.path().join("f"), "f").unwrap();
    fs::rename(folder.path().join(disk::MARKER), folder.path().join("away")).unwrap();
    let looked = scan::scan(folder.path(), id(), &scan::Digests::new(), &|| false);
    assert_eq!(looked.unwrap_err().code, ErrorCode::FolderMissing);
    let gone = folder.path().join("gone");
    let looked = scan::scan(&gone, id(), &scan::Digests::new(), &|| false);
    assert_eq!(looked.unwrap_err().code, ErrorCode::FolderMissing);
}

#[test]
fn what_was_changed_meanwhile_is_neither_deleted_nor_replaced() {
    let folder = linked();
    let (file, part) = (folder.path().join("f"), folder.path().join("f.pod-part"));
    fs::write(&file, "planned with").unwrap();
    let planned = mark(&file);
    fs::write(&file, "written since").unwrap();
    fs::write(&part, "came").unwrap();
    let changed = ErrorCode::FileChanged;
    assert_eq!(disk::delete(folder.path(), "f", Some(planned)).unwrap_err().code, changed);
    assert_eq!(disk::put(&part, &file, Some(planned)).unwrap_err().code, changed);
    assert_eq!(disk::put(&part, &file, None).unwrap_err().code, changed);
    fs::write(folder.path().join("g"), "g").unwrap();
    assert_eq!(disk::rename(folder.path(), "f", "g").unwrap_err().code, changed);
    assert_eq!(fs::read_to_string(&file).unwrap(), "written since");
    disk::put(&part, &file, Some(mark(&file))).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "came");
    disk::delete(folder.path(), "f", Some(mark(&file))).unwrap();
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|item| item.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "the mark of the folder and g: {left:?}");
}

#[test]
fn a_folder_that_is_not_empty_is_not_deleted() {
    let folder = linked();
    disk::make(folder.path(), "d").unwrap();
    fs::write(folder.path().join("d/new"), "new").unwrap();
    assert_eq!(disk::delete(folder.path(), "d", None).unwrap_err().code, ErrorCode::FileChanged);
    fs::rename(folder.path().join("d/new"), folder.path().join("d/.DS_Store")).unwrap();
    disk::delete(folder.path(), "d", None).unwrap();
    assert!(!folder.path().join("d").exists());
}

#[test]
fn what_a_killed_process_had_out_of_sight_comes_back_unless_the_server_has_it() {
    let folder = linked();
    fs::write(folder.path().join(".a.pod-old"), "kept there").unwrap();
    fs::write(folder.path().join(".b.pod-old"), "only here").unwrap();
    let there = scan::digest(&folder.path().join(".a.pod-old"), &|| false).unwrap();
    disk::bring_back(folder.path(), &|digest| digest == there).unwrap();
    let found = look(folder.path(), &mut scan::Digests::new());
    let paths: Vec<&str> = found.locals.iter().map(|local| local.path.as_str()).collect();
    assert_eq!(paths, ["recovered b"]);
}
