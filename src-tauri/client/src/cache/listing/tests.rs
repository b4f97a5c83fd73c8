//! A folder of a hundred thousand entries: pages come from indexes, cost what is on them, and fit together.

use super::super::tests::{account, room};
use super::super::{Cache, entries};
use super::passed::SECTIONS_MAX;
use super::{EVERY, Index, Listed, Mark, Section};
use crate::view::{Sort, SortBy};
use pod_shared::content::{Entry, EntryKind, Lock, RatingSum};
use pod_shared::{AccountId, ContentPosition, DeviceId, EntryId, TimeMs, limits};
use rusqlite::StatementStatus;
use rusqlite::types::Value;

const MANY: u32 = 100_000;
const FOLDERS: u32 = 300;
const ALL: [SortBy; 9] = [
    SortBy::Name,
    SortBy::Modified,
    SortBy::Size,
    SortBy::Person,
    SortBy::Kind,
    SortBy::Version,
    SortBy::Comments,
    SortBy::Rating,
    SortBy::Lock,
];

fn id(number: u32) -> EntryId {
    EntryId::from_slice(&u128::from(number).to_be_bytes()).unwrap()
}

fn entry(number: u32, name: &str) -> Entry {
    let folder = number <= FOLDERS;
    let person = AccountId::from_slice(&[u8::try_from(number % 7).unwrap(); 16]).unwrap();
    Entry {
        id: id(number),
        room: room(1),
        parent: None,
        name: name.to_owned(),
        kind: if folder { EntryKind::Folder } else { EntryKind::File },
        size: if folder { 0 } else { u64::from(number.wrapping_mul(2_654_435_761) % 5_000) },
        digest: String::new(),
        version: if folder { 0 } else { 1 + number % 50 / 40 * (number % 3) },
        created_at: TimeMs(1),
        created_by: person,
        modified_at: TimeMs(i64::from(number.wrapping_mul(40_503) % 65_536)),
        modified_by: person,
        position: ContentPosition(1),
        deleted: false,
        lock: (!folder && number.is_multiple_of(13)).then(|| Lock {
            by: person,
            device: DeviceId::from_slice(&[1; 16]).unwrap(),
            since: TimeMs(i64::from(number)),
            fence: 1,
        }),
        comments: if folder { 0 } else { (number % 60).saturating_sub(50) },
        rating: (!folder && number.is_multiple_of(11))
            .then(|| RatingSum { halves: 2 + number % 9, count: 1 }),
        permission: None,
        description: String::new(),
        tags: Vec::new(),
    }
}

async fn filled(folder: &std::path::Path, count: u32) -> Cache {
    let cache = Cache::open(folder).unwrap();
    cache.belong_to(account(1)).await.unwrap();
    let write = move |tx: &rusqlite::Transaction<'_>| {
        for number in 1..=count {
            // The ids run another way than the names.
            let ending = ["txt", "png", "PDF", "xlsx"][number as usize % 4];
            entries::write(
                tx,
                &entry(number, &format!("File {}.{ending}", number.wrapping_mul(7_919) % 1_000_003)),
            )?;
        }
        Ok(())
    };
    cache.db.run(write).await.unwrap();
    cache
}

async fn page(cache: &Cache, sort: Sort, offset: u32, limit: u32) -> Listed {
    cache.list(room(1), None, sort, offset, limit).await.unwrap()
}

/// What equal keys are told apart by does not matter here.
fn key(entry: &Entry, by: SortBy) -> (bool, Vec<u8>) {
    let file = entry.kind == EntryKind::File;
    let name = super::order::name_key(&entry.name);
    let key = match by {
        SortBy::Name => name,
        SortBy::Modified => entry.modified_at.0.to_be_bytes().to_vec(),
        SortBy::Person => entry.created_by.as_bytes().to_vec(),
        SortBy::Size | SortBy::Kind if !file => name,
        SortBy::Size => entry.size.to_be_bytes().to_vec(),
        SortBy::Kind => super::order::type_key(&entry.name).into_bytes(),
        SortBy::Version | SortBy::Comments | SortBy::Rating | SortBy::Lock if !file => name,
        SortBy::Version => entry.version.to_be_bytes().to_vec(),
        SortBy::Comments => entry.comments.to_be_bytes().to_vec(),
        SortBy::Rating => entry.rating.map_or(0, |sum| sum.halves).to_be_bytes().to_vec(),
        SortBy::Lock => entry.lock.as_ref().map_or(0, |lock| lock.since.0).to_be_bytes().to_vec(),
    };
    (file, key)
}

