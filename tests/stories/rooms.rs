//! Rooms and sharing groups: made from either side, one pair; members and roles follow from either side (N1–N5).

use crate::seen;
use pod_shared::Role;
use pod_shared::content::{Group, MemberRole};
use pod_tests::device::{http, taken};
use pod_tests::{Pod, World, both_ways, wait};
use serde_json::Value;

/// The sharing groups of a person, asked from the content service itself.
async fn groups(world: &World, pod: &Pod) -> Vec<Group> {
    let token = pod.run(&["token", "--for", "content"]).await[0]["token"].as_str().unwrap().to_owned();
    let url = format!("{}/v1/groups", world.content_url());
    taken(http().get(url).bearer_auth(token).send().await.unwrap()).await
}

/// The role of a person in a room, as the files side has it.
async fn role(world: &World, pod: &Pod, room: &str, account: &str) -> Option<Role> {
    let groups = groups(world, pod).await;
    let group = groups.into_iter().find(|group| group.id.to_string() == room)?;
    group.members.into_iter().find(|member| member.account.to_string() == account).map(|member| member.role)
}

async fn account(pod: &Pod) -> String {
    pod.status().await.unwrap()["id"].as_str().unwrap().to_owned()
}

both_ways!(a_room_from_either_side_ends_as_one_pair, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    let from_chat = alice.ask(&["rooms", "create", "Attic", "--with", "bob"]).await.id();
    let from_files = alice.ask(&["rooms", "create-folder", "지하실", "--with", "bob"]).await.id();
    for (title, id) in [("Attic", &from_chat), ("지하실", &from_files)] {
        for pod in [&alice, &bob] {
            let whole = |room: &Value| room["has_folder"] == true && room["member_count"] == 2;
            let room = seen::room(pod, title, "with its folder", whole).await;
            assert_eq!(room["id"], id.as_str(), "room and group have one id");
            let look =
                async || groups(world, pod).await.into_iter().find(|group| group.id.to_string() == *id);
            let group = wait::until("the sharing group", look).await;
            assert_eq!((group.title.as_str(), group.members.len()), (title, 2));
        }
        bob.event("the room's window to open", |event| event["event"] == "room_open" && event["room"] == *id)
            .await;
    }
    assert_eq!(groups(world, &alice).await.len(), 2, "a pair is doubled");
    assert_eq!(alice.run(&["rooms", "list"]).await.len(), 2, "a pair is doubled");
    alice.close().await;
    bob.close().await;
});

both_ways!(members_and_roles_follow_from_either_side, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    let room = alice.ask(&["rooms", "create", "Attic"]).await.id();
    seen::room(&alice, "Attic", "with its folder", |room| room["has_folder"] == true).await;
    let who = account(&bob).await;

    // From the chat side.
    alice.run(&["rooms", "add", "Attic", "bob", "--role", "viewer"]).await;
    seen::room(&bob, "Attic", "as a viewer", |room| room["role"] == "viewer").await;
    let is = async |wanted: Option<Role>| {
        let look = async || (role(world, &alice, &room, &who).await == wanted).then_some(());
        wait::until(&format!("the files side to have {wanted:?}"), look).await;
    };
    is(Some(Role::Viewer)).await;
    bob.ask(&["send", "Attic", "may I?"]).await.refused("role_too_low");
    alice.run(&["rooms", "role", "Attic", "bob", "editor"]).await;
    is(Some(Role::Editor)).await;
    bob.run(&["send", "Attic", "thank you"]).await;

    // From the files side.
    let token = alice.run(&["token", "--for", "content"]).await[0]["token"].as_str().unwrap().to_owned();
    let url = format!("{}/v1/groups/{room}/members/{who}", world.content_url());
    let put =
        http().put(&url).bearer_auth(&token).json(&MemberRole { role: Role::Manager }).send().await.unwrap();
    assert!(put.status().is_success());
    seen::room(&bob, "Attic", "as a manager", |room| room["role"] == "manager").await;
    let delete = http().delete(&url).bearer_auth(&token).send().await.unwrap();
    assert!(delete.status().is_success());
    bob.event("the room to be gone", |event| event["event"] == "room_gone" && event["room"] == room).await;
    assert!(bob.run(&["rooms", "list"]).await.is_empty());
    alice.close().await;
    bob.close().await;
});

both_ways!(a_removed_member_gets_no_further_byte_and_hears_no_word, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    let room = alice.ask(&["rooms", "create", "Attic", "--with", "bob"]).await.id();
    seen::room(&bob, "Attic", "with its folder", |room| room["has_folder"] == true).await;
    let file = world.folder().join("secret.txt");
    std::fs::write(&file, "secret").unwrap();
    alice.run(&["files", "Attic", "put", file.to_str().unwrap()]).await;
    let entry = seen::entry(&bob, "Attic", "secret.txt").await["id"].as_str().unwrap().to_owned();
    let token = bob.run(&["token", "--for", "content"]).await[0]["token"].as_str().unwrap().to_owned();
    let url = format!("{}/v1/entries/{entry}/content", world.content_url());
    let get = async || http().get(&url).bearer_auth(&token).send().await.unwrap().status().as_u16();
    assert_eq!(get().await, 200);
    let told = alice.run(&["rooms", "remove", "Attic", "bob"]).await;
    assert_eq!(told[0]["state"], "done", "a removal is told as done when both sides have it");
    assert_eq!(get().await, 404);
    bob.event("the room to be gone", |event| event["event"] == "room_gone" && event["room"] == room).await;
    alice.run(&["send", "Attic", "now we can talk"]).await;
    assert_eq!(bob.ask(&["log", "Attic"]).await.code, 2, "the room is not known any more");
    alice.close().await;
    bob.close().await;
});
