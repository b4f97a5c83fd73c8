//! The messenger's half of the interlock: rows of the content service, and waiting for it.

use super::pod::Pod;
use super::world::{Who, World, room_id};
use crate::interlock::Side;
use pod_shared::interlock::{MemberVersion, RelayBody, RelayRow, RowsApplied};
use pod_shared::socket::{Answer, EventKind, Request};
use pod_shared::{ContentPosition, ErrorCode, RelayId, Role, RoomId, TimeMs};
use uuid::Uuid;

fn row(room: RoomId, body: RelayBody) -> RelayRow {
    RelayRow { id: RelayId(Uuid::now_v7()), room, seq: 1, body }
}

fn version(who: Who, role: Option<Role>, counter: u64, by: Who) -> MemberVersion {
    MemberVersion { account: who.account, role, counter, by: by.account }
}

fn pair(room: RoomId, creator: Who, members: Vec<MemberVersion>) -> RelayRow {
    let body =
        RelayBody::Pair { title: "made by files".into(), creator: creator.account, at: TimeMs(5), members };
    row(room, body)
}

async fn applied(world: &World, rows: Vec<RelayRow>) -> RowsApplied {
    world.messenger.apply(rows).await.unwrap()
}

/// The content service takes everything that waits.
async fn take_all(world: &World) -> usize {
    let rows = world.messenger.pending(100, Vec::new()).await.unwrap();
    let applied = rows.iter().map(|row| row.id).collect();
    world.messenger.settled(RowsApplied { applied, refused: Vec::new() }).await.unwrap();
    rows.len()
}

#[tokio::test]
async fn a_group_of_the_files_side_becomes_a_room_once() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let mut b = Pod::fresh(&world, bob).await;
    let room = room_id();
    let members =
        vec![version(alice, Some(Role::Owner), 1, alice), version(bob, Some(Role::Editor), 1, alice)];
    let made = pair(room, alice, members);
    for _ in 0..3 {
        assert_eq!(applied(&world, vec![made.clone()]).await.applied, [made.id]);
    }
    let delta = b.room(room).await;
    assert_eq!((delta.folder, delta.events.len(), delta.members.len()), (Some(true), 1, 2));
    assert_eq!(delta.created_by, Some(alice.account));
    assert_eq!(take_all(&world).await, 0, "nothing goes back");
    b.say(room, "hi").await.unwrap();
    world.check();
}

#[tokio::test]
async fn a_group_with_the_id_of_somebody_elses_room_is_refused() {
    let world = World::new().await;
    let (alice, eve) = (world.person("alice"), world.person("eve"));
    let mut a = Pod::fresh(&world, alice).await;
    let room = a.make_room("private", &[]).await;
    let outcome = applied(&world, vec![pair(room, eve, vec![version(eve, Some(Role::Owner), 9, eve)])]).await;
    assert_eq!((outcome.applied.len(), outcome.refused.len()), (0, 1));
    let mut e = Pod::fresh(&world, eve).await;
    assert!(e.rooms.is_empty());
    assert_eq!(e.history(room).await.unwrap_err(), ErrorCode::NotFound);
    world.check();
}

#[tokio::test]
async fn both_halves_made_by_one_person_become_one_pair() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let mut a = Pod::fresh(&world, alice).await;
    let room = a.make_room("chat", &[]).await;
    let members =
        vec![version(alice, Some(Role::Owner), 1, alice), version(bob, Some(Role::Viewer), 1, alice)];
    let made = pair(room, alice, members);
    assert_eq!(applied(&world, vec![made.clone()]).await.applied, [made.id]);
    assert_eq!(a.event(room).await.kind, EventKind::FolderMade {});
    assert_eq!(take_all(&world).await, 1, "the room's half is told to the files side");
    let b = Pod::fresh(&world, bob).await;
    assert_eq!((b.rooms[0].members.len(), b.rooms[0].folder), (2, Some(true)));
    world.check();
}

