//! Files for people who are away that need not be sent, and how much one person may leave with the server.

use super::forwards::Offered;
use super::instant::noise;
use super::world::{World, good, refused};
use pod_shared::content::{ForwardNew, ForwardOffset, PIECE_BYTES};
use pod_shared::{ErrorCode, limits};
use reqwest::StatusCode;

const PIECE: usize = PIECE_BYTES as usize;

#[tokio::test]
async fn what_its_sender_may_read_here_is_kept_for_the_receiver_without_a_byte() {
    let world = World::new().await;
    let (ann, bob, carol, eve) = (world.person(), world.person(), world.person(), world.person());
    ann.group(&[&bob, &carol]).await;
    eve.group(&[&carol]).await;
    let film = noise(9, 2 * PIECE + 5);
    let first = Offered::new(film.clone(), 0);
    ann.forward(&bob, &first).await;
    let second = Offered::new(film.clone(), 0);
    for _ in 0..2 {
        let said: ForwardOffset = good(ann.put_forward(&second, &second.new_for(carol.account)).await).await;
        assert!([0, film.len() as u64].contains(&said.offset), "said again, it is all there");
        assert_eq!(ann.put_manifest(&second, second.manifest()).await.status(), StatusCode::NO_CONTENT);
        assert!(carol.state(&second).await.whole);
    }
    assert_eq!(refused(ann.begin_rest(&second).await).await, ErrorCode::Conflict, "no byte is wanted");
    let strange = Offered::new(film.clone(), 0);
    good::<ForwardOffset>(eve.put_forward(&strange, &strange.new_for(carol.account)).await).await;
    assert_eq!(eve.put_manifest(&strange, strange.manifest()).await.status(), StatusCode::NO_CONTENT);
    assert!(!carol.state(&strange).await.whole, "who may not read it has to bring it");
    let rest = Offered::new(film.clone(), PIECE);
    ann.say(&carol, &rest).await;
    assert!(!carol.state(&rest).await.whole, "a part of it is another content");
    assert_eq!(bob.drop_forward(&first).await, StatusCode::NO_CONTENT);
    assert!(carol.fetch(&second).await.bytes().await.unwrap() == film, "it lies there for itself");
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn nobody_fills_the_server_with_what_waits_for_others() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    ann.group(&[&bob]).await;
    let small = Offered::new(noise(1, 300), 0);
    let large =
        |offered: &Offered| ForwardNew { size: limits::FORWARD_BYTES_MAX, ..offered.new_for(bob.account) };
    let mut taken = Vec::new();
    for _ in 0..limits::FORWARDS_BYTES_PER_ACCOUNT_MAX / limits::FORWARD_BYTES_MAX {
        let offered = Offered::new(noise(2, 300), 0);
        good::<ForwardOffset>(ann.put_forward(&offered, &large(&offered)).await).await;
        taken.push(offered);
    }
    let one_more = ann.put_forward(&small, &small.new_for(bob.account)).await;
    assert_eq!(refused(one_more).await, ErrorCode::TooMany, "before any byte is sent");
    good::<ForwardOffset>(bob.put_forward(&small, &small.new_for(ann.account)).await).await;
    assert_eq!(ann.drop_forward(&taken[0]).await, StatusCode::NO_CONTENT);
    let small = Offered::new(noise(3, 300), 0);
    good::<ForwardOffset>(ann.put_forward(&small, &small.new_for(bob.account)).await).await;
}
