//! Instant upload: who gets a link, what a digest alone gives and tells, and what a proof is.

use super::uploads::bytes;
use super::world::{Meta, Person, World, good, hex, refused, sha256, until};
use crate::content::{Content, Policy, Proofs};
use pod_shared::content::{ActivityKind, Basis, Entry, InstantAnswer, InstantNew, InstantProof, Settled};
use pod_shared::{EntryId, ErrorCode, Role, RoomId, UploadId, limits};
use reqwest::{Method, Response, StatusCode};
use std::collections::HashSet;
use std::time::{Duration, SystemTime};
use uuid::Uuid;

/// Enough for instant upload.
fn large(seed: u8) -> Vec<u8> {
    bytes(200_000).into_iter().map(|byte| byte ^ seed).collect()
}

/// Bytes that nothing makes smaller.
pub(super) fn noise(seed: u8, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    blake3::Hasher::new_keyed(&[seed; 32]).finalize_xof().fill(&mut bytes);
    bytes
}

fn question(room: RoomId, name: &str, content: &[u8]) -> InstantNew {
    InstantNew {
        id: UploadId(Uuid::now_v7()),
        room,
        parent: None,
        filename: name.into(),
        sha256: hex(&sha256(content)),
        size: content.len() as u64,
        modified_ms: None,
        basis: Basis::default(),
    }
}

pub(super) fn proof_of(nonce: &str, content: &[u8]) -> String {
    let key = crate::secret::unhex(nonce).unwrap();
    blake3::keyed_hash(&key, content).to_hex().to_string()
}

impl Person {
    pub(super) async fn ask_instant(&self, new: &InstantNew) -> Response {
        self.send(Method::POST, "/v1/links", new).await
    }

    pub(super) async fn prove(&self, id: UploadId, proof: &str) -> Response {
        let body = InstantProof { proof: proof.into() };
        self.send(Method::POST, &format!("/v1/links/{id}/proof"), &body).await
    }

    async fn nonce(&self, new: &InstantNew) -> String {
        nonce(self.ask_instant(new).await).await
    }
}

async fn nonce(response: Response) -> String {
    match good(response).await {
        InstantAnswer::Prove { nonce } => nonce,
        linked @ InstantAnswer::Linked { .. } => panic!("{linked:?}"),
    }
}

pub(super) async fn linked(response: Response) -> (EntryId, u32) {
    assert_eq!(response.status(), StatusCode::CREATED, "{:?}", response.text().await);
    match response.json().await.unwrap() {
        InstantAnswer::Linked { entry, version } => (entry, version),
        prove @ InstantAnswer::Prove { .. } => panic!("{prove:?}"),
    }
}

/// Every stored content has its spare nonces.
pub(super) async fn rested(world: &World) {
    world.content.work_at_rest(&mut HashSet::new()).await.unwrap();
}

