//! Replies, mentions, edits, reactions, deletions, marks and typing between two people, and without a network.
#![expect(clippy::wildcard_enum_match_arm, reason = "a story picks the one answer it waits for")]

use crate::window::{Engine, state, text};
use pod_client::command::{Answer, Command, Side};
use pod_client::event::Event;
use pod_client::view::{Item, ItemKind, MessageState, Place, ReplyTarget};
use pod_shared::socket::Request;
use pod_shared::{ErrorCode, MessageId, Position, Role, RoomId, limits};
use pod_tests::device::Device;
use pod_tests::proxy::Weather;
use pod_tests::{Socket, World, both_ways, wait};

impl Engine {
    async fn item(&self, room: RoomId, id: MessageId) -> Option<Item> {
        self.timeline(room).await.items.into_iter().find(|item| item.key == id.to_string())
    }

    /// The item of a message, once it fits.
    async fn sees(&self, room: RoomId, id: MessageId, what: &str, fits: impl Fn(&ItemKind) -> bool) -> Item {
        wait::until(what, async || self.item(room, id).await.filter(|item| fits(&item.kind))).await
    }

    async fn done(&self, command: Command) {
        let answer = self.ask(command).await;
        assert!(matches!(answer, Answer::Done), "{answer:?}");
    }

    async fn edit(&self, room: RoomId, id: MessageId, text: &str) {
        self.done(Command::MessageEdit { room, id, text: text.into(), mentions: Vec::new() }).await;
    }

    async fn react(&self, room: RoomId, id: MessageId, on: bool) {
        self.done(Command::MessageReact { room, id, emoji: "👍".into(), on }).await;
    }

    async fn sent(&self) {
        wait::until("nothing waits", async || (self.status().await.messages_waiting == 0).then_some(()))
            .await;
    }
}

fn says(kind: &ItemKind, wanted: &str) -> bool {
    matches!(kind, ItemKind::Message { text: Some(text), .. } if text == wanted)
}

fn is_deleted(kind: &ItemKind) -> bool {
    matches!(kind, ItemKind::Message { deleted: true, text: None, .. })
}

fn emoji(kind: &ItemKind) -> Vec<(String, u32, bool, Vec<String>)> {
    match kind {
        ItemKind::Message { reactions, .. } => {
            let row = |one: &pod_client::view::ReactionView| {
                (one.emoji.clone(), one.count, one.mine, one.names.clone())
            };
            reactions.iter().map(row).collect()
        }
        _ => Vec::new(),
    }
}

async fn two(world: &mut World) -> (Engine, Engine, RoomId) {
    let alice = Engine::sign_up(world, "alice").await;
    let bob = Engine::sign_up(world, "bob").await;
    let room = alice.create("room", vec![bob.me().await], Side::Chat).await;
    bob.room(room).await;
    (alice, bob, room)
}

both_ways!(a_message_is_changed_answered_and_deleted, async |world: &mut World| {
    let (alice, bob, room) = two(world).await;
    let first = alice.send(room, "helo").await;
    bob.sees(room, first, "the message", |kind| says(kind, "helo")).await;
    let unread = bob.room(room).await.unread;
    alice.edit(room, first, "hello").await;
    let item = bob.sees(room, first, "its new text", |kind| says(kind, "hello")).await;
    assert!(matches!(&item.kind, ItemKind::Message { edited: true, may_edit: false, may_delete: false, .. }));
    assert_eq!(bob.room(room).await.unread, unread, "an edit is nothing new to read");
    bob.react(room, first, true).await;
    let given = |kind: &ItemKind| emoji(kind) == [("👍".to_owned(), 1, false, vec!["BOB".to_owned()])];
    alice.sees(room, first, "the emoji", given).await;
    alice.react(room, first, true).await;
    bob.react(room, first, false).await;
    let mine = |kind: &ItemKind| emoji(kind) == [("👍".to_owned(), 1, true, vec!["ALICE".to_owned()])];
    alice.sees(room, first, "only one's own emoji", mine).await;

    let them = alice.me().await;
    let reply = Some(ReplyTarget::Message { id: first });
    let answer = Command::Send { room, text: "@alice yes".into(), mentions: vec![them], reply };
    let second = bob.say(answer).await;
    let item = alice.sees(room, second, "the reply", |kind| says(kind, "@alice yes")).await;
    let ItemKind::Message { reply: Some(reply), mentions, .. } = item.kind else { panic!("no reply") };
    assert_eq!((reply.quote.as_deref(), reply.mine, reply.by_name.as_str()), (Some("hello"), true, "ALICE"));
    assert_eq!(mentions[0].account, them);
    let crowd = Command::Send {
        room,
        text: "all of you".into(),
        mentions: vec![them; limits::MENTIONS_MAX + 1],
        reply: None,
    };
    assert_eq!(bob.run(crowd).await.unwrap_err().code, ErrorCode::TooMany);
    let long =
        Command::MessageReact { room, id: first, emoji: "👍".repeat(limits::EMOJI_BYTES_MAX), on: true };
    assert_eq!(bob.run(long).await.unwrap_err().code, ErrorCode::TooLarge);
    wait::until("a mention", async || (alice.room(room).await.mentions == 1).then_some(())).await;

    let refused = bob.run(Command::MessageDelete { room, id: first }).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::RoleTooLow);
    alice.done(Command::MessageDelete { room, id: first }).await;
    bob.sees(room, first, "that it is deleted", is_deleted).await;
    let quoted = |kind: &ItemKind| matches!(kind, ItemKind::Message { reply: Some(reply), .. } if reply.quote.is_none());
    bob.sees(room, second, "no quote of it", quoted).await;
    alice.done(Command::MessageDelete { room, id: second }).await;
    bob.sees(room, second, "what the owner deleted", is_deleted).await;
    let gone =
        bob.run(Command::MessageReact { room, id: first, emoji: "👍".into(), on: true }).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::Gone);
    let last = bob.room(room).await.last.unwrap();
    assert!(is_deleted(&last.kind), "the list says so too: {last:?}");
});

