//! An edit against a server, a disk and a person who do what they like, killed between any two steps.

use super::*;
use crate::folder::Mark;
use pod_shared::wire;
use proptest::prelude::*;

/// The file that is edited.
fn file() -> EntryId {
    EntryId::from_slice(&[1; 16]).unwrap()
}

/// The copy beside it.
fn copy() -> EntryId {
    EntryId::from_slice(&[2; 16]).unwrap()
}

fn hears(edit: &mut Edit, all: impl IntoIterator<Item = News>) {
    all.into_iter().for_each(|news| edit.hear(news));
}

fn fetched(version: u32, digest: &str) -> News {
    News::Fetched { version, digest: digest.to_owned() }
}

fn saw(digest: &str) -> News {
    News::Saw { digest: digest.to_owned() }
}

fn aside(digest: &str) -> News {
    News::Aside { digest: digest.to_owned() }
}

fn stored(entry: EntryId, version: u32) -> News {
    News::Stored { entry, version, name: "plan.txt".to_owned() }
}

/// Open, with its lock, version 3 of the file.
fn open(site: Site) -> Edit {
    let mut edit = Edit::of(file(), site);
    hears(&mut edit, [News::Granted { fence: 7, version: 3 }, fetched(3, "three")]);
    edit
}

#[test]
fn a_file_is_locked_fetched_saved_and_given_back() {
    let mut edit = Edit::of(file(), Site::Own);
    let steps = [
        (Wish::Take, News::Granted { fence: 7, version: 3 }),
        (Wish::Fetch, fetched(3, "three")),
        (Wish::Watch, saw("four")),
        (Wish::Send, aside("four")),
        (Wish::Await, News::Queued { transfer: TransferId::from_slice(&[9; 16]).unwrap() }),
        (Wish::Await, stored(file(), 4)),
        (Wish::Watch, News::Done),
        (Wish::Look, saw("five")),
        (Wish::Send, aside("five")),
        (Wish::Await, stored(file(), 5)),
        // A save may have come while the last one went up.
        (Wish::Look, saw("five")),
        (Wish::GiveBack, News::GivenBack),
        (Wish::Clear, News::Cleared),
    ];
    for (wish, news) in steps {
        assert_eq!(edit.next(), wish, "before {news:?}");
        edit.hear(news);
    }
    assert_eq!((edit.base, edit.saves, edit.copy_of), (5, 2, None));
}

#[test]
fn a_lock_that_ran_out_is_taken_anew_only_if_nothing_changed() {
    let check = |ended, version, then: Hold| {
        let mut edit = open(Site::Own);
        edit.hear(News::LockGone { ended, version });
        assert_eq!(edit.hold, then, "ended {ended}, version {version}");
    };
    check(false, 3, Hold::Wanted { fence: 7 });
    check(true, 3, Hold::Lost { fence: 7 });
    check(false, 4, Hold::Lost { fence: 7 });
    // Taken anew, and it turns out that somebody was quicker.
    let mut edit = open(Site::Own);
    hears(&mut edit, [News::LockGone { ended: false, version: 3 }, News::Granted { fence: 9, version: 4 }]);
    assert_eq!((edit.hold, edit.next()), (Hold::Void { fence: 7 }, Wish::GiveBack));
    edit.hear(News::GivenBack);
    assert_eq!((edit.hold, edit.next()), (Hold::Lost { fence: 7 }, Wish::Watch));
}

#[test]
fn what_is_saved_after_the_lock_was_lost_goes_on_in_a_copy() {
    let mut edit = open(Site::Own);
    hears(&mut edit, [News::LockGone { ended: true, version: 3 }, saw("mine")]);
    assert_eq!((edit.next(), edit.fence()), (Wish::Send, 7));
    hears(&mut edit, [aside("mine"), stored(copy(), 1)]);
    assert_eq!((edit.entry, edit.copy_of.as_deref()), (copy(), Some("plan.txt")));
    assert_eq!(edit.next(), Wish::Take, "the copy is edited like any other file");
    hears(&mut edit, [News::Granted { fence: 1, version: 1 }, saw("more")]);
    assert_eq!((edit.next(), edit.fence(), edit.base), (Wish::Send, 1, 1));
}