#[tokio::test]
async fn pages_of_a_large_folder_fit_together_and_cost_what_is_on_them() {
    let dir = tempfile::tempdir().unwrap();
    let cache = filled(dir.path(), MANY).await;
    for by in ALL {
        for descending in [false, true] {
            let sort = Sort { by, descending };
            let mut all: Vec<Entry> = Vec::new();
            while all.len() < 3_000 {
                let offset = u32::try_from(all.len()).unwrap();
                let listed = page(&cache, sort, offset, 200).await;
                assert_eq!((listed.total, listed.entries.len()), (MANY, 200));
                // Scrolled to: never more than lies between two remembered rows of each section.
                assert!(listed.passed < 2 * EVERY, "{sort:?} at {offset}: {}", listed.passed);
                all.extend(listed.entries.into_iter().map(|(entry, _)| entry));
            }
            assert!(all[..FOLDERS as usize].iter().all(|entry| entry.kind == EntryKind::Folder), "{sort:?}");
            let files = all.split_at(FOLDERS as usize);
            for part in [files.0, files.1] {
                let upward = part.is_sorted_by_key(|entry| key(entry, by));
                let downward = part.is_sorted_by(|a, b| key(a, by) >= key(b, by));
                let follow = matches!(by, SortBy::Name | SortBy::Modified | SortBy::Person);
                let folders_stay = part[0].kind == EntryKind::Folder && !follow;
                assert!(if descending && !folders_stay { downward } else { upward }, "{sort:?}");
            }
            let mut ids: Vec<EntryId> = all.iter().map(|entry| entry.id).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), all.len(), "{sort:?}: each once");
        }
    }
    // A jump walks there once; the way is known until the folder changes.
    let jump = page(&cache, Sort::NAME, MANY - 100, 500).await;
    assert_eq!(jump.entries.len(), 100);
    assert!(page(&cache, Sort::NAME, MANY - 100, 500).await.passed < EVERY);
    cache.keep_entry(entry(MANY + 1, "0 first.txt")).await.unwrap();
    let after = page(&cache, Sort::NAME, FOLDERS, 1).await;
    assert_eq!((after.total, after.entries[0].0.name.as_str()), (MANY + 1, "0 first.txt"));
    let last = page(&cache, Sort::NAME, MANY, 500).await;
    assert_eq!(last.entries[0].0.id, jump.entries.last().unwrap().0.id);
}

#[tokio::test]
async fn a_page_costs_the_same_in_a_small_folder_and_in_a_large_one() {
    let mut costs = Vec::new();
    for count in [2_000, 40_000] {
        let dir = tempfile::tempdir().unwrap();
        let cache = filled(dir.path(), count).await;
        let steps = cache.reader.run(move |tx| {
            let mut steps = Vec::new();
            let marks = [Mark::Version, Mark::Comments, Mark::Rating, Mark::Lock];
            let person = Index::Person(entry(8, "x").created_by);
            let plain = [Index::Name, Index::Time, Index::Size, Index::Type, person];
            for by in plain.into_iter().chain(marks.map(Index::With)) {
                for descending in [false, true] {
                    let section = Section { kind: EntryKind::File, by, descending, rows: u64::from(count) };
                    steps.push(cost(tx, &section));
                }
            }
            Ok(steps)
        });
        costs.push(steps.await.unwrap());
    }
    assert_eq!(costs[0], costs[1]);
}

/// Steps of the database for a page at the beginning of a section; it sorts nothing and reads one index.
fn cost(tx: &rusqlite::Transaction<'_>, section: &Section) -> i32 {
    let question = section.question(None);
    let mut values = vec![Value::Blob(room(1).as_bytes().to_vec())];
    if let Index::Person(person) = section.by {
        values.push(Value::Blob(person.as_bytes().to_vec()));
    }
    values.push(Value::Integer(100));
    let mut plan = tx.prepare(&format!("EXPLAIN QUERY PLAN {question}")).unwrap();
    let plan: Vec<String> = plan
        .query_map(rusqlite::params_from_iter(values.clone()), |row| row.get(3))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(plan.len(), 1, "{plan:?}");
    assert!(plan[0].starts_with("SEARCH entries USING COVERING INDEX"), "{plan:?}");
    let mut statement = tx.prepare(&question).unwrap();
    let mut rows = statement.query(rusqlite::params_from_iter(values)).unwrap();
    let mut count = 0;
    while rows.next().unwrap().is_some() {
        count += 1;
    }
    drop(rows);
    assert_eq!(count, 100);
    assert_eq!(statement.get_status(StatementStatus::Sort), 0);
    statement.get_status(StatementStatus::VmStep)
}

