//! What a page may ask of the pod.

use super::is_for_pages;
use pod_client::command::{Command, FileCommand, LinkedCommand, TokenFor, TransferCommand};
use pod_shared::{AccountId, EntryId, RoomId};
use uuid::Uuid;

#[test]
fn a_page_names_no_path_and_sees_no_token() {
    let (room, entry) = (RoomId(Uuid::now_v7()), EntryId(Uuid::now_v7()));
    assert!(is_for_pages(&Command::Rooms));
    assert!(is_for_pages(&Command::Get { entry, dest: None }));
    assert!(!is_for_pages(&Command::Get { entry, dest: Some("x".into()) }));
    assert!(!is_for_pages(&Command::Put { room, parent: None, paths: vec!["x".into()] }));
    assert!(!is_for_pages(&Command::Token { audience: TokenFor::Content }));
    assert!(!is_for_pages(&Command::PreviewFile { entry }));
    assert!(!is_for_pages(&Command::RoomPictureFile { room }));
    assert!(!is_for_pages(&Command::RoomPictureSet { room, path: "x".into() }));
    let offer = TransferCommand::Offer { to: AccountId(Uuid::now_v7()), paths: vec!["x".into()] };
    assert!(!is_for_pages(&Command::AboutTransfers(offer)));
    let accept = |folder| {
        Command::AboutTransfers(TransferCommand::OfferAccept { offers: Vec::new(), always: false, folder })
    };
    assert!(is_for_pages(&accept(None)));
    assert!(!is_for_pages(&accept(Some("x".into()))));
    let piece = FileCommand::Piece { entry, version: 1, from: 0, bytes: 1 };
    assert!(!is_for_pages(&Command::AboutFiles(piece)));
    let link = LinkedCommand::LinkedAdd { room, entry: None, path: "x".into() };
    assert!(!is_for_pages(&Command::AboutLinked(link)));
    assert!(is_for_pages(&Command::AboutLinked(LinkedCommand::LinkedFolders)));
    let set = |value: Option<&str>| Command::SettingSet {
        key: "transfers.folder".to_owned(),
        value: value.map(str::to_owned),
    };
    assert!(is_for_pages(&set(None)));
    assert!(!is_for_pages(&set(Some("x"))));
}
