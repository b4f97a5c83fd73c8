//! Uploads and downloads against the rules of tus 1.0 and of HTTP.

use pod_shared::content::EntryPage;
use pod_shared::{ErrorCode, limits};
use pod_tests::device::{Device, location, refused, taken, upload_metadata};
use pod_tests::{World, both_ways};
use reqwest::{Method, Response};
use sha2::{Digest, Sha256};

fn header(answer: &Response, name: &str) -> String {
    answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn offset(device: &Device, upload: &str) -> String {
    let request = device.request(Method::HEAD, upload).header("Tus-Resumable", "1.0.0");
    header(&request.send().await.unwrap(), "upload-offset")
}

both_ways!(the_rules_of_tus_are_kept, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let room = alice.group("Attic", &[]).await;
    let options = alice.request(Method::OPTIONS, "/v1/uploads").send().await.unwrap();
    assert_eq!((options.status().as_u16(), header(&options, "tus-resumable").as_str()), (204, "1.0.0"));
    assert_eq!(header(&options, "tus-version"), "1.0.0");
    assert!(header(&options, "tus-extension").contains("creation"));
    assert_eq!(header(&options, "tus-max-size"), limits::FILE_BYTES_MAX.to_string());
    let created = alice.new_upload(room, "a.bin", 10).await;
    assert_eq!(header(&created, "tus-resumable"), "1.0.0");
    let upload = location(&created);
    assert!(upload.starts_with('/'), "URLs in answers are relative: {upload}");
    let half = alice.append(&upload, 0, b"hello".to_vec()).await;
    assert_eq!((half.status().as_u16(), header(&half, "upload-offset").as_str()), (204, "5"));
    refused(alice.append(&upload, 3, b"xx".to_vec()).await, ErrorCode::OffsetMismatch).await;
    refused(alice.append(&upload, 5, b"toolong".to_vec()).await, ErrorCode::TooLarge).await;
    let head = alice.request(Method::HEAD, &upload).header("Tus-Resumable", "1.0.0").send().await.unwrap();
    assert_eq!(
        (header(&head, "upload-length").as_str(), header(&head, "cache-control").as_str()),
        ("10", "no-store")
    );
    let from: usize = header(&head, "upload-offset").parse().unwrap();
    let rest = b"helloworld"[from..].to_vec();
    let done = alice.append(&upload, from as u64, rest).await;
    assert_eq!((done.status().as_u16(), header(&done, "upload-offset").as_str()), (204, "10"));
    let page: EntryPage = taken(alice.get(&format!("/v1/rooms/{room}/entries")).await).await;
    assert_eq!((page.entries[0].size, page.entries[0].digest.as_str()), (10, sha256(b"helloworld").as_str()));
});

both_ways!(a_request_that_is_not_tus_is_refused, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let room = alice.group("Attic", &[]).await;
    let upload = location(&alice.new_upload(room, "a.bin", 10).await);
    let version = alice
        .request(Method::PATCH, &upload)
        .header("Tus-Resumable", "0.2.2")
        .header("Upload-Offset", 0)
        .header("Content-Type", "application/offset+octet-stream")
        .body("hello");
    refused(version.send().await.unwrap(), ErrorCode::UnsupportedVersion).await;
    let kind = alice
        .request(Method::PATCH, &upload)
        .header("Tus-Resumable", "1.0.0")
        .header("Upload-Offset", 0)
        .header("Content-Type", "application/json")
        .body("hello");
    assert_eq!(kind.send().await.unwrap().status(), 415, "tus has a status of its own for this");
    for bad in ["-1", "x", "", "99999999999999999999999"] {
        let request = alice
            .request(Method::PATCH, &upload)
            .header("Tus-Resumable", "1.0.0")
            .header("Upload-Offset", bad)
            .header("Content-Type", "application/offset+octet-stream")
            .body("hello");
        refused(request.send().await.unwrap(), ErrorCode::BadRequest).await;
    }
    assert_eq!(offset(&alice, &upload).await, "0");
});

both_ways!(an_upload_beyond_the_limits_is_refused_and_not_opened, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let room = alice.group("Attic", &[]).await;
    refused(alice.new_upload(room, "a", limits::FILE_BYTES_MAX + 1).await, ErrorCode::TooLarge).await;
    let long =
        format!("{},x {}", upload_metadata(room, "a"), "QUFB".repeat(limits::UPLOAD_METADATA_BYTES_MAX / 4));
    refused(alice.new_upload_with(&long, 5).await, ErrorCode::TooLarge).await;
    for metadata in ["", "room", "room !!!", "filename YQ==", "room YQ==,filename YQ==", ",,,,"] {
        refused(alice.new_upload_with(metadata, 5).await, ErrorCode::BadRequest).await;
    }
    let page: pod_shared::content::Changes =
        taken(alice.get(&format!("/v1/rooms/{room}/changes")).await).await;
    assert!(page.uploads.is_empty(), "a refused upload is open");
});

