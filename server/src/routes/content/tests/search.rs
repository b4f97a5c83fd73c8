//! Finding files: by name, description, tags, comments and what they say, among what one may see; filters, pages, and an
//! index that follows every change, through a kill too.

use super::world::{Meta, Person, World, good, refused, until};
use pod_shared::content::{
    AboutNew, CommentNew, Entry, EntryChange, EntryKind, RatingNew, SearchAsk, SearchPage, Settled,
};
use pod_shared::{CommentId, EntryId, ErrorCode, Role, RoomId, TimeMs, limits};
use reqwest::{Method, Response};
use uuid::Uuid;

impl Person {
    async fn searching(&self, ask: &SearchAsk) -> Response {
        self.send(Method::POST, "/v1/search", ask).await
    }

    async fn search(&self, ask: &SearchAsk) -> SearchPage {
        good(self.searching(ask).await).await
    }

    /// Names of what is found, in the order of names.
    async fn finds(&self, ask: &SearchAsk) -> Vec<String> {
        let mut names: Vec<String> =
            self.search(ask).await.found.into_iter().map(|hit| hit.entry.name).collect();
        names.sort();
        names
    }

    async fn describing(&self, entry: EntryId, description: &str, tags: &[&str]) -> Response {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let about = AboutNew { description: description.into(), tags };
        self.send(Method::PUT, &format!("/v1/entries/{entry}/about"), &about).await
    }

    async fn remark(&self, entry: EntryId, text: &str) -> CommentId {
        let id = CommentId(Uuid::now_v7());
        let new = CommentNew { id, text: text.into(), mentions: Vec::new(), reply: None };
        let said = self.send(Method::POST, &format!("/v1/entries/{entry}/comments"), &new).await;
        assert_eq!(said.status(), 200);
        id
    }
}

fn words(room: RoomId, text: &str) -> SearchAsk {
    SearchAsk { rooms: vec![room], text: text.into(), ..SearchAsk::default() }
}

