//! Offers on real processes, in both arrangements: what the messenger and the content service tell each other of a file for
//! somebody who is away, over power cuts and with the way between the two gone; and who cannot put a file under the
//! offer of another.

use pod_client::direct::{Manifest, read_through};
use pod_shared::content::{ForwardNew, ForwardState, Group};
use pod_shared::offer::{OfferBody, OfferEnd, OfferRequest, OfferStep};
use pod_shared::socket::Answer;
use pod_shared::{AccountId, ErrorCode, OfferId, UploadId};
use pod_tests::device::{Device, location, refusal, refused, taken};
use pod_tests::proxy::Weather;
use pod_tests::{Arrangement, Socket, World, both_ways, wait};
use reqwest::{Method, StatusCode};
use std::collections::HashSet;
use uuid::Uuid;

/// A file that one person has for another.
struct Gift {
    offer: OfferId,
    bytes: Vec<u8>,
    sha256: String,
    manifest: Manifest,
}

impl Gift {
    fn of(world: &World, size: usize) -> Self {
        let bytes: Vec<u8> = (0..size).map(|at| u8::try_from(at / 3 % 251).unwrap()).collect();
        let path = world.folder().join("the film.mkv");
        std::fs::write(&path, &bytes).unwrap();
        let (sha256, manifest, _) = read_through(&path, &|| false).unwrap();
        Self { offer: OfferId(Uuid::now_v7()), bytes, sha256, manifest }
    }

    fn ask(&self, to: AccountId) -> OfferRequest {
        let body = OfferBody {
            name: "the film.mkv".into(),
            size: self.manifest.size(),
            sha256: self.sha256.clone(),
            manifest: self.manifest.root(),
            batch: self.offer,
            auto: false,
        };
        OfferRequest::Ask { offer: self.offer, to, body: body.seal().unwrap(), round: 1 }
    }

    fn path(&self) -> String {
        format!("/v1/forwards/{}", self.offer)
    }

    /// All of it goes to the content service.
    async fn forward(&self, by: &Device, to: AccountId) {
        let manifest: String = self.manifest.root().iter().map(|byte| format!("{byte:02x}")).collect();
        let size = self.manifest.size();
        let new = ForwardNew { to, size, from: 0, sha256: self.sha256.clone(), manifest };
        wait::until("the content service knows that the two share a room", async || {
            let put = by.request(Method::PUT, &self.path()).json(&new).send().await.unwrap();
            if put.status().is_success() {
                return Some(());
            }
            assert_eq!(refusal(put).await.code, ErrorCode::NotFound);
            None
        })
        .await;
        let pieces = by.request(Method::PUT, &format!("{}/manifest", self.path()));
        let pieces = pieces.body(self.manifest.to_bytes()).send().await.unwrap();
        assert_eq!(pieces.status(), StatusCode::NO_CONTENT);
        let metadata = {
            use base64::{Engine, engine::general_purpose::STANDARD};
            let id = UploadId(Uuid::now_v7()).to_string();
            format!("offer {},id {}", STANDARD.encode(self.offer.to_string()), STANDARD.encode(id))
        };
        let created = by.new_upload_with(&metadata, size).await;
        let stored = by.append(&location(&created), 0, self.bytes.clone()).await;
        assert_eq!(stored.status(), StatusCode::NO_CONTENT, "{}", stored.text().await.unwrap_or_default());
    }

    /// The content service keeps nothing of it any more.
    async fn is_dropped(&self, for_whom: &Device) {
        wait::until("the bytes of the file are let go", async || {
            let answer = for_whom.get(&self.path()).await;
            if answer.status().is_success() {
                return None;
            }
            let code = refusal(answer).await.code;
            assert!(matches!(code, ErrorCode::Gone | ErrorCode::NotFound), "{code}");
            Some(())
        })
        .await;
    }
}

fn is_forwarded(step: OfferStep) -> bool {
    step == OfferStep::Forwarded { from: 0 }
}

both_ways!(
    a_file_for_somebody_away_waits_at_the_server_and_is_let_go_when_it_arrived,
    async |world: &mut World| {
        let (alice, bob) = (Device::sign_up(world, "alice").await, Device::sign_up(world, "bob").await);
        let gift = Gift::of(world, (2 << 20) + 12_345);
        let (mut a, _) = Socket::open(&alice, None).await;
        a.make_room("home", &[bob.account]).await;
        a.offer(gift.ask(bob.account)).await.unwrap();
        a.offer(OfferRequest::Forward { offer: gift.offer, from: 0 }).await.unwrap();
        gift.forward(&alice, bob.account).await;
        let whole =
            a.offer_where(gift.offer, "it is whole at the server", |offer| is_forwarded(offer.step)).await;
        let state: ForwardState = taken(alice.get(&gift.path()).await).await;
        assert_eq!((state.whole, Some(state.until_ms)), (true, whole.until), "both sides name the same day");

        world.power_cut().await;
        let (mut b, greeted) = Socket::open(&bob, None).await;
        let told = greeted.offers.iter().find(|offer| offer.offer == gift.offer).unwrap();
        assert!(is_forwarded(told.step), "{told:?}");
        let body = OfferBody::open(&told.body).unwrap();
        assert_eq!((body.name.as_str(), &body.sha256), ("the film.mkv", &gift.sha256));
        b.offer(OfferRequest::Accept { offer: gift.offer, round: 1 }).await.unwrap();
        let content = format!("{}/content", gift.path());
        let ranged = wait::until("the content service serves again", async || {
            let request = bob.request(Method::GET, &content).header("Range", "bytes=1048570-");
            request.send().await.ok().filter(|answer| answer.status() == StatusCode::PARTIAL_CONTENT)
        })
        .await;
        assert_eq!(ranged.bytes().await.unwrap(), gift.bytes[1_048_570..]);
        refused(alice.get(&content).await, ErrorCode::NotFound).await;
        b.offer(OfferRequest::End { offer: gift.offer, how: OfferEnd::Done }).await.unwrap();
        gift.is_dropped(&bob).await;
        let (_, greeted) = Socket::open(&alice, None).await;
        let last: Vec<OfferStep> = greeted.offers.iter().map(|offer| offer.step).collect();
        assert_eq!(last, [OfferStep::Done]);
    }
);

