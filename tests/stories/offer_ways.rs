//! Offers that change their way: a content that the server has is not sent.

use crate::offers::{MIB, arrived, offered, text, told, two};
use crate::seen;
use pod_tests::{World, both_ways};

both_ways!(what_the_server_has_is_kept_for_who_is_away_without_being_sent, async |world: &mut World| {
    let (mut alice, mut bob, bytes, source, dest) = two(world, 6 * MIB + 1).await;
    alice.run(&["files", "Attic", "put", text(&source)]).await;
    seen::room(&bob, "Attic", "with its folder", |room| room["has_folder"] == true).await;
    bob.close().await;
    alice.run(&["settings", "set", "transfers.wait_s", "1"]).await;
    let before = world.way_to_content().bytes_up();
    let sent = alice.run(&["offer", "bob", text(&source)]).await;
    assert!(told(&sent[0], "forwarded"), "{sent:?}");
    let up = world.way_to_content().bytes_up() - before;
    assert!(up < MIB as u64, "{up} bytes went up");
    alice.close().await;
    bob.open().await;
    offered(&bob, "forwarded").await;
    bob.run(&["accept", "film.bin", "--to", text(&dest)]).await;
    arrived(&dest, &bytes);
    bob.close().await;
});
