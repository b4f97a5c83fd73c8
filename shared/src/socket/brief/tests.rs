//! What few bytes stand for, and how few they are.

use super::{BriefPresence, ClientAgain, Ended, ServerAgain};
use crate::capability;
use crate::offer::RelayInfo;
use crate::presence::{PersonPresence, Presence, PresenceState};
use crate::socket::{ClientFrame, ServerFrame, ServerHello};
use crate::sync::SyncKind;
use crate::{AccountId, ConnectionId, DeviceId, TimeMs, Txn, wire};
use uuid::Uuid;

/// Bytes of a null sync each way, and of one changed contact (issue 5, line 10).
const NULL_BYTES_MAX: usize = 96;
const CHANGE_BYTES_MAX: usize = 40;

fn hello() -> ServerHello {
    ServerHello {
        capabilities: capability::ALL.iter().map(ToString::to_string).collect(),
        server: "home".into(),
        connection: ConnectionId(Uuid::from_u128(3)),
        account: AccountId(Uuid::from_u128(2)),
        heartbeat_ms: 20_000,
        now: TimeMs(1),
        content_url: String::new(),
        content_fingerprint: None,
        relay: None,
    }
}

fn relay(token: &str) -> RelayInfo {
    RelayInfo { url: "https://home.example:7601".into(), token: token.into(), fingerprint: None }
}

fn length<T: serde::Serialize>(frame: &T) -> usize {
    wire::encode(frame).unwrap().len()
}

#[test]
fn the_place_of_a_capability_is_its_bit_forever() {
    let places = [
        "sync-key/1",
        "upload-progress/1",
        "read-marks/1",
        "about/1",
        "typing/1",
        "delivered-marks/1",
        "presence/1",
        "room-links/1",
        "offers/1",
        "contacts/1",
        "settings/1",
        "brief/1",
    ];
    assert_eq!(capability::ALL[..places.len()], places, "older pods say them by their place");
    assert!(capability::ALL.len() <= 64);
    assert_eq!(capability::bits(capability::ALL), (1 << capability::ALL.len()) - 1);
    let some = ["offers/1", "of a newer version/1", "about/1"];
    assert_eq!(capability::of_bits(capability::bits(&some)), ["about/1", "offers/1"]);
    assert_eq!(capability::of_bits(1 << 63), Vec::<String>::new());
}

#[test]
fn a_greeting_is_marked_by_all_that_stays() {
    let first = hello();
    let another = ServerHello {
        connection: ConnectionId(Uuid::from_u128(9)),
        now: TimeMs(9),
        relay: Some(relay("t")),
        ..first.clone()
    };
    assert_eq!(another.mark(), first.mark());
    let others = [
        ServerHello { server: "other".into(), ..first.clone() },
        ServerHello { heartbeat_ms: 1, ..first.clone() },
        ServerHello { content_url: "https://files.example".into(), ..first.clone() },
        ServerHello { capabilities: Vec::new(), ..first.clone() },
        ServerHello { account: AccountId(Uuid::from_u128(1)), ..first.clone() },
    ];
    for other in others {
        assert_ne!(other.mark(), first.mark(), "{other:?}");
    }
    assert_ne!(relay("one").mark(), relay("two").mark());
    let again = ServerAgain { connection: ConnectionId(Uuid::from_u128(9)), now: TimeMs(9), relay: 7 };
    assert_eq!(another.again(again), ServerHello { relay: None, ..another });
}

#[test]
fn a_null_sync_and_a_changed_contact_are_as_short_as_they_are_said_to_be() {
    let (session, largest) = (ConnectionId(Uuid::max()), u64::MAX);
    let again =
        ClientAgain { capabilities: largest, greeting: largest, epoch: largest, session, txn: Txn(largest) };
    assert_eq!(again.key(DeviceId(Uuid::nil())).session, session);
    let up = length(&ClientFrame::Again(again)) + length(&ClientFrame::Applied { txn: Txn(largest) });
    let greeting = ServerAgain { connection: session, now: TimeMs(i64::MAX), relay: largest };
    let down = length(&ServerFrame::Again(greeting))
        + length(&ServerFrame::SyncEnded(Ended(SyncKind::Null, Txn(largest))));
    assert!(up <= NULL_BYTES_MAX && down <= NULL_BYTES_MAX, "{up} up, {down} down");

    let part = |people: usize| {
        let presence = Presence {
            state: PresenceState::Offline,
            seen_at: Some(TimeMs(i64::MAX)),
            ..Presence::default()
        };
        let person = BriefPresence(PersonPresence { account: AccountId(Uuid::max()), presence });
        length(&ServerFrame::SyncPresences(vec![person; people]))
    };
    assert!(part(101) - part(100) <= CHANGE_BYTES_MAX, "{}", part(101) - part(100));
}

#[test]
fn a_state_of_a_newer_version_is_no_presence() {
    let fields = (AccountId(Uuid::nil()), 200_u8, "", None::<TimeMs>, None::<TimeMs>);
    assert!(wire::decode::<BriefPresence>(&wire::encode(&fields).unwrap()).is_err());
}
