//! Tables of cases: one computer against the server, each change by itself.

use super::server::Server;
use super::world::Computer;
use crate::folder::{Alone, DELETIONS_FEW, DELETIONS_MAX, Operation, Right};

/// Two computers that have the same.
fn town(paths: &[&str]) -> (Server, Computer, Computer) {
    let (mut server, mut amy, mut bob) = (Server::default(), Computer::new("amy"), Computer::new("bob"));
    for path in paths {
        match path.strip_suffix('/') {
            Some(folder) => assert!(amy.make(folder)),
            None => assert!(amy.write(path, true).is_some()),
        }
    }
    rest(&mut server, &mut [&mut amy, &mut bob]);
    (server, amy, bob)
}

fn rest(server: &mut Server, computers: &mut [&mut Computer]) {
    for _ in 0..12 {
        for computer in &mut *computers {
            computer.plan(server, true);
            while computer.step(server) {}
            while computer.transfer(server) {}
        }
    }
}

fn operations(computer: &mut Computer, server: &Server) -> Vec<Operation> {
    computer.plan(server, true).operations
}

#[test]
fn a_renamed_tree_is_one_move_and_no_byte() {
    let (mut server, mut amy, mut bob) = town(&["a/", "a/x", "a/y", "a/in/", "a/in/z"]);
    amy.rename("a", "b");
    let done = operations(&mut amy, &server);
    assert!(matches!(done.as_slice(), [Operation::MoveThere { name, .. }] if name == "b"), "{done:?}");
    while amy.step(&mut server) {}
    let here = operations(&mut bob, &server);
    assert!(
        matches!(here.as_slice(), [Operation::MoveHere { from, to, .. }] if from == "a" && to == "b"),
        "{here:?}"
    );
    rest(&mut server, &mut [&mut amy, &mut bob]);
    assert_eq!(amy.tree(), bob.tree());
}

#[test]
fn an_editor_that_saves_through_another_file_makes_one_version() {
    let (mut server, mut amy, mut bob) = town(&["doc"]);
    // As vim does with backups: the old file gets another name, a new one takes its place.
    amy.rename("doc", "doc~");
    amy.write("doc", true);
    amy.delete("doc~");
    let done = operations(&mut amy, &server);
    assert!(matches!(done.as_slice(), [Operation::Send { onto: Some((_, 1)), .. }]), "{done:?}");
    rest(&mut server, &mut [&mut amy, &mut bob]);
    assert_eq!((amy.tree(), server.entries.len()), (bob.tree(), 1));
}

#[test]
fn what_both_changed_stays_twice_and_the_copy_says_whose_it_is() {
    let (mut server, mut amy, mut bob) = town(&["doc.txt"]);
    amy.write("doc.txt", true);
    bob.write("doc.txt", true);
    rest(&mut server, &mut [&mut amy, &mut bob]);
    let names: Vec<String> = bob.tree().into_keys().collect();
    assert_eq!(names, ["doc (conflict, bob, 2026-11-29).txt", "doc.txt"]);
    assert_eq!((amy.tree(), server.tree()), (bob.tree(), bob.tree()));
}

#[test]
fn what_one_changed_and_the_other_deleted_stays() {
    let (mut server, mut amy, mut bob) = town(&["one", "two", "d/", "d/three"]);
    amy.write("one", true);
    bob.delete("one");
    amy.delete("two");
    bob.write("two", true);
    amy.delete("d");
    bob.write("d/new", true);
    rest(&mut server, &mut [&mut amy, &mut bob]);
    assert_eq!(amy.tree().into_keys().collect::<Vec<_>>(), ["d", "d/new", "one", "two"]);
    assert_eq!(amy.tree(), bob.tree());
}

#[test]
fn what_was_sent_and_deleted_at_once_is_deleted() {
    let (mut server, mut amy, mut bob) = town(&["doc"]);
    amy.write("doc", true);
    amy.plan(&server, true);
    while amy.step(&mut server) {}
    while amy.transfer(&mut server) {}
    amy.delete("doc");
    rest(&mut server, &mut [&mut amy, &mut bob]);
    assert_eq!((amy.tree().len(), bob.tree().len()), (0, 0));
}

