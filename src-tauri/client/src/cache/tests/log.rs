//! Messages about messages in the cache: the newest of each kind stands, in whatever order the pages come, and a page
//! costs the same at any depth.

use super::super::Stretch;
use super::{ME, OTHER, account, delta, event, room, synced};
use crate::cache::row::int;
use crate::cache::{Cache, More, Said};
use pod_shared::bytes::ByteString;
use pod_shared::envelope::{Content, Envelope, Mention, Reply, ReplyTo};
use pod_shared::socket::{About, AboutKind, EventKind, RoomEvent, ServerFrame};
use pod_shared::{MessageId, Position, limits};
use proptest::prelude::*;
use std::path::Path;

fn id(number: u64) -> MessageId {
    MessageId::from_slice(&u128::from(number).to_be_bytes()).unwrap()
}

fn body(content: Content) -> ByteString {
    Envelope::of(content).seal().unwrap()
}

fn text(text: &str) -> Content {
    Content::Text { text: text.into(), mentions: Vec::new(), reply: None }
}

fn naming(who: u8) -> Content {
    let mentions = vec![Mention { account: account(who), name: "me".into() }];
    Content::Text { text: "@me".into(), mentions, reply: None }
}

fn said(pos: u64, by: u8, content: Content) -> RoomEvent {
    event(1, pos, pos + 10, by, EventKind::Message { id: id(pos), body: body(content), about: None })
}

fn about(pos: u64, by: u8, (target, author): (u64, u8), how: AboutKind, content: Content) -> RoomEvent {
    let about = Some(About { message: id(target), author: account(author), how });
    event(1, pos, pos + 10, by, EventKind::Message { id: id(pos), body: body(content), about })
}

fn reaction(pos: u64, by: u8, target: (u64, u8), emoji: &str, on: bool) -> RoomEvent {
    about(pos, by, target, AboutKind::Reaction, Content::Reaction { emoji: emoji.into(), on })
}

async fn with(folder: &Path, events: Vec<RoomEvent>) -> Cache {
    let cache = synced(folder, vec![delta(1, 9, Vec::new())]).await;
    live(&cache, events).await;
    cache
}

async fn live(cache: &Cache, events: Vec<RoomEvent>) {
    let frames = events.into_iter().map(ServerFrame::Event).collect();
    cache.apply_live(account(ME), frames).await.unwrap();
}

async fn now(cache: &Cache, number: u64) -> Said {
    cache.message(room(1), id(number)).await.unwrap().unwrap().1
}

#[tokio::test]
async fn the_newest_edit_stands_and_the_emoji_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let of = (1, OTHER);
    let edit = |pos, words: &str| about(pos, OTHER, of, AboutKind::Edit, text(words));
    let events = vec![
        said(1, OTHER, text("a")),
        edit(2, "b"),
        reaction(3, ME, of, "👍", true),
        reaction(4, OTHER, of, "👍", true),
        reaction(5, OTHER, of, "🎉", true),
        edit(6, "c"),
        reaction(7, OTHER, of, "👍", false),
    ];
    let cache = with(folder.path(), events.clone()).await;
    live(&cache, events).await;
    let said = now(&cache, 1).await;
    assert_eq!((said.text.as_deref(), said.edited, said.deleted), (Some("c"), true, false));
    let emoji: Vec<_> = said.reactions.iter().map(|one| (one.emoji.as_str(), one.count, one.mine)).collect();
    assert_eq!(emoji, [("👍", 1, true), ("🎉", 1, false)]);
    assert_eq!(said.reactions[0].by, [account(ME)]);
    let page = cache.page(room(1), Stretch::Newest, 100).await.unwrap().unwrap();
    assert_eq!(page.events.len(), 1, "what is about a message takes no place of its own");
    assert_eq!(cache.unread(room(1), Position(0)).await.unwrap(), 1);
    assert_eq!(page.room.last_at.0, 10, "and makes the room no newer");
}

#[tokio::test]
async fn of_a_deleted_message_only_its_line_stays() {
    let folder = tempfile::tempdir().unwrap();
    let of = (1, OTHER);
    let secret = "under the doormat";
    let cache = with(
        folder.path(),
        vec![
            said(1, OTHER, naming(ME)),
            about(2, OTHER, of, AboutKind::Edit, text(secret)),
            reaction(3, ME, of, "👍", true),
        ],
    )
    .await;
    live(&cache, vec![about(4, OTHER, of, AboutKind::Deletion, Content::Deleted {})]).await;
    live(&cache, vec![about(5, OTHER, of, AboutKind::Edit, text("late")), reaction(6, ME, of, "🎉", true)])
        .await;
    let held = now(&cache, 1).await;
    assert_eq!(held, Said { deleted: true, ..Said::default() });
    assert_eq!(cache.unread(room(1), Position(0)).await.unwrap(), 0, "nothing of it is to be read");
    assert_eq!(cache.unread_mentions(room(1), Position(0)).await.unwrap(), 0);
    drop(cache);
    let connection = rusqlite::Connection::open(folder.path().join("cache.db")).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let bytes = std::fs::read(folder.path().join("cache.db")).unwrap();
    assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
}

