//! Fetches that break: what is told to whom, and that the next one goes on.

use super::*;
use pod_shared::limits::{DIRECT_RELAYED_MS_MAX, OFFER_PIECE_BYTES};

/// A gate that stops the sender after so many pieces.
fn after(pieces: u64) -> Arc<Gate> {
    Gate::new(pieces * OFFER_PIECE_BYTES)
}

async fn lost(device: &mut Device) -> Lost {
    soon("the sender hears of it", device.lost.recv()).await.unwrap()
}

/// Waits until so many pieces lie in the part file.
async fn arrived(offered: &Offered, pieces: u64) {
    soon("pieces", async {
        while std::fs::metadata(offered.part()).map_or(0, |part| part.len()) < pieces * OFFER_PIECE_BYTES {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_the_receiver_stops_goes_on_where_it_was() {
    let mut offered = Offered::through(6 * MIB, after(3)).await;
    let pull = offered.begin().await;
    arrived(&offered, 3).await;
    offered.receiver.direct.stop(offered.offer);
    assert_eq!(soon("the end", pull).await.unwrap(), Err(PullTrouble::Stopped));
    assert_eq!(lost(&mut offered.sender).await, Lost::Stopped);
    let before = offered.gate.taken();
    offered.gate.open.send_replace(u64::MAX);
    assert_eq!(offered.pull().await, Ok(()));
    offered.assert_whole();
    assert_eq!(offered.gate.taken() - before, 3 * MIB as u64, "only the rest");
}

#[tokio::test]
async fn a_dropped_fetch_is_a_stopped_one() {
    let mut offered = Offered::through(4 * MIB, after(1)).await;
    let pull = offered.begin().await;
    pull.abort();
    assert_eq!(lost(&mut offered.sender).await, Lost::Stopped);
    offered.gate.open.send_replace(u64::MAX);
    assert_eq!(offered.pull().await, Ok(()));
    offered.assert_whole();
}

#[tokio::test]
async fn what_the_sender_stops_is_lost_for_the_receiver_only() {
    let mut offered = Offered::through(4 * MIB, after(1)).await;
    let pull = offered.begin().await;
    arrived(&offered, 1).await;
    offered.sender.direct.stop(offered.offer);
    assert_eq!(soon("the end", pull).await.unwrap(), Err(PullTrouble::Lost));
    assert!(offered.sender.lost.try_recv().is_err(), "who stops knows it");
}

#[tokio::test]
async fn a_sender_that_ends_and_comes_back_goes_on() {
    let mut offered = Offered::through(6 * MIB, after(2)).await;
    let pull = offered.begin().await;
    arrived(&offered, 2).await;
    let again = Device::with(offered.sender.key.clone());
    let old = std::mem::replace(&mut offered.sender, again);
    let open = std::mem::take(&mut *old.offers.open.lock().unwrap());
    drop(old);
    assert_eq!(soon("the end", pull).await.unwrap(), Err(PullTrouble::Lost));
    *offered.sender.offers.open.lock().unwrap() = open;
    let before = offered.gate.taken();
    offered.gate.open.send_replace(u64::MAX);
    assert_eq!(offered.pull().await, Ok(()));
    offered.assert_whole();
    assert_eq!(offered.gate.taken() - before, 4 * MIB as u64);
}

#[tokio::test]
async fn a_newer_fetch_takes_the_place_of_the_one_before() {
    let offered = Offered::through(4 * MIB, after(1)).await;
    let first = offered.begin().await;
    arrived(&offered, 1).await;
    let second = offered.begin().await;
    assert_eq!(soon("the first", first).await.unwrap(), Err(PullTrouble::Stopped));
    offered.gate.open.send_replace(u64::MAX);
    assert_eq!(soon("the second", second).await.unwrap(), Ok(()));
    offered.assert_whole();
}

#[tokio::test]
async fn a_source_that_changes_on_the_way_is_never_stitched() {
    let mut offered = Offered::through(8 * MIB, after(2)).await;
    let pull = offered.begin().await;
    arrived(&offered, 2).await;
    let changed: Vec<u8> = offered.bytes.iter().map(|byte| byte ^ 1).collect();
    write(&offered.source(), &changed);
    offered.gate.open.send_replace(u64::MAX);
    assert_eq!(soon("the end", pull).await.unwrap(), Err(PullTrouble::SourceChanged));
    assert_eq!(lost(&mut offered.sender).await, Lost::Changed);
    let part = std::fs::read(offered.part()).unwrap();
    assert!(part == offered.bytes[..part.len()], "a byte of the other file was written");
    assert_eq!(offered.pull().await, Err(PullTrouble::SourceChanged), "and the next one is not begun");
}

#[tokio::test]
async fn a_source_that_became_short_or_vanished_is_another_one() {
    let mut offered = Offered::new(3 * MIB).await;
    write(&offered.source(), b"short");
    assert_eq!(offered.pull().await, Err(PullTrouble::SourceChanged));
    assert_eq!(lost(&mut offered.sender).await, Lost::Changed);
    std::fs::remove_file(offered.source()).unwrap();
    assert_eq!(offered.pull().await, Err(PullTrouble::SourceChanged));
    assert_eq!(lost(&mut offered.sender).await, Lost::Changed);
}

#[tokio::test]
async fn an_offer_of_another_file_is_not_taken_for_this_one() {
    let offered = Offered::new(2 * MIB).await;
    let mut ask = offered.ask().await;
    ask.manifest_root[0] ^= 1;
    let pull = offered.receiver.direct.pull(ask, mpsc::channel(1).0);
    assert_eq!(soon("the end", pull).await, Err(PullTrouble::SourceChanged));
    let mut ask = offered.ask().await;
    ask.size += 1;
    let pull = offered.receiver.direct.pull(ask, mpsc::channel(1).0);
    assert_eq!(soon("the end", pull).await, Err(PullTrouble::SourceChanged));
}

#[tokio::test]
async fn wrong_bytes_are_not_written() {
    let mut offered = Offered::new(3 * MIB).await;
    // The sender's disk gives other bytes than it did, and says nothing.
    let mut other = offered.bytes.clone();
    other[MIB + 9] ^= 1;
    write(&offered.source(), &other);
    let (_, _, stamp) = read_through(&offered.source(), &|| false).unwrap();
    offered.change(|source| source.stamp = stamp);
    assert_eq!(offered.pull().await, Err(PullTrouble::Wrong));
    assert_eq!(lost(&mut offered.sender).await, Lost::Wrong);
    assert!(std::fs::read(offered.part()).unwrap() == offered.bytes[..MIB]);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_is_told_to_both() {
    let mut offered = Offered::new(3 * MIB).await;
    let mut ask = offered.ask().await;
    ask.part = "/dev/full".into();
    let pull = offered.receiver.direct.pull(ask, mpsc::channel(1).0);
    assert_eq!(soon("the end", pull).await, Err(PullTrouble::Disk(ErrorCode::DiskFull)));
    assert_eq!(lost(&mut offered.sender).await, Lost::Disk);
}

#[tokio::test]
async fn a_folder_in_the_place_of_the_part_file_is_told() {
    let mut offered = Offered::new(MIB).await;
    std::fs::create_dir(offered.part()).unwrap();
    assert_eq!(offered.pull().await, Err(PullTrouble::Disk(ErrorCode::FileUnreadable)));
    assert_eq!(lost(&mut offered.sender).await, Lost::Disk);
}

#[tokio::test]
async fn where_nobody_is_there_is_no_way() {
    let mut offered = Offered::new(MIB).await;
    let mut ask = offered.ask().await;
    drop(std::mem::replace(&mut offered.sender, Device::new()));
    ask.wait = Duration::from_millis(300);
    let pull = offered.receiver.direct.pull(ask.clone(), mpsc::channel(1).0);
    assert_eq!(soon("the end", pull).await, Err(PullTrouble::NoWay));
    ask.peer_endpoint = b"no endpoint".to_vec();
    let pull = offered.receiver.direct.pull(ask.clone(), mpsc::channel(1).0);
    assert_eq!(soon("the end", pull).await, Err(PullTrouble::NoWay));
    let pull = Direct::nowhere().pull(ask, mpsc::channel(1).0);
    assert_eq!(soon("the end", pull).await, Err(PullTrouble::NoWay));
}

#[tokio::test]
async fn a_relay_alone_is_no_way() {
    let offered = Offered::new(MIB).await;
    let mut ask = offered.ask().await;
    let key = peer_key(&ask.peer_endpoint).unwrap();
    // A relay that nobody answers at; one that answers is waited at no longer.
    let relay = Some("http://127.0.0.1:9/".to_owned());
    ask.peer_endpoint = crate::direct::address::Address { key, sockets: Vec::new(), relay }.write();
    ask.wait = Duration::from_millis(DIRECT_RELAYED_MS_MAX);
    let pull = offered.receiver.direct.pull(ask, mpsc::channel(1).0);
    assert_eq!(soon("the end", pull).await, Err(PullTrouble::NoWay));
    assert_eq!(offered.gate.taken(), 0);
}