#[test]
fn what_cannot_be_sent_stays_until_the_next_save_or_a_word() {
    let mut edit = open(Site::Own);
    hears(&mut edit, [saw("four"), aside("four"), News::NotStored { code: ErrorCode::RoleTooLow }]);
    assert_eq!((edit.next(), edit.stuck), (Wish::Watch, Some(ErrorCode::RoleTooLow)));
    let mut saved = edit.clone();
    saved.hear(saw("five"));
    assert_eq!(saved.next(), Wish::Send);
    edit.hear(News::Done);
    hears(&mut edit, [saw("four")]);
    assert_eq!(edit.next(), Wish::Send, "done means: try once more");
    hears(&mut edit, [aside("four"), News::NotStored { code: ErrorCode::RoleTooLow }]);
    assert_eq!(edit.next(), Wish::Watch, "it is not thrown away");
}

#[test]
fn in_a_linked_folder_the_folder_sends_and_the_lock_waits_for_it() {
    let mut edit = open(Site::Linked);
    hears(&mut edit, [saw("four")]);
    assert_eq!(edit.next(), Wish::Watch);
    hears(&mut edit, [News::Done, saw("four")]);
    assert_eq!(edit.next(), Wish::AwaitLinked);
    edit.hear(News::There { version: 4, digest: "four".to_owned() });
    assert_eq!(edit.next(), Wish::GiveBack);
}

#[test]
fn a_program_that_takes_its_sign_away_for_good_is_done() {
    let mut edit = open(Site::Own);
    let sign = |there, now_ms| News::Sign { there, now_ms };
    hears(&mut edit, [sign(false, 0), sign(false, 60_000)]);
    assert!(!edit.closing, "without a sign nothing is known");
    hears(&mut edit, [sign(true, 61_000), sign(false, 62_000), sign(true, 63_000), sign(false, 64_000)]);
    assert!(!edit.closing, "a program that saves may take it away for a moment");
    edit.hear(sign(false, 64_000 + SIGN_GONE_MS));
    assert!(edit.closing);
}

#[test]
fn signs_are_known_by_the_name_of_the_file() {
    let cases = [
        (".~lock.plan.odt#", "plan.odt", true),
        (".~lock.other.odt#", "plan.odt", false),
        ("~$plan.docx", "plan.docx", true),
        ("~$dget.xlsx", "budget.xlsx", true),
        ("~$", "ab", false),
        (".plan.txt.swp", "plan.txt", true),
        (".#plan.txt", "plan.txt", true),
        ("plan.txt", "plan.txt", false),
    ];
    for (name, file, is) in cases {
        assert_eq!(is_open_sign(name, file), is, "{name} beside {file}");
    }
}

#[test]
fn a_file_is_read_when_it_rests() {
    let second = 1_000_000_000;
    let mark = |changed_ns| Mark { size: 1, modified_ns: 0, changed_ns, inode: 5 };
    let now = 100 * second;
    let check = |at: Option<Mark>, read: Option<Mark>, then| {
        assert_eq!(look(now, at.as_ref(), read.as_ref()), then, "{at:?}");
    };
    let old = mark(now - 2 * second + 1);
    check(Some(old), None, Look::Read);
    check(Some(old), Some(old), Look::Same);
    check(Some(mark(now - second / 2)), None, Look::Again { after_ms: 300 });
    check(Some(mark(now - second)), None, Look::Again { after_ms: 1_500 });
    // Between the two steps of a save that renames there is none; a clock that was set back holds nothing up.
    check(None, Some(old), Look::Again { after_ms: QUIET_MS });
    check(Some(mark(now + 60 * second + 1)), None, Look::Read);
}

/// A server with one file, the copies beside it, and its lock.
#[derive(Debug, Default)]
struct Server {
    fence: u64,
    held: bool,
    /// Contents of each file, oldest first.
    files: Vec<Vec<String>>,
}

