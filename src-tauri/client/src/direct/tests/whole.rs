//! Files that arrive.

use super::*;

#[tokio::test]
async fn files_of_all_sizes_arrive_and_both_sides_know() {
    for size in [0, 1, MIB - 1, MIB, 5 * MIB + 17] {
        let mut offered = Offered::new(size).await;
        assert_eq!(offered.pull().await, Ok(()), "{size} bytes");
        offered.assert_whole();
        offered.sender.acked(size as u64).await;
        assert_eq!(offered.gate.taken(), size as u64);
        assert!(offered.sender.lost.try_recv().is_err(), "nothing was lost");
    }
}

#[tokio::test]
async fn progress_begins_with_what_is_there_and_ends_with_the_whole() {
    let offered = Offered::new(6 * MIB).await;
    write(&offered.part(), &offered.bytes[..2 * MIB]);
    let (told, mut hears) = mpsc::channel(1);
    let pull = tokio::spawn(offered.receiver.direct.pull(offered.ask().await, told));
    let mut all = Vec::new();
    while let Some(bytes) = soon("progress", hears.recv()).await {
        all.push(bytes);
    }
    assert_eq!(soon("the end", pull).await.unwrap(), Ok(()));
    assert_eq!((all.first(), all.last()), (Some(&(2 * MIB as u64)), Some(&(6 * MIB as u64))));
    assert!(all.is_sorted(), "{all:?}");
}

#[tokio::test]
async fn only_what_is_missing_is_sent_again() {
    let offered = Offered::new(9 * MIB + 5).await;
    let mut left = offered.bytes[..7 * MIB + 100].to_vec();
    left[3 * MIB + 5] ^= 0xff;
    write(&offered.part(), &left);
    assert_eq!(offered.pull().await, Ok(()));
    offered.assert_whole();
    // The damaged piece, the one that was half there, and the two after it.
    assert_eq!(offered.gate.taken(), 3 * MIB as u64 + 5);
}

#[tokio::test]
async fn a_file_that_is_there_already_costs_nothing() {
    let offered = Offered::new(3 * MIB).await;
    write(&offered.part(), &offered.bytes);
    assert_eq!(offered.pull().await, Ok(()));
    assert_eq!(offered.gate.taken(), 0);
    offered.sender.acked(3 * MIB as u64).await;
}

#[tokio::test]
async fn both_sides_may_slow_it_down() {
    let offered = Offered::through(3 * MIB, Gate::new(MIB as u64)).await;
    let mut ask = offered.ask().await;
    let down = Gate::wide();
    ask.pace = Arc::clone(&down) as Arc<dyn Pace>;
    let pull = tokio::spawn(offered.receiver.direct.pull(ask, mpsc::channel(1).0));
    let held = soon("the sender's gate", async {
        while offered.gate.taken() <= MIB as u64 {
            tokio::task::yield_now().await;
        }
    });
    held.await;
    assert!(!pull.is_finished() && down.taken() <= MIB as u64);
    offered.gate.open.send_replace(u64::MAX);
    assert_eq!(soon("the end", pull).await.unwrap(), Ok(()));
    assert_eq!((offered.gate.taken(), down.taken()), (3 * MIB as u64, 3 * MIB as u64));
}

#[tokio::test]
async fn many_files_go_over_one_connection() {
    let offered = Offered::new(100).await;
    let peer = offered.receiver.peer_key().await;
    let mut pulls = Vec::new();
    for number in 0..40 {
        let path = offered.folder.path().join(format!("source {number}"));
        write(&path, format!("file {number}").as_bytes());
        let (_, manifest, stamp) = read_through(&path, &|| false).unwrap();
        let (manifest, pace) = (Arc::new(manifest), Arc::new(Unpaced));
        let mut ask = offered.ask().await;
        (ask.offer, ask.size, ask.manifest_root) = (offer(), manifest.size(), manifest.root());
        ask.part = offered.folder.path().join(format!("part {number}"));
        let source = Source { path, stamp, manifest, pace };
        offered.sender.offers.open.lock().unwrap().insert(ask.offer, (peer, source));
        pulls.push((number, ask));
    }
    // Eight at a time, as a queue does.
    for pulls in pulls.chunks(8) {
        let running =
            pulls.iter().map(|(_, ask)| offered.receiver.direct.pull(ask.clone(), mpsc::channel(1).0));
        for done in soon("the fetches", futures_util::future::join_all(running)).await {
            assert_eq!(done, Ok(()));
        }
    }
    for (number, ask) in pulls {
        assert_eq!(std::fs::read_to_string(ask.part).unwrap(), format!("file {number}"));
    }
}
