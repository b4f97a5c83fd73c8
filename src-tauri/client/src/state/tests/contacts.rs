//! What is wanted of contacts waits in its order, on disk, and not without end.

use super::me;
use crate::state::{contacts, open};
use pod_shared::contact::ContactRequest;
use pod_shared::limits::CONTACT_WISHES_MAX;
use pod_shared::{AccountId, ErrorCode};

fn remove(number: u8) -> ContactRequest {
    ContactRequest::Remove { account: AccountId::from_slice(&[number; 16]).unwrap() }
}

#[tokio::test]
async fn wishes_about_contacts_keep_their_order_through_a_crash_and_are_settled_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(folder.path()).unwrap();
    contacts::wish(&state, me(), vec![remove(2), remove(3)]).await.unwrap();
    let last = contacts::wish(&state, me(), vec![remove(2)]).await.unwrap();
    drop(state);
    let state = open(folder.path()).unwrap();
    let all = contacts::all(&state, me()).await.unwrap();
    let wished: Vec<ContactRequest> = all.iter().map(|(_, wish)| wish.clone()).collect();
    assert_eq!(wished, [remove(2), remove(3), remove(2)]);
    assert_eq!(all[2].0, last);
    assert!(contacts::all(&state, AccountId::from_slice(&[9; 16]).unwrap()).await.unwrap().is_empty());
    contacts::settle(&state, all[0].0).await.unwrap();
    assert_eq!(contacts::all(&state, me()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn more_wishes_than_can_wait_are_refused_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(folder.path()).unwrap();
    contacts::wish(&state, me(), vec![remove(2); CONTACT_WISHES_MAX - 1]).await.unwrap();
    let refused = contacts::wish(&state, me(), vec![remove(3), remove(4)]).await;
    assert_eq!(refused.map_err(|error| error.code), Err(ErrorCode::TooMany));
    contacts::wish(&state, me(), vec![remove(5)]).await.unwrap();
    assert_eq!(contacts::all(&state, me()).await.unwrap().len(), CONTACT_WISHES_MAX);
}
