//! What people do while the server may die: each deed is repeatable by its ids.

use base64::{Engine, engine::general_purpose::STANDARD};
use pod_shared::content::{EntryPage, Group, GroupMember, GroupNew, MemberRole};
use pod_shared::socket::Request;
use pod_shared::sync::RoomDelta;
use pod_shared::{AccountId, Role, RoomId, UploadId};
use pod_tests::device::{taken, upload_metadata};
use pod_tests::{Device, Socket, wait};
use reqwest::{Method, StatusCode};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The bytes of the file that is put into the room.
pub(crate) const FILE: &[u8] = b"a file that must be there once";

/// The ids of one round of deeds.
#[derive(Clone, Copy)]
pub(crate) struct Ids {
    /// Made from the chat side.
    pub(crate) from_chat: RoomId,
    /// Made from the files side.
    pub(crate) from_files: RoomId,
    /// The upload into the first.
    pub(crate) upload: UploadId,
}

impl Ids {
    /// New ones.
    pub(crate) fn new() -> Self {
        Self {
            from_chat: RoomId(Uuid::now_v7()),
            from_files: RoomId(Uuid::now_v7()),
            upload: UploadId(Uuid::now_v7()),
        }
    }
}

/// Who takes part.
#[derive(Clone)]
pub(crate) struct People {
    /// Does everything.
    pub(crate) alice: Device,
    /// In both rooms from the beginning, and removed.
    pub(crate) bob: AccountId,
    /// Added later.
    pub(crate) carol: AccountId,
}

/// Makes both rooms, adds carol, removes bob, each from both sides.
pub(crate) async fn rooms_and_members(people: &People, ids: Ids) {
    let People { alice, bob, carol } = people;
    let (mut socket, _) = Socket::open(alice, None).await;
    let create = Request::RoomCreate {
        room: ids.from_chat,
        title: "From the chat".into(),
        members: vec![*bob],
        folder: true,
    };
    socket.ask(create).await.unwrap();
    let body = GroupNew { id: ids.from_files, title: "From the files".into(), members: vec![*bob] };
    let made: Group =
        taken(alice.request(Method::POST, "/v1/groups").json(&body).send().await.unwrap()).await;
    assert_eq!(made.id, ids.from_files);
    both_sides_have(alice, ids).await;
    // The look at both sides took the place of the first connection.
    let (mut socket, _) = Socket::open(alice, None).await;
    for (account, role) in [(*carol, Some(Role::Viewer)), (*bob, None)] {
        let change = Request::MemberSet { room: ids.from_chat, account, role };
        socket.ask(change).await.unwrap();
        let path = format!("/v1/groups/{}/members/{account}", ids.from_files);
        let request = match role {
            Some(role) => alice.request(Method::PUT, &path).json(&MemberRole { role }),
            None => alice.request(Method::DELETE, &path),
        };
        let status = request.send().await.unwrap().status();
        // Removed before the fault: then there is nobody to remove.
        assert!(status.is_success() || (role.is_none() && status == StatusCode::NOT_FOUND), "{status}");
    }
}

/// Puts the file into the first room, whatever of it is there already.
pub(crate) async fn file(people: &People, ids: Ids) {
    let alice = &people.alice;
    let (mut socket, _) = Socket::open(alice, None).await;
    let create = Request::RoomCreate {
        room: ids.from_chat,
        title: "From the chat".into(),
        members: vec![people.bob],
        folder: true,
    };
    socket.ask(create).await.unwrap();
    wait::until("the folder of the room", async || {
        groups(alice).await.contains_key(&ids.from_chat).then_some(())
    })
    .await;
    let id = STANDARD.encode(ids.upload.to_string());
    let metadata = format!("{},id {id}", upload_metadata(ids.from_chat, "once.txt"));
    let created = alice.new_upload_with(&metadata, FILE.len() as u64).await;
    assert!(created.status().is_success(), "{}", created.text().await.unwrap());
    let path = format!("/v1/uploads/{}", ids.upload);
    let head = alice.request(Method::HEAD, &path).header("Tus-Resumable", "1.0.0").send().await.unwrap();
    let offset: usize = head.headers()["upload-offset"].to_str().unwrap().parse().unwrap();
    if offset < FILE.len() {
        let stored = alice.append(&path, offset as u64, FILE[offset..].to_vec()).await;
        assert_eq!(stored.status(), StatusCode::NO_CONTENT, "{}", stored.text().await.unwrap());
    }
}

/// The file is in the folder once, whole.
pub(crate) async fn the_file_is_there_once(alice: &Device, ids: Ids) {
    let look = async || {
        let page: EntryPage = taken(alice.get(&format!("/v1/rooms/{}/entries", ids.from_chat)).await).await;
        (!page.entries.is_empty()).then_some(page.entries)
    };
    let entries = wait::until("the file to be in the folder", look).await;
    assert_eq!(entries.len(), 1, "the file is doubled: {entries:?}");
    assert_eq!(entries[0].version, 1, "the file has a version too many");
    let content = alice.get(&format!("/v1/entries/{}/content", entries[0].id)).await;
    assert_eq!(content.bytes().await.unwrap(), FILE);
}

/// The groups of a person, as the content service has them.
pub(crate) async fn groups(device: &Device) -> BTreeMap<RoomId, Vec<GroupMember>> {
    let groups: Vec<Group> = taken(device.get("/v1/groups").await).await;
    let sorted = |mut members: Vec<GroupMember>| {
        members.sort_by_key(|member| member.account);
        members
    };
    groups.into_iter().map(|group| (group.id, sorted(group.members))).collect()
}

/// The rooms of a person, as the messenger has them.
pub(crate) async fn rooms(device: &Device) -> BTreeMap<RoomId, RoomDelta> {
    let (_, greeted) = Socket::open(device, None).await;
    greeted.rooms.into_iter().map(|room| (room.room, room)).collect()
}

async fn both_sides_have(alice: &Device, ids: Ids) {
    let look = async || {
        let (groups, rooms) = (groups(alice).await, rooms(alice).await);
        let both = [ids.from_chat, ids.from_files]
            .iter()
            .all(|id| groups.contains_key(id) && rooms.get(id).is_some_and(|room| room.folder == Some(true)));
        both.then_some(())
    };
    wait::until("both halves of both pairs", look).await;
}

/// Both sides have the same pairs with the same members, and nothing else.
pub(crate) async fn both_sides_agree(people: &People, ids: &[Ids]) {
    let alice = &people.alice;
    let wanted: Vec<GroupMember> = {
        let mut members = vec![
            GroupMember { account: alice.account, role: Role::Owner },
            GroupMember { account: people.carol, role: Role::Viewer },
        ];
        members.sort_by_key(|member| member.account);
        members
    };
    let look = async || {
        let (groups, rooms) = (groups(alice).await, rooms(alice).await);
        let mut of_rooms: BTreeMap<RoomId, Vec<GroupMember>> = BTreeMap::new();
        for (id, room) in rooms {
            let members = room.members.into_iter();
            let mut members: Vec<GroupMember> = members
                .filter_map(|member| Some(GroupMember { account: member.account, role: member.role? }))
                .collect();
            members.sort_by_key(|member| member.account);
            of_rooms.insert(id, members);
        }
        let whole = groups.len() == ids.len() * 2 && groups.values().all(|members| *members == wanted);
        (whole && groups == of_rooms).then_some(())
    };
    wait::until("both sides to have the same pairs with the same members", look).await;
}
