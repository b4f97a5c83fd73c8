//! One of each frame, with fixed values.

use super::contacts::{contact_requests, contact_tellings};
use crate::bytes::ByteString;
use crate::interlock::MemberVersion;
use crate::links::{LinkAnswer, LinkRequest, RoomLink};
use crate::offer::{OfferEnd, OfferRequest, OfferState, OfferStep, RelayInfo};
use crate::presence::{MyPresence, PersonPresence, Presence, PresenceChoice, PresenceState};
use crate::profile::{PersonProfile, ProfileFields};
use crate::setting::SettingState;
use crate::socket::{
    About, AboutKind, Answer, BriefPresence, ClientAgain, ClientFrame, ClientHello, Ended, EventKind, Person,
    Progress, Request, RoomEvent, SendMessage, ServerAgain, ServerFrame, ServerHello,
};
use crate::sync::{MemberState, RoomDelta, SyncKey, SyncKind};
use crate::{
    AccountId, ConnectionId, ContentPosition, DeviceId, ErrorBody, ErrorCode, LinkId, MessageId, OfferId,
    Position, Role, RoomId, TimeMs, Txn, UploadId, capability,
};

pub(super) fn id(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0000 + n)
}

pub(super) fn room() -> RoomId {
    RoomId(id(1))
}

pub(super) fn device() -> DeviceId {
    DeviceId(id(4))
}

pub(super) fn member_version(role: Option<Role>) -> MemberVersion {
    MemberVersion { account: alice(), role, counter: 3, by: AccountId(id(5)) }
}

pub(super) fn alice() -> AccountId {
    AccountId(id(2))
}

fn key() -> SyncKey {
    SyncKey { epoch: 77, session: ConnectionId(id(3)), device: DeviceId(id(4)), txn: Txn(1_000) }
}

fn event(kind: EventKind) -> RoomEvent {
    let (pos, txn, at) = (Position(9), Txn(1_001), TimeMs(1_700_000_000_000));
    RoomEvent { room: room(), pos, txn, at, by: alice(), kind }
}

fn message() -> EventKind {
    EventKind::Message { id: MessageId(id(6)), body: ByteString(vec![1, 2, 3]), about: None }
}

fn about(how: AboutKind) -> Option<About> {
    Some(About { message: MessageId(id(6)), author: alice(), how })
}

fn said_of(how: AboutKind) -> EventKind {
    EventKind::Message { id: MessageId(id(8)), body: ByteString(vec![9]), about: about(how) }
}

fn member(role: Option<Role>) -> MemberState {
    MemberState { account: alice(), name: "alice".into(), display_name: "Alice 앨리스".into(), role }
}

fn delta() -> RoomDelta {
    RoomDelta {
        title: Some("봄".into()),
        created_by: Some(alice()),
        created_at: Some(TimeMs(1)),
        folder: Some(true),
        members: vec![member(Some(Role::Owner)), member(None)],
        events: vec![event(EventKind::FolderMade {})],
        gap: true,
        read: Some(Position(8)),
        reads: vec![(alice(), Position(7))],
        ..no_change()
    }
}

fn no_change() -> RoomDelta {
    let (head, content_at) = (Position(9), ContentPosition(4));
    RoomDelta { head, content_at, ..RoomDelta::empty(room(), Txn(1_002)) }
}

fn refusal() -> ErrorBody {
    ErrorBody {
        code: ErrorCode::RateLimited,
        message: "Too fast.".into(),
        retry_after_ms: Some(1_500),
        request: Some("r1".into()),
    }
}

fn mine() -> MyPresence {
    MyPresence { state: PresenceChoice::Busy, text: "점심".into(), until: Some(TimeMs(1_700_000_360_000)) }
}

fn bobs() -> PersonPresence {
    let presence =
        Presence { state: PresenceState::Offline, seen_at: Some(TimeMs(7)), ..Presence::default() };
    PersonPresence { account: AccountId(id(5)), presence }
}

fn link() -> LinkId {
    LinkId(id(9))
}

fn link_create() -> LinkRequest {
    let digest = ByteString(vec![7; 32]);
    LinkRequest::Create { link: link(), room: room(), digest, uses: 10, days: 7 }
}

fn links() -> LinkAnswer {
    let one = RoomLink {
        link: link(),
        by: alice(),
        by_name: "Alice".into(),
        uses_left: 9,
        expires_at: TimeMs(1_700_000_000_000),
    };
    LinkAnswer::Links { links: vec![one] }
}

