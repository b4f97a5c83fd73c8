//! Straight to a person, over a cable between two network namespaces; its bytes are counted on the cable itself.

use super::point::{MIB, Others, Plan, Point, Victim, Wire};
use crate::town::Town;
use pod_tests::offers::{arrived, names, rows, told, transfer_within};
use pod_tests::wait;
use std::path::Path;

/// Bytes in a second.
const PACE: &str = "12582912";
/// Files for which one town is used.
const LAPS_IN_A_TOWN: u64 = 8;
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_killed_a_file_from_hand_to_hand_arrives_once() {
    let mut plan = Plan::of("straight", 3);
    let mut lap = 0;
    while lap < plan.laps {
        let until = (lap + LAPS_IN_A_TOWN).min(plan.laps);
        let mut town = Town::new("kills-straight").await;
        town.alice.run(&["settings", "set", "transfers.up_limit", PACE]).await;
        for lap in lap..until {
            hand_over(&mut town, &mut plan, lap).await;
        }
        town.end([]).await;
        lap = until;
    }
}

async fn hand_over(town: &mut Town, plan: &mut Plan, lap: u64) {
    let (name, bytes) = (format!("film {lap}.bin"), plan.bytes());
    let (source, size) = (town.source(&name, &bytes), bytes.len() as u64);
    let point = plan.point(&[Victim::Sender, Victim::Receiver, Victim::Server], lap);
    plan.tell("straight", point);
    let before = (town.ground.left.sent_by("cable").await, town.ground.left.sent_by("left").await);
    let asked = town.offer(&source).await;
    has(&town.here(), &name, point.at).await;
    strike(town, point).await;
    let row = transfer_within(plan.patience(), &town.bob, &name, "done", |row| row["state"] == "done").await;
    assert!(told(&row, "direct") || told(&row, "resumed"), "{row}");
    transfer_within(plan.patience(), &town.alice, &name, "done", |row| row["state"] == "done").await;
    arrived(&town.here(), &name, &bytes);
    assert_eq!((rows(&town.alice, &name).await.len(), rows(&town.bob, &name).await.len()), (1, 1));
    let straight = town.ground.left.sent_by("cable").await - before.0;
    plan.assert_hardly_more(Wire::QUIC, straight, size);
    let through = town.ground.left.sent_by("left").await - before.1;
    assert!(through < MIB, "{through} bytes went to the server");
    for asked in asked {
        asked.await.unwrap();
    }
    town.server.is_clean().await;
    std::fs::remove_file(source).unwrap();
    std::fs::remove_file(town.here().join(name)).unwrap();
}

/// Waits until so many bytes of the file are at the receiver, or all of it.
async fn has(folder: &Path, name: &str, bytes: u64) {
    let there = async || {
        let all = names(folder);
        let is_part = |found: &&String| found.starts_with(name) && found.ends_with(".pod-part");
        let part = all.iter().find(is_part);
        let length = part.and_then(|part| std::fs::metadata(folder.join(part)).ok()).map(|about| about.len());
        (length.is_some_and(|length| length >= bytes) || all.iter().any(|found| found == name)).then_some(())
    };
    wait::until("the bytes of the point at the receiver", there).await;
}

async fn strike(town: &mut Town, point: Point) {
    let die = point.others == Others::Die;
    let dies = |who| die || point.victim == who;
    // The victim first.
    match point.victim {
        Victim::Sender => town.alice.kill().await,
        Victim::Receiver => town.bob.kill().await,
        Victim::Server => town.server.process().kill().await,
    }
    if dies(Victim::Server) && point.victim != Victim::Server {
        town.server.process().kill().await;
    }
    if dies(Victim::Sender) && point.victim != Victim::Sender {
        town.alice.kill().await;
    }
    if dies(Victim::Receiver) && point.victim != Victim::Receiver {
        town.bob.kill().await;
    }
    if dies(Victim::Server) {
        town.server.start_again(&[]).await;
    }
    if dies(Victim::Sender) {
        town.alice.open().await;
    }
    if dies(Victim::Receiver) {
        town.bob.open().await;
    }
}