#[test]
fn what_came_just_now_is_edited_and_deleted_like_anything_else() {
    let (mut server, mut amy, mut bob) = town(&["one", "two"]);
    amy.write("one", true);
    amy.write("two", true);
    rest(&mut server, &mut [&mut amy]);
    bob.plan(&server, true);
    while bob.step(&mut server) {}
    while bob.transfer(&mut server) {}
    // Before anybody looks again.
    bob.write("one", false);
    bob.delete("two");
    let done = operations(&mut bob, &server);
    let edited = done.iter().any(|one| matches!(one, Operation::Send { onto: Some((_, 2)), .. }));
    let deleted = done.iter().any(|one| matches!(one, Operation::DeleteThere { .. }));
    assert!(edited && deleted, "{done:?}");
    rest(&mut server, &mut [&mut amy, &mut bob]);
    assert_eq!(amy.tree(), bob.tree());
    assert_eq!(bob.tree().into_keys().collect::<Vec<_>>(), ["one"]);
}

#[test]
fn a_new_file_that_is_saved_again_at_once_is_a_version_and_no_conflict() {
    let (mut server, mut amy, mut bob) = town(&[]);
    amy.write("doc", true);
    amy.plan(&server, true);
    while amy.step(&mut server) {}
    while amy.transfer(&mut server) {}
    amy.write("doc", true);
    let done = operations(&mut amy, &server);
    assert!(done.iter().any(|one| matches!(one, Operation::Send { onto: Some((_, 1)), .. })), "{done:?}");
    rest(&mut server, &mut [&mut amy, &mut bob]);
    assert_eq!((bob.tree().len(), amy.tree()), (1, bob.tree()));
}

#[test]
fn what_is_kept_beside_another_one_is_sent_once() {
    let (mut server, mut amy, mut bob) = town(&[]);
    amy.write("doc", true);
    rest(&mut server, &mut [&mut amy]);
    bob.write("doc", true);
    bob.plan(&server, true);
    while bob.step(&mut server) {}
    let sent = bob.moving.front().cloned().unwrap();
    while bob.transfer(&mut server) {}
    // The copy is known before the queue says that it is there.
    bob.moving.push_back(sent);
    assert_eq!(operations(&mut bob, &server), []);
    bob.moving.clear();
    rest(&mut server, &mut [&mut amy, &mut bob]);
    assert_eq!((bob.tree().len(), amy.tree()), (2, bob.tree()));
}

#[test]
fn what_just_changes_is_left_until_it_rests() {
    let (server, mut amy, _) = town(&["d/", "d/x"]);
    amy.write("d/x", true);
    let plan = amy.plan(&server, false);
    assert_eq!((plan.operations.as_slice(), plan.looks_again()), (&[][..], false));
    amy.write("d/new", true);
    let plan = amy.plan(&server, false);
    assert!(plan.looks_again() && !plan.operations.iter().any(|one| matches!(one, Operation::Send { .. })));
    // Gone for a moment, as when a file is replaced: nothing is deleted.
    amy.delete("d/x");
    assert!(
        !amy.plan(&server, false).operations.iter().any(|one| matches!(one, Operation::DeleteThere { .. }))
    );
    assert!(
        amy.plan(&server, true).operations.iter().any(|one| matches!(one, Operation::DeleteThere { .. }))
    );
}

#[test]
fn many_deletions_wait_for_a_word_and_few_do_not() {
    let names: Vec<String> = (0..DELETIONS_MAX * 12).map(|at| format!("f{at}")).collect();
    let (server, mut amy, _) = town(&names.iter().map(String::as_str).collect::<Vec<_>>());
    names.iter().take(DELETIONS_MAX).for_each(|name| drop(amy.delete(name)));
    assert_eq!(amy.plan(&server, true).question, None);
    amy.delete(&names[DELETIONS_MAX]);
    let plan = amy.plan(&server, true);
    assert_eq!(plan.question.map(|question| question.there.len()), Some(DELETIONS_MAX + 1));
    assert!(!plan.operations.iter().any(|one| matches!(one, Operation::DeleteThere { .. })));
    amy.allow();
    assert_eq!(amy.plan(&server, true).operations.len(), DELETIONS_MAX + 1);
}