pub(super) fn offer_id() -> OfferId {
    OfferId(id(10))
}

fn offer(step: OfferStep) -> OfferState {
    OfferState {
        offer: offer_id(),
        from: alice(),
        from_device: device(),
        to: AccountId(id(5)),
        to_device: Some(DeviceId(id(11))),
        body: ByteString(vec![1, 2, 3]),
        round: 2,
        step,
        at: TimeMs(1_700_000_000_000),
        until: Some(TimeMs(1_702_592_000_000)),
        txn: Txn(1_003),
    }
}

fn offers() -> Vec<OfferState> {
    let over = |step| OfferState { until: None, ..offer(step) };
    vec![
        OfferState { to_device: None, round: 1, ..offer(OfferStep::Asked) },
        offer(OfferStep::Accepted),
        offer(OfferStep::Interrupted),
        offer(OfferStep::Paused),
        offer(OfferStep::Forwarding { from: 1 << 20 }),
        offer(OfferStep::Forwarded { from: 1 << 33 }),
        over(OfferStep::Done),
        over(OfferStep::Declined),
        over(OfferStep::Cancelled),
        over(OfferStep::Failed { code: ErrorCode::FileChanged }),
        over(OfferStep::Expired),
    ]
}

/// What a device asks about offers, by name.
fn offer_requests() -> Vec<(&'static str, ClientFrame)> {
    let offer = offer_id();
    let end = |how| OfferRequest::End { offer, how };
    let body = ByteString(vec![1, 2, 3]);
    let requests = [
        ("client.offer_ask", OfferRequest::Ask { offer, to: alice(), body, round: 1 }),
        ("client.offer_accept", OfferRequest::Accept { offer, round: 1 }),
        ("client.offer_decline", OfferRequest::Decline { offer }),
        ("client.offer_interrupted", OfferRequest::Interrupted { offer, round: 1 }),
        ("client.offer_pause", OfferRequest::Pause { offer, round: 1 }),
        ("client.offer_forward", OfferRequest::Forward { offer, from: 1 << 33 }),
        ("client.offer_done", end(OfferEnd::Done)),
        ("client.offer_cancelled", end(OfferEnd::Cancelled)),
        ("client.offer_failed", end(OfferEnd::Failed(ErrorCode::DiskFull))),
        ("client.offer_peer", OfferRequest::Peer { offer }),
    ];
    let frame = |body| ClientFrame::Request { request: 300, body: Request::Offer(body) };
    let mut frames: Vec<_> = requests.into_iter().map(|(name, body)| (name, frame(body))).collect();
    frames.push(("client.endpoint", ClientFrame::Endpoint { endpoint: ByteString(vec![4, 5, 6]) }));
    frames
}

fn skin(value: Option<&str>) -> SettingState {
    SettingState { key: "skin".into(), value: value.map(ToOwned::to_owned) }
}

fn profile() -> PersonProfile {
    let profile =
        ProfileFields { title: "Baker".into(), phone: "+82 2 123".into(), ..ProfileFields::default() };
    PersonProfile { account: alice(), profile }
}

/// What the server says of people and of the own settings, by name.
fn people_tellings() -> Vec<(&'static str, ServerFrame)> {
    vec![
        ("server.sync_people", ServerFrame::SyncPeople { people: vec![bobs()], mine: Some(mine()) }),
        ("server.presence", ServerFrame::Presence { txn: Txn(6), people: vec![bobs()] }),
        ("server.my_presence", ServerFrame::MyPresence { txn: Txn(6), mine: mine() }),
        (
            "server.sync_settings",
            ServerFrame::SyncSettings { settings: vec![skin(Some("midnight")), skin(None)] },
        ),
        ("server.sync_profiles", ServerFrame::SyncProfiles(vec![profile()])),
        ("server.profiles", ServerFrame::Profiles { txn: Txn(6), profiles: vec![profile()] }),
        ("server.setting", ServerFrame::Setting { txn: Txn(6), setting: skin(None) }),
    ]
}

/// What a device and the server say in few bytes, by name.
fn brief_client() -> Vec<(&'static str, ClientFrame)> {
    let SyncKey { epoch, session, txn, .. } = key();
    let again = ClientAgain { capabilities: 0xfff, greeting: 1 << 63, epoch, session, txn };
    vec![
        ("client.again", ClientFrame::Again(again)),
        ("client.relay", ClientFrame::Request { request: 300, body: Request::Relay {} }),
    ]
}

