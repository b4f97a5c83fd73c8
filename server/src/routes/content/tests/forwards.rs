//! Files for people who are away: what is taken, who gets it, and when it goes.

use super::instant::{linked, noise};
use super::uploads::{half_open, stored};
use super::world::{Meta, Person, World, good, header, hex, refused, sha256};
use crate::interlock::Side;
use pod_shared::content::{
    Basis, ForwardNew, ForwardOffset, ForwardState, InstantNew, PIECE_BYTES, PIECE_DIGEST_BYTES, pieces,
};
use pod_shared::interlock::{RelayBody, RelayRow};
use pod_shared::{AccountId, ErrorCode, OfferId, RelayId, RoomId, UploadId, limits};
use reqwest::{Method, Response, StatusCode};
use std::time::{Duration, SystemTime};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

const PIECE: usize = PIECE_BYTES as usize;
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// A file that somebody offers.
pub(super) struct Offered {
    pub(super) offer: OfferId,
    pub(super) content: Vec<u8>,
    pub(super) from: usize,
}

impl Offered {
    pub(super) fn new(content: Vec<u8>, from: usize) -> Self {
        Self { offer: OfferId(Uuid::now_v7()), content, from }
    }

    pub(super) fn manifest(&self) -> Vec<u8> {
        self.content.chunks(PIECE).flat_map(|piece| *blake3::hash(piece).as_bytes()).collect()
    }

    pub(super) fn new_for(&self, to: AccountId) -> ForwardNew {
        ForwardNew {
            to,
            size: self.content.len() as u64,
            from: self.from as u64,
            sha256: hex(&sha256(&self.content)),
            manifest: blake3::hash(&self.manifest()).to_hex().to_string(),
        }
    }

    fn path(&self, rest: &str) -> String {
        format!("/v1/forwards/{}{rest}", self.offer)
    }

    fn tail(&self) -> &[u8] {
        &self.content[self.from..]
    }
}

impl Person {
    pub(super) async fn put_forward(&self, offered: &Offered, new: &ForwardNew) -> Response {
        self.send(Method::PUT, &offered.path(""), new).await
    }

    pub(super) async fn put_manifest(&self, offered: &Offered, digests: Vec<u8>) -> Response {
        self.ask(Method::PUT, &offered.path("/manifest")).body(digests).send().await.unwrap()
    }

    pub(super) async fn begin_rest(&self, offered: &Offered) -> Response {
        let meta = Meta::default().with("offer", offered.offer);
        self.create(&meta, offered.tail().len() as u64).await
    }

    async fn announce(&self, to: &Person, offered: &Offered) {
        let said: ForwardOffset = good(self.put_forward(offered, &offered.new_for(to.account)).await).await;
        assert_eq!(said.offset, 0);
        let brought = self.put_manifest(offered, offered.manifest()).await;
        assert_eq!(brought.status(), StatusCode::NO_CONTENT);
    }

    /// Says what comes and brings its manifest; answers the path for its bytes.
    pub(super) async fn say(&self, to: &Person, offered: &Offered) -> String {
        self.announce(to, offered).await;
        self.path_of_rest(offered).await
    }

    async fn path_of_rest(&self, offered: &Offered) -> String {
        let begun = self.begin_rest(offered).await;
        assert_eq!(begun.status(), StatusCode::CREATED, "{:?}", begun.text().await);
        header(&begun, "location")
    }

    /// Forwards it; what the sender may read on this server anyway is whole with its manifest, and no byte goes.
    pub(super) async fn forward(&self, to: &Person, offered: &Offered) {
        self.announce(to, offered).await;
        let now: ForwardOffset = good(self.put_forward(offered, &offered.new_for(to.account)).await).await;
        if now.offset > 0 {
            assert_eq!(now.offset, offered.tail().len() as u64);
            return;
        }
        let path = self.path_of_rest(offered).await;
        if !offered.tail().is_empty() {
            let sent = self.patch(&path, 0, offered.tail().to_vec()).send().await.unwrap();
            assert_eq!(sent.status(), StatusCode::NO_CONTENT, "{:?}", sent.text().await);
        }
    }

