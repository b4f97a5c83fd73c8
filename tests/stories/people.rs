//! People: links that bring somebody into a room, presence, names; each in one process and in two.

use crate::seen;
use pod_tests::device::http;
use pod_tests::world::PASSWORD;
use pod_tests::{Pod, World, both_ways, wait};
use serde_json::Value;

async fn link(pod: &Pod, room: &str, more: &[&str]) -> Value {
    let command: Vec<&str> = ["rooms", "link", room].iter().chain(more).copied().collect();
    pod.ask(&command).await.one()
}

fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    object[field].as_str().unwrap_or_else(|| panic!("no {field} in {object}"))
}

/// The part of a link or page address that is the secret of the room.
fn room_code(address: &str) -> &str {
    address.split_once("room=").unwrap().1.split('&').next().unwrap()
}

async fn page(address: &str, language: &str) -> (u16, String) {
    let answer = http().get(address).header("accept-language", language).send().await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn contact(pod: &Pod, name: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
    let look = async || {
        let people = pod.run(&["contacts", "list"]).await;
        people.into_iter().find(|person| person["name"] == name && fits(person))
    };
    wait::until(&format!("{} to see {name} {what}", pod.name()), look).await
}

fn is(state: &'static str) -> impl Fn(&Value) -> bool {
    move |person| person["presence"]["state"] == state
}

both_ways!(a_link_brings_a_newcomer_into_the_room_and_its_folder, async |world: &mut World| {
    let mut alice = world.alice().await;
    let room = alice.ask(&["rooms", "create", "Attic"]).await.id();
    seen::room(&alice, "Attic", "with its folder", |room| room["has_folder"] == true).await;
    let made = link(&alice, "Attic", &["--uses", "2"]).await;
    let (link, address) = (text(&made, "link"), text(&made, "page"));
    assert!(link.starts_with("pod://") && link.contains("code="), "an admin's link opens the server: {link}");
    assert!(address.starts_with(&world.url()) && room_code(link) == room_code(address), "{address}");

    // The page says who invites where, in the reader's language, and knows the link.
    let (status, html) = page(address, "ko-KR,ko;q=0.9").await;
    assert_eq!(status, 200);
    assert!(html.contains("lang=\"ko\"") && html.contains("Attic") && html.contains("alice"), "{html}");
    let button = html.split_once("href=\"").unwrap().1.split('"').next().unwrap().replace("&amp;", "&");
    assert!(button.starts_with("pod://") && room_code(&button) == room_code(link), "{button}");
    let parts = |link: &str| -> std::collections::BTreeSet<String> {
        link.split_once('?').unwrap().1.split('&').map(ToOwned::to_owned).collect()
    };
    assert_eq!(parts(&button), parts(link), "the button carries what the link carries");
    assert!(!html.contains("<script"));
    let (_, over) = page(&format!("{}/join?room=nothing", world.url()), "en").await;
    assert!(over.contains("no longer valid") && !over.contains("pod://"), "{over}");

    // Bob has no account yet: the one link makes it, and he is in the room.
    let mut bob = world.pod("bob");
    let sign_up = ["sign-up", "--name", "bob", "--invite", link];
    let _ = bob.ask_with(&format!("{PASSWORD}\n"), &sign_up).await.all();
    bob.open().await;
    let attic = seen::room(&bob, "Attic", "as an editor", |room| room["role"] == "editor").await;
    assert_eq!(attic["id"], room.as_str());
    let file = world.folder().join("from-bob.txt");
    std::fs::write(&file, "hello").unwrap();
    bob.run(&["files", "Attic", "put", &file.display().to_string()]).await;
    seen::entry(&alice, "Attic", "from-bob.txt").await;

    // Carol has one, and joins with the address of the page; asking twice counts once.
    let mut carol = world.open_person("carol").await;
    for _ in 0..2 {
        assert_eq!(carol.ask(&["rooms", "join", address]).await.id(), room);
    }
    seen::room(&carol, "Attic", "with three", |room| room["member_count"] == 3).await;
    world.person("dave").await.ask(&["rooms", "join", link]).await.refused("invite_invalid");
    let log = std::fs::read_to_string(world.messenger.log()).unwrap();
    assert!(!log.contains(room_code(link)), "the code is in the log");
    for pod in [&mut alice, &mut bob, &mut carol] {
        pod.close().await;
    }
});

both_ways!(a_link_that_was_taken_back_or_is_for_elsewhere_leads_nowhere, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    alice.run(&["rooms", "create", "Attic", "--with", "bob"]).await;
    seen::room(&bob, "Attic", "as a member", |_| true).await;
    bob.ask(&["rooms", "link", "Attic"]).await.refused("role_too_low");
    alice.run(&["rooms", "role", "Attic", "bob", "manager"]).await;
    seen::room(&bob, "Attic", "as a manager", |room| room["role"] == "manager").await;
    let made = link(&bob, "Attic", &[]).await;
    assert_eq!(text(&made, "code"), "", "who is no admin opens no account");
    assert!(!text(&made, "link").contains("code="), "{made}");
    let links = alice.run(&["rooms", "link", "Attic", "--list"]).await;
    assert_eq!((links.len(), &links[0]["by_name"]), (1, &Value::from("bob")));
    alice.run(&["rooms", "link", "Attic", "--revoke", text(&links[0], "id")]).await;
    assert!(alice.run(&["rooms", "link", "Attic", "--list"]).await.is_empty());
    let carol = world.person("carol").await;
    carol.ask(&["rooms", "join", text(&made, "link")]).await.refused("invite_invalid");
    carol.ask(&["rooms", "join", "pod://other.example:7600/join?room=abc"]).await.refused("conflict");
    carol.ask(&["rooms", "join", &world.url()]).await.refused("bad_request");
    alice.close().await;
    bob.close().await;
});

