//! A file for a person who is away, across both halves: the messenger keeps the offer, the content service the bytes.

use base64::{Engine, engine::general_purpose::STANDARD};
use pod_shared::bytes::ByteString;
use pod_shared::content::{ForwardNew, ForwardOffset, PIECE_BYTES};
use pod_shared::offer::{OfferEnd, OfferRequest, OfferStep};
use pod_shared::socket::{Request, ServerFrame};
use pod_shared::{ErrorCode, OfferId};
use pod_tests::device::{Device, location, refusal, refused, taken};
use pod_tests::{Socket, World, both_ways, wait};
use reqwest::{Method, StatusCode};
use sha2::{Digest, Sha256};
use uuid::Uuid;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn film() -> Vec<u8> {
    (0..PIECE_BYTES * 2 + 999).map(|at| (at * 7 % 251) as u8).collect()
}

/// Brings the file from this byte on.
async fn bring(sender: &Device, to: &Device, offer: OfferId, from: u64) {
    let film = film();
    let pieces: Vec<u8> = film
        .chunks(usize::try_from(PIECE_BYTES).unwrap())
        .flat_map(|piece| *blake3::hash(piece).as_bytes())
        .collect();
    let new = ForwardNew {
        to: to.account,
        size: film.len() as u64,
        from,
        sha256: hex(&Sha256::digest(&film)),
        manifest: blake3::hash(&pieces).to_hex().to_string(),
    };
    let path = format!("/v1/forwards/{offer}");
    let said = sender.request(Method::PUT, &path).json(&new).send().await.unwrap();
    assert_eq!(taken::<ForwardOffset>(said).await.offset, 0);
    let brought = sender.request(Method::PUT, &format!("{path}/manifest")).body(pieces).send().await.unwrap();
    assert_eq!(brought.status(), StatusCode::NO_CONTENT);
    let metadata = format!("offer {}", STANDARD.encode(offer.to_string()));
    let upload = location(&sender.new_upload_with(&metadata, new.size - from).await);
    let rest = film[usize::try_from(from).unwrap()..].to_vec();
    let sent = sender.append(&upload, 0, rest).await;
    assert_eq!(sent.status(), StatusCode::NO_CONTENT, "{:?}", sent.text().await);
}

/// The bytes are dropped, as soon as the messenger said so.
async fn is_dropped(who: &Device, offer: OfferId) {
    let gone = async || {
        let answer = who.get(&format!("/v1/forwards/{offer}")).await;
        (!answer.status().is_success()).then_some(answer)
    };
    let answer = wait::until("the bytes to be dropped", gone).await;
    assert_eq!(refusal(answer).await.code, ErrorCode::Gone);
}

both_ways!(a_forwarded_file_waits_for_its_receiver_and_goes_when_it_is_fetched, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let bob = Device::sign_up(world, "bob").await;
    let (mut sender, _) = Socket::open(&alice, None).await;
    let room = sender.make_room("Film", &[bob.account]).await;
    let there = async || alice.get(&format!("/v1/groups/{room}")).await.status().is_success().then_some(());
    wait::until("the folder of the room", there).await;
    let (offer, from) = (OfferId(Uuid::now_v7()), 0);
    let body = ByteString(b"opaque".to_vec());
    let ask = OfferRequest::Ask { offer, to: bob.account, body, round: 1 };
    sender.ask(Request::Offer(ask)).await.unwrap();
    sender.ask(Request::Offer(OfferRequest::Forward { offer, from })).await.unwrap();
    bring(&alice, &bob, offer, from).await;
    let forwarded = |frame| match frame {
        ServerFrame::Offer { offer: state } if state.step == (OfferStep::Forwarded { from }) => Some(state),
        _ => None,
    };
    let state = sender.next_where("that it waits for its receiver", forwarded).await;
    assert_eq!((state.offer, state.until.is_some()), (offer, true));
    drop(sender);

    // The sender is gone; the receiver comes, and fetches it.
    let (mut receiver, _) = Socket::open(&bob, None).await;
    receiver.ask(Request::Offer(OfferRequest::Accept { offer, round: 1 })).await.unwrap();
    let content = bob.get(&format!("/v1/forwards/{offer}/content")).await;
    assert!(content.bytes().await.unwrap() == film());
    receiver.ask(Request::Offer(OfferRequest::End { offer, how: OfferEnd::Done })).await.unwrap();
    is_dropped(&bob, offer).await;
    refused(bob.get(&format!("/v1/forwards/{offer}/content")).await, ErrorCode::Gone).await;
});

both_ways!(bytes_that_belong_to_no_offer_of_their_sender_are_dropped, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let bob = Device::sign_up(world, "bob").await;
    let (mut sender, _) = Socket::open(&alice, None).await;
    let room = sender.make_room("Film", &[bob.account]).await;
    let there = async || bob.get(&format!("/v1/groups/{room}")).await.status().is_success().then_some(());
    wait::until("the folder of the room", there).await;
    let unknown = OfferId(Uuid::now_v7());
    bring(&alice, &bob, unknown, 0).await;
    is_dropped(&alice, unknown).await;
    // An offer of Alice, in whose name Bob brings something.
    let offer = OfferId(Uuid::now_v7());
    let ask = OfferRequest::Ask { offer, to: bob.account, body: ByteString(vec![1]), round: 1 };
    sender.ask(Request::Offer(ask)).await.unwrap();
    bring(&bob, &alice, offer, PIECE_BYTES).await;
    is_dropped(&bob, offer).await;
});
