//! Contacts: consent before anything is seen, blocks that tell nothing, groups on every device, and what was wanted while
//! there was no server counts once; each in one process and in two.

use pod_tests::proxy::Weather;
use pod_tests::world::PASSWORD;
use pod_tests::{Pod, World, both_ways, wait};
use serde_json::Value;

/// How somebody stands with this person, once it fits.
async fn contact(pod: &Pod, name: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
    let look = async || {
        let people = pod.run(&["contacts", "list"]).await;
        people.into_iter().find(|person| person["name"] == name && fits(person))
    };
    wait::until(&format!("{} to see {name} {what}", pod.name()), look).await
}

fn stands(standing: &'static str) -> impl Fn(&Value) -> bool {
    move |person| person["contact"]["standing"] == standing
}

fn is(state: &'static str) -> impl Fn(&Value) -> bool {
    move |person| person["presence"]["state"] == state
}

async fn nobody(pod: &Pod, name: &str) {
    let look = async || {
        let people = pod.run(&["contacts", "list"]).await;
        people.iter().all(|person| person["name"] != name).then_some(())
    };
    wait::until(&format!("{} to keep nothing of {name}", pod.name()), look).await;
}

/// The groups and who is in them, once they are so.
async fn groups(pod: &Pod, wanted: &[(&str, &[&str])]) {
    let look = async || {
        let groups = pod.run(&["contacts", "group", "list"]).await;
        let found: Vec<(String, Vec<String>)> = groups
            .iter()
            .map(|group| {
                let names = group["names"].as_array().unwrap().iter();
                let names = names.map(|name| name.as_str().unwrap().to_owned()).collect();
                (group["name"].as_str().unwrap().to_owned(), names)
            })
            .collect();
        let wanted: Vec<(String, Vec<String>)> = wanted
            .iter()
            .map(|(name, names)| ((*name).to_owned(), names.iter().map(|name| (*name).to_owned()).collect()))
            .collect();
        (found == wanted).then_some(())
    };
    wait::until(&format!("{} to have the groups {wanted:?}", pod.name()), look).await;
}

pub(crate) async fn befriend(one: &Pod, other: &Pod) {
    one.run(&["contacts", "add", other.name()]).await;
    contact(other, one.name(), "asking", stands("asks")).await;
    other.run(&["contacts", "accept", one.name()]).await;
    contact(one, other.name(), "as a contact", stands("contact")).await;
}

both_ways!(both_agree_and_then_see_each_other_without_a_room, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    alice.run(&["contacts", "add", "bob", "It is Alice from the band"]).await;
    let asks = contact(&bob, "alice", "asking", stands("asks")).await;
    assert_eq!(asks["contact"]["text"], "It is Alice from the band");
    assert_eq!(asks["presence"]["state"], "offline", "nothing is seen before both agree");
    bob.event("the request as news", |event| event["event"] == "contact_asks").await;
    contact(&alice, "bob", "asked and not seen", |person| stands("asked")(person) && is("offline")(person))
        .await;
    bob.run(&["contacts", "accept", "alice"]).await;
    contact(&alice, "bob", "here", |person| stands("contact")(person) && is("here")(person)).await;
    contact(&bob, "alice", "here", is("here")).await;
    bob.run(&["presence", "set", "busy", "writing"]).await;
    let busy = contact(&alice, "bob", "busy", is("busy")).await;
    assert_eq!(busy["presence"]["text"], "writing");
    // Declined is told, and can be asked anew.
    let mut carol = world.open_person("carol").await;
    carol.run(&["contacts", "add", "alice"]).await;
    contact(&alice, "carol", "asking", stands("asks")).await;
    alice.run(&["contacts", "decline", "carol"]).await;
    contact(&carol, "alice", "declining", stands("declined")).await;
    carol.run(&["contacts", "add", "alice"]).await;
    contact(&alice, "carol", "asking again", stands("asks")).await;
    // Removed by one, gone for both.
    bob.run(&["contacts", "remove", "alice"]).await;
    nobody(&alice, "bob").await;
    nobody(&bob, "alice").await;
    for pod in [&mut alice, &mut bob, &mut carol] {
        pod.close().await;
    }
});

