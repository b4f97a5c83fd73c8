//! A look at some places finds what a look at everything finds.

use super::super::{places, scan};
use super::{id, linked, look};
use pod_machine::folder::Local;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

type Tree = places::Tree;

fn everything(root: &Path, known: &mut scan::Digests) -> Tree {
    look(root, known).locals.into_iter().map(|local| (local.path.clone(), local)).collect()
}

/// Looks at these places until nothing changes any more, as the rounds do.
fn look_at(root: &Path, known: &mut scan::Digests, tree: &mut Tree, hinted: &[&str]) {
    let mut paths: BTreeSet<String> = hinted.iter().map(|path| (*path).to_owned()).collect();
    loop {
        let found = places::look_at(root, id(), known, tree, &paths, &|| false).unwrap();
        known.extend(found.read.iter().map(|(mark, digest)| (scan::key(mark), digest.clone())));
        for (path, now) in found.now {
            paths.insert(path.clone());
            match now {
                Some(local) => drop::<Option<Local>>(tree.insert(path, local)),
                None => drop(tree.remove(&path)),
            }
        }
        if found.again_in.is_none() {
            return;
        }
        std::thread::yield_now();
    }
}

#[test]
fn what_is_hinted_at_is_found_as_by_a_look_at_everything() {
    let folder = linked();
    let (root, mut known) = (folder.path(), scan::Digests::new());
    fs::create_dir_all(root.join("a/deep")).unwrap();
    fs::write(root.join("a/deep/x"), "x").unwrap();
    fs::write(root.join("a/y"), "y").unwrap();
    let mut tree = everything(root, &mut known);
    let mut step = |hinted: &[&str], change: &dyn Fn()| {
        change();
        look_at(root, &mut known, &mut tree, hinted);
        let mut fresh = scan::Digests::new();
        assert_eq!(tree, everything(root, &mut fresh), "{hinted:?}");
    };
    step(&["a/deep/x"], &|| fs::write(root.join("a/deep/x"), "other").unwrap());
    // Of a new folder only itself is hinted at.
    step(&["new"], &|| {
        fs::create_dir_all(root.join("new/in/it")).unwrap();
        fs::write(root.join("new/in/it/z"), "z").unwrap();
    });
    step(&["a", "b"], &|| fs::rename(root.join("a"), root.join("b")).unwrap());
    step(&["b/deep/x", "b/x"], &|| fs::rename(root.join("b/deep/x"), root.join("b/x")).unwrap());
    step(&["b/x"], &|| fs::remove_file(root.join("b/x")).unwrap());
    // A file where a folder was, and the other way round.
    step(&["new"], &|| {
        fs::remove_dir_all(root.join("new")).unwrap();
        fs::write(root.join("new"), "a file").unwrap();
    });
    step(&["new"], &|| {
        fs::remove_file(root.join("new")).unwrap();
        fs::create_dir(root.join("new")).unwrap();
    });
    // The hint is of something in a folder that is not known, and something that came there has no hint.
    step(&["one/two/three"], &|| {
        fs::create_dir_all(root.join("one/two")).unwrap();
        fs::write(root.join("one/two/three"), "3").unwrap();
        fs::write(root.join("one/two/four"), "4").unwrap();
    });
    step(&["b", "nothing/at/all"], &|| fs::remove_dir_all(root.join("b")).unwrap());
}

#[test]
#[cfg(unix)]
fn a_hint_leads_through_no_link_and_to_nothing_that_passes() {
    let (folder, other) = (linked(), tempfile::tempdir().unwrap());
    let (root, mut known) = (folder.path(), scan::Digests::new());
    fs::write(other.path().join("secret"), "s").unwrap();
    let mut tree = everything(root, &mut known);
    std::os::unix::fs::symlink(other.path(), root.join("way")).unwrap();
    fs::write(root.join("half.pod-part"), "half").unwrap();
    look_at(root, &mut known, &mut tree, &["way/secret", "half.pod-part"]);
    assert_eq!(tree.keys().collect::<Vec<_>>(), ["way"]);
    assert_eq!(tree, everything(root, &mut known));
}