/// The index has all that was changed.
async fn settled(world: &World) {
    world.content.catch_up_index().await.unwrap();
    until("the index to be up to date", async || {
        let waits = "SELECT (SELECT count(*) FROM unindexed) + (SELECT count(*) FROM unread)";
        let left: i64 = world.database().query_row(waits, [], |row| row.get(0)).unwrap();
        (left == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn files_are_found_by_all_that_is_said_of_them_and_by_what_they_say() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let plan = ann.upload(room, "Quarterly plan.md", "# 가을 축제\n\n천막은 아홉 시까지".as_bytes()).await;
    let wide = [0xff, 0xfe].into_iter().chain("가을 축제".encode_utf16().flat_map(u16::to_le_bytes));
    let old = ann.upload(room, "wide.txt", &wide.collect::<Vec<u8>>()).await;
    let picture = ann.upload(room, "poster.png", "gate in no text".as_bytes()).await;
    bob.remark(picture, "the moon is too large").await;
    good::<Entry>(ann.describing(picture, "for the east gate", &["Print", "축제 2026"]).await).await;
    settled(&world).await;
    for (typed, expect) in [
        ("plan", &["Quarterly plan.md"][..]),
        ("uarter", &["Quarterly plan.md"]),
        ("축제", &["Quarterly plan.md", "poster.png", "wide.txt"]),
        ("천막", &["Quarterly plan.md"]),
        ("아홉 plan", &["Quarterly plan.md"]),
        ("moon", &["poster.png"]),
        ("east gate", &["poster.png"]),
        ("print", &["poster.png"]),
        ("moon print poster", &["poster.png"]),
        ("text", &[]),
        ("winter", &[]),
    ] {
        assert_eq!(bob.finds(&words(room, typed)).await, expect, "{typed}");
    }
    let tagged = |tag: &str| SearchAsk { tag: Some(tag.into()), ..words(room, "") };
    assert_eq!(bob.finds(&tagged("PRINT")).await, ["poster.png"]);
    assert_eq!(bob.finds(&tagged("prin")).await, Vec::<String>::new());
    assert_eq!((ann.entry(plan).await.tags.len(), ann.entry(old).await.version), (0, 1));
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_index_follows_renames_versions_deletions_and_what_is_taken_back() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let folder = good::<Entry>(ann.folder(room, None, "archive").await).await.id;
    let file = ann.upload_as(&Meta::new(room, "notes.txt").with("parent", folder), b"first apple").await;
    let said = ann.remark(file, "banana").await;
    settled(&world).await;
    let hit = ann.search(&words(room, "apple")).await.found.remove(0);
    assert_eq!((hit.entry.id, hit.path), (file, vec!["archive".to_owned()]));
    ann.upload_as(&Meta::new(room, "notes.txt").with("parent", folder), b"second cherry").await;
    let rename = EntryChange { name: Some("memo.txt".into()), ..EntryChange::default() };
    good::<Entry>(ann.send(Method::PATCH, &format!("/v1/entries/{file}"), &rename).await).await;
    ann.ask(Method::DELETE, &format!("/v1/comments/{said}")).send().await.unwrap();
    settled(&world).await;
    for (typed, count) in [("apple", 0), ("notes", 0), ("banana", 0), ("cherry", 1), ("memo", 1)] {
        assert_eq!(ann.search(&words(room, typed)).await.found.len(), count, "{typed}");
    }
    // The same content elsewhere need not be read again.
    ann.upload(room, "copy.txt", b"second cherry").await;
    settled(&world).await;
    assert_eq!(ann.finds(&words(room, "cherry")).await, ["copy.txt", "memo.txt"]);
    ann.ask(Method::DELETE, &format!("/v1/entries/{folder}")).send().await.unwrap();
    assert_eq!(ann.finds(&words(room, "cherry")).await, ["copy.txt"], "what lies in the trash is not found");
    good::<Entry>(ann.ask(Method::POST, &format!("/v1/entries/{folder}/restore")).send().await.unwrap())
        .await;
    assert_eq!(ann.finds(&words(room, "cherry")).await, ["copy.txt", "memo.txt"]);
    ann.ask(Method::DELETE, &format!("/v1/entries/{folder}")).send().await.unwrap();
    assert_eq!(
        ann.ask(Method::DELETE, &format!("/v1/entries/{folder}/trash")).send().await.unwrap().status(),
        204
    );
    until("the words of what was deleted for good to go", async || {
        settled(&world).await;
        let count = "SELECT count(*) FROM documents";
        let left: i64 = world.database().query_row(count, [], |row| row.get(0)).unwrap();
        (left == 1).then_some(())
    })
    .await;
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn filters_narrow_and_pages_join() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    for n in 0..5 {
        ann.upload(room, &format!("photo {n}.JPG"), &vec![7; 100 * (n + 1)]).await;
    }
    let pdf = bob.upload(room, "photo book.pdf", b"not really").await;
    good::<Entry>(ann.folder(room, None, "photos").await).await;
    let rate = |halves| RatingNew { halves: Some(halves) };
    good::<Entry>(ann.send(Method::PUT, &format!("/v1/entries/{pdf}/rating"), &rate(7)).await).await;
    good::<Entry>(bob.send(Method::PUT, &format!("/v1/entries/{pdf}/rating"), &rate(8)).await).await;
    settled(&world).await;
    let all = words(room, "photo");
    let with = |change: fn(&mut SearchAsk)| {
        let mut ask = all.clone();
        change(&mut ask);
        ask
    };
    assert_eq!(ann.search(&all).await.found.len(), 7);
    assert_eq!(ann.finds(&SearchAsk { by: Some(bob.account), ..all.clone() }).await, ["photo book.pdf"]);
    assert_eq!(ann.finds(&with(|ask| ask.kind = Some(EntryKind::Folder))).await, ["photos"]);
    assert_eq!(
        ann.finds(&with(|ask| ask.endings = vec!["pdf".into(), "doc".into()])).await,
        ["photo book.pdf"]
    );
    assert_eq!(ann.search(&with(|ask| ask.endings = vec!["jpg".into()])).await.found.len(), 5);
    let sizes = with(|ask| (ask.size_min, ask.size_max) = (Some(200), Some(300)));
    assert_eq!(ann.finds(&sizes).await, ["photo 1.JPG", "photo 2.JPG"]);
    assert_eq!(ann.finds(&with(|ask| ask.halves_min = Some(7))).await, ["photo book.pdf"]);
    assert_eq!(ann.finds(&with(|ask| ask.halves_min = Some(8))).await, Vec::<String>::new());
    assert_eq!(ann.search(&with(|ask| ask.until = Some(TimeMs(1)))).await.found, []);
    assert_eq!(ann.search(&with(|ask| ask.since = Some(TimeMs(1)))).await.found.len(), 7);
    assert_eq!(
        ann.search(&SearchAsk { text: String::new(), ..all.clone() }).await.found.len(),
        7,
        "without words"
    );
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..4 {
        let page = ann.search(&SearchAsk { limit: Some(3), after, ..all.clone() }).await;
        found.extend(page.found.into_iter().map(|hit| hit.entry.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    found.sort_unstable();
    found.dedup();
    assert_eq!((found.len(), after), (7, None));
}

#[tokio::test]
async fn nobody_finds_what_they_may_not_see() {
    let world = World::new().await;
    let (ann, bob, eve) = (world.person(), world.person(), world.person());
    let (theirs, hers) = (ann.group(&[&bob]).await, ann.group(&[]).await);
    ann.upload(theirs, "secret.txt", b"the same secret").await;
    ann.upload(hers, "secret.txt", b"the same secret").await;
    settled(&world).await;
    assert_eq!(bob.search(&words(theirs, "secret")).await.found.len(), 1);
    assert_eq!(
        ann.search(&SearchAsk { rooms: vec![theirs, hers], ..words(hers, "secret") }).await.found.len(),
        2
    );
    for (who, rooms) in [(&bob, vec![hers]), (&bob, vec![theirs, hers]), (&eve, vec![theirs])] {
        let ask = SearchAsk { rooms, ..words(hers, "secret") };
        assert_eq!(refused(who.searching(&ask).await).await, ErrorCode::NotFound);
    }
    let _carrier = world.settle_everything();
    good::<Settled>(ann.remove_member(theirs, bob.account).await).await;
    assert_eq!(refused(bob.searching(&words(theirs, "secret")).await).await, ErrorCode::NotFound);
}

#[tokio::test]
async fn searches_and_descriptions_have_their_limits_and_rights() {
    let world = World::new().await;
    let (ann, vic) = (world.person(), world.person());
    let room = ann.group(&[&vic]).await;
    let _carrier = world.settle_everything();
    good::<Settled>(ann.put_member(room, vic.account, Role::Viewer).await).await;
    let file = ann.upload(room, "a", b"one").await;
    let code = async |ask: SearchAsk| refused(ann.searching(&ask).await).await;
    assert_eq!(code(words(room, &"x".repeat(limits::SEARCH_TEXT_BYTES_MAX + 1))).await, ErrorCode::TooLarge);
    assert_eq!(code(words(room, &"x ".repeat(limits::SEARCH_PARTS_MAX + 1))).await, ErrorCode::TooMany);
    assert_eq!(code(SearchAsk::default()).await, ErrorCode::BadRequest);
    let rooms = vec![room; limits::SEARCH_ROOMS_MAX + 1];
    assert_eq!(code(SearchAsk { rooms, ..words(room, "x") }).await, ErrorCode::TooMany);
    let endings = vec!["x".into(); limits::SEARCH_ENDINGS_MAX + 1];
    assert_eq!(code(SearchAsk { endings, ..words(room, "x") }).await, ErrorCode::TooMany);
    assert_eq!(refused(vic.describing(file, "x", &[]).await).await, ErrorCode::RoleTooLow);
    let long = "x".repeat(limits::DESCRIPTION_BYTES_MAX + 1);
    assert_eq!(refused(ann.describing(file, &long, &[]).await).await, ErrorCode::TooLarge);
    let long = "x".repeat(limits::TAG_BYTES_MAX + 1);
    assert_eq!(refused(ann.describing(file, "", &[&long]).await).await, ErrorCode::TooLarge);
    let many: Vec<String> = (0..=limits::TAGS_PER_ENTRY_MAX).map(|n| format!("t{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(refused(ann.describing(file, "", &many).await).await, ErrorCode::TooMany);
    let described: Entry =
        good(ann.describing(file, " a plan ", &["Two\nlines", "two LINES", " "]).await).await;
    assert_eq!(
        (described.description.as_str(), described.tags.as_slice()),
        ("a plan", &["Two lines".to_owned()][..])
    );
    let before = ann.changes(room, 0).await.position;
    assert_eq!(good::<Entry>(ann.describing(file, "a plan", &["Two lines"]).await).await, described);
    assert_eq!(ann.changes(room, 0).await.position, before, "said again, nothing is told");
}

#[tokio::test]
async fn what_a_life_left_undone_the_next_one_puts_into_the_index() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let count = limits::INDEX_BATCH_MAX + 2;
    for n in 0..count {
        ann.upload(room, &format!("kept {n}.txt"), format!("apple {n}").as_bytes()).await;
    }
    settled(&world).await;
    // As if the process had ended before any of it.
    let database = world.database();
    database
        .execute_batch(
            "DELETE FROM words; DELETE FROM documents; INSERT INTO unindexed SELECT id FROM entries",
        )
        .unwrap();
    drop(database);
    let world = world.restarted().await;
    let ann = world.device_again(&ann);
    settled(&world).await;
    assert_eq!(ann.search(&words(room, "apple")).await.found.len(), count as usize);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_large_text_is_searched_at_its_beginning_and_a_search_looks_at_so_much() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let mut text = "apple ".to_owned();
    text.push_str(&"filler ".repeat(limits::INDEX_TEXT_BYTES_MAX / 7));
    text.push_str(" cherry");
    ann.upload(room, "large.txt", text.as_bytes()).await;
    settled(&world).await;
    assert_eq!(ann.search(&words(room, "apple")).await.found.len(), 1);
    assert_eq!(ann.search(&words(room, "cherry")).await.found.len(), 0);
    // Of very many that have the words and do not fit, a page looks at some and says where to go on.
    let like = "SELECT randomblob(16), room, parent, 'x' || n, 'x' || n, kind, version, size, digest, created_at, created_by,
                modified_at, modified_by, position FROM entries, (WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c
                WHERE n < ?1) SELECT n FROM c)";
    let database = world.database();
    database.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    let columns =
        "id, room, parent, name, name_key, kind, version, size, digest, created_at, created_by, modified_at,
                   modified_by, position";
    let insert = format!("INSERT INTO entries ({columns}) {like}");
    database.execute(&insert, [i64::try_from(limits::SEARCH_LOOKED_MAX).unwrap()]).unwrap();
    database
        .execute_batch(
            "DELETE FROM unindexed;
             INSERT INTO documents (entry) SELECT id FROM entries WHERE id NOT IN (SELECT entry FROM documents);
             INSERT INTO words (rowid, room, name, about, said, text)
               SELECT d.doc, lower(hex(e.room)), 'ap pp pl le e', '', '', '' FROM documents d JOIN entries e ON e.id = d.entry
               WHERE d.doc > 1",
        )
        .unwrap();
    let ask = SearchAsk { size_max: Some(1), ..words(room, "apple") };
    let page = ann.search(&ask).await;
    assert_eq!((page.found.len(), page.next.is_some()), (0, true));
    let rest = ann.search(&SearchAsk { after: page.next, ..ask }).await;
    assert_eq!((rest.found.len(), rest.next), (0, None));
}

#[cfg(unix)]
#[tokio::test]
async fn a_pdf_is_read_by_a_program_of_its_own_within_its_limits() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    // Says how much it got and what, and then never ends.
    let reader = world.dir.path().join("reader");
    std::fs::write(&reader, "#!/bin/sh\necho apple; /bin/cat; exec /bin/sleep 1000\n").unwrap();
    std::fs::set_permissions(&reader, std::fs::Permissions::from_mode(0o700)).unwrap();
    world.content.read_pdfs_with(reader, std::time::Duration::from_secs(2));
    ann.upload(room, "small.pdf", b"cherry").await;
    settled(&world).await;
    assert_eq!(ann.search(&words(room, "cherry apple")).await.found.len(), 1, "what it said by then counts");
    let large = vec![b' '; limits::INDEX_PDF_BYTES_MAX + 1];
    ann.upload(room, "large.pdf", &large).await;
    settled(&world).await;
    assert_eq!(ann.finds(&words(room, "apple")).await, ["small.pdf"], "a larger one is not read");
}
