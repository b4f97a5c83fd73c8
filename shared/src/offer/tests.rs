//! The body of an offer: what is sealed opens and fits its limit, what a newer Pod sealed is left alone, no name is shown.

use super::{OfferBody, OfferState, OfferStep, Sealed};
use crate::bytes::ByteString;
use crate::socket::{Answer, ClientFrame, ServerFrame};
use crate::{AccountId, DeviceId, ErrorCode, OfferId, TimeMs, Txn, limits, wire};
use proptest::prelude::*;
use uuid::Uuid;

fn body(name: String) -> OfferBody {
    OfferBody {
        name,
        size: u64::MAX,
        sha256: "ab".repeat(32),
        manifest: [255; 32],
        batch: OfferId(Uuid::max()),
        auto: true,
    }
}

#[test]
fn a_body_of_a_newer_version_stays_closed() {
    let newer = Sealed { v: 2, offer: body("a.txt".into()) };
    assert_eq!(OfferBody::open(&ByteString(wire::encode(&newer).unwrap())), None);
    assert_eq!(OfferBody::open(&ByteString(Vec::new())), None);
}

#[test]
fn the_longest_name_fits_into_a_body() {
    let sealed = body("n".repeat(limits::ENTRY_NAME_BYTES_MAX)).seal().unwrap();
    assert!(sealed.0.len() <= limits::OFFER_BODY_BYTES_MAX, "{} bytes", sealed.0.len());
}

#[test]
fn the_largest_parts_and_endpoints_fit_into_their_frames() {
    let largest = OfferState {
        offer: OfferId(Uuid::max()),
        from: AccountId(Uuid::max()),
        from_device: DeviceId(Uuid::max()),
        to: AccountId(Uuid::max()),
        to_device: Some(DeviceId(Uuid::max())),
        body: ByteString(vec![255; limits::OFFER_BODY_BYTES_MAX]),
        round: u32::MAX,
        step: OfferStep::Failed { code: ErrorCode::InterlockStale },
        at: TimeMs(i64::MAX),
        until: Some(TimeMs(i64::MAX)),
        txn: Txn(u64::MAX),
    };
    let offers = vec![largest; limits::SYNC_OFFERS_PER_PART_MAX];
    let part = wire::encode(&ServerFrame::SyncOffers { offers, all: true }).unwrap();
    assert!(part.len() <= limits::SERVER_FRAME_BYTES_MAX, "{} bytes", part.len());
    let endpoint = ByteString(vec![255; limits::ENDPOINT_BYTES_MAX]);
    let said = wire::encode(&ClientFrame::Endpoint { endpoint: endpoint.clone() }).unwrap();
    assert!(said.len() <= limits::CLIENT_FRAME_BYTES_MAX);
    let peer = Answer::Peer { device: Some(DeviceId(Uuid::max())), online: true, endpoint: Some(endpoint) };
    let told = wire::encode(&ServerFrame::Answer { request: u64::MAX, result: Ok(peer) }).unwrap();
    assert!(told.len() <= limits::SERVER_FRAME_BYTES_MAX);
}

#[test]
fn the_largest_file_is_whole_pieces_and_its_manifest_fits_into_memory() {
    assert_eq!(limits::FILE_BYTES_MAX % limits::OFFER_PIECE_BYTES, 0);
    const { assert!(limits::FILE_BYTES_MAX / limits::OFFER_PIECE_BYTES * 32 <= 32 * 1024 * 1024) };
}

#[test]
fn the_name_of_an_offered_file_never_shows_in_debug_output() {
    let offer = body("the secret plan.odt".into());
    let shown = format!("{offer:?} {:?}", offer.seal().unwrap());
    assert!(!shown.contains("secret"), "{shown}");
}

proptest! {
    #[test]
    fn a_sealed_body_opens_as_it_was(name in any::<String>(), size: u64, manifest: [u8; 32], auto: bool) {
        let offer = OfferBody { size, manifest, auto, ..body(name) };
        prop_assert_eq!(OfferBody::open(&offer.seal().unwrap()), Some(offer));
    }
}