fn brief_server() -> Vec<(&'static str, ServerFrame)> {
    let SyncKey { session, txn, .. } = key();
    let again = ServerAgain { connection: session, now: TimeMs(1_700_000_000_000), relay: 1 << 63 };
    let presence = Presence { state: PresenceState::Busy, text: "점심".into(), ..Presence::default() };
    let busy = PersonPresence { account: alice(), presence };
    let answer = |relay| ServerFrame::Answer { request: 300, result: Ok(Answer::Relay { relay }) };
    vec![
        ("server.again", ServerFrame::Again(again)),
        (
            "server.sync_presences",
            ServerFrame::SyncPresences(vec![BriefPresence(bobs()), BriefPresence(busy)]),
        ),
        ("server.sync_ended.null", ServerFrame::SyncEnded(Ended(SyncKind::Null, txn))),
        ("server.sync_ended.delta", ServerFrame::SyncEnded(Ended(SyncKind::Delta, txn))),
        ("server.relay", answer(Some(relay()))),
        ("server.relay.none", answer(None)),
    ]
}

fn relay() -> RelayInfo {
    let (token, fingerprint) = ("token".into(), Some("ab".into()));
    RelayInfo { url: "https://home.example:7601".into(), token, fingerprint }
}

/// What the server says of offers, by name.
fn offer_tellings() -> Vec<(&'static str, ServerFrame)> {
    let answer = |answer| ServerFrame::Answer { request: 300, result: Ok(answer) };
    let endpoint = Some(ByteString(vec![4, 5, 6]));
    vec![
        ("server.sync_offers", ServerFrame::SyncOffers { offers: offers(), all: false }),
        ("server.sync_offers.all", ServerFrame::SyncOffers { offers: Vec::new(), all: true }),
        ("server.offer", ServerFrame::Offer { offer: offer(OfferStep::Forwarding { from: 0 }) }),
        ("server.peer", answer(Answer::Peer { device: Some(device()), online: true, endpoint })),
        ("server.peer.away", answer(Answer::Peer { device: None, online: false, endpoint: None })),
    ]
}

/// One of each frame of a client, by name.
pub(super) fn client_frames() -> Vec<(&'static str, ClientFrame)> {
    let request = |body| ClientFrame::Request { request: 300, body };
    let members = vec![alice(), AccountId(id(5))];
    let hello = |key| {
        let capabilities = capability::ALL.iter().map(|c| (*c).to_owned()).collect();
        ClientFrame::Hello(ClientHello {
            capabilities,
            client: "pod 0.1.0".into(),
            device: DeviceId(id(4)),
            key,
        })
    };
    let message =
        SendMessage { id: MessageId(id(6)), room: room(), body: ByteString(vec![0, 255, 7]), about: None };
    let create = Request::RoomCreate { room: room(), title: "t".into(), members, folder: true };
    let set = |role| Request::MemberSet { room: room(), account: alice(), role };
    let mut frames = vec![
        ("client.hello.key", hello(Some(key()))),
        ("client.hello.none", hello(None)),
        ("client.applied", ClientFrame::Applied { txn: Txn(u64::MAX) }),
        ("client.send", ClientFrame::Send(message.clone())),
        ("client.send.edit", ClientFrame::Send(SendMessage { about: about(AboutKind::Edit), ..message })),
        ("client.delivered", ClientFrame::Delivered { rooms: vec![(room(), Position(5))] }),
        ("client.typing", ClientFrame::Typing { room: room() }),
        ("client.read", ClientFrame::Read { room: room(), pos: Position(5) }),
        ("client.looking", ClientFrame::Looking { rooms: vec![room()] }),
        ("client.room_create", request(create)),
        ("client.folder_create", request(Request::FolderCreate { room: room() })),
        ("client.room_rename", request(Request::RoomRename { room: room(), title: String::new() })),
        ("client.member_set", request(set(Some(Role::Manager)))),
        ("client.member_remove", request(set(None))),
        ("client.history", request(Request::History { room: room(), before: Position(0), limit: 200 })),
        ("client.people", request(Request::People { text: "앨".into(), limit: 50 })),
        ("client.idle", ClientFrame::Idle { idle: true }),
        ("client.presence", request(Request::Presence(mine()))),
        ("client.profile", request(Request::Profile(profile().profile))),
        ("client.setting", request(Request::Setting(skin(Some("midnight"))))),
        ("client.name_changed", request(Request::NameChanged {})),
        ("client.link_create", request(Request::Link(link_create()))),
        ("client.links", request(Request::Link(LinkRequest::List { room: room() }))),
        ("client.link_revoke", request(Request::Link(LinkRequest::Revoke { room: room(), link: link() }))),
        ("client.join", request(Request::Link(LinkRequest::Join { code: "code".into() }))),
    ];
    frames.extend(offer_requests());
    frames.extend(contact_requests().into_iter().chain(brief_client()));
    frames
}