#[tokio::test]
async fn mentions_are_counted_as_the_texts_stand_now() {
    let folder = tempfile::tempdir().unwrap();
    let cache = with(
        folder.path(),
        vec![said(1, OTHER, naming(ME)), said(2, OTHER, text("x")), said(3, ME, naming(ME))],
    )
    .await;
    let count = async |after| cache.unread_mentions(room(1), Position(after)).await.unwrap();
    assert_eq!((count(0).await, count(1).await), (1, 0));
    live(&cache, vec![about(4, OTHER, (2, OTHER), AboutKind::Edit, naming(ME))]).await;
    assert_eq!((count(0).await, count(1).await), (2, 1));
    live(&cache, vec![about(5, OTHER, (1, OTHER), AboutKind::Edit, text("nobody"))]).await;
    assert_eq!(count(0).await, 1);
}

#[tokio::test]
async fn a_reply_shows_what_stands_in_its_target_now() {
    let folder = tempfile::tempdir().unwrap();
    let reply = |pos, by, to| Content::Text {
        text: format!("reply {pos}"),
        mentions: Vec::new(),
        reply: Some(Reply {
            to: ReplyTo::Message(id(to)),
            pos: None,
            by: account(by),
            quote: "old ".repeat(99),
        }),
    };
    let cache = with(
        folder.path(),
        vec![
            said(1, OTHER, text("first")),
            said(2, ME, reply(2, OTHER, 1)),
            said(3, ME, reply(3, OTHER, 77)),
        ],
    )
    .await;
    let shown = async |number| now(&cache, number).await.reply.unwrap();
    assert_eq!(shown(2).await.quote.as_deref(), Some("first"));
    assert_eq!(shown(2).await.pos, Some(Position(1)));
    live(&cache, vec![about(4, OTHER, (1, OTHER), AboutKind::Edit, text("second"))]).await;
    assert_eq!(shown(2).await.quote.as_deref(), Some("second"));
    live(&cache, vec![about(5, OTHER, (1, OTHER), AboutKind::Deletion, Content::Deleted {})]).await;
    assert_eq!(shown(2).await.quote, None);
    let elsewhere = shown(3).await.quote.unwrap();
    assert_eq!(
        elsewhere.chars().count(),
        limits::QUOTE_CHARS_MAX,
        "what is not here is shown as it was quoted"
    );
}

#[tokio::test]
async fn two_messages_of_one_id_are_kept_apart() {
    let folder = tempfile::tempdir().unwrap();
    let mut copy = said(2, ME, text("mine"));
    copy.kind = EventKind::Message { id: id(1), body: body(text("mine")), about: None };
    let edit = about(3, OTHER, (1, OTHER), AboutKind::Edit, text("theirs now"));
    let cache = with(folder.path(), vec![said(1, OTHER, text("theirs")), copy, edit]).await;
    let (event, said) = cache.message(room(1), id(1)).await.unwrap().unwrap();
    assert_eq!((event.by, said.text.as_deref()), (account(ME), Some("mine")));
}

/// A log of messages and of what is about them.
fn log() -> impl Strategy<Value = Vec<(u8, u8, bool)>> {
    proptest::collection::vec((0_u8..4, 0_u8..4, any::<bool>()), 1..40)
}

fn events(plan: &[(u8, u8, bool)]) -> Vec<RoomEvent> {
    let mut events = vec![said(1, OTHER, text("a")), said(2, ME, naming(OTHER)), said(3, OTHER, naming(ME))];
    for (what, target, flag) in plan {
        let pos = events.len() as u64 + 1;
        let author = if *target == 1 { ME } else { OTHER };
        let of = (u64::from(target % 3) + 1, author);
        let by = if *flag { ME } else { OTHER };
        events.push(match what {
            0 => reaction(pos, by, of, "👍", target % 2 == 0),
            1 => reaction(pos, by, of, "🎉", pos.is_multiple_of(2)),
            2 if pos > 20 => about(pos, of.1, of, AboutKind::Deletion, Content::Deleted {}),
            _ => about(pos, of.1, of, AboutKind::Edit, if *flag { naming(ME) } else { text("e") }),
        });
    }
    events
}