both_ways!(an_account_has_so_many_uploads_open_and_no_more, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let room = alice.group("Attic", &[]).await;
    let mut last = String::new();
    for n in 0..limits::OPEN_UPLOADS_PER_ACCOUNT_MAX {
        last = location(&alice.new_upload(room, &format!("{n}"), 5).await);
    }
    refused(alice.new_upload(room, "over", 5).await, ErrorCode::TooMany).await;
    let cancel = alice.request(Method::DELETE, &last).header("Tus-Resumable", "1.0.0").send().await.unwrap();
    assert_eq!(cancel.status(), 204);
    assert_eq!(alice.new_upload(room, "over", 5).await.status(), 201, "a cancelled upload still counts");
});

both_ways!(bytes_with_another_digest_are_refused_and_not_linked, async |world: &mut World| {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let alice = Device::sign_up(world, "alice").await;
    let room = alice.group("Attic", &[]).await;
    let promised = STANDARD.encode(sha256(b"hello"));
    let metadata = format!("{},sha256 {promised}", upload_metadata(room, "a.txt"));
    let upload = location(&alice.new_upload_with(&metadata, 5).await);
    refused(alice.append(&upload, 0, b"jello".to_vec()).await, ErrorCode::DigestMismatch).await;
    let page: EntryPage = taken(alice.get(&format!("/v1/rooms/{room}/entries")).await).await;
    assert!(page.entries.is_empty(), "bytes with another digest are in the folder");
    let upload = location(&alice.new_upload_with(&metadata, 5).await);
    assert_eq!(alice.append(&upload, 0, b"hello".to_vec()).await.status(), 204);
});

both_ways!(a_cancelled_upload_is_gone_for_good, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let room = alice.group("Attic", &[]).await;
    let upload = location(&alice.new_upload(room, "a.bin", 10).await);
    assert_eq!(alice.append(&upload, 0, b"hello".to_vec()).await.status(), 204);
    let cancel =
        alice.request(Method::DELETE, &upload).header("Tus-Resumable", "1.0.0").send().await.unwrap();
    assert_eq!(cancel.status(), 204);
    refused(alice.append(&upload, 5, b"world".to_vec()).await, ErrorCode::Gone).await;
    let page: EntryPage = taken(alice.get(&format!("/v1/rooms/{room}/entries")).await).await;
    assert!(page.entries.is_empty());
});

both_ways!(a_download_has_ranges_and_an_etag_that_is_its_digest, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let room = alice.group("Attic", &[]).await;
    let bytes: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
    let file = alice.put(room, "a.bin", &bytes).await;
    let path = format!("/v1/entries/{}/content", file.id);
    let whole = alice.get(&path).await;
    let etag = header(&whole, "etag");
    assert_eq!(etag, format!("\"{}\"", sha256(&bytes)));
    assert_eq!(whole.bytes().await.unwrap(), bytes);
    let ranged =
        async |range: &str| alice.request(Method::GET, &path).header("range", range).send().await.unwrap();
    for (range, part) in [
        ("bytes=0-0", 0..1),
        ("bytes=100-199", 100..200),
        ("bytes=199990-", 199_990..200_000),
        ("bytes=-10", 199_990..200_000),
        ("bytes=199999-999999", 199_999..200_000),
    ] {
        let answer = ranged(range).await;
        let said = format!("bytes {}-{}/200000", part.start, part.end - 1);
        assert_eq!((answer.status().as_u16(), header(&answer, "content-range")), (206, said), "{range}");
        assert_eq!(answer.bytes().await.unwrap(), bytes[part], "{range}");
    }
    let beyond = ranged("bytes=200000-").await;
    assert_eq!(
        (beyond.status().as_u16(), header(&beyond, "content-range").as_str()),
        (416, "bytes */200000")
    );
    for nonsense in ["bytes=5-2", "bytes=x", "lines=1-2", "bytes="] {
        let answer = ranged(nonsense).await;
        assert!(matches!(answer.status().as_u16(), 200 | 416), "{nonsense}: {}", answer.status());
    }
    let same = alice.request(Method::GET, &path).header("if-none-match", &etag).send().await.unwrap();
    assert_eq!(same.status(), 304);
    let other = alice.request(Method::GET, &path).header("range", "bytes=0-9").header("if-range", "\"old\"");
    assert_eq!(other.send().await.unwrap().status(), 200, "a range of another version");
    let holds = alice.request(Method::GET, &path).header("range", "bytes=0-9").header("if-range", &etag);
    assert_eq!(holds.send().await.unwrap().status(), 206);
});
