//! Sharing groups: made once, seen by members, changed by who may, told to the other side.

use super::world::{World, good, refused};
use pod_shared::content::{ActivityKind, Group, GroupNew, Settled};
use pod_shared::interlock::{MemberVersion, RelayBody, RelayRow};
use pod_shared::{AccountId, ErrorCode, RelayId, Role, RoomId, TimeMs};
use reqwest::Method;
use uuid::Uuid;

#[tokio::test]
async fn a_group_is_made_once_and_asks_for_its_room() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let new = GroupNew {
        id: RoomId(Uuid::now_v7()),
        title: "Urlaub".into(),
        members: vec![bob.account, ann.account],
    };
    let first: Group = good(ann.send(Method::POST, "/v1/groups", &new).await).await;
    let again: Group = good(ann.send(Method::POST, "/v1/groups", &new).await).await;
    assert_eq!(first, again);
    let roles: Vec<_> = first.members.iter().map(|member| (member.account, member.role)).collect();
    assert_eq!(roles, [(ann.account, Role::Owner), (bob.account, Role::Editor)]);
    assert_eq!(refused(bob.send(Method::POST, "/v1/groups", &new).await).await, ErrorCode::IdReused);

    let groups: Vec<Group> = good(bob.get("/v1/groups").await).await;
    assert_eq!(groups, [first]);
    let rows = crate::interlock::Side::pending(&world.content, 64, Vec::new()).await.unwrap();
    assert!(
        matches!(&rows[0].body, RelayBody::Pair { title, members, .. } if title == "Urlaub" && members.len() == 2)
    );
    assert!(matches!(rows[1].body, RelayBody::FolderAt { .. }));
    assert_eq!(rows.len(), 2);
    assert_eq!(ann.changes(new.id, 0).await.activities[0].kind, ActivityKind::GroupCreated);
}