both_ways!(what_the_two_services_have_to_tell_waits_for_the_way_between_them, async |world: &mut World| {
    let (alice, bob) = (Device::sign_up(world, "alice").await, Device::sign_up(world, "bob").await);
    let gift = Gift::of(world, 1 << 20);
    let (mut a, _) = Socket::open(&alice, None).await;
    let (mut b, _) = Socket::open(&bob, None).await;
    a.make_room("home", &[bob.account]).await;
    a.offer(gift.ask(bob.account)).await.unwrap();
    a.offer(OfferRequest::Forward { offer: gift.offer, from: 0 }).await.unwrap();
    wait::until("the content service knows of the room", async || {
        let answer = bob.get("/v1/groups").await;
        let groups: Vec<Group> = if answer.status().is_success() { taken(answer).await } else { Vec::new() };
        (!groups.is_empty()).then_some(())
    })
    .await;
    if let Some(interlock) = &world.interlock {
        interlock.set(Weather::Cut);
    }
    gift.forward(&alice, bob.account).await;
    if world.arrangement == Arrangement::Two {
        let held: ForwardState = taken(alice.get(&gift.path()).await).await;
        assert!(held.whole);
    }
    if let Some(interlock) = &world.interlock {
        interlock.set(Weather::Fair);
    }
    b.offer_where(gift.offer, "bob hears that it is whole", |offer| is_forwarded(offer.step)).await;
    if let Some(to_content) = &world.content_network {
        to_content.set(Weather::Cut);
    }
    b.offer(OfferRequest::Decline { offer: gift.offer }).await.unwrap();
    a.offer_where(gift.offer, "alice hears that bob does not want it", |offer| {
        offer.step == OfferStep::Declined
    })
    .await;
    if let Some(to_content) = &world.content_network {
        to_content.set(Weather::Fair);
    }
    gift.is_dropped(&alice).await;
});

both_ways!(nobody_sends_a_file_under_the_offer_of_another, async |world: &mut World| {
    let (alice, bob) = (Device::sign_up(world, "alice").await, Device::sign_up(world, "bob").await);
    let eve = Device::sign_up(world, "eve").await;
    let gift = Gift::of(world, 70_000);
    let (mut a, _) = Socket::open(&alice, None).await;
    a.make_room("home", &[bob.account, eve.account]).await;
    a.offer(gift.ask(bob.account)).await.unwrap();
    // Eve learned the id, and is in the room too: the content service takes her file, and the messenger has it dropped.
    gift.forward(&eve, bob.account).await;
    gift.is_dropped(&eve).await;
    let (mut b, greeted) = Socket::open(&bob, None).await;
    assert_eq!(greeted.offers.iter().map(|offer| offer.step).collect::<Vec<_>>(), [OfferStep::Asked]);
    let (mut e, greeted) = Socket::open(&eve, None).await;
    assert!(greeted.offers.is_empty());
    let of_nobody = e.offer(OfferRequest::Peer { offer: gift.offer }).await.unwrap_err().code;
    assert_eq!(of_nobody, ErrorCode::NotFound);
    b.offer(OfferRequest::Accept { offer: gift.offer, round: 1 }).await.unwrap();
    let peer = b.offer(OfferRequest::Peer { offer: gift.offer }).await.unwrap();
    assert!(matches!(peer, Answer::Peer { device: Some(device), .. } if device == alice.id), "{peer:?}");
});

both_ways!(each_device_gets_a_pass_of_its_own_for_the_relay, async |world: &mut World| {
    let mut passes = HashSet::new();
    for name in ["alice", "bob"] {
        let device = Device::sign_up(world, name).await;
        let (_socket, greeted) = Socket::open(&device, None).await;
        let relay = greeted.hello.relay.unwrap();
        let authority = relay.url.strip_prefix("http://").unwrap().to_owned();
        drop(tokio::net::TcpStream::connect(authority).await.unwrap());
        passes.insert(relay.token);
    }
    assert_eq!(passes.len(), 2);
});