both_ways!(a_kill_between_sign_up_and_joining_still_ends_in_the_room, async |world: &mut World| {
    let mut alice = world.alice().await;
    alice.run(&["rooms", "create", "Attic"]).await;
    let made = link(&alice, "Attic", &[]).await;
    let mut bob = world.person("bob").await;
    // As the sign-up with the link leaves it when nothing after it comes to pass.
    {
        let state = rusqlite::Connection::open(bob.profile().join("state.db")).unwrap();
        let sql = "INSERT INTO joins (account, code) SELECT account, ?1 FROM account";
        assert_eq!(state.execute(sql, [room_code(text(&made, "link"))]).unwrap(), 1);
        state.execute("INSERT INTO joins (account, code) SELECT account, 'bad' FROM account", []).unwrap();
    }
    bob.open().await;
    seen::room(&bob, "Attic", "after all", |_| true).await;
    bob.event("the bad link to be told", |event| event["event"] == "join_refused").await;
    let joins = async || {
        let state = rusqlite::Connection::open(bob.profile().join("state.db")).unwrap();
        let left: i64 = state.query_row("SELECT count(*) FROM joins", [], |row| row.get(0)).unwrap();
        (left == 0).then_some(())
    };
    wait::until("nothing waits to be joined", joins).await;
    alice.close().await;
    bob.close().await;
});

both_ways!(people_see_who_is_there_and_what_they_say, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    assert!(alice.run(&["contacts", "list"]).await.is_empty(), "nobody shares a room with her yet");
    alice.run(&["rooms", "create", "Attic", "--with", "bob"]).await;
    contact(&alice, "bob", "here", is("here")).await;
    bob.run(&["presence", "set", "busy", "writing", "--minutes", "60"]).await;
    let busy = contact(&alice, "bob", "busy", is("busy")).await;
    assert_eq!(busy["presence"]["text"], "writing");
    assert_eq!(bob.status().await.unwrap()["presence"]["state"], "busy");

    // The servers die and come back: nobody is told to be gone meanwhile.
    world.power_cut().await;
    alice.is_online().await;
    bob.is_online().await;
    contact(&alice, "bob", "still busy", is("busy")).await;
    let gone = alice
        .heard()
        .iter()
        .any(|event| event["event"] == "person" && event["presence"]["state"] == "offline");
    assert!(!gone, "a restart of the server is no news of people");

    bob.run(&["presence", "set", "invisible"]).await;
    contact(&alice, "bob", "gone", is("offline")).await;
    bob.run(&["presence", "set", "here"]).await;
    contact(&alice, "bob", "here again", is("here")).await;
    bob.close().await;
    let gone = contact(&alice, "bob", "gone", is("offline")).await;
    assert!(gone["presence"]["seen_at"].is_i64(), "{gone}");
    alice.close().await;
});

both_ways!(a_reconnect_with_contacts_and_nothing_new_is_null, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut others = Vec::new();
    for name in ["bob", "carol", "dave"] {
        others.push(world.open_person(name).await);
    }
    alice.run(&["rooms", "create", "Attic", "--with", "bob,carol,dave"]).await;
    for name in ["bob", "carol", "dave"] {
        contact(&alice, name, "here", is("here")).await;
    }
    alice.close().await;
    // The first return may still learn something; with nothing new after it, the next learns nothing.
    let null = async || {
        alice.open().await;
        let status = alice.status().await.unwrap();
        alice.close().await;
        (status["sync"]["kind"] == "null").then_some(status["sync"].clone())
    };
    let sync = wait::until("a null sync", null).await;
    assert!(sync["bytes_in"].as_u64().unwrap() < 600, "{sync}");
    assert_eq!(sync["round_trips"], 1);
    for mut pod in others {
        pod.close().await;
    }
});

both_ways!(rooms_are_sorted_as_this_computer_keeps_it, async |world: &mut World| {
    let mut alice = world.alice().await;
    for title in ["One", "Two"] {
        alice.run(&["rooms", "create", title]).await;
        alice.run(&["rooms", "favourite", title]).await;
    }
    alice.run(&["rooms", "mute", "Two"]).await;
    let two = seen::room(&alice, "Two", "muted", |room| room["muted"] == true).await;
    assert_eq!((&two["favourite"], &two["rank"]), (&Value::from(true), &Value::from(1)));
    alice.close().await;
    alice.run(&["rooms", "favourite", "One", "--off"]).await;
    let rooms = alice.run(&["rooms", "list"]).await;
    let of = |title: &str| rooms.iter().find(|room| room["title"] == title).unwrap();
    assert_eq!((&of("One")["favourite"], &of("One")["rank"]), (&Value::from(false), &Value::Null));
    assert_eq!((&of("Two")["rank"], &of("Two")["muted"]), (&Value::from(0), &Value::from(true)));
    alice.ask(&["rooms", "mute", &uuid::Uuid::now_v7().to_string()]).await.refused("not_found");
});
