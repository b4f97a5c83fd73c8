//! What is worth a notification, for a person at two computers: as they chose, and never again once it is read on one.
#![expect(clippy::wildcard_enum_match_arm, reason = "a story picks the one event it waits for")]

use crate::window::{Engine, state, text};
use pod_client::command::{Answer, Command, ContactCommand, PeopleCommand, Side};
use pod_client::event::Event;
use pod_client::view::{ContactAnswer, MessageState, NoticeAbout, NoticeKind, NoticeView, NotifyWish};
use pod_shared::{AccountId, RoomId};
use pod_tests::{World, both_ways, wait};

/// The next notice.
async fn notice(engine: &mut Engine) -> NoticeView {
    match engine.event("a notice", |event| matches!(event, Event::Notice { .. })).await {
        Event::Notice { notice } => *notice,
        other => panic!("{other:?}"),
    }
}

/// The next notice is about this message, and this many before it.
async fn told(engine: &mut Engine, said: &str, before: u32) -> NoticeView {
    let notice = notice(engine).await;
    match &notice.about {
        NoticeAbout::Item { item, more, .. } => {
            assert_eq!((text(item).as_deref(), *more), (Some(said), before), "{notice:?}");
        }
        other => panic!("{said}: {other:?}"),
    }
    notice
}

async fn taken_down(engine: &mut Engine, id: u64) {
    let gone = |event: &Event| matches!(event, Event::NoticesGone { ids } if ids.contains(&id));
    engine.event("the end of a notice", gone).await;
}

async fn read(engine: &Engine, room: RoomId) {
    let items = engine.timeline(room).await.items;
    let pos = items.iter().rev().find_map(|item| item.pos).unwrap();
    engine.say_done(Command::Read { room, pos }).await;
}

/// Until the other side knows that everything is read.
async fn is_read(engine: &Engine, room: RoomId) {
    wait::until("read by all", async || {
        let items = engine.timeline(room).await.items;
        (items.iter().rev().find_map(state) == Some(MessageState::Read)).then_some(())
    })
    .await;
}

async fn wish(engine: &Engine, room: RoomId, wish: Option<NotifyWish>) {
    engine.say_done(Command::AboutPeople(PeopleCommand::RoomNotify { room, wish })).await;
}

async fn set(engine: &Engine, key: &str, value: Option<&str>) {
    let command = Command::SettingSet { key: key.into(), value: value.map(ToOwned::to_owned) };
    engine.say_done(command).await;
}

async fn has(engine: &Engine, key: &str, value: Option<&str>) {
    wait::until(&format!("{key} to be {value:?}"), async || {
        let answer = engine.ask(Command::SettingGet { key: key.into() }).await;
        matches!(answer, Answer::Text(held) if held.as_deref() == value).then_some(())
    })
    .await;
}

both_ways!(a_notice_that_is_read_on_one_computer_is_gone_on_the_other, async |world: &mut World| {
    let alice = Engine::sign_up(world, "alice").await;
    let mut home = Engine::sign_up(world, "bob").await;
    let bob = home.me().await;
    let mut rooms = Vec::new();
    for title in ["one", "two", "three"] {
        let room = alice.create(title, vec![bob], Side::Chat).await;
        home.room(room).await;
        rooms.push(room);
    }
    let mut desk = Engine::elsewhere(world, "bob").await;
    desk.room(rooms[2]).await;

    alice.send(rooms[0], "hello").await;
    let (here, there) = (told(&mut home, "hello", 0).await, told(&mut desk, "hello", 0).await);
    read(&home, rooms[0]).await;
    taken_down(&mut home, here.id).await;
    taken_down(&mut desk, there.id).await;

    // Away for a while: told once, and only what nobody read meanwhile.
    let profile = desk.profile.clone();
    drop(desk);
    for (room, texts) in [(0, ["a", "b"]), (1, ["c", "d"]), (2, ["e", "f"])] {
        for said in texts {
            alice.send(rooms[room], said).await;
            told(&mut home, said, 0).await;
        }
    }
    read(&home, rooms[0]).await;
    is_read(&alice, rooms[0]).await;
    let mut desk = Engine::open(profile.clone()).await;
    match notice(&mut desk).await.about {
        NoticeAbout::Summary { messages, room_count, rooms: named, .. } => {
            assert_eq!((messages, room_count), (4, 2));
            let mut titles: Vec<&str> = named.iter().map(|room| room.title.as_str()).collect();
            titles.sort_unstable();
            assert_eq!(titles, ["three", "two"]);
        }
        other => panic!("{other:?}"),
    }
    alice.send(rooms[0], "now").await;
    for engine in [&mut home, &mut desk] {
        told(engine, "now", 0).await;
    }

    // All of one room is one notice of that room.
    drop(desk);
    for said in ["g", "h"] {
        alice.send(rooms[1], said).await;
        told(&mut home, said, 0).await;
    }
    let mut desk = Engine::open(profile).await;
    let notice = told(&mut desk, "h", 1).await;
    read(&home, rooms[1]).await;
    taken_down(&mut desk, notice.id).await;
    drop((alice, home, desk));
});

