//! A device that is signed out from another one while its files move: the next byte is refused, in either direction (N5).

use pod_shared::ErrorCode;
use pod_tests::device::{Device, location, refused};
use pod_tests::proxy::Weather;
use pod_tests::{Socket, World, both_ways, seen, wait};
use reqwest::{Method, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const MIB: usize = 1024 * 1024;
/// Bytes in a second: the file takes its time.
const PACE: u64 = 1 << 20;

/// Signs the other device out, as its person does on this one.
async fn sign_out(here: &Device, there: &Device) {
    let path = format!("/v1/sign-ins/{}", there.id);
    let answer = here.server_request(Method::DELETE, &path).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}

/// The way to the content service.
fn way(world: &World) -> &pod_tests::Proxy {
    world.content_network.as_ref().unwrap_or(&world.network)
}

both_ways!(a_download_of_a_device_that_is_signed_out_ends, async |world: &mut World| {
    let here = Device::sign_up(world, "alice").await;
    let there = Device::elsewhere(world, "alice").await;
    let (mut socket, _) = Socket::open(&here, None).await;
    let room = socket.make_room("Attic", &[]).await;
    let bytes = seen::bytes(8 * MIB);
    let entry = wait::until("the folder", async || {
        let created = here.new_upload(room, "film.bin", bytes.len() as u64).await;
        if created.status() != StatusCode::CREATED {
            return None;
        }
        here.append(&location(&created), 0, bytes.clone()).await.error_for_status().ok()?;
        let page = here.get(&format!("/v1/rooms/{room}/entries")).await;
        let page: pod_shared::content::EntryPage = pod_tests::device::taken(page).await;
        page.entries.into_iter().next()
    })
    .await;
    way(world).set(Weather::Throttled(PACE));
    let mut download = there.get(&format!("/v1/entries/{}/content", entry.id)).await;
    assert_eq!(download.status(), StatusCode::OK);
    let mut read = download.chunk().await.unwrap().unwrap().len();
    sign_out(&here, &there).await;
    let ended = wait::soon("the end of the download", async {
        loop {
            match download.chunk().await {
                Ok(Some(chunk)) => read += chunk.len(),
                Ok(None) => break "whole",
                Err(_) => break "cut",
            }
        }
    })
    .await;
    assert_eq!(ended, "cut");
    assert!(read < bytes.len(), "all of it came");
    way(world).set(Weather::Fair);
    let again = there.get(&format!("/v1/entries/{}/content", entry.id)).await;
    refused(again, ErrorCode::SignedOut).await;
});

both_ways!(an_upload_of_a_device_that_is_signed_out_takes_no_further_byte, async |world: &mut World| {
    let here = Device::sign_up(world, "alice").await;
    let there = Device::elsewhere(world, "alice").await;
    let (mut socket, _) = Socket::open(&here, None).await;
    let room = socket.make_room("Attic", &[]).await;
    let whole = 64 * MIB;
    let created = wait::until("the folder", async || {
        let created = there.new_upload(room, "film.bin", whole as u64).await;
        (created.status() == StatusCode::CREATED).then_some(created)
    })
    .await;
    let path = location(&created);
    let authority = world.content_url().trim_start_matches("http://").to_owned();
    let mut upload = TcpStream::connect(&authority).await.unwrap();
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer {}\r\nTus-Resumable: 1.0.0\r\n\
         Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {whole}\r\n\r\n",
        there.content_token
    );
    upload.write_all(head.as_bytes()).await.unwrap();
    upload.write_all(&vec![7; MIB]).await.unwrap();
    sign_out(&here, &there).await;
    let (mut answers, mut sends) = upload.into_split();
    let mut answer = Vec::new();
    wait::soon("the upload to be refused", async {
        let piece = vec![7; 64 * 1024];
        let mut sent = MIB;
        loop {
            tokio::select! {
                // An answer, or the end without one: the server reads no further.
                read = answers.read_buf(&mut answer) => if !matches!(read, Ok(1..)) || !answer.is_empty() { break },
                written = sends.write_all(&piece), if sent < whole => match written {
                    Ok(()) => sent += piece.len(),
                    Err(_) => break,
                },
            }
        }
    })
    .await;
    let said = String::from_utf8_lossy(&answer);
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 401"), "{said}");
    let held = wait::until("who is still signed in to see where it stands", async || {
        let look = here.request(Method::HEAD, &path).header("Tus-Resumable", "1.0.0").send().await.unwrap();
        look.headers().get("upload-offset")?.to_str().ok()?.parse::<usize>().ok()
    })
    .await;
    assert!(held < whole, "all of it was taken");
    let again = there.append(&path, held as u64, vec![7; 16]).await;
    refused(again, ErrorCode::SignedOut).await;
    let still = here.request(Method::HEAD, &path).header("Tus-Resumable", "1.0.0").send().await.unwrap();
    assert_eq!(
        still.headers()["upload-offset"].to_str().unwrap(),
        held.to_string(),
        "the next byte was taken"
    );
});