#[tokio::test]
async fn of_two_changes_of_a_member_the_higher_counter_holds_and_removal_wins_a_tie() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let mut a = Pod::fresh(&world, alice).await;
    let room = a.make_room_with_folder("r", &[bob]).await;
    take_all(&world).await;
    let member = |role, counter| row(room, RelayBody::Member { member: version(bob, role, counter, alice) });
    applied(&world, vec![member(Some(Role::Owner), 1)]).await;
    applied(&world, vec![member(Some(Role::Manager), 3), member(Some(Role::Viewer), 2)]).await;
    let EventKind::Member { role, .. } = a.event(room).await.kind else { panic!() };
    assert_eq!(role, Some(Role::Manager));
    applied(&world, vec![member(None, 3)]).await;
    let EventKind::Member { role, .. } = a.event(room).await.kind else { panic!() };
    assert_eq!(role, None);
    let (events, _) = a.history(room).await.unwrap();
    assert_eq!(events.len(), 3, "what lost left no trace");
    world.check();
}

#[tokio::test]
async fn a_removal_is_done_when_the_files_side_has_it_and_pending_until_then() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let room = a.make_room_with_folder("r", &[bob]).await;
    b.room(room).await;
    take_all(&world).await;
    assert_eq!(a.set(room, bob.account, None).await, Ok(Answer::Pending {}));
    assert!(b.room(room).await.gone, "here it counts at once");
    assert_eq!(a.history(room).await.unwrap().0.len(), 1, "and is told when both sides have it");
    assert_eq!(a.set(room, bob.account, None).await, Ok(Answer::Pending {}), "asking again says the same");
    assert_eq!(take_all(&world).await, 1);
    let EventKind::Member { account, role, .. } = a.event(room).await.kind else { panic!() };
    assert_eq!((account, role), (bob.account, None));
    assert_eq!(a.set(room, bob.account, None).await, Ok(Answer::Done {}));
    world.check();
}

#[tokio::test]
async fn the_asker_of_a_removal_waits_for_the_files_side() {
    let pace = crate::messenger::Pace { settle: super::world::PATIENCE, ..Default::default() };
    let world = World::paced(pace).await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let mut a = Pod::fresh(&world, alice).await;
    let room = a.make_room_with_folder("r", &[bob]).await;
    take_all(&world).await;
    let woken = world.messenger.relay_woken();
    let (answer, taken) = tokio::join!(a.set(room, bob.account, Some(Role::Viewer)), async {
        let mut taken = 0;
        while taken == 0 {
            woken.notified().await;
            taken = take_all(&world).await;
        }
        taken
    });
    assert_eq!((answer, taken), (Ok(Answer::Done {}), 1));
    assert_eq!(a.history(room).await.unwrap().0.len(), 2);
    world.check();
}

#[tokio::test]
async fn who_came_back_before_the_removal_settled_stays() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let mut a = Pod::fresh(&world, alice).await;
    let room = a.make_room_with_folder("r", &[bob]).await;
    take_all(&world).await;
    assert_eq!(a.set(room, bob.account, None).await, Ok(Answer::Pending {}));
    assert_eq!(a.set(room, bob.account, Some(Role::Editor)).await, Ok(Answer::Done {}));
    assert_eq!(take_all(&world).await, 2);
    let (events, _) = a.history(room).await.unwrap();
    let EventKind::Member { role, .. } = events.last().unwrap().kind else { panic!() };
    assert_eq!((events.len(), role), (2, Some(Role::Editor)), "no removal is told after the return");
    world.check();
}

