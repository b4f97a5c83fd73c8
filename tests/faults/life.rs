//! One life of the servers with a fault in it: they run, one dies at the fault, all start again without it.

use crate::deeds::People;
use futures_util::FutureExt;
use pod_tests::{Device, World, wait};
use std::panic::AssertUnwindSafe;

/// The people of a world of faults.
pub(crate) async fn people(world: &World) -> People {
    let alice = Device::sign_up(world, "alice").await;
    let bob = Device::sign_up(world, "bob").await.account;
    let carol = Device::sign_up(world, "carol").await.account;
    People { alice, bob, carol }
}

/// Starts everything again with a fault in it.
pub(crate) async fn begin(world: &mut World, fault: &str) {
    let fault = [("POD_FAULT", fault)];
    let _ = world.messenger.process().stop().await;
    if let Some(content) = &mut world.content {
        let _ = content.process().stop().await;
    }
    world.start_again_with(&fault, &fault).await;
}

/// Does the deed until a process dies at its fault, or the deed is done; says whether one died.
pub(crate) async fn until_death(world: &mut World, deed: impl Future<Output = ()>) -> bool {
    // The deed fails when its server dies: that is what is looked for.
    let deed = AssertUnwindSafe(deed).catch_unwind();
    tokio::select! {
        () = death(world) => return true,
        outcome = deed => if outcome.is_ok() { return one_is_dead(world) },
    }
    death(world).await;
    true
}

/// Waits until a process is dead.
pub(crate) async fn death(world: &mut World) {
    wait::until("a process to die", async || one_is_dead(world).then_some(())).await;
}

/// Whether a process is dead.
fn one_is_dead(world: &mut World) -> bool {
    let content = world.content.as_mut().is_some_and(|server| !server.process().runs());
    content || !world.messenger.process().runs()
}

/// Waits until both sides answer, or a process is dead already.
pub(crate) async fn ready_or_dead(world: &mut World, alice: &Device) {
    let look = async || {
        let answer = alice.request(reqwest::Method::GET, "/v1/groups").send().await;
        (one_is_dead(world) || answer.is_ok_and(|answer| answer.status().is_success())).then_some(())
    };
    wait::until("the files side to answer", look).await;
}

/// Starts everything again without a fault and waits until both sides answer.
pub(crate) async fn go_on(world: &mut World, alice: &Device) {
    world.messenger.process().kill().await;
    if let Some(content) = &mut world.content {
        content.process().kill().await;
    }
    world.start_again().await;
    ready_or_dead(world, alice).await;
}