both_ways!(what_is_changed_without_a_network_shows_at_once_and_goes_out_later, async |world: &mut World| {
    let (alice, bob, room) = two(world).await;
    let old = alice.send(room, "old").await;
    let theirs = bob.send(room, "theirs").await;
    alice.sees(room, theirs, "it", |kind| says(kind, "theirs")).await;
    bob.sees(room, old, "it", |kind| says(kind, "old")).await;
    alice.sent().await;
    world.network.set(Weather::Cut);
    alice.offline().await;
    alice.edit(room, old, "new").await;
    alice.react(room, theirs, true).await;
    let written = alice.send(room, "written offline").await;
    alice.edit(room, written, "corrected offline").await;
    let doomed = alice.send(room, "taken back").await;
    alice.done(Command::MessageDelete { room, id: doomed }).await;
    let alice = alice.again().await;
    let item = alice.item(room, old).await.unwrap();
    assert!(says(&item.kind, "new") && state(&item) == Some(MessageState::Waiting), "{item:?}");
    assert_eq!(emoji(&alice.item(room, theirs).await.unwrap().kind)[0].1, 1);
    assert!(says(&alice.item(room, written).await.unwrap().kind, "corrected offline"));
    assert!(is_deleted(&alice.item(room, doomed).await.unwrap().kind));
    world.network.set(Weather::Fair);
    alice.ask(Command::ConnectNow).await;
    alice.online().await;
    bob.sees(room, old, "the edit", |kind| says(kind, "new")).await;
    bob.sees(room, theirs, "the emoji", |kind| emoji(kind).len() == 1).await;
    bob.sees(room, written, "the corrected message", |kind| says(kind, "corrected offline")).await;
    bob.sees(room, doomed, "what was taken back", is_deleted).await;
    alice.sent().await;
    let settled = |kind: &ItemKind| match kind {
        ItemKind::Message { state, .. } => {
            !matches!(state, MessageState::Waiting | MessageState::Failed { .. })
        }
        _ => false,
    };
    for id in [old, theirs, written] {
        alice.sees(room, id, "that it went out", settled).await;
    }
});

both_ways!(a_refused_edit_says_so_and_is_tried_again_or_dropped, async |world: &mut World| {
    // Alice takes another way to the server.
    let straight = format!("http://{}", world.messenger.address());
    let alice = Device::sign_up(world, "alice").await.by_way_of(straight);
    let bob = Engine::sign_up(world, "bob").await;
    let (mut of_alice, _) = Socket::open(&alice, None).await;
    let them = bob.me().await;
    let room = of_alice.make_room("room", &[them]).await;
    bob.room(room).await;
    let said = bob.send(room, "as it was").await;
    bob.sent().await;
    world.network.set(Weather::Cut);
    bob.offline().await;
    bob.edit(room, said, "changed").await;
    bob.react(room, said, true).await;
    let viewer = Request::MemberSet { room, account: them, role: Some(Role::Viewer) };
    let _ = of_alice.ask(viewer).await.unwrap();
    world.network.set(Weather::Fair);
    bob.ask(Command::ConnectNow).await;
    bob.online().await;
    let failed = |kind: &ItemKind| match kind {
        ItemKind::Message { state: MessageState::Failed { error }, .. } => {
            error.code == ErrorCode::RoleTooLow
        }
        _ => false,
    };
    let item = bob.sees(room, said, "that the edit is refused", failed).await;
    assert!(says(&item.kind, "changed"), "what was written is not lost");
    let none = |kind: &ItemKind| failed(kind) && emoji(kind).is_empty();
    bob.sees(room, said, "that the emoji is taken back", none).await;
    let bob = bob.again().await;
    bob.online().await;
    assert!(failed(&bob.item(room, said).await.unwrap().kind), "it is remembered");
    let editor = Request::MemberSet { room, account: them, role: Some(Role::Editor) };
    let _ = of_alice.ask(editor).await.unwrap();
    wait::until("an editor again", async || (bob.room(room).await.role == Role::Editor).then_some(())).await;
    bob.done(Command::MessageRetry { id: said }).await;
    let right = |kind: &ItemKind| says(kind, "changed") && !failed(kind);
    bob.sees(room, said, "the edit that was tried again", right).await;
    bob.sent().await;
    let gone = bob.run(Command::MessageDiscard { id: said }).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::NotFound, "nothing waits any more");
});