#[tokio::test]
async fn where_the_folder_stands_is_told_once_for_a_delivery_and_never_backwards() {
    let world = World::new().await;
    let alice = world.person("alice");
    let mut a = Pod::fresh(&world, alice).await;
    let room = a.make_room_with_folder("r", &[]).await;
    let at = |position| {
        let at = ContentPosition(position);
        row(room, RelayBody::FolderAt { at, by: alice.account, time: TimeMs(9) })
    };
    let rows = vec![at(1), at(2), at(3)];
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    assert_eq!(applied(&world, rows.clone()).await.applied, ids);
    assert_eq!(applied(&world, rows).await.applied, ids, "a second delivery changes nothing");
    applied(&world, vec![at(2)]).await;
    let (events, _) = a.history(room).await.unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!(events[1].kind, EventKind::Folder { at: ContentPosition(3) });
    assert_eq!(applied(&world, vec![row(room_id(), at(1).body)]).await.refused.len(), 1);
    world.check();
}

#[tokio::test]
async fn of_two_titles_the_higher_counter_holds() {
    let world = World::new().await;
    let mut a = Pod::fresh(&world, world.person("alice")).await;
    let room = a.make_room_with_folder("one", &[]).await;
    a.ask(Request::RoomRename { room, title: "two".into() }).await.unwrap();
    let title = |title: &str, counter| row(room, RelayBody::Title { title: title.into(), counter });
    applied(&world, vec![title("old", 1), title("aaa", 2), title("zzz", 2)]).await;
    a.event(room).await;
    assert_eq!(a.event(room).await.kind, EventKind::Renamed { title: "zzz".into() });
    assert_eq!(a.history(room).await.unwrap().0.len(), 3);
    world.check();
}

#[tokio::test]
async fn a_room_without_a_folder_takes_no_rows_of_a_group_that_only_has_its_id() {
    let world = World::new().await;
    let (alice, eve) = (world.person("alice"), world.person("eve"));
    let mut a = Pod::fresh(&world, alice).await;
    let room = a.make_room("private", &[]).await;
    let rows = [
        RelayBody::Member { member: version(eve, Some(Role::Owner), 9, eve) },
        RelayBody::Title { title: "mine".into(), counter: 9 },
        RelayBody::FolderAt { at: ContentPosition(1), by: eve.account, time: TimeMs(9) },
    ];
    for body in rows {
        let outcome = applied(&world, vec![row(room, body)]).await;
        assert_eq!((outcome.applied.len(), outcome.refused.len()), (0, 1));
    }
    let mut e = Pod::fresh(&world, eve).await;
    assert_eq!(e.history(room).await.unwrap_err(), ErrorCode::NotFound);
    assert_eq!(a.history(room).await.unwrap().0.len(), 1);
    world.check();
}

#[tokio::test]
async fn what_follows_a_refused_pair_is_not_applied() {
    let world = World::new().await;
    let (alice, eve) = (world.person("alice"), world.person("eve"));
    let mut a = Pod::fresh(&world, alice).await;
    let room = a.make_room_with_folder("private", &[]).await;
    let raised = row(room, RelayBody::Member { member: version(eve, Some(Role::Owner), 9, eve) });
    let outcome = applied(&world, vec![pair(room, eve, Vec::new()), raised]).await;
    assert_eq!((outcome.applied.len(), outcome.refused.len()), (0, 1));
    let mut e = Pod::fresh(&world, eve).await;
    assert_eq!(e.history(room).await.unwrap_err(), ErrorCode::NotFound);
    world.check();
}

#[tokio::test]
async fn a_maker_who_was_removed_does_not_come_back_with_a_folder() {
    let world = World::new().await;
    let (alice, eve) = (world.person("alice"), world.person("eve"));
    let mut e = Pod::fresh(&world, eve).await;
    let room = e.make_room("ours", &[alice]).await;
    assert_eq!(e.set(room, alice.account, Some(Role::Owner)).await, Ok(Answer::Done {}));
    let mut a = Pod::fresh(&world, alice).await;
    assert_eq!(a.set(room, eve.account, None).await, Ok(Answer::Done {}));
    let members = vec![version(eve, Some(Role::Owner), 9, eve)];
    assert_eq!(applied(&world, vec![pair(room, eve, members)]).await.refused.len(), 1);
    assert_eq!(e.history(room).await.unwrap_err(), ErrorCode::NotFound);
    world.check();
}
