//! Live progress (N12): to who is looking, not too often, never to strangers.

use super::pod::Pod;
use super::world::{World, room_id};
use crate::interlock::ProgressTarget;
use pod_shared::limits::PROGRESS_EVERY_MS;
use pod_shared::socket::{ClientFrame, Progress, ServerFrame};
use pod_shared::{RoomId, UploadId};
use std::time::{Duration, Instant};
use uuid::Uuid;

fn progress(room: RoomId, upload: UploadId, offset: u64) -> Vec<Progress> {
    vec![Progress { room, upload, offset, length: 100 }]
}

async fn look(pod: &mut Pod, rooms: Vec<RoomId>) {
    pod.put(ClientFrame::Looking { rooms }).await;
    pod.settle().await;
}

async fn hear(pod: &mut Pod, room: RoomId) -> u64 {
    pod.find(|frame| match frame {
        ServerFrame::Progress(progress) if progress.room == room => Some(progress.offset),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn progress_reaches_who_is_looking_coalesced() {
    let world = World::new().await;
    let (alice, bob, eve) = (world.person("alice"), world.person("bob"), world.person("eve"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let mut e = Pod::fresh(&world, eve).await;
    let room = a.make_room("r", &[bob]).await;
    b.room(room).await;
    look(&mut a, vec![room, room_id()]).await;
    look(&mut e, vec![room]).await;
    // The answer to what was asked for comes after a look at the store: wait until it counts.
    let upload = UploadId(Uuid::now_v7());
    let mut heard = Vec::new();
    for offset in 1..=100 {
        world.messenger.progress(progress(room, upload, offset));
    }
    while heard.last() != Some(&100) {
        heard.push(hear(&mut a, room).await);
    }
    assert!(heard.len() <= 2, "{heard:?}");
    for pod in [&mut b, &mut e] {
        pod.settle().await;
        assert!(pod.inbox.is_empty(), "{:?}", pod.inbox);
    }
}

#[tokio::test]
async fn who_is_removed_or_looks_away_hears_no_more() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let room = a.make_room("r", &[bob]).await;
    let other = a.make_room("other", &[]).await;
    b.room(room).await;
    look(&mut a, vec![room]).await;
    look(&mut b, vec![room]).await;
    let upload = UploadId(Uuid::now_v7());
    world.messenger.progress(progress(room, upload, 1));
    assert_eq!((hear(&mut a, room).await, hear(&mut b, room).await), (1, 1));
    a.set(room, bob.account, None).await.unwrap();
    assert!(b.room(room).await.gone);
    look(&mut a, vec![other]).await;
    world.messenger.progress(progress(room, upload, 2));
    world.messenger.progress(progress(other, upload, 3));
    assert_eq!(hear(&mut a, other).await, 3);
    for pod in [&mut a, &mut b] {
        pod.settle().await;
        let late = pod.inbox.iter().any(|frame| matches!(frame, ServerFrame::Progress(_)));
        assert!(!late);
    }
}

#[tokio::test]
async fn however_often_progress_is_reported_it_is_told_no_more_often_than_the_limit() {
    let world = World::new().await;
    let mut a = Pod::fresh(&world, world.person("alice")).await;
    let room = a.make_room("r", &[]).await;
    look(&mut a, vec![room]).await;
    let upload = UploadId(Uuid::now_v7());
    let began = Instant::now();
    world.messenger.progress(progress(room, upload, 1));
    assert_eq!(hear(&mut a, room).await, 1);
    for offset in 2..=1_000 {
        world.messenger.progress(progress(room, upload, offset));
    }
    let heard = hear(&mut a, room).await;
    // A machine that halted in between may have told one more, but never before its time.
    assert!(began.elapsed() >= Duration::from_millis(PROGRESS_EVERY_MS), "{heard} came too soon");
    assert_eq!(heard, 1_000, "what was told in between is the newest");
}