fn objects(world: &World) -> i64 {
    world.database().query_row("SELECT count(*) FROM blobs", [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn who_may_read_a_content_links_it_and_no_byte_moves() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let content = large(1);
    ann.upload(room, "film.mkv", &content).await;
    let own = bob.group(&[]).await;
    let new = InstantNew { modified_ms: Some(17), ..question(own, "영화.mkv", &content) };
    let (entry, version) = linked(bob.ask_instant(&new).await).await;
    assert_eq!(linked(bob.ask_instant(&new).await).await, (entry, version), "asked again");
    assert!(bob.download(entry).await == content);
    let lines = bob.changes(own, 0).await.activities;
    let told: Vec<_> = lines.iter().map(|line| (line.kind.clone(), line.upload)).collect();
    assert_eq!(told[1], (ActivityKind::Uploaded, Some(new.id)));
    assert_eq!((lines[1].name.as_str(), lines[1].size), ("영화.mkv", content.len() as u64));
    // Onto a file that is there: its next version.
    bob.upload(own, "b", b"before").await;
    assert_eq!(linked(bob.ask_instant(&question(own, "B", &content)).await).await.1, 2);
    assert_eq!(objects(&world), 2, "one content, four times, and `before`");
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_content_that_comes_twice_is_kept_once() {
    let world = World::new().await;
    let (ann, eve) = (world.person(), world.person());
    let (room, other) = (ann.group(&[]).await, eve.group(&[]).await);
    let content = large(2);
    ann.upload(room, "a", &content).await;
    let twice = eve.upload(other, "b", &content).await;
    assert_eq!(objects(&world), 1);
    assert_eq!(world.violations(), Vec::<String>::new(), "what came second waits to be removed");
    let later = SystemTime::now() + Duration::from_secs(7_200);
    world.content.sweep(later).await.unwrap();
    let files = walk(&world.dir.path().join("blobs/objects"));
    assert_eq!(files, 1);
    assert!(eve.download(twice).await == content);
    assert_eq!(world.violations(), Vec::<String>::new());
}

fn walk(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { walk(&path) } else { 1 }).sum()
}

#[tokio::test]
async fn knowing_a_digest_gives_nothing() {
    let world = World::new().await;
    let (ann, eve) = (world.person(), world.person());
    let content = large(3);
    ann.upload(ann.group(&[]).await, "secret", &content).await;
    rested(&world).await;
    let room = eve.group(&[]).await;
    let (digest, plain) = (hex(&sha256(&content)), blake3::hash(&content).to_hex().to_string());
    let mut seen = HashSet::new();
    for guess in 0..5 {
        let new = question(room, "mine", &content);
        let nonce = eve.nonce(&new).await;
        assert!(seen.insert(nonce.clone()), "a nonce is given once");
        let proof = match guess {
            0 => digest.clone(),
            1 => plain.clone(),
            2 => nonce.clone(),
            3 => proof_of(&nonce, &content[..content.len() - 1]),
            // The right proof for a nonce that is not the one of this question.
            _ => proof_of(&hex(&[7; 32]), &content),
        };
        assert_eq!(refused(eve.prove(new.id, &proof).await).await, ErrorCode::NotFound, "{guess}");
        let late = eve.prove(new.id, &proof_of(&nonce, &content)).await;
        assert_eq!(refused(late).await, ErrorCode::NotFound, "the nonce is used");
    }
    assert_eq!(eve.list(room).await, []);
    assert_eq!(world.violations(), Vec::<String>::new());
}

/// All of an answer but when it was made, and what is random in it.
async fn seen(response: Response) -> (StatusCode, Vec<String>, String) {
    let names = response.headers().keys().map(|name| name.to_string()).collect();
    let (status, text) = (response.status(), response.text().await.unwrap());
    let plain = text.split('"').map(|part| if part.len() == 64 { "#" } else { part });
    (status, names, plain.collect::<Vec<_>>().join("\""))
}

#[tokio::test]
async fn a_digest_tells_nothing_either() {
    let world = World::new().await;
    let (ann, eve) = (world.person(), world.person());
    let (known, unknown) = (large(4), large(5));
    ann.upload(ann.group(&[]).await, "secret", &known).await;
    rested(&world).await;
    let room = eve.group(&[]).await;
    let (about_known, about_unknown) = (question(room, "a", &known), question(room, "a", &unknown));
    assert_eq!(
        seen(eve.ask_instant(&about_known).await).await,
        seen(eve.ask_instant(&about_unknown).await).await
    );
    let wrong = hex(&[9; 32]);
    let (one, other) = (eve.prove(about_known.id, &wrong).await, eve.prove(about_unknown.id, &wrong).await);
    assert_eq!(seen(one).await, seen(other).await);
    // Also to who holds what nobody else has: the answer is that of a wrong proof.
    let alone = question(room, "a", &unknown);
    let proof = proof_of(&eve.nonce(&alone).await, &unknown);
    let nobody = seen(eve.prove(alone.id, &proof).await).await;
    let never = seen(eve.prove(UploadId(Uuid::now_v7()), &proof).await).await;
    assert_eq!(nobody, never);
    assert_eq!(eve.changes(room, 1).await.activities, [], "and nothing is told in the room");
}

#[tokio::test]
async fn who_holds_all_of_it_proves_it_and_the_proof_can_be_repeated() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let content = large(6);
    ann.upload(ann.group(&[]).await, "a", &content).await;
    rested(&world).await;
    let room = bob.group(&[]).await;
    let new = question(room, "b", &content);
    let nonce = bob.nonce(&new).await;
    assert_eq!(bob.nonce(&new).await, nonce, "asked again, the same question has the same nonce");
    let proof = proof_of(&nonce, &content);
    let (entry, version) = linked(bob.prove(new.id, &proof).await).await;
    assert_eq!(linked(bob.prove(new.id, &proof).await).await, (entry, version));
    assert_eq!(linked(bob.ask_instant(&new).await).await, (entry, version));
    let seen: Entry = good(bob.get(&format!("/v1/entries/{entry}")).await).await;
    assert_eq!((seen.name.as_str(), seen.created_by, seen.size), ("b", bob.account, content.len() as u64));
    assert!(bob.download(entry).await == content);
    // What was used is made again, by itself.
    until("two spare nonces", async || {
        let spares: u32 =
            world.database().query_row("SELECT spares FROM blobs", [], |row| row.get(0)).unwrap();
        (spares == 2).then_some(())
    })
    .await;
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_nonce_is_for_one_device_of_one_person_and_for_its_time() {
    let world = World::new().await;
    let (ann, bob, eve) = (world.person(), world.person(), world.person());
    let content = large(7);
    ann.upload(ann.group(&[]).await, "a", &content).await;
    rested(&world).await;
    let room = bob.group(&[&eve]).await;
    let new = question(room, "b", &content);
    let proof = proof_of(&bob.nonce(&new).await, &content);
    for other in [&world.device_of(bob.account), &eve] {
        assert_eq!(refused(other.prove(new.id, &proof).await).await, ErrorCode::NotFound);
    }
    let made = i64::try_from(limits::INSTANT_NONCE_S_MAX * 1_000).unwrap();
    world.database().execute("UPDATE nonces SET until = until - ?1 - 1", [made]).unwrap();
    assert_eq!(refused(bob.prove(new.id, &proof).await).await, ErrorCode::NotFound, "its time is over");
    rested(&world).await;
    let again = proof_of(&bob.nonce(&new).await, &content);
    assert_ne!(again, proof);
    linked(bob.prove(new.id, &again).await).await;
}

#[tokio::test]
async fn of_very_many_open_nonces_the_oldest_are_forgotten() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let most = i64::try_from(limits::INSTANT_NONCES_PER_ACCOUNT_MAX).unwrap();
    let (account, room_bytes, now) =
        (*ann.account.as_bytes(), *room.as_bytes(), Content::doing(ann.account).at.0);
    world
        .database()
        .execute(
            "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?3)
             INSERT INTO nonces (account, device, upload, nonce, until, room, name, size, digest)
             SELECT ?1, randomblob(16), randomblob(16), randomblob(32), ?4 + i, ?2, 'x', 1, zeroblob(32) FROM n",
            (account, room_bytes, most, now),
        )
        .unwrap();
    ann.nonce(&question(room, "a", &large(8))).await;
    let (count, oldest): (i64, i64) = world
        .database()
        .query_row("SELECT count(*), min(until) FROM nonces", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!((count, oldest), (most, now + 2));
    let later = Duration::from_secs(limits::INSTANT_NONCE_S_MAX + 60);
    world.content.sweep(SystemTime::now() + later).await.unwrap();
    let left: i64 = world.database().query_row("SELECT count(*) FROM nonces", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0, "what is over is swept");
}

#[tokio::test]
async fn what_a_person_may_not_read_any_more_is_not_linked() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let _carrier = world.settle_everything();
    let own = bob.group(&[]).await;
    let folder: Entry = good(ann.folder(room, None, "in").await).await;
    let (inside, deleted, changed, left) = (large(11), large(12), large(13), large(14));
    ann.upload_as(&Meta::new(room, "a").with("parent", folder.id), &inside).await;
    let gone = ann.upload(room, "b", &deleted).await;
    ann.upload(room, "c", &changed).await;
    ann.upload(room, "d", &left).await;
    linked(bob.ask_instant(&question(own, "a", &inside)).await).await;
    for entry in [folder.id, gone] {
        ann.ask(Method::DELETE, &format!("/v1/entries/{entry}")).send().await.unwrap();
    }
    ann.upload(room, "c", b"another version").await;
    for content in [&deleted, &changed] {
        bob.nonce(&question(own, "x", content)).await;
    }
    // What Bob has himself stays his to link; so does what Ann sent, for Ann.
    linked(bob.ask_instant(&question(own, "x", &inside)).await).await;
    let meta = Meta::new(room, "mine").with("sha256", hex(&sha256(&large(15))));
    let mine = ann.upload_as(&meta, &large(15)).await;
    ann.ask(Method::DELETE, &format!("/v1/entries/{mine}")).send().await.unwrap();
    linked(ann.ask_instant(&question(room, "again", &large(15))).await).await;
    good::<Settled>(ann.remove_member(room, bob.account).await).await;
    bob.nonce(&question(own, "y", &left)).await;
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_link_needs_the_same_right_and_place_as_an_upload() {
    let world = World::new().await;
    let (ann, vic, eve) = (world.person(), world.person(), world.person());
    let room = ann.group(&[&vic]).await;
    let _carrier = world.settle_everything();
    good::<Settled>(ann.put_member(room, vic.account, Role::Viewer).await).await;
    let content = large(21);
    ann.upload(room, "a", &content).await;
    good::<Entry>(ann.folder(room, None, "dir").await).await;
    let refuses = async |who: &Person, new: InstantNew| refused(who.ask_instant(&new).await).await;
    assert_eq!(refuses(&vic, question(room, "b", &content)).await, ErrorCode::RoleTooLow);
    assert_eq!(refuses(&eve, question(room, "b", &content)).await, ErrorCode::NotFound);
    assert_eq!(refuses(&ann, question(room, "DIR", &content)).await, ErrorCode::NameExists);
    assert_eq!(refuses(&ann, question(room, "a/b", &content)).await, ErrorCode::InvalidName);
    let base = question(room, "b", &content);
    let lost = InstantNew { parent: Some(EntryId(Uuid::now_v7())), ..base.clone() };
    assert_eq!(refuses(&ann, lost).await, ErrorCode::NotFound);
    let huge = InstantNew { size: limits::FILE_BYTES_MAX + 1, ..base.clone() };
    assert_eq!(refuses(&ann, huge).await, ErrorCode::TooLarge);
    assert_eq!(
        refuses(&ann, InstantNew { sha256: "00".into(), ..base.clone() }).await,
        ErrorCode::BadRequest
    );
    linked(ann.ask_instant(&base).await).await;
    let other = InstantNew { filename: "c".into(), ..base };
    assert_eq!(refuses(&ann, other).await, ErrorCode::IdReused);
    // What an upload has begun, a link may end.
    let meta = Meta::new(room, "d").with("sha256", hex(&sha256(&content)));
    let path = ann.begin(&meta, content.len() as u64).await;
    let begun = InstantNew { id: super::world::upload_id(&path), ..question(room, "d", &content) };
    let (entry, _) = linked(ann.ask_instant(&begun).await).await;
    assert_eq!(ann.offset(&path).await, content.len() as u64);
    assert!(ann.download(entry).await == content);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn small_files_and_all_where_the_operator_wants_no_proofs_are_sent() {
    let world = World::under(Policy { proofs: Proofs::Off, ..Policy::default() }).await;
    let (ann, eve) = (world.person(), world.person());
    let room = ann.group(&[]).await;
    let content = large(31);
    ann.upload(room, "a", &content).await;
    let other = eve.group(&[]).await;
    assert_eq!(refused(eve.ask_instant(&question(other, "b", &content)).await).await, ErrorCode::NotFound);
    linked(ann.ask_instant(&question(room, "b", &content)).await).await;
    let small = bytes(usize::try_from(limits::INSTANT_BYTES_MIN).unwrap() - 1);
    ann.upload(room, "small", &small).await;
    assert_eq!(refused(ann.ask_instant(&question(room, "c", &small)).await).await, ErrorCode::NotFound);
    rested(&world).await;
    let spares: i64 =
        world.database().query_row("SELECT count(*) FROM spares", [], |row| row.get(0)).unwrap();
    assert_eq!(spares, 0);
}