both_ways!(who_is_blocked_sees_nobody_and_hears_nothing_of_it, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    befriend(&alice, &bob).await;
    contact(&alice, "bob", "here", is("here")).await;
    bob.run(&["contacts", "block", "alice"]).await;
    let gone = contact(&alice, "bob", "gone", is("offline")).await;
    assert_eq!(
        (&gone["contact"]["standing"], &gone["contact"]["blocked"]),
        (&"contact".into(), &false.into())
    );
    // What she was told is no more after a start from nothing.
    alice.close().await;
    for file in ["cache.db", "cache.db-wal", "cache.db-shm"] {
        // The last two are there only after a crash.
        let _ = std::fs::remove_file(alice.profile().join(file));
    }
    alice.open().await;
    contact(&alice, "bob", "gone", is("offline")).await;
    // A blocked stranger asks into the void.
    let mut carol = world.open_person("carol").await;
    bob.run(&["contacts", "block", "carol"]).await;
    carol.run(&["contacts", "add", "bob"]).await;
    contact(&carol, "bob", "asked", stands("asked")).await;
    let held = contact(&bob, "carol", "blocked", |person| person["contact"]["blocked"] == true).await;
    assert_ne!(held["contact"]["standing"], "asks");
    assert!(
        !bob.heard()
            .iter()
            .any(|event| { event["event"] == "contact_asks" && event["person"]["name"] == "carol" })
    );
    bob.ask(&["contacts", "add", "carol"]).await.refused("conflict");
    bob.run(&["contacts", "unblock", "alice"]).await;
    contact(&alice, "bob", "here again", is("here")).await;
    for pod in [&mut alice, &mut bob, &mut carol] {
        pod.close().await;
    }
});

both_ways!(groups_and_marks_follow_a_person_to_a_second_device, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut others = Vec::new();
    for name in ["bob", "carol", "dave"] {
        let pod = world.open_person(name).await;
        befriend(&alice, &pod).await;
        others.push(pod);
    }
    for name in ["Band", "Work"] {
        alice.run(&["contacts", "group", "create", name]).await;
    }
    for name in ["bob", "carol", "dave"] {
        alice.run(&["contacts", "group", "move", name, "Band"]).await;
    }
    alice.run(&["contacts", "group", "move", "dave", "Band", "--before", "bob"]).await;
    alice.run(&["contacts", "group", "move", "carol", "Work", "--from", "Band"]).await;
    alice.run(&["contacts", "group", "rename", "Work", "Office"]).await;
    alice.run(&["contacts", "group", "order", "Office", "--before", "Band"]).await;
    alice.run(&["contacts", "favourite", "bob"]).await;
    alice.run(&["contacts", "mute", "carol"]).await;
    alice.run(&["contacts", "name", "bob", "Bobby"]).await;
    let sorted: &[(&str, &[&str])] = &[("Office", &["carol"]), ("Band", &["dave", "bob"])];
    groups(&alice, sorted).await;

    // Another computer of hers: all of it is there.
    let mut second = world.pod("alice-2");
    let sign_in = ["sign-in", "--name", "alice", "--server", &world.url()];
    let _ = second.ask_with(&format!("{PASSWORD}\n"), &sign_in).await.all();
    second.open().await;
    groups(&second, sorted).await;
    let bob =
        contact(&second, "bob", "as a favourite", |person| person["contact"]["favourite"] == true).await;
    assert_eq!(bob["contact"]["nickname"], "Bobby");
    contact(&second, "bob", "here", |person| person["presence"]["state"] == "here").await;
    contact(&second, "carol", "muted", |person| person["contact"]["muted"] == true).await;
    second.run(&["contacts", "group", "delete", "Band"]).await;
    groups(&alice, &[("Office", &["carol"])]).await;
    contact(&alice, "bob", "as a contact still", stands("contact")).await;

    // With nothing new a return learns nothing.
    second.close().await;
    let null = async || {
        second.open().await;
        let status = second.status().await.unwrap();
        second.close().await;
        (status["sync"]["kind"] == "null").then_some(())
    };
    wait::until("a null sync", null).await;
    alice.close().await;
    for mut pod in others {
        pod.close().await;
    }
});

both_ways!(what_is_wanted_without_a_server_counts_once_after_kills, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    // Known from a search, wanted while there is no way.
    let bobs = alice.ask(&["people", "search", "bob"]).await.id();
    world.network.set(Weather::Cut);
    for command in [
        &["contacts", "add", &bobs, "hello"][..],
        &["contacts", "group", "create", "Band"],
        &["contacts", "group", "move", &bobs, "Band"],
    ] {
        let said = alice.ask(&[&["--wait", "1"], command].concat()).await;
        assert_eq!((said.code, &said.lines[0]["state"]), (3, &"waiting".into()), "{said:?}");
    }
    groups(&alice, &[("Band", &["bob"])]).await;
    contact(&alice, "bob", "asked for", |person| {
        stands("asked")(person) && person["contact"]["waiting"] == true
    })
    .await;
    // Killed, and killed again in the moment in which all of it is told.
    alice.kill().await;
    world.network.set(Weather::Fair);
    alice.open_offline().await;
    contact(&bob, "alice", "asking", stands("asks")).await;
    alice.kill().await;
    bob.is_online().await;
    bob.run(&["contacts", "decline", "alice"]).await;
    alice.open().await;
    contact(&alice, "bob", "declining", |person| {
        stands("declined")(person) && person["contact"]["waiting"] == false
    })
    .await;
    groups(&alice, &[("Band", &[])]).await;
    nobody(&bob, "alice").await;
    let asked = bob.heard().iter().filter(|event| event["event"] == "contact_asks").count();
    assert_eq!(asked, 1, "one request, however often it was told");
    alice.close().await;
    bob.close().await;
});
