//! The reconnect of a real pod: each time another process on a profile with everything in its cache.

use super::crowd::Crowd;
use super::tap::Tap;
use super::wire::{Cost, of_pod};
use super::{CHANGES, CONTACTS, DAY_OF_CHANGES, RUNS, report};
use crate::account::people;
use crate::host::{Process, pass};
use crate::person::Person;
use anyhow::{Context, ensure};
use pod_shared::sync::SyncKind;
use std::time::{Duration, Instant};

/// A pod that is not back after this long will not be.
const BACK_MAX: Duration = Duration::from_secs(60);
/// What a pod says in this time after its sync is reported apart.
const AFTER: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(2);
/// Who killed a pod waits until its server has noticed.
const NOTICED: Duration = Duration::from_millis(300);

/// What is measured with.
struct Scene {
    server: Process,
    tap: Tap,
    crowd: Crowd,
    pod: Person,
}

/// Everything, one line each.
pub(super) async fn run() -> anyhow::Result<()> {
    let server = Process::pod_server()?;
    let accounts = people(&server.address, CONTACTS + 1).await?;
    let tap = Tap::to(&server.address).await?;
    let crowd = Crowd::gather(&accounts).await?;
    let url = format!("http://{}", tap.address());
    let name = "person0";
    let pod = Person::sign_in(&url, name, server.folder.path().join("profile"))?;
    let mut scene = Scene { server, tap, crowd, pod };

    let first = Person::sign_in(&url, name, scene.server.folder.path().join("first"))?;
    let full = scene.back(first, SyncKind::Full).await?;
    report("pod", "first full sync", CONTACTS, vec![full]);

    // The profile itself: its first sync is not measured.
    scene.returns(SyncKind::Full).await?;
    for changes in CHANGES {
        let mut costs = Vec::new();
        for _ in 0..RUNS {
            scene.crowd.change(changes).await?;
            costs.push(scene.returns(kind(changes)).await?);
        }
        report("pod", "reconnect", changes, costs);
    }
    for changes in CHANGES {
        scene.server.restart_pod_server()?;
        scene.crowd.come_back().await?;
        scene.crowd.change(changes).await?;
        let cost = scene.returns(kind(changes)).await?;
        report("pod", "after a server restart", changes, vec![cost]);
    }
    for _ in 0..DAY_OF_CHANGES {
        scene.crowd.change(CONTACTS).await?;
    }
    let cost = scene.returns(SyncKind::Delta).await?;
    report("pod", "a day of changes", CONTACTS * DAY_OF_CHANGES, vec![cost]);
    Ok(())
}

fn kind(changes: usize) -> SyncKind {
    if changes == 0 { SyncKind::Null } else { SyncKind::Delta }
}

impl Scene {
    /// The pod is started, comes back, and is killed; it must then show everybody as they are.
    async fn returns(&mut self, kind: SyncKind) -> anyhow::Result<Cost> {
        let profile = self.pod.profile.clone();
        let pod = Person::of(profile);
        self.back(pod, kind).await
    }

    async fn back(&self, mut pod: Person, kind: SyncKind) -> anyhow::Result<Cost> {
        self.tap.forget();
        pod.start()?;
        let deadline = Instant::now() + BACK_MAX;
        while !self.tap.lines().iter().any(|line| of_pod(line).is_some()) {
            ensure!(Instant::now() < deadline, "the pod does not come back");
            pass(LOOK).await;
        }
        pass(AFTER).await;
        let cost = self.tap.lines().iter().find_map(of_pod).context("no sync went over the wire")?;
        ensure!(cost.kind == Some(kind), "the sync was {:?}, not {kind:?}", cost.kind);
        let shown = pod.ask(&["contacts", "list"])?;
        let busy = shown.iter().filter(|one| one["presence"]["state"] == "busy").count();
        ensure!(busy == self.crowd.busy(), "{busy} are shown as busy, not {}", self.crowd.busy());
        pod.close();
        pass(NOTICED).await;
        Ok(cost)
    }
}