#[test]
fn more_than_a_tenth_waits_unless_it_is_very_few() {
    let names: Vec<String> = (0..20).map(|at| format!("f{at}")).collect();
    let (server, mut amy, _) = town(&names.iter().map(String::as_str).collect::<Vec<_>>());
    names.iter().take(DELETIONS_FEW).for_each(|name| drop(amy.delete(name)));
    assert_eq!(amy.plan(&server, true).question, None);
    amy.delete(&names[DELETIONS_FEW]);
    assert!(amy.plan(&server, true).question.is_some());
}

#[test]
fn a_server_that_lost_its_memory_takes_nothing_from_a_computer_without_a_word() {
    let names: Vec<String> = (0..20).map(|at| format!("f{at}")).collect();
    let (_, mut amy, _) = town(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let plan = amy.plan(&Server::default(), true);
    assert_eq!(plan.question.map(|question| question.here.len()), Some(20));
    assert!(!plan.operations.iter().any(|one| matches!(one, Operation::DeleteHere { .. })));
}

#[test]
fn names_that_only_this_system_tells_apart_are_left_alone() {
    let (mut server, mut amy, mut bob) = town(&["Read.me"]);
    amy.write("read.me", true);
    rest(&mut server, &mut [&mut amy, &mut bob]);
    assert_eq!(amy.plan(&server, true).alone, [("read.me".to_owned(), Alone::Clash)]);
    assert_eq!(bob.tree().len(), 1);
}

#[test]
fn two_names_that_change_places_at_the_server_change_places_here() {
    let (mut server, mut amy, mut bob) = town(&["a/", "a/1", "b/", "b/2"]);
    amy.rename("a", "c");
    rest(&mut server, &mut [&mut amy]);
    amy.rename("b", "a");
    rest(&mut server, &mut [&mut amy]);
    amy.rename("c", "b");
    rest(&mut server, &mut [&mut amy, &mut bob]);
    assert_eq!(bob.tree(), amy.tree());
    assert_eq!(server.entries.len(), 4, "they were moved, not made anew");
}

#[test]
fn who_may_only_look_gets_everything_and_sends_nothing() {
    let (mut server, mut amy, mut bob) = town(&["a", "b"]);
    bob.right = Right::Look;
    bob.write("a", true);
    bob.write("own", true);
    bob.delete("b");
    amy.write("new", true);
    let before = server.tree();
    rest(&mut server, &mut [&mut bob]);
    assert_eq!(server.tree(), before);
    rest(&mut server, &mut [&mut amy, &mut bob]);
    assert_eq!(bob.tree().into_keys().collect::<Vec<_>>(), ["a", "b", "new", "own"]);
    let left = [("a".to_owned(), Alone::ReadOnly), ("own".to_owned(), Alone::ReadOnly)];
    assert_eq!(bob.plan(&server, true).alone, left);
}

#[test]
fn what_is_no_longer_shared_goes_here_and_nothing_of_it_travels() {
    let (mut server, mut amy, mut bob) = town(&["a/", "a/x", "a/y", "z"]);
    let is_shared = |name: &str| name == "z";
    bob.hidden = server.live().into_iter().filter(|e| !is_shared(&e.name)).map(|entry| entry.id).collect();
    bob.write("a/y", true);
    bob.write("a/new", true);
    let before = server.tree();
    rest(&mut server, &mut [&mut bob]);
    assert_eq!(server.tree(), before);
    assert_eq!(bob.disk.keys().collect::<Vec<_>>(), ["a", "a/new", "a/y", "z"]);
    let left = [("a/new".to_owned(), Alone::NotShared), ("a/y".to_owned(), Alone::NotShared)];
    assert_eq!(bob.plan(&server, true).alone, left);
    // Shared again, all of it is there once more, and what bob wrote is kept beside what amy has.
    bob.hidden.clear();
    rest(&mut server, &mut [&mut amy, &mut bob]);
    assert_eq!(amy.tree(), bob.tree());
    assert!(["a/new", "a/x", "a/y"].iter().all(|path| amy.disk.contains_key(*path)));
}