async fn is_delivered(engine: &Engine, room: RoomId, said: &str) {
    wait::until(said, async || engine.texts(room).await.iter().any(|text| text == said).then_some(())).await;
}

async fn names(alice: &Engine, room: RoomId, said: &str, whom: AccountId) {
    alice.say(Command::Send { room, text: said.into(), mentions: vec![whom], reply: None }).await;
}

both_ways!(what_a_person_chose_about_notices_holds_on_all_their_computers, async |world: &mut World| {
    let alice = Engine::sign_up(world, "alice").await;
    let home = Engine::sign_up(world, "bob").await;
    let bob = home.me().await;
    let (loud, quiet) = (
        alice.create("loud", vec![bob], Side::Chat).await,
        alice.create("quiet", vec![bob], Side::Chat).await,
    );
    home.room(quiet).await;
    let mut desk = Engine::elsewhere(world, "bob").await;
    desk.room(quiet).await;

    // A room's own wish, made on one computer, holds on the other.
    let key = format!("notify.room.{quiet}");
    wish(&home, quiet, Some(NotifyWish::None)).await;
    has(&desk, &key, Some("none")).await;
    assert!(desk.room(quiet).await.muted);
    names(&alice, quiet, "unheard", bob).await;
    alice.send(loud, "heard").await;
    told(&mut desk, "heard", 0).await;
    wish(&home, quiet, Some(NotifyWish::Mentions)).await;
    has(&desk, &key, Some("mentions")).await;
    alice.send(quiet, "unheard").await;
    names(&alice, quiet, "heard, named", bob).await;
    assert_eq!(told(&mut desk, "heard, named", 0).await.kind, NoticeKind::Mentions);

    // Kinds and quiet hours.
    set(&home, "notify.quiet", Some("00:00-00:00 1234567")).await;
    has(&desk, "notify.quiet", Some("00:00-00:00 1234567")).await;
    alice.send(loud, "at night").await;
    is_delivered(&desk, loud, "at night").await;
    set(&home, "notify.quiet", None).await;
    set(&home, "notify.kinds.contacts", Some("off")).await;
    has(&desk, "notify.kinds.contacts", Some("off")).await;
    has(&desk, "notify.quiet", None).await;
    let ask = ContactCommand::ContactAsk { account: bob, text: "me".into() };
    alice.say_done(Command::AboutContacts(ask)).await;
    desk.event("somebody asks", |event| matches!(event, Event::ContactAsks { .. })).await;
    alice.send(loud, "by day").await;
    told(&mut desk, "by day", 0).await;

    // A request that is answered on one computer is gone on the other.
    set(&home, "notify.kinds.contacts", None).await;
    has(&desk, "notify.kinds.contacts", None).await;
    let carol = Engine::sign_up(world, "carol").await;
    let ask = ContactCommand::ContactAsk { account: bob, text: "hello".into() };
    let found = carol.ask(Command::People { text: "bob".into() }).await;
    assert!(matches!(found, Answer::People(people) if people.len() == 1));
    carol.say_done(Command::AboutContacts(ask)).await;
    let asked = notice(&mut desk).await;
    let NoticeAbout::Contact { person } = &asked.about else { panic!("{asked:?}") };
    assert_eq!(person.name, "carol");
    let answer = ContactCommand::ContactAnswer { account: person.account, how: ContactAnswer::Accept };
    home.say_done(Command::AboutContacts(answer)).await;
    taken_down(&mut desk, asked.id).await;

    // Somebody who is muted is not heard anywhere.
    let account = carol.me().await;
    let room = carol.create("with carol", vec![bob], Side::Chat).await;
    desk.room(room).await;
    let mark = ContactCommand::ContactMark { account, nickname: None, favourite: None, muted: Some(true) };
    home.say_done(Command::AboutContacts(mark)).await;
    wait::until("muted on the other", async || {
        let answer = desk.ask(Command::AboutPeople(PeopleCommand::Person { account })).await;
        matches!(answer, Answer::Person(person) if person.contact.as_ref().is_some_and(|held| held.muted))
            .then_some(())
    })
    .await;
    names(&carol, room, "muted", bob).await;
    is_delivered(&desk, room, "muted").await;
    alice.send(loud, "not muted").await;
    told(&mut desk, "not muted", 0).await;
    drop((alice, carol, home, desk));
});