#[tokio::test]
async fn a_loss_of_rights_is_done_when_the_other_side_has_it() {
    let world = World::new().await;
    let (ann, bob, eve) = (world.person(), world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let added: Settled = good(ann.put_member(room, eve.account, Role::Viewer).await).await;
    assert_eq!(added, Settled::Done, "adding waits for nobody");
    let waiting: Settled = good(ann.remove_member(room, bob.account).await).await;
    assert_eq!(waiting, Settled::Pending, "nobody carries rows here");
    assert_eq!(refused(bob.get(&format!("/v1/rooms/{room}/entries")).await).await, ErrorCode::NotFound);

    let carrier = world.settle_everything();
    let removed: Settled = good(ann.remove_member(room, eve.account).await).await;
    assert_eq!(removed, Settled::Done);
    let again: Settled = good(ann.remove_member(room, eve.account).await).await;
    assert_eq!(again, Settled::Done, "repeating changes nothing");
    carrier.abort();
}

#[tokio::test]
async fn roles_bind_who_changes_roles() {
    let world = World::new().await;
    let (ann, mia, ed, vic) = (world.person(), world.person(), world.person(), world.person());
    let room = ann.group(&[&mia, &ed, &vic]).await;
    let _carrier = world.settle_everything();
    good::<Settled>(ann.put_member(room, mia.account, Role::Manager).await).await;
    good::<Settled>(mia.put_member(room, vic.account, Role::Viewer).await).await;
    let too_low = [
        ed.put_member(room, vic.account, Role::Editor).await,
        vic.remove_member(room, ed.account).await,
        mia.put_member(room, ed.account, Role::Manager).await,
        mia.remove_member(room, ann.account).await,
        vic.put_member(room, vic.account, Role::Owner).await,
    ];
    for response in too_low {
        assert_eq!(refused(response).await, ErrorCode::RoleTooLow);
    }
    assert_eq!(refused(ann.remove_member(room, ann.account).await).await, ErrorCode::LastOwner);
    assert_eq!(refused(ann.put_member(room, ann.account, Role::Editor).await).await, ErrorCode::LastOwner);
    good::<Settled>(vic.remove_member(room, vic.account).await).await;
    assert_eq!(refused(vic.get(&format!("/v1/groups/{room}")).await).await, ErrorCode::NotFound);
    let group: Group = good(ann.get(&format!("/v1/groups/{room}")).await).await;
    assert_eq!(group.members.len(), 3);
    assert_eq!(world.violations(), Vec::<String>::new());
}

fn row(room: RoomId, body: RelayBody) -> RelayRow {
    RelayRow { id: RelayId(Uuid::now_v7()), room, seq: 1, body }
}

fn member(account: AccountId, role: Option<Role>, counter: u64) -> MemberVersion {
    MemberVersion { account, role, counter, by: account }
}

#[tokio::test]
async fn rows_of_the_messenger_are_applied_once_and_the_higher_version_holds() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = RoomId(Uuid::now_v7());
    let members = vec![member(ann.account, Some(Role::Owner), 1), member(bob.account, Some(Role::Editor), 3)];
    let pair = RelayBody::Pair { title: "one".into(), creator: ann.account, at: TimeMs(5), members };
    let pair = row(room, pair);
    for _ in 0..2 {
        assert_eq!(world.apply(vec![pair.clone()]).await.applied, [pair.id]);
    }
    let stale = row(room, RelayBody::Member { member: member(bob.account, Some(Role::Manager), 2) });
    let tie = row(room, RelayBody::Member { member: member(bob.account, Some(Role::Viewer), 3) });
    let title = row(room, RelayBody::Title { title: "two".into(), counter: 2 });
    let lost_title = row(room, RelayBody::Title { title: "zzz".into(), counter: 1 });
    let outcome = world.apply(vec![stale, tie, title, lost_title]).await;
    assert_eq!(outcome.applied.len(), 4);
    let group: Group = good(ann.get(&format!("/v1/groups/{room}")).await).await;
    assert_eq!(group.title, "two");
    assert_eq!(group.members[1].role, Role::Viewer, "on a tie the lower role holds");
    assert_eq!(ann.changes(room, 0).await.activities.len(), 1);

    let elsewhere = row(RoomId(Uuid::now_v7()), RelayBody::Title { title: "x".into(), counter: 9 });
    assert_eq!(world.apply(vec![elsewhere.clone()]).await.refused[0].0, elsewhere.id);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn of_several_rows_about_one_folder_only_the_newest_waits() {
    let world = World::new().await;
    let ann = world.person();
    let (room, other) = (ann.group(&[]).await, ann.group(&[]).await);
    for name in ["a", "b", "c"] {
        ann.folder(room, None, name).await;
    }
    let rows = crate::interlock::Side::pending(&world.content, 64, Vec::new()).await.unwrap();
    let at = |room: RoomId| {
        let mut told = rows.iter().filter(|row| row.room == room).filter_map(|row| match row.body {
            RelayBody::FolderAt { at, .. } => Some(at.0),
            RelayBody::Pair { .. }
            | RelayBody::Member { .. }
            | RelayBody::Title { .. }
            | RelayBody::OfferForwarded { .. }
            | RelayBody::OfferExpired { .. }
            | RelayBody::OfferMay { .. }
            | RelayBody::OfferOver { .. } => None,
        });
        (told.next(), told.next())
    };
    assert_eq!((at(room), at(other)), ((Some(4), None), (Some(1), None)));
    assert_eq!(crate::interlock::Side::pending(&world.content, 64, Vec::new()).await.unwrap(), rows);
}

#[tokio::test]
async fn a_room_of_another_maker_is_not_joined_to_a_group_with_its_id() {
    let world = World::new().await;
    let (ann, eve) = (world.person(), world.person());
    let room = eve.group(&[]).await;
    let members = vec![member(ann.account, Some(Role::Owner), 1)];
    let pair = RelayBody::Pair { title: "one".into(), creator: ann.account, at: TimeMs(5), members };
    let later = row(room, RelayBody::Member { member: member(ann.account, Some(Role::Editor), 2) });
    let outcome = world.apply(vec![row(room, pair), later]).await;
    assert_eq!((outcome.applied.len(), outcome.refused.len()), (0, 1));
    assert_eq!(refused(ann.get(&format!("/v1/groups/{room}")).await).await, ErrorCode::NotFound);
    let group: Group = good(eve.get(&format!("/v1/groups/{room}")).await).await;
    assert_eq!(group.members.len(), 1);
}

#[tokio::test]
async fn a_removal_asked_for_twice_is_not_done_before_the_other_side_has_it() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let (one, two) = tokio::join!(ann.remove_member(room, bob.account), ann.remove_member(room, bob.account));
    assert_eq!(good::<Settled>(one).await, Settled::Pending);
    assert_eq!(good::<Settled>(two).await, Settled::Pending);
    let _carrier = world.settle_everything();
    assert_eq!(good::<Settled>(ann.remove_member(room, bob.account).await).await, Settled::Done);
}