    pub(super) async fn fetch(&self, offered: &Offered) -> Response {
        self.get(&offered.path("/content")).await
    }

    pub(super) async fn drop_forward(&self, offered: &Offered) -> StatusCode {
        self.ask(Method::DELETE, &offered.path("")).send().await.unwrap().status()
    }

    pub(super) async fn state(&self, offered: &Offered) -> ForwardState {
        good(self.get(&offered.path("")).await).await
    }
}

/// What the messenger will hear of offers.
async fn told(world: &World) -> Vec<RelayBody> {
    let rows = world.content.pending(64, Vec::new()).await.unwrap();
    let about_offers =
        |body: &RelayBody| matches!(body, RelayBody::OfferForwarded { .. } | RelayBody::OfferExpired { .. });
    rows.into_iter().map(|row| row.body).filter(about_offers).collect()
}

async fn two(world: &World) -> (Person, Person) {
    let (ann, bob) = (world.person(), world.person());
    ann.group(&[&bob]).await;
    (ann, bob)
}

#[tokio::test]
async fn the_rest_of_a_file_is_kept_for_who_is_away_and_for_nobody_else() {
    let world = World::new().await;
    let (ann, bob) = two(&world).await;
    let eve = world.person();
    let offered = Offered::new(noise(1, 2 * PIECE + 300), PIECE);
    ann.forward(&bob, &offered).await;
    let state = bob.state(&offered).await;
    assert_eq!((state.from, state.size, state.whole), (PIECE_BYTES, offered.content.len() as u64, true));
    assert_eq!(state.offset, offered.tail().len() as u64);
    assert_eq!(ann.state(&offered).await, state);
    let kept = i64::from(crate::content::Policy::default().forward_days) * 24 * 3_600_000;
    assert!((state.until_ms.0 - crate::content::Content::doing(ann.account).at.0 - kept).abs() < 600_000);
    let (by, to, until) = (ann.account, bob.account, state.until_ms);
    let forwarded = RelayBody::OfferForwarded { offer: offered.offer, by, to, from: PIECE_BYTES, until };
    assert_eq!(told(&world).await, [forwarded]);

    let whole = bob.fetch(&offered).await;
    let tag = header(&whole, "etag");
    assert!(whole.bytes().await.unwrap() == offered.tail());
    let part = bob.ask(Method::GET, &offered.path("/content")).header("Range", "bytes=1048570-");
    let part = part.header("If-Range", &tag).send().await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert!(part.bytes().await.unwrap() == offered.tail()[1_048_570..]);
    let head = bob.ask(Method::HEAD, &offered.path("/content")).send().await.unwrap();
    assert_eq!(header(&head, "content-length"), offered.tail().len().to_string());
    for person in [&ann, &bob] {
        let digests = person.get(&offered.path("/manifest")).await.bytes().await.unwrap();
        assert!(digests == offered.manifest());
    }
    assert_eq!(refused(ann.fetch(&offered).await).await, ErrorCode::NotFound, "the sender has it");
    for rest in ["", "/manifest", "/content"] {
        assert_eq!(refused(eve.get(&offered.path(rest)).await).await, ErrorCode::NotFound);
    }
    assert_eq!(eve.drop_forward(&offered).await, StatusCode::NO_CONTENT, "and nothing happens");
    assert!(bob.state(&offered).await.whole);
    let again: ForwardOffset = good(ann.put_forward(&offered, &offered.new_for(bob.account)).await).await;
    assert_eq!(again.offset, offered.tail().len() as u64);
    assert_eq!(refused(ann.begin_rest(&offered).await).await, ErrorCode::Conflict, "all of it is there");
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_file_without_a_byte_and_a_cut_one_arrive() {
    let world = World::new().await;
    let (ann, bob) = two(&world).await;
    let empty = Offered::new(Vec::new(), 0);
    ann.forward(&bob, &empty).await;
    assert!(bob.state(&empty).await.whole);
    assert_eq!(bob.fetch(&empty).await.bytes().await.unwrap().len(), 0);
    let offered = Offered::new(noise(2, 3 * PIECE), 0);
    let path = ann.say(&bob, &offered).await;
    assert_eq!(refused(bob.fetch(&offered).await).await, ErrorCode::Conflict, "not yet");
    let cut = PIECE + 77;
    let mut stream = half_open(&world, &ann, &path, 0, offered.content.len()).await;
    stream.write_all(&offered.content[..cut]).await.unwrap();
    stored(&world, &path, cut as u64).await;
    drop(stream);
    let world = world.restarted().await;
    let (ann, bob) = (world.device_of(ann.account), world.device_of(bob.account));
    assert_eq!(bob.state(&offered).await.offset, cut as u64);
    let said: ForwardOffset = good(ann.put_forward(&offered, &offered.new_for(bob.account)).await).await;
    assert_eq!((said.offset, ann.offset(&path).await), (cut as u64, cut as u64));
    let sent = ann.patch(&path, said.offset, offered.content[cut..].to_vec()).send().await.unwrap();
    assert_eq!(sent.status(), StatusCode::NO_CONTENT);
    assert_eq!(ann.offset(&path).await, offered.content.len() as u64, "and it can be asked again");
    assert!(bob.fetch(&offered).await.bytes().await.unwrap() == offered.content);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_wrong_piece_is_cut_off_as_it_arrives() {
    let world = World::new().await;
    let (ann, bob) = two(&world).await;
    let offered = Offered::new(noise(3, 4 * PIECE), PIECE);
    let path = ann.say(&bob, &offered).await;
    let mut wrong = offered.tail().to_vec();
    wrong[PIECE + 9] ^= 1;
    let refusal = refused(ann.patch(&path, 0, wrong).send().await.unwrap()).await;
    assert_eq!(refusal, ErrorCode::DigestMismatch);
    assert_eq!(ann.offset(&path).await, PIECE_BYTES, "the piece before is kept");
    // Half a piece that is wrong is found when the rest of it comes, in another life too.
    let mut stream = half_open(&world, &ann, &path, PIECE_BYTES, 2 * PIECE).await;
    stream.write_all(&[7; 1_000]).await.unwrap();
    stored(&world, &path, PIECE_BYTES + 1_000).await;
    drop(stream);
    let world = world.restarted().await;
    let (ann, bob) = (world.device_of(ann.account), world.device_of(bob.account));
    let at = PIECE + 1_000;
    let rest = ann.patch(&path, at as u64, offered.tail()[at..].to_vec()).send().await.unwrap();
    assert_eq!(refused(rest).await, ErrorCode::DigestMismatch);
    let at = usize::try_from(ann.offset(&path).await).unwrap();
    assert_eq!(at, PIECE);
    ann.patch(&path, at as u64, offered.tail()[at..].to_vec()).send().await.unwrap();
    assert!(bob.fetch(&offered).await.bytes().await.unwrap() == offered.tail());
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused() {
    let world = World::new().await;
    let (ann, bob) = two(&world).await;
    let eve = world.person();
    eve.group(&[]).await;
    let offered = Offered::new(noise(4, PIECE + 5), 0);
    let new = offered.new_for(bob.account);
    let refuses = async |who: &Person, new: ForwardNew| refused(who.put_forward(&offered, &new).await).await;
    for to in [eve.account, AccountId(Uuid::now_v7())] {
        assert_eq!(refuses(&ann, ForwardNew { to, ..new.clone() }).await, ErrorCode::NotFound);
    }
    let huge = ForwardNew { size: limits::FORWARD_BYTES_MAX + 1, ..new.clone() };
    assert_eq!(refuses(&ann, huge).await, ErrorCode::TooLarge);
    for from in [1, PIECE_BYTES - 1, 2 * PIECE_BYTES, new.size] {
        assert_eq!(refuses(&ann, ForwardNew { from, ..new.clone() }).await, ErrorCode::BadRequest, "{from}");
    }
    for sha256 in ["", "zz"] {
        let wrong = ForwardNew { sha256: sha256.into(), ..new.clone() };
        assert_eq!(refuses(&ann, wrong).await, ErrorCode::BadRequest);
    }
    assert_eq!(refused(ann.begin_rest(&offered).await).await, ErrorCode::NotFound, "nothing was said");
    good::<ForwardOffset>(ann.put_forward(&offered, &new).await).await;
    for other in [ForwardNew { from: PIECE_BYTES, ..new.clone() }, ForwardNew { size: 9, ..new.clone() }] {
        assert_eq!(refuses(&ann, other).await, ErrorCode::IdReused);
    }
    assert_eq!(
        refused(ann.begin_rest(&offered).await).await,
        ErrorCode::Conflict,
        "the manifest comes first"
    );
    let mut wrong = offered.manifest();
    wrong[3] ^= 1;
    for digests in [Vec::new(), wrong, offered.manifest()[PIECE_DIGEST_BYTES..].to_vec()] {
        let answer = ann.put_manifest(&offered, digests).await;
        assert_eq!(refused(answer).await, ErrorCode::DigestMismatch);
    }
    let most = usize::try_from(pieces(limits::FORWARD_BYTES_MAX)).unwrap() * PIECE_DIGEST_BYTES;
    let answer = ann.put_manifest(&offered, vec![0; most + 1]).await;
    assert_eq!(refused(answer).await, ErrorCode::TooLarge);
    assert_eq!(refused(bob.put_manifest(&offered, offered.manifest()).await).await, ErrorCode::NotFound);
    ann.put_manifest(&offered, offered.manifest()).await;
    let meta = Meta::default().with("offer", offered.offer);
    assert_eq!(refused(ann.create(&meta, 5).await).await, ErrorCode::BadRequest, "another length");
    assert_eq!(refused(bob.create(&meta, new.size).await).await, ErrorCode::NotFound);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn of_one_person_only_so_many_files_are_kept() {
    let world = World::new().await;
    let (ann, bob) = two(&world).await;
    let most = i64::try_from(limits::FORWARDS_PER_ACCOUNT_MAX).unwrap();
    let until = crate::content::Content::doing(ann.account).at.0 + 600_000;
    world
        .database()
        .execute(
            "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?3)
             INSERT INTO forwards (offer, sender, receiver, size, start, digest, root, state, created_at, until)
             SELECT randomblob(16), ?1, ?2, 1, 0, randomblob(32), randomblob(32), 1, 1, ?4 FROM n",
            (*ann.account.as_bytes(), *bob.account.as_bytes(), most, until),
        )
        .unwrap();
    let offered = Offered::new(noise(5, 10), 0);
    let refusal = refused(ann.put_forward(&offered, &offered.new_for(bob.account)).await).await;
    assert_eq!(refusal, ErrorCode::TooMany);
    good::<ForwardOffset>(bob.put_forward(&offered, &offered.new_for(ann.account)).await).await;
}

#[tokio::test]
async fn either_of_the_two_drops_it_and_the_id_can_be_used_again() {
    let world = World::new().await;
    let (ann, bob) = two(&world).await;
    let offered = Offered::new(noise(6, 2 * PIECE), PIECE);
    for who in [&ann, &bob] {
        ann.forward(&bob, &offered).await;
        for _ in 0..2 {
            assert_eq!(who.drop_forward(&offered).await, StatusCode::NO_CONTENT);
        }
        assert_eq!(refused(bob.fetch(&offered).await).await, ErrorCode::NotFound);
    }
    let path = ann.say(&bob, &offered).await;
    let mut stream = half_open(&world, &ann, &path, 0, PIECE).await;
    stream.write_all(&offered.tail()[..100]).await.unwrap();
    stored(&world, &path, 100).await;
    assert_eq!(bob.drop_forward(&offered).await, StatusCode::NO_CONTENT);
    let late = ann.patch(&path, 100, offered.tail()[100..].to_vec()).send().await.unwrap();
    assert!(matches!(refused(late).await, ErrorCode::NotFound | ErrorCode::Gone));
    // Now all of it, from the same sender under the same id.
    let whole = Offered { offer: offered.offer, content: offered.content.clone(), from: 0 };
    ann.forward(&bob, &whole).await;
    assert!(bob.fetch(&whole).await.bytes().await.unwrap() == whole.content);
    world.content.sweep(SystemTime::now() + Duration::from_secs(7_200)).await.unwrap();
    assert!(bob.fetch(&whole).await.bytes().await.unwrap() == whole.content);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_the_messenger_says_is_over_is_gone_and_its_bytes_are_swept_unless_a_room_has_them() {
    let world = World::new().await;
    let (ann, bob) = two(&world).await;
    let (kept, alone) = (Offered::new(noise(7, 100_000), 0), Offered::new(noise(8, 100_000), 0));
    let mut rows = Vec::new();
    for (seq, offered) in [(1, &kept), (2, &alone)] {
        ann.forward(&bob, offered).await;
        let (room, body) = (RoomId(offered.offer.0), RelayBody::OfferOver { offer: offered.offer });
        rows.push(RelayRow { id: RelayId(Uuid::now_v7()), room, seq, body });
    }
    // Who was sent the whole may put it into a room.
    let own = bob.group(&[]).await;
    let new = InstantNew {
        id: UploadId(Uuid::now_v7()),
        room: own,
        parent: None,
        filename: "kept".into(),
        sha256: hex(&sha256(&kept.content)),
        size: kept.content.len() as u64,
        modified_ms: None,
        basis: Basis::default(),
    };
    let (entry, _) = linked(bob.ask_instant(&new).await).await;
    assert_eq!(world.apply(rows.clone()).await.applied.len(), 2);
    assert_eq!(world.apply(rows).await.applied.len(), 2, "said again");
    for offered in [&kept, &alone] {
        assert_eq!(refused(bob.fetch(offered).await).await, ErrorCode::Gone);
        let late = ann.put_forward(offered, &offered.new_for(bob.account)).await;
        assert_eq!(refused(late).await, ErrorCode::Gone);
    }
    world.content.sweep(SystemTime::now() + Duration::from_secs(7_200)).await.unwrap();
    assert!(bob.download(entry).await == kept.content);
    let left: i64 = world.database().query_row("SELECT count(*) FROM blobs", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 1);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_not_fetched_in_time_is_dropped_and_told_and_forgotten_later() {
    let world = World::new().await;
    let (ann, bob) = two(&world).await;
    let (whole, begun) = (Offered::new(noise(9, 70_000), 0), Offered::new(noise(10, 70_000), 0));
    ann.forward(&bob, &whole).await;
    ann.say(&bob, &begun).await;
    let days = crate::content::Policy::default().forward_days;
    world.content.sweep(SystemTime::now() + DAY * (days - 1)).await.unwrap();
    assert!(bob.state(&whole).await.whole, "kept until the last day");
    world.content.sweep(SystemTime::now() + DAY * (days + 1)).await.unwrap();
    let expired = |offered: &Offered| RelayBody::OfferExpired { offer: offered.offer, by: ann.account };
    let heard = told(&world).await;
    assert!(heard.contains(&expired(&whole)) && heard.contains(&expired(&begun)), "{heard:?}");
    assert_eq!(refused(bob.get(&whole.path("")).await).await, ErrorCode::Gone);
    assert_eq!(world.violations(), Vec::<String>::new());
    let later = SystemTime::now() + DAY * (days + 1 + limits::FORWARD_OVER_DAYS + 1);
    world.content.sweep(later).await.unwrap();
    assert_eq!(refused(bob.get(&whole.path("")).await).await, ErrorCode::NotFound, "forgotten");
    assert_eq!(world.violations(), Vec::<String>::new());
}
