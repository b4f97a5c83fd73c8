//! Edits, reactions and deletions: who may, what stays of what is deleted, and every refusal.

use super::pod::{Pod, message_id, text, texts};
use super::world::{Stop, Who, World, room_id};
use pod_shared::bytes::ByteString;
use pod_shared::limits::ABOUT_BODY_BYTES_MAX;
use pod_shared::socket::{About, AboutKind, ClientFrame, EventKind, SendMessage};
use pod_shared::{ErrorCode, MessageId, Position, Role, RoomId};

const SECRET: &str = "the plan is under the doormat";

/// A message somebody wrote.
#[derive(Clone, Copy)]
struct Said {
    room: RoomId,
    id: MessageId,
    by: Who,
}

impl Pod {
    async fn said(&mut self, room: RoomId, by: Who, text: &str) -> Said {
        let id = message_id();
        self.begin(room, id, text).await;
        self.outcome(id).await.unwrap();
        Said { room, id, by }
    }

    async fn about(&mut self, said: Said, how: AboutKind, body: &[u8]) -> Result<Position, ErrorCode> {
        self.about_as(message_id(), said, how, body).await
    }

    async fn about_as(
        &mut self,
        id: MessageId,
        said: Said,
        how: AboutKind,
        body: &[u8],
    ) -> Result<Position, ErrorCode> {
        let about = Some(About { message: said.id, author: said.by.account, how });
        let body = ByteString(body.to_vec());
        self.put(ClientFrame::Send(SendMessage { id, room: said.room, body, about })).await;
        self.outcome(id).await
    }
}

struct Three {
    world: World,
    a: Pod,
    b: Pod,
    bob: Who,
    alice: Who,
    room: RoomId,
}

/// Alice owns the room, Bob writes in it.
async fn two() -> Three {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let room = a.make_room("r", &[bob]).await;
    Three { world, a, b, bob, alice, room }
}

#[tokio::test]
async fn an_edit_and_a_reaction_are_events_that_everybody_hears() {
    let Three { world, mut a, mut b, alice, room, .. } = two().await;
    let said = a.said(room, alice, "helo").await;
    a.about(said, AboutKind::Edit, b"hello").await.unwrap();
    b.about(said, AboutKind::Reaction, b"+1").await.unwrap();
    for pod in [&mut a, &mut b] {
        assert_eq!(text(&pod.event(room).await).unwrap(), "helo");
        for how in [AboutKind::Edit, AboutKind::Reaction] {
            let EventKind::Message { about: Some(about), .. } = pod.event(room).await.kind else { panic!() };
            assert_eq!((about.message, about.author, about.how), (said.id, alice.account, how));
        }
    }
    world.check();
}

#[tokio::test]
async fn an_about_sent_twice_counts_once_and_another_meaning_of_its_id_is_refused() {
    let Three { world, mut a, alice, room, .. } = two().await;
    let (one, other) = (a.said(room, alice, "one").await, a.said(room, alice, "two").await);
    let id = message_id();
    let first = a.about_as(id, one, AboutKind::Edit, b"x").await.unwrap();
    assert_eq!(a.about_as(id, one, AboutKind::Edit, b"x").await, Ok(first));
    assert_eq!(a.about_as(id, other, AboutKind::Edit, b"x").await, Err(ErrorCode::IdReused));
    assert_eq!(a.about_as(id, one, AboutKind::Reaction, b"x").await, Err(ErrorCode::IdReused));
    a.begin(room, id, "x").await;
    assert_eq!(a.outcome(id).await, Err(ErrorCode::IdReused), "nor does it stand for itself");
    world.check();
}

#[tokio::test]
async fn who_may_not_change_a_message_is_refused() {
    let Three { world, mut a, mut b, bob, alice, room } = two().await;
    let (of_a, of_b) = (a.said(room, alice, "a").await, b.said(room, bob, "b").await);
    let edit = AboutKind::Edit;
    assert_eq!(b.about(of_a, edit, b"x").await, Err(ErrorCode::RoleTooLow), "of somebody else");
    assert_eq!(a.about(of_b, edit, b"x").await, Err(ErrorCode::RoleTooLow), "an owner neither");
    assert_eq!(b.about(of_a, AboutKind::Deletion, b"x").await, Err(ErrorCode::RoleTooLow));
    let forged = Said { by: alice, ..of_b };
    assert_eq!(a.about(forged, edit, b"x").await, Err(ErrorCode::NotFound), "not hers under that id");
    let nowhere = Said { id: message_id(), ..of_a };
    assert_eq!(a.about(nowhere, edit, b"x").await, Err(ErrorCode::NotFound));
    let other = a.make_room("other", &[]).await;
    let elsewhere = Said { room: other, ..of_a };
    assert_eq!(a.about(elsewhere, edit, b"x").await, Err(ErrorCode::NotFound), "it is in another room");
    let reaction = message_id();
    a.about_as(reaction, of_a, AboutKind::Reaction, b"+").await.unwrap();
    let of_reaction = Said { id: reaction, ..of_a };
    for how in [AboutKind::Edit, AboutKind::Reaction, AboutKind::Deletion] {
        assert_eq!(a.about(of_reaction, how, b"x").await, Err(ErrorCode::BadRequest), "{how:?}");
    }
    assert_eq!(texts(&a.history(room).await.unwrap().0), ["a", "b", "+"], "nothing changed");
    world.check();
}