/// One of each frame of the server, by name.
pub(super) fn server_frames() -> Vec<(&'static str, ServerFrame)> {
    let answer = |result| ServerFrame::Answer { request: 300, result };
    let person = Person { account: alice(), name: "alice".into(), display_name: "Alice".into() };
    let at = TimeMs(1_700_000_000_000);
    let hello = ServerHello {
        capabilities: vec![capability::SYNC_KEY.into()],
        server: "home".into(),
        connection: ConnectionId(id(3)),
        account: alice(),
        heartbeat_ms: 20_000,
        now: at,
        content_url: "https://files.example:7601".into(),
        content_fingerprint: Some("ab".into()),
        relay: None,
    };
    let joined = EventKind::Member {
        account: alice(),
        name: "alice".into(),
        display_name: "Alice".into(),
        role: Some(Role::Viewer),
    };
    let accepted = ServerFrame::Accepted { id: MessageId(id(6)), room: room(), pos: Position(9), at };
    let history = Answer::History { events: vec![event(message())], more: false };
    let progress = Progress { room: room(), upload: UploadId(id(7)), offset: 1 << 33, length: 1 << 34 };
    let end = |kind| ServerFrame::SyncEnd { kind, key: key() };
    let read = ServerFrame::Read { txn: Txn(5), room: room(), account: alice(), pos: Position(5) };
    let delivered = ServerFrame::Delivered { txn: Txn(5), room: room(), account: alice(), pos: Position(5) };
    let reached = RoomDelta { delivered: vec![(alice(), Position(7))], ..no_change() };
    let made = LinkAnswer::Made { base: "pod://home.example:7600/join".into(), expires_at: at };
    let says = |kind| ServerFrame::Event(event(kind));
    let with_relay = ServerHello { relay: Some(relay()), ..hello.clone() };
    let mut frames = vec![
        ("server.hello", ServerFrame::Hello(hello)),
        ("server.hello.relay", ServerFrame::Hello(with_relay)),
        ("server.sync_part", ServerFrame::SyncPart { rooms: vec![delta(), no_change()] }),
        ("server.link_made", answer(Ok(Answer::Link(made)))),
        ("server.links", answer(Ok(Answer::Link(links())))),
        ("server.joined", answer(Ok(Answer::Link(LinkAnswer::Joined { room: room() })))),
        ("server.sync_end.null", end(SyncKind::Null)),
        ("server.sync_end.delta", end(SyncKind::Delta)),
        ("server.sync_end.full", end(SyncKind::Full)),
        ("server.event.created", says(EventKind::Created { title: "봄".into() })),
        ("server.event.message", says(message())),
        ("server.event.reaction", says(said_of(AboutKind::Reaction))),
        ("server.event.deletion", says(said_of(AboutKind::Deletion))),
        ("server.event.member", says(joined)),
        ("server.event.renamed", says(EventKind::Renamed { title: "t".into() })),
        ("server.event.folder_made", says(EventKind::FolderMade {})),
        ("server.event.folder", says(EventKind::Folder { at: ContentPosition(4) })),
        ("server.room", ServerFrame::Room(RoomDelta { gone: true, ..no_change() })),
        ("server.read", read),
        ("server.delivered", delivered),
        ("server.typing", ServerFrame::Typing { room: room(), account: alice() }),
        ("server.room.delivered", ServerFrame::Room(reached)),
        ("server.accepted", accepted),
        ("server.refused", ServerFrame::Refused { id: MessageId(id(6)), error: refusal() }),
        ("server.answer.done", answer(Ok(Answer::Done {}))),
        ("server.answer.pending", answer(Ok(Answer::Pending {}))),
        ("server.answer.history", answer(Ok(history))),
        ("server.answer.people", answer(Ok(Answer::People { people: vec![person] }))),
        ("server.answer.refused", answer(Err(refusal()))),
        ("server.progress", ServerFrame::Progress(progress)),
        ("server.bye", ServerFrame::Bye { error: refusal() }),
    ];
    frames.extend(people_tellings().into_iter().chain(offer_tellings()).chain(contact_tellings()));
    frames.extend(brief_server());
    frames
}
