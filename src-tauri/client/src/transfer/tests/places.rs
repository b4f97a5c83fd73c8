//! Plans for putting, and names for placing.

use crate::transfer::part::{Part, namesake, part_path};
use crate::transfer::room::put;
use pod_machine::transfer::{Content, Trouble};
use pod_shared::{ErrorCode, RoomId, TransferId};
use std::collections::BTreeSet;
use std::path::Path;
use uuid::Uuid;

#[test]
fn two_files_with_one_name_do_not_clash() {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<_> = ["a", "b"].iter().map(|name| folder.path().join(name).join("same.TXT")).collect();
    for path in &paths {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, b"x").unwrap();
    }
    let taken = BTreeSet::from(["same.txt".to_owned()]);
    let plan = put::plan(RoomId(Uuid::now_v7()), None, &paths, taken, 9).unwrap();
    let names: Vec<&str> = plan.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["same (2).TXT", "same (3).TXT"]);
}

#[test]
fn names_that_another_desktop_holds_for_the_same_do_not_clash() {
    let folder = tempfile::tempdir().unwrap();
    let names = ["caf\u{e9}.txt", "cafe\u{301}.txt", "Plan.txt", "plan.TXT"];
    for name in names {
        std::fs::write(folder.path().join(name), b"x").unwrap();
    }
    let paths: Vec<_> = names.iter().map(|name| folder.path().join(name)).collect();
    let plan = put::plan(RoomId(Uuid::now_v7()), None, &paths, BTreeSet::new(), 9).unwrap();
    let planned: Vec<&str> = plan.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(planned, ["caf\u{e9}.txt", "cafe\u{301} (2).txt", "Plan.txt", "plan (2).TXT"]);
}

#[test]
fn a_name_that_no_room_takes_is_refused_and_the_others_go() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("good.txt"), b"x").unwrap();
    std::fs::write(folder.path().join("CON"), b"x").unwrap();
    std::fs::write(folder.path().join("what?.txt"), b"x").unwrap();
    let room = RoomId(Uuid::now_v7());
    let plan = put::plan(room, None, &[folder.path().to_owned()], BTreeSet::new(), 9);
    // The temporary folder's own name may begin with a dot, which is allowed.
    let plan = plan.unwrap();
    let refused: Vec<&str> =
        plan.files.iter().filter(|file| file.refused.is_some()).map(|file| file.name.as_str()).collect();
    assert_eq!((plan.files.len(), refused), (3, vec!["CON", "what?.txt"]));
    let only = put::plan(room, None, &[folder.path().join("CON")], BTreeSet::new(), 9);
    assert_eq!(only.unwrap_err().code, ErrorCode::InvalidName);
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let nowhere = [Path::new("/nowhere/at/all").to_owned()];
    let plan = put::plan(RoomId(Uuid::now_v7()), None, &nowhere, BTreeSet::new(), 9);
    assert_eq!(plan.unwrap_err().code, ErrorCode::FileUnreadable);
}

#[test]
fn a_second_file_gets_a_number_before_its_ending() {
    assert_eq!(namesake(Path::new("/x/a.tar"), 1), Path::new("/x/a.tar"));
    assert_eq!(namesake(Path::new("/x/a.tar"), 2), Path::new("/x/a (2).tar"));
    assert_eq!(namesake(Path::new("README"), 3), Path::new("README (3)"));
    let long = Path::new("/x").join(format!("{}.txt", "가".repeat(83)));
    let second = namesake(&long, 2);
    assert!(second.file_name().unwrap().len() <= 255 && second.to_str().unwrap().ends_with("가 (2).txt"));
}

#[test]
fn what_was_moved_away_before_its_end_leaves_nothing_under_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let (dest, path) = (folder.path().join("a.tar"), folder.path().join("a.tar.1.pod-part"));
    let digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881".to_owned();
    let content = Content { digest, size: 1, stamp: None };
    let mut part = Part::open(path.clone(), &content, &|| false).unwrap();
    part.write(b"x").unwrap();
    std::fs::rename(&path, folder.path().join("mine")).unwrap();
    let failure = part.place(&dest, &content, None).unwrap_err();
    assert_eq!(failure.trouble, Trouble::BytesWrong, "it comes again");
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|item| item.unwrap().file_name()).collect();
    assert_eq!(left, ["mine"]);
}

#[test]
fn a_part_file_is_never_a_file_of_the_person() {
    let id = |last: u8| TransferId::from_slice(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]).unwrap();
    let dest = Path::new("/x/a.tar");
    assert_eq!(part_path(dest, id(7)), Path::new("/x/a.tar.000000000007.pod-part"));
    assert_ne!(part_path(dest, id(7)), part_path(dest, id(8)));
    let long = Path::new("/x").join("가".repeat(85));
    assert!(part_path(&long, id(7)).file_name().unwrap().len() <= 255, "no system takes a longer name");

    let folder = tempfile::tempdir().unwrap();
    let (dest, own) = (folder.path().join("a.tar"), folder.path().join("a.tar.pod-part"));
    std::fs::write(&own, "my own").unwrap();
    let content = Content { digest: String::new(), size: 9, stamp: None };
    let part = Part::open(part_path(&dest, id(7)), &content, &|| false).unwrap();
    assert_eq!(part.bytes(), 0);
    assert_eq!(std::fs::read_to_string(own).unwrap(), "my own");
}

#[test]
fn a_walk_ends_where_the_queue_is_full() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("a/b")).unwrap();
    std::fs::write(folder.path().join("a/file"), b"x").unwrap();
    let plan =
        |most| put::plan(RoomId(Uuid::now_v7()), None, &[folder.path().to_owned()], BTreeSet::new(), most);
    assert_eq!(plan(3).unwrap_err().code, ErrorCode::TooMany);
    let whole = plan(4).unwrap();
    assert_eq!((whole.folders.len(), whole.files.len()), (3, 1));
}

#[test]
fn what_got_its_name_before_a_kill_is_not_put_beside_itself() {
    let folder = tempfile::tempdir().unwrap();
    let (dest, path) = (folder.path().join("a.tar"), folder.path().join("a.tar.1.pod-part"));
    let digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881".to_owned();
    let content = Content { digest, size: 1, stamp: None };
    let names = || {
        let names = std::fs::read_dir(folder.path()).unwrap().map(|item| item.unwrap().file_name());
        names.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    for _ in 0..2 {
        let mut part = Part::anew(path.clone()).unwrap();
        part.write(b"x").unwrap();
        assert_eq!(part.place(&dest, &content, None).unwrap(), dest);
        assert_eq!(names(), ["a.tar"]);
    }
    // Another content of the same size is another file.
    std::fs::write(&dest, b"y").unwrap();
    let mut part = Part::anew(path.clone()).unwrap();
    part.write(b"x").unwrap();
    assert_eq!(part.place(&dest, &content, None).unwrap(), folder.path().join("a (2).tar"));
}
