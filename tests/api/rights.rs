//! Ids of other people's things, roles that do not allow it, and members who were removed.

use pod_shared::content::{GroupMember, MemberRole};
use pod_shared::socket::{ClientFrame, Request, ServerFrame};
use pod_shared::{AccountId, EntryId, ErrorCode, MessageId, Position, Role, RoomId, UploadId};
use pod_tests::device::{Device, location, refused, taken};
use pod_tests::socket::message_id;
use pod_tests::{Socket, World, both_ways, wait};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

/// Everything that can be asked about a room's folder, with these ids.
async fn ask_all(device: &Device, room: RoomId, entry: EntryId, upload: &str) -> Vec<reqwest::Response> {
    let member = device.account;
    let requests = [
        device.request(Method::GET, &format!("/v1/rooms/{room}/entries")),
        device.request(Method::GET, &format!("/v1/rooms/{room}/changes?after=0")),
        device.request(Method::GET, &format!("/v1/entries/{entry}/content")),
        device.request(Method::HEAD, &format!("/v1/entries/{entry}/content")),
        device.request(Method::PATCH, &format!("/v1/entries/{entry}")).json(&json!({ "name": "mine" })),
        device.request(Method::DELETE, &format!("/v1/entries/{entry}")),
        device
            .request(Method::PUT, &format!("/v1/groups/{room}/members/{member}"))
            .json(&MemberRole { role: Role::Owner }),
        device.request(Method::DELETE, &format!("/v1/groups/{room}/members/{member}")),
        device.request(Method::DELETE, upload).header("Tus-Resumable", "1.0.0"),
        device.request(Method::HEAD, upload).header("Tus-Resumable", "1.0.0"),
    ];
    let mut answers = Vec::new();
    for request in requests {
        answers.push(request.send().await.unwrap());
    }
    answers.push(device.new_folder(room, None, "mine").await);
    answers.push(device.new_upload(room, "mine.txt", 3).await);
    answers.push(device.append(upload, 0, b"abc".to_vec()).await);
    answers
}

both_ways!(other_peoples_ids_are_answered_like_ids_that_never_were, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let eve = Device::sign_up(world, "eve").await;
    let room = alice.group("Attic", &[]).await;
    let file = alice.put(room, "secret.txt", b"secret").await;
    let upload = location(&alice.new_upload(room, "coming.txt", 6).await);
    let real = ask_all(&eve, room, file.id, &upload).await;
    let never = format!("/v1/uploads/{}", UploadId(Uuid::now_v7()));
    let unreal = ask_all(&eve, RoomId(Uuid::now_v7()), EntryId(Uuid::now_v7()), &never).await;
    for (real, unreal) in real.into_iter().zip(unreal) {
        let path = real.url().path().to_owned();
        assert_eq!(
            (real.status(), unreal.status()),
            (reqwest::StatusCode::NOT_FOUND, real.status()),
            "{path}"
        );
        assert_eq!(real.text().await.unwrap(), unreal.text().await.unwrap(), "{path}");
    }
    let page: pod_shared::content::EntryPage =
        taken(alice.get(&format!("/v1/rooms/{room}/entries")).await).await;
    assert_eq!((page.entries.len(), &page.entries[0]), (1, &file), "eve changed something");
});

both_ways!(other_peoples_rooms_are_closed_on_the_chat_side_too, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let eve = Device::sign_up(world, "eve").await;
    let (mut of_alice, _) = Socket::open(&alice, None).await;
    let room = of_alice.make_room("Attic", &[]).await;
    let (mut of_eve, greeted) = Socket::open(&eve, None).await;
    assert!(greeted.rooms.is_empty(), "a stranger is told of a room");
    let set = |account, role| Request::MemberSet { room, account, role };
    for body in [
        Request::RoomRename { room, title: "Mine".into() },
        Request::FolderCreate { room },
        Request::History { room, before: Position(0), limit: 10 },
        set(eve.account, Some(Role::Owner)),
        set(alice.account, None),
        set(eve.account, None),
    ] {
        let refusal = of_eve.ask(body).await.unwrap_err();
        assert_eq!(refusal.code, ErrorCode::NotFound);
    }
    let refusal = of_eve.say(message_id(), room, b"hello".to_vec()).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::NotFound);
    of_eve.send(&ClientFrame::Read { room, pos: Position(1) }).await;
    of_eve.send(&ClientFrame::Looking { rooms: vec![room] }).await;
    let again = Request::RoomCreate { room, title: "Mine".into(), members: vec![], folder: true };
    let refusal = of_eve.ask(again).await.unwrap_err();
    assert!(matches!(refusal.code, ErrorCode::IdReused | ErrorCode::NotFound), "{}", refusal.code);
});

