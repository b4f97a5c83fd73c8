//! Who may offer to whom without a room: contacts, straight and through the server; nobody else, at either service.

use crate::contacts::befriend;
use crate::offers::MIB;
use crate::seen;
use pod_shared::contact::{ContactAnswer, ContactRequest};
use pod_shared::content::ForwardNew;
use pod_shared::limits::OFFER_PIECE_BYTES;
use pod_shared::offer::{OfferBody, OfferRequest};
use pod_shared::socket::Request;
use pod_shared::{AccountId, ErrorCode, OfferId};
use pod_tests::device::{Device, refusal};
use pod_tests::offers::{arrived, offered, text, told, transfer};
use pod_tests::{Socket, World, both_ways, wait};
use reqwest::Method;
use uuid::Uuid;

both_ways!(a_file_goes_to_a_contact_without_a_room, async |world: &mut World| {
    let (mut alice, mut bob) = (world.alice().await, world.bob().await);
    befriend(&alice, &bob).await;
    assert!(alice.run(&["rooms", "list"]).await.is_empty(), "they share nothing");
    let (straight, away) = (world.folder().join("straight.bin"), world.folder().join("away.bin"));
    let bytes = [seen::bytes(2 * MIB + 5), seen::bytes(3 * MIB + 7)];
    std::fs::write(&straight, &bytes[0]).unwrap();
    std::fs::write(&away, &bytes[1]).unwrap();
    let dests = ["one", "two"].map(|name| world.folder().join(name));
    dests.iter().for_each(|dest| std::fs::create_dir(dest).unwrap());

    let offering = alice.begin(&["offer", "bob", text(&straight)]);
    offered(&bob, "straight.bin", "asked").await;
    let taken = bob.run(&["accept", "straight.bin", "--to", text(&dests[0])]).await;
    assert!(told(&taken[0], "direct"), "{taken:?}");
    arrived(&dests[0], "straight.bin", &bytes[0]);
    drop(offering.await.unwrap().all());

    bob.close().await;
    alice.run(&["settings", "set", "transfers.wait_s", "1"]).await;
    let sent = alice.run(&["offer", "bob", text(&away)]).await;
    assert!(told(&sent[0], "forwarded"), "{sent:?}");
    alice.close().await;
    bob.open().await;
    offered(&bob, "away.bin", "forwarded").await;
    bob.run(&["accept", "away.bin", "--to", text(&dests[1])]).await;
    arrived(&dests[1], "away.bin", &bytes[1]);
    alice.open().await;
    transfer(&alice, "away.bin", "done", |row| row["state"] == "done").await;
    alice.close().await;
    bob.close().await;
});

fn ask(offer: OfferId, to: AccountId, round: u32) -> OfferRequest {
    let body = OfferBody {
        name: "film.bin".into(),
        size: 1,
        sha256: "0".repeat(64),
        manifest: [0; 32],
        batch: offer,
        auto: false,
    };
    OfferRequest::Ask { offer, to, body: body.seal().unwrap(), round }
}

fn rest(to: AccountId) -> ForwardNew {
    ForwardNew { to, size: 1, from: 0, sha256: "0".repeat(64), manifest: "0".repeat(64) }
}

/// What the content service says to who has a rest for somebody.
async fn put(by: &Device, offer: OfferId, to: AccountId) -> Result<(), ErrorCode> {
    let put = by.request(Method::PUT, &format!("/v1/forwards/{offer}")).json(&rest(to)).send().await.unwrap();
    if put.status().is_success() { Ok(()) } else { Err(refusal(put).await.code) }
}

both_ways!(who_is_no_contact_is_offered_nothing_and_gets_nothing_kept, async |world: &mut World| {
    let (alice, bob) = (Device::sign_up(world, "alice").await, Device::sign_up(world, "bob").await);
    let eve = Device::sign_up(world, "eve").await;
    let (mut a, _) = Socket::open(&alice, None).await;
    let (mut b, _) = Socket::open(&bob, None).await;
    let offer = OfferId(Uuid::now_v7());
    let asked = ContactRequest::Ask { account: bob.account, text: String::new(), round: 1 };
    a.ask(Request::Contact(asked)).await.unwrap();
    // Who asked to be a contact is none.
    assert_eq!(a.offer(ask(offer, bob.account, 1)).await.unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(put(&alice, offer, bob.account).await, Err(ErrorCode::NotFound));
    let how = ContactAnswer::Accept;
    b.ask(Request::Contact(ContactRequest::Answer { account: alice.account, round: 1, how })).await.unwrap();
    a.offer(ask(offer, bob.account, 1)).await.unwrap();
    // The content service waits for the messenger's word, which comes when the rest is to go that way.
    assert_eq!(put(&alice, offer, bob.account).await, Err(ErrorCode::NotFound));
    a.offer(OfferRequest::Forward { offer, from: 0 }).await.unwrap();
    wait::until("the content service to hear of it", async || put(&alice, offer, bob.account).await.ok())
        .await;
    // It is for these two and this offer.
    assert_eq!(put(&alice, OfferId(Uuid::now_v7()), bob.account).await, Err(ErrorCode::NotFound));
    assert!(put(&eve, offer, bob.account).await.is_err());
    assert!(put(&alice, offer, eve.account).await.is_err());
    // Who is a contact no longer is neither asked nor sent to.
    b.ask(Request::Contact(ContactRequest::Remove { account: alice.account })).await.unwrap();
    let asked = a.offer(ask(offer, bob.account, 2)).await.unwrap_err().code;
    assert_eq!(asked, ErrorCode::NotFound);
    let forwarded = a.offer(OfferRequest::Forward { offer, from: OFFER_PIECE_BYTES }).await.unwrap_err().code;
    assert_eq!(forwarded, ErrorCode::Conflict, "no device has the beginning");
    b.offer(OfferRequest::Decline { offer }).await.unwrap();
    wait::until("the word to be taken back", async || {
        (put(&alice, offer, bob.account).await == Err(ErrorCode::Gone)).then_some(())
    })
    .await;
});