#[tokio::test]
async fn viewers_and_who_left_change_nothing() {
    let Three { world, mut a, mut b, bob, alice, room } = two().await;
    let (of_a, of_b) = (a.said(room, alice, "a").await, b.said(room, bob, "b").await);
    a.set(room, bob.account, Some(Role::Viewer)).await.unwrap();
    assert_eq!(b.about(of_a, AboutKind::Reaction, b"+").await, Err(ErrorCode::RoleTooLow));
    assert_eq!(b.about(of_b, AboutKind::Edit, b"x").await, Err(ErrorCode::RoleTooLow));
    b.about(of_b, AboutKind::Deletion, b"x").await.expect("one's own may be taken back");
    a.set(room, bob.account, None).await.unwrap();
    for how in [AboutKind::Edit, AboutKind::Reaction, AboutKind::Deletion] {
        assert_eq!(b.about(of_b, how, b"x").await, Err(ErrorCode::NotFound), "{how:?}");
    }
    let stranger = world.person("eve");
    let mut e = Pod::fresh(&world, stranger).await;
    assert_eq!(e.about(of_a, AboutKind::Reaction, b"+").await, Err(ErrorCode::NotFound));
    assert_eq!(
        e.about(Said { room: room_id(), ..of_a }, AboutKind::Edit, b"+").await,
        Err(ErrorCode::NotFound)
    );
    world.check();
}

#[tokio::test]
async fn of_a_deleted_message_nothing_can_be_changed_any_more() {
    let Three { world, mut a, mut b, bob, room, .. } = two().await;
    let said = b.said(room, bob, "x").await;
    a.about(said, AboutKind::Deletion, b"d").await.expect("an owner deletes what others wrote");
    for how in [AboutKind::Edit, AboutKind::Reaction, AboutKind::Deletion] {
        assert_eq!(b.about(said, how, b"x").await, Err(ErrorCode::Gone), "{how:?}");
    }
    b.begin(room, said.id, "x").await;
    assert_eq!(b.outcome(said.id).await, Ok(Position(2)), "its own repetition is still the same message");
    world.check();
}

#[tokio::test]
async fn the_bytes_of_a_deleted_message_are_gone_from_the_file() {
    let Three { mut world, mut a, mut b, alice, room, .. } = two().await;
    let said = a.said(room, alice, SECRET).await;
    a.about(said, AboutKind::Edit, format!("edited: {SECRET}").as_bytes()).await.unwrap();
    b.about(said, AboutKind::Reaction, &SECRET.as_bytes()[..20]).await.unwrap();
    a.said(room, alice, "what stays").await;
    world.messenger.inner.store.empty_log().await.unwrap();
    assert_eq!(holds(&world, SECRET), 1, "the test looks at the right place");
    a.about(said, AboutKind::Deletion, b"d").await.unwrap();
    let (events, _) = b.history(room).await.unwrap();
    assert_eq!(texts(&events), ["", "", "", "what stays", "d"]);
    world.messenger.inner.store.empty_log().await.unwrap();
    assert_eq!((holds(&world, &SECRET[..20]), holds(&world, "what stays")), (0, 1));
    world.restart(Stop::Properly).await;
    assert_eq!(holds(&world, &SECRET[..20]), 0);
    world.check();
}

/// In how many files of the data folder the text stands.
fn holds(world: &World, text: &str) -> usize {
    let files = std::fs::read_dir(world.dir.path()).unwrap();
    let holds = |bytes: Vec<u8>| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    files.filter(|file| holds(std::fs::read(file.as_ref().unwrap().path()).unwrap())).count()
}

#[tokio::test]
async fn a_reaction_is_short() {
    let Three { mut a, alice, room, .. } = two().await;
    let said = a.said(room, alice, "a").await;
    for (len, outcome) in [(ABOUT_BODY_BYTES_MAX, true), (ABOUT_BODY_BYTES_MAX + 1, false), (0, false)] {
        let reacted = a.about(said, AboutKind::Reaction, &vec![7; len]).await;
        assert_eq!(reacted.is_ok(), outcome, "{len}: {reacted:?}");
    }
    let long = vec![7; ABOUT_BODY_BYTES_MAX + 1];
    assert_eq!(a.about(said, AboutKind::Deletion, &long).await, Err(ErrorCode::TooLarge));
    a.about(said, AboutKind::Edit, &long).await.expect("an edit is as long as a message");
}

#[tokio::test]
async fn who_was_away_gets_the_deletion_and_an_empty_body() {
    let Three { world, mut a, mut b, bob, alice, room } = two().await;
    let delta = b.room(room).await;
    b.applied(delta.txn).await;
    let key = b.leave().await;
    let said = a.said(room, alice, SECRET).await;
    a.about(said, AboutKind::Deletion, b"d").await.unwrap();
    let b = Pod::connect(&world, bob, Some(key)).await;
    assert_eq!(texts(&b.rooms[0].events), ["", "d"]);
}