both_ways!(a_viewer_changes_nothing_and_a_manager_no_manager, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let bob = Device::sign_up(world, "bob").await;
    let room = alice.group("Attic", &[bob.account]).await;
    let file = alice.put(room, "a.txt", b"a").await;
    let set = async |by: &Device, of: AccountId, role: Role| {
        let path = format!("/v1/groups/{room}/members/{of}");
        by.request(Method::PUT, &path).json(&MemberRole { role }).send().await.unwrap()
    };
    refused(set(&bob, bob.account, Role::Owner).await, ErrorCode::RoleTooLow).await;
    assert!(set(&alice, bob.account, Role::Viewer).await.status().is_success());
    refused(bob.new_folder(room, None, "x").await, ErrorCode::RoleTooLow).await;
    refused(bob.new_upload(room, "x", 1).await, ErrorCode::RoleTooLow).await;
    let delete = bob.request(Method::DELETE, &format!("/v1/entries/{}", file.id));
    refused(delete.send().await.unwrap(), ErrorCode::RoleTooLow).await;
    assert_eq!(bob.get(&format!("/v1/entries/{}/content", file.id)).await.status(), 200);
    assert!(set(&alice, bob.account, Role::Manager).await.status().is_success());
    refused(set(&bob, bob.account, Role::Owner).await, ErrorCode::RoleTooLow).await;
    refused(set(&bob, alice.account, Role::Viewer).await, ErrorCode::RoleTooLow).await;
    let path = format!("/v1/groups/{room}/members/{}", alice.account);
    let leave = alice.request(Method::DELETE, &path).send().await.unwrap();
    refused(leave, ErrorCode::LastOwner).await;
});

both_ways!(the_next_byte_of_a_removed_member_is_refused, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let bob = Device::sign_up(world, "bob").await;
    let room = alice.group("Attic", &[bob.account]).await;
    let file = alice.put(room, "a.txt", b"hello").await;
    let (mut of_bob, _) = Socket::open(&bob, None).await;
    let upload = location(&bob.new_upload(room, "b.bin", 1_000_000).await);
    assert_eq!(bob.append(&upload, 0, vec![1; 1_000]).await.status(), 204);
    let path = format!("/v1/groups/{room}/members/{}", bob.account);
    assert!(alice.request(Method::DELETE, &path).send().await.unwrap().status().is_success());
    refused(bob.append(&upload, 1_000, vec![1; 1_000]).await, ErrorCode::NotFound).await;
    refused(bob.get(&format!("/v1/entries/{}/content", file.id)).await, ErrorCode::NotFound).await;
    refused(bob.get(&format!("/v1/rooms/{room}/changes")).await, ErrorCode::NotFound).await;
    let gone = |frame| match frame {
        ServerFrame::Room(delta) if delta.room == room && delta.gone => Some(()),
        _ => None,
    };
    of_bob.next_where("the removed member to learn of it", gone).await;
    let refusal = of_bob.say(message_id(), room, b"hi".to_vec()).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::NotFound);
});

both_ways!(a_member_removed_on_the_chat_side_is_out_of_the_folder, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let bob = Device::sign_up(world, "bob").await;
    let (mut of_alice, _) = Socket::open(&alice, None).await;
    let room = of_alice.make_room("Attic", &[bob.account]).await;
    let members = |group: &pod_shared::content::Group| -> Vec<GroupMember> { group.members.clone() };
    let paired = async || {
        let groups: Vec<pod_shared::content::Group> = taken(bob.get("/v1/groups").await).await;
        groups.into_iter().find(|group| group.id == room)
    };
    let group = wait::until("the sharing group of the room", paired).await;
    assert_eq!(members(&group).len(), 2);
    let remove = Request::MemberSet { room, account: bob.account, role: None };
    let answer = of_alice.ask(remove).await.unwrap();
    assert_eq!(
        answer,
        pod_shared::socket::Answer::Done {},
        "a removal is told as done when both sides applied it"
    );
    refused(bob.get(&format!("/v1/rooms/{room}/entries")).await, ErrorCode::NotFound).await;
    let _: MessageId = message_id();
});
