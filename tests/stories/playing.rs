//! A film as a player asks for it, a piece at a time: while the network is cut, while the file itself still arrives, when it
//! is here, and after its watcher was removed (O15).

use crate::folders::{details, make, named};
use crate::window::Engine;
use pod_client::command::{Answer, Command, FileCommand, Side};
use pod_client::view::{EntryView, ErrorView, FileState};
use pod_shared::content::PreviewKind;
use pod_shared::{ErrorCode, limits};
use pod_tests::proxy::{Blow, Direction, Weather};
use pod_tests::{World, both_ways, wait};

const FILM_BYTES: u32 = 12 * 1024 * 1024;

fn bytes(length: u32) -> Vec<u8> {
    (0..length / 4).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect()
}

async fn piece(engine: &Engine, film: &EntryView, from: u64, bytes: u64) -> Result<Vec<u8>, ErrorView> {
    let asked = FileCommand::Piece { entry: film.id, version: film.version, from, bytes };
    let Answer::Piece(piece) = engine.run(Command::AboutFiles(asked)).await? else { panic!("no piece") };
    Ok(piece)
}

both_ways!(a_film_is_watched_in_pieces_through_a_cut_and_while_it_arrives, async |world: &mut World| {
    let (alice, bob) = (Engine::sign_up(world, "alice").await, Engine::sign_up(world, "bob").await);
    let room = alice.create("films", vec![bob.me().await], Side::Chat).await;
    bob.room(room).await;
    make(&alice, room, "ready").await;
    let path = world.folder().join("영화.mp4");
    let film = bytes(FILM_BYTES);
    std::fs::write(&path, &film).unwrap();
    alice.ask(Command::Put { room, parent: None, paths: vec![path] }).await;
    let seen = named(&bob, room, "영화.mp4").await;
    assert_eq!((seen.preview, &seen.file), (Some(PreviewKind::Video), &FileState::Server));

    let way = world.way_to_content();
    let before = way.bytes_down();
    let got = piece(&bob, &seen, 9_000_000, 300_000).await.unwrap();
    assert_eq!(got, film[9_000_000..9_300_000]);
    let moved = way.bytes_down() - before;
    assert!(moved < 400_000, "{moved} bytes came for 300,000");
    assert_eq!(details(&alice, seen.id).await.0, ["ALICE"], "who watches has not downloaded");
    let long = piece(&bob, &seen, 0, limits::LOOK_PIECE_BYTES_MAX + 1).await.unwrap_err();
    assert_eq!(long.code, ErrorCode::TooLarge);

    way.set(Weather::Until(Direction::Down, 400_000, Blow::Cut));
    let cut = async {
        way.was_cut().await;
        way.set(Weather::Fair);
    };
    let (got, ()) = tokio::join!(piece(&bob, &seen, 1_000_000, 1_500_000), cut);
    assert_eq!(got.unwrap(), film[1_000_000..2_500_000], "what came before the cut and after it");
    bob.online().await;

    // The whole of it comes slowly, and its middle is watched meanwhile.
    way.set(Weather::Throttled(1_000_000));
    bob.ask(Command::Get { entry: seen.id, dest: None }).await;
    let got = piece(&bob, &seen, 6_000_000, 200_000).await.unwrap();
    assert_eq!(got, film[6_000_000..6_200_000]);
    let now = named(&bob, room, "영화.mp4").await;
    assert!(matches!(now.file, FileState::Downloading { .. }), "{:?}", now.file);
    way.set(Weather::Fair);
    wait::until("it is here", async || {
        (named(&bob, room, "영화.mp4").await.file == FileState::Here).then_some(())
    })
    .await;

    // From now on no byte of it moves.
    let before = way.bytes_down();
    assert_eq!(piece(&bob, &seen, 0, 2_000_000).await.unwrap(), film[..2_000_000]);
    assert!(way.bytes_down() - before < 100_000);
    drop((alice, bob));
});

both_ways!(who_is_removed_gets_no_further_piece, async |world: &mut World| {
    let (alice, bob) = (Engine::sign_up(world, "alice").await, Engine::sign_up(world, "bob").await);
    let them = bob.me().await;
    let room = alice.create("songs", vec![them], Side::Chat).await;
    bob.room(room).await;
    make(&alice, room, "ready").await;
    let path = world.folder().join("노래.mp3");
    std::fs::write(&path, bytes(1_000_000)).unwrap();
    alice.ask(Command::Put { room, parent: None, paths: vec![path] }).await;
    let seen = named(&bob, room, "노래.mp3").await;
    assert_eq!(seen.preview, Some(PreviewKind::Audio));
    assert!(piece(&bob, &seen, 0, 100_000).await.is_ok());
    alice.say_done(Command::MemberSet { room, account: them, role: None }).await;
    let refused =
        wait::until("the next piece is refused", async || piece(&bob, &seen, 100_000, 100_000).await.err())
            .await;
    assert_eq!(refused.code, ErrorCode::NotFound);
    drop((alice, bob));
});
