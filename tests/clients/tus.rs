//! Uploads over tus by tus-js-client and tuspy: cut on the way, and killed on the way.

use crate::program::{Client, MIB, Parcel, said};
use pod_shared::content::EntryPage;
use pod_tests::device::taken;
use pod_tests::proxy::Weather;
use pod_tests::{World, both_ways};
use sha2::{Digest, Sha256};

const SIZE: usize = 16 * MIB + 5;
const CUT_AFTER: usize = 6 * MIB;
/// The file, and what the cut swallowed: a client that began anew would send what came before the cut again.
const SENT_MAX: u64 = (SIZE + 2 * MIB) as u64;

both_ways!(tus_js_client_goes_on_after_a_cut, async |world: &mut World| {
    goes_on_after_a_cut(world, Client::Js).await;
});

both_ways!(tuspy_goes_on_after_a_cut, async |world: &mut World| {
    goes_on_after_a_cut(world, Client::Python).await;
});

both_ways!(tus_js_client_goes_on_in_another_life, async |world: &mut World| {
    goes_on_in_another_life(world, Client::Js).await;
});

both_ways!(tuspy_goes_on_in_another_life, async |world: &mut World| {
    goes_on_in_another_life(world, Client::Python).await;
});

async fn goes_on_after_a_cut(world: &mut World, client: Client) {
    let parcel = Parcel::new(world, SIZE).await;
    let way = world.way_to_content();
    let before = way.bytes_up();
    way.set(Weather::CutAfterUp(CUT_AFTER as u64));
    let mut uploading = parcel.upload(world, client, "cut.bin");
    way.was_cut().await;
    way.set(Weather::Fair);
    let ended = uploading.ended().await;
    assert!(ended.success(), "{ended}: {:?}\n{}", said(&uploading), uploading.log_tail());
    arrived(world, &parcel, "cut.bin", before).await;
}

async fn goes_on_in_another_life(world: &mut World, client: Client) {
    let parcel = Parcel::new(world, SIZE).await;
    let way = world.way_to_content();
    let before = way.bytes_up();
    way.set(Weather::CutAfterUp(CUT_AFTER as u64));
    let mut first = parcel.upload(world, client, "killed.bin");
    way.was_cut().await;
    first.kill().await;
    way.set(Weather::Fair);
    let mut second = parcel.upload(world, client, "killed.bin");
    let ended = second.ended().await;
    assert!(ended.success(), "{ended}: {:?}\n{}", said(&second), second.log_tail());
    arrived(world, &parcel, "killed.bin", before).await;
}

/// The file is there once, byte-equal, and was not sent twice.
async fn arrived(world: &World, parcel: &Parcel, name: &str, before: u64) {
    let sent = world.way_to_content().bytes_up() - before;
    assert!(sent < SENT_MAX, "{sent} bytes went up for {SIZE}: it began anew");
    let page: EntryPage = taken(parcel.amy.get(&format!("/v1/rooms/{}/entries", parcel.room)).await).await;
    let names: Vec<&str> = page.entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, [name]);
    let entry = &page.entries[0];
    let digest: String = Sha256::digest(&parcel.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(entry.digest.to_string(), digest);
    let content = parcel.amy.get(&format!("/v1/entries/{}/content", entry.id)).await;
    assert!(content.bytes().await.unwrap() == parcel.bytes, "the bytes differ");
}
