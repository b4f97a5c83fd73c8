//! Any frame comes back as it was; any bytes are survived.

use crate::bytes::ByteString;
use crate::socket::{About, AboutKind, ClientFrame, EventKind, Request, RoomEvent, SendMessage, ServerFrame};
use crate::wire::{Decoded, decode_frame, encode};
use crate::{AccountId, ContentPosition, MessageId, Position, Role, RoomId, TimeMs, Txn};
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

fn id() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

fn role() -> impl Strategy<Value = Option<Role>> {
    (0_u8..5).prop_map(Role::from_code)
}

fn body() -> impl Strategy<Value = ByteString> {
    vec(any::<u8>(), 0..300).prop_map(ByteString)
}

fn about() -> impl Strategy<Value = Option<About>> {
    let how = prop_oneof![Just(AboutKind::Edit), Just(AboutKind::Reaction), Just(AboutKind::Deletion)];
    let about = (id(), id(), how).prop_map(|(message, author, how)| About {
        message: MessageId(message),
        author: AccountId(author),
        how,
    });
    proptest::option::of(about)
}

fn kind() -> impl Strategy<Value = EventKind> {
    prop_oneof![
        ".{0,40}".prop_map(|title| EventKind::Created { title }),
        (id(), body(), about()).prop_map(|(id, body, about)| EventKind::Message {
            id: MessageId(id),
            body,
            about
        }),
        (id(), ".{0,20}", ".{0,20}", role()).prop_map(|(id, name, display_name, role)| {
            EventKind::Member { account: AccountId(id), name, display_name, role }
        }),
        any::<u64>().prop_map(|at| EventKind::Folder { at: ContentPosition(at) }),
        Just(EventKind::FolderMade {}),
    ]
}

prop_compose! {
    fn server_frame()(
        room in id(), pos: u64, txn: u64, at: i64, by in id(), kind in kind(),
    ) -> ServerFrame {
        let (room, pos, txn, at, by) = (RoomId(room), Position(pos), Txn(txn), TimeMs(at), AccountId(by));
        ServerFrame::Event(RoomEvent { room, pos, txn, at, by, kind })
    }
}

fn client_frame() -> impl Strategy<Value = ClientFrame> {
    let looking = |rooms: Vec<Uuid>| ClientFrame::Looking { rooms: rooms.into_iter().map(RoomId).collect() };
    let member = |(request, room, account, role)| {
        let (room, account) = (RoomId(room), AccountId(account));
        ClientFrame::Request { request, body: Request::MemberSet { room, account, role } }
    };
    let message = |(id, room, body, about)| {
        ClientFrame::Send(SendMessage { id: MessageId(id), room: RoomId(room), body, about })
    };
    prop_oneof![
        any::<u64>().prop_map(|txn| ClientFrame::Applied { txn: Txn(txn) }),
        vec(id(), 0..20).prop_map(looking),
        (id(), id(), body(), about()).prop_map(message),
        (any::<u64>(), id(), id(), role()).prop_map(member),
    ]
}

proptest! {
    #[test]
    fn a_frame_of_a_client_comes_back_as_it_was(frame in client_frame()) {
        let bytes = encode(&frame).unwrap();
        prop_assert_eq!(decode_frame(&bytes), Ok(Decoded::Known(frame)));
    }

    #[test]
    fn a_frame_of_the_server_comes_back_as_it_was(frame in server_frame()) {
        let bytes = encode(&frame).unwrap();
        prop_assert_eq!(decode_frame(&bytes), Ok(Decoded::Known(frame)));
    }

    #[test]
    fn any_bytes_are_survived(bytes in vec(any::<u8>(), 0..400)) {
        let _ = decode_frame::<ClientFrame>(&bytes);
        let _ = decode_frame::<ServerFrame>(&bytes);
    }

    #[test]
    fn a_frame_with_a_changed_byte_is_survived(
        frame in client_frame(), at in any::<prop::sample::Index>(), to: u8,
    ) {
        let mut bytes = encode(&frame).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = to;
        let _ = decode_frame::<ClientFrame>(&bytes);
    }
}