#[tokio::test]
async fn sums_follow_what_comes_goes_moves_and_is_deleted() {
    let dir = tempfile::tempdir().unwrap();
    let cache = filled(dir.path(), FOLDERS + 10).await;
    let (folder, mut file) = (id(1), entry(FOLDERS + 1, "a.txt"));
    file.size = 40;
    let before = page(&cache, Sort::NAME, 0, 1).await;
    file.parent = Some(folder);
    cache.keep_entry(file.clone()).await.unwrap();
    let inside = cache.list(room(1), Some(folder), Sort::NAME, 0, 9).await.unwrap();
    assert_eq!((inside.total, inside.bytes, inside.entries[0].0.id), (1, 40, file.id));
    let top = page(&cache, Sort::NAME, 0, limits::FOLDER_PAGE_MAX).await;
    assert_eq!(top.total, before.total - 1);
    let counted = top.entries.iter().find(|(entry, _)| entry.id == folder).unwrap();
    assert_eq!(counted.1, 1);
    let whole = cache.folder_size(room(1)).await.unwrap();
    assert_eq!(whole, (FOLDERS + 10, top.bytes + 40));

    let mut gone = entry(1, "gone");
    gone.deleted = true;
    cache.keep_entry(gone.clone()).await.unwrap();
    assert_eq!(cache.folder_size(room(1)).await.unwrap(), (FOLDERS + 8, top.bytes), "with all in it");
    assert!(cache.entry(file.id).await.unwrap().unwrap().deleted, "what lies in a deleted folder is gone");
    assert!(cache.find("a.txt", None, 9).await.unwrap().is_empty());
    gone.deleted = false;
    cache.keep_entry(gone).await.unwrap();
    assert_eq!(cache.folder_size(room(1)).await.unwrap(), whole);
    let found = cache.find("A.TX", None, 9).await.unwrap();
    assert_eq!((found[0].entry.id, found[0].path.as_slice()), (file.id, ["gone".to_owned()].as_slice()));

    file.deleted = true;
    cache.keep_entry(file).await.unwrap();
    assert_eq!(cache.count_in(folder).await.unwrap(), 0);
    cache.forget_folder(room(1)).await.unwrap();
    assert_eq!(page(&cache, Sort::NAME, 0, 9).await, Listed::default());
    assert!(SECTIONS_MAX > ALL.len(), "switching between the orders forgets none");
}

#[tokio::test]
async fn names_are_found_by_any_part_in_every_script_and_beginnings_come_first() {
    let dir = tempfile::tempdir().unwrap();
    let cache = filled(dir.path(), 0).await;
    for (number, name) in
        ["회의록 2026.hwp", "정기 회의록.txt", "年度报告.docx", "Budget.xlsx", "Old budget.xlsx"]
            .iter()
            .enumerate()
    {
        let mut entry = entry(FOLDERS + 1 + u32::try_from(number).unwrap(), name);
        entry.room = room(1 + u8::try_from(number % 2).unwrap());
        cache.keep_entry(entry).await.unwrap();
    }
    let table: [(&str, Option<u8>, u32, &[&str]); 7] = [
        ("회의", None, 9, &["회의록 2026.hwp", "정기 회의록.txt"]),
        ("회의", Some(2), 9, &["정기 회의록.txt"]),
        ("BUDGET", None, 9, &["Budget.xlsx", "Old budget.xlsx"]),
        ("budget", None, 1, &["Budget.xlsx"]),
        ("度报", None, 9, &["年度报告.docx"]),
        ("%", None, 9, &[]),
        (" ", None, 9, &[]),
    ];
    for (text, in_room, limit, expected) in table {
        let found = cache.find(text, in_room.map(room), limit).await.unwrap();
        let names: Vec<&str> = found.iter().map(|found| found.entry.name.as_str()).collect();
        assert_eq!(names, expected, "{text}");
    }
}