both_ways!(who_has_and_who_read_a_message_is_told_and_who_is_writing, async |world: &mut World| {
    let (mut alice, bob, room) = two(world).await;
    let said = alice.send(room, "there?").await;
    let is = |wanted: MessageState| move |kind: &ItemKind| matches!(kind, ItemKind::Message { state, .. } if *state == wanted);
    let item = alice.sees(room, said, "that it is delivered", is(MessageState::Delivered)).await;
    let marks = async || match alice.ask(Command::MessageMarks { room, id: said }).await {
        Answer::Marks(marks) => {
            let names =
                |names: Vec<pod_client::view::Name>| names.into_iter().map(|n| n.name).collect::<Vec<_>>();
            (names(marks.read), names(marks.delivered))
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(marks().await, (vec![], vec!["BOB".to_owned()]));
    bob.done(Command::Read { room, pos: item.pos.unwrap() }).await;
    alice.sees(room, said, "that it is read", is(MessageState::Read)).await;
    assert_eq!(marks().await, (vec!["BOB".to_owned()], vec![]));
    for _ in 0..5 {
        bob.done(Command::Typing { room }).await;
    }
    let them = bob.me().await;
    let typing = |event: &Event| matches!(event, Event::Typing { account, name, .. } if *account == them && name == "BOB");
    alice.event("that Bob is writing", typing).await;
});

both_ways!(an_old_place_and_an_old_word_are_found_on_a_new_device, async |world: &mut World| {
    let (alice, bob, room) = two(world).await;
    let needle = alice.send(room, "첫 번째 바늘 in the haystack").await;
    for n in 0..450 {
        alice.send(room, &format!("straw {n}")).await;
    }
    alice.sent().await;
    let profile = bob.profile.clone();
    drop(bob);
    std::fs::write(profile.join("cache.db"), b"this is no database at all, and long enough to be looked at")
        .unwrap();
    let bob = Engine::open(profile).await;
    bob.online().await;
    bob.room(room).await;
    let ask = |before| Command::Search { room, text: "바늘 IN".into(), before, limit: 5 };
    let mut before = None;
    let found = loop {
        let Answer::Found(found) = bob.ask(ask(before)).await else { panic!("no answer") };
        if !found.items.is_empty() || !found.more {
            break found;
        }
        before = found.reached;
    };
    assert_eq!(found.items[0].key, needle.to_string());
    let pos = found.items[0].pos.unwrap();
    let around = bob.at(room, Place::Around { pos }, 10).await;
    assert!(around.items.iter().any(|item| item.key == needle.to_string()));
    assert!(around.newer);
    let mut last = around.items.last().unwrap().pos.unwrap();
    let mut seen: Vec<Position> = around.items.iter().filter_map(|item| item.pos).collect();
    loop {
        let next = bob.at(room, Place::After { pos: last }, 100).await;
        seen.extend(next.items.iter().filter_map(|item| item.pos));
        last = *seen.last().unwrap();
        if !next.newer {
            break;
        }
    }
    assert!(seen.is_sorted(), "{seen:?}");
    let texts: Vec<String> = bob
        .at(room, Place::Before { pos: Position(last.0 + 1) }, 3)
        .await
        .items
        .iter()
        .filter_map(text)
        .collect();
    assert_eq!(texts, ["straw 447", "straw 448", "straw 449"]);
});

both_ways!(a_draft_shows_in_the_list, async |world: &mut World| {
    let (alice, _bob, room) = two(world).await;
    let long = "draft ".repeat(50);
    alice.done(Command::DraftSet { room, text: long.clone() }).await;
    wait::until("the draft", async || {
        (alice.room(room).await.draft.as_deref() == Some(&long[..80])).then_some(())
    })
    .await;
    alice.done(Command::DraftSet { room, text: String::new() }).await;
    wait::until("no draft", async || alice.room(room).await.draft.is_none().then_some(())).await;
});