async fn state(cache: &Cache) -> (Vec<Said>, u32, u32) {
    let mut all = Vec::new();
    for number in 1..=3 {
        all.push(now(cache, number).await);
    }
    let (unread, named) =
        (cache.unread(room(1), Position(0)).await, cache.unread_mentions(room(1), Position(0)).await);
    (all, unread.unwrap(), named.unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_log_means_the_same_live_and_in_pages_from_its_end(plan in log(), page in 1_usize..9) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let events = events(&plan);
            let folder = tempfile::tempdir().unwrap();
            let live = with(folder.path(), events.clone()).await;
            let other = tempfile::tempdir().unwrap();
            let cut = events.len() - page.min(events.len() - 1);
            let mut late = delta(1, 999, events[cut..].to_vec());
            late.gap = true;
            let paged = synced(other.path(), vec![late]).await;
            let mut oldest = cut;
            while oldest > 0 {
                let from = oldest.saturating_sub(page);
                let more = if from > 0 { More::Yes } else { More::No };
                let before = Position(oldest as u64 + 1);
                paged.apply_history(room(1), before, events[from..oldest].to_vec(), more).await.unwrap();
                oldest = from;
            }
            prop_assert_eq!(state(&live).await, state(&paged).await);
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn an_endless_emoji_is_left_out_and_only_so_many_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let cache = with(folder.path(), vec![said(1, OTHER, text("a"))]).await;
    let long = "x".repeat(limits::EMOJI_BYTES_MAX + 1);
    live(&cache, vec![reaction(2, OTHER, (1, OTHER), &long, true)]).await;
    assert!(now(&cache, 1).await.reactions.is_empty());
    let many = u64::from(limits::REACTIONS_SHOWN_MAX) + 5;
    let all = (0..many).map(|n| reaction(n + 3, OTHER, (1, OTHER), &format!("e{n}"), true));
    live(&cache, all.collect()).await;
    let shown = now(&cache, 1).await.reactions;
    assert_eq!(shown.len() as u64, u64::from(limits::REACTIONS_SHOWN_MAX));
    assert_eq!(shown[0].emoji, "e0", "the first stay");
}

#[tokio::test]
async fn a_page_costs_the_same_at_any_depth() {
    let folder = tempfile::tempdir().unwrap();
    let cache = synced(folder.path(), vec![delta(1, 9, Vec::new())]).await;
    let last: u64 = 100_000;
    let fill = rusqlite::Connection::open(folder.path().join("cache.db")).unwrap();
    fill.execute_batch("BEGIN").unwrap();
    for pos in 1..=last {
        let row = said(pos, OTHER, text("x"));
        fill.prepare_cached("INSERT INTO events (room, pos, by, message, body) VALUES (?1, ?2, ?3, ?4, ?5)")
            .unwrap()
            .execute(rusqlite::params![
                room(1).as_bytes(),
                int(pos),
                account(OTHER).as_bytes(),
                id(pos).as_bytes(),
                crate::cache::pack(&row).unwrap()
            ])
            .unwrap();
    }
    fill.execute("UPDATE rooms SET head = ?1, oldest = 1", [int(last)]).unwrap();
    fill.execute_batch("COMMIT").unwrap();
    // Steps of the database, so that it holds on any machine.
    let steps = |sql: &str, pos: u64| {
        let mut statement = fill.prepare(sql).unwrap();
        statement.raw_bind_parameter(1, room(1).as_bytes()).unwrap();
        statement.raw_bind_parameter(2, int(pos)).unwrap();
        if sql.contains("?3") {
            statement.raw_bind_parameter(3, 50).unwrap();
        }
        let mut rows = statement.raw_query();
        let mut found = 0;
        while rows.next().unwrap().is_some() {
            found += 1;
        }
        drop(rows);
        (found, statement.get_status(rusqlite::StatementStatus::VmStep))
    };
    for sql in [crate::cache::page::BEFORE, crate::cache::page::AFTER, crate::cache::page::FOLDER_BEFORE] {
        let (shallow, deep) = (steps(sql, last - 1_000), steps(sql, 1_000));
        assert_eq!(shallow, deep, "{sql}");
    }
    for place in [Position(last - 500), Position(500)] {
        let page = cache.page(room(1), Stretch::Before(place), 50).await.unwrap().unwrap();
        assert_eq!(page.events.len(), 50);
    }
}