impl Server {
    fn store(&mut self, edit: &Edit, digest: &str) -> News {
        let at = usize::from(edit.entry == copy());
        let file = &mut self.files[at];
        let newest = u32::try_from(file.len()).unwrap();
        // Only the first file has a lock that others take.
        let fits = edit.base == newest && (at == 1 || edit.fence() == self.fence);
        if fits {
            file.push(digest.to_owned());
            return News::Stored { entry: edit.entry, version: newest + 1, name: String::new() };
        }
        self.files[1].push(digest.to_owned());
        let version = u32::try_from(self.files[1].len()).unwrap();
        News::Stored { entry: copy(), version, name: "plan.txt".to_owned() }
    }
}

#[derive(Clone, Debug)]
enum Happens {
    Save,
    Works,
    Dies,
    LockRunsOut,
    SomebodyEnds,
    SomebodyChanges,
    Done,
}

fn plan() -> impl Strategy<Value = Vec<Happens>> {
    let one = prop_oneof![
        4 => Just(Happens::Save),
        8 => Just(Happens::Works),
        2 => Just(Happens::Dies),
        1 => Just(Happens::LockRunsOut),
        1 => Just(Happens::SomebodyEnds),
        1 => Just(Happens::SomebodyChanges),
        1 => Just(Happens::Done),
    ];
    prop::collection::vec(one, 1..60)
}

/// One step of whoever drives the edit. `disk` is what lies there now.
fn work(edit: &mut Edit, server: &mut Server, disk: &str) {
    let version =
        |server: &Server| u32::try_from(server.files[usize::from(edit.entry == copy())].len()).unwrap();
    let news = match edit.next() {
        Wish::Take => {
            // Its own lock is found again.
            if edit.entry == file() && !server.held {
                (server.held, server.fence) = (true, server.fence + 1);
            }
            News::Granted { fence: server.fence, version: version(server) }
        }
        Wish::GiveBack => {
            server.held = false;
            News::GivenBack
        }
        Wish::Fetch => fetched(version(server), "fetched"),
        Wish::Look => saw(disk),
        Wish::Send => aside(disk),
        Wish::Await => {
            let digest = edit.sending.as_ref().unwrap().digest.clone();
            server.store(edit, &digest)
        }
        Wish::Watch if matches!(edit.hold, Hold::Held { .. }) && !server.held && edit.entry == file() => {
            News::LockGone { ended: server.fence > edit.fence(), version: version(server) }
        }
        Wish::Watch => saw(disk),
        Wish::AwaitLinked => unreachable!("it lies in a folder of its own"),
        Wish::Clear => News::Cleared,
    };
    edit.hear(news);
}

proptest! {
    /// Whatever happens, in whatever order, and wherever the process dies: when it is over, the last save is at the server.
    #[test]
    fn nothing_that_was_saved_is_lost(plan in plan()) {
        let mut server = Server { files: vec![vec!["one".into()], Vec::new()], ..Server::default() };
        let mut edit = Edit::of(file(), Site::Own);
        let mut disk = "fetched".to_owned();
        let mut saves = 0;
        for happens in plan {
            match happens {
                Happens::Save if edit.stage == Stage::Open && !edit.closing => {
                    saves += 1;
                    disk = format!("save {saves}");
                }
                Happens::Save => {}
                Happens::Works => work(&mut edit, &mut server, &disk),
                Happens::Dies => edit = wire::decode(&wire::encode(&edit).unwrap()).unwrap(),
                Happens::LockRunsOut => server.held = false,
                Happens::SomebodyEnds => (server.held, server.fence) = (false, server.fence + 1),
                Happens::SomebodyChanges if !server.held => {
                    server.fence += 1;
                    server.files[0].push("theirs".to_owned());
                }
                Happens::SomebodyChanges => {}
                Happens::Done => edit.hear(News::Done),
            }
        }
        edit.hear(News::Done);
        for _ in 0..20 {
            work(&mut edit, &mut server, &disk);
        }
        prop_assert_eq!(edit.next(), Wish::Clear, "it comes to an end: {:?}", edit);
        if saves > 0 {
            let newest = server.files[usize::from(edit.entry == copy())].contains(&disk);
            prop_assert!(newest, "{} is at the server: {:?}", disk, server);
        }
    }
}
