//! One device with a socket, as a client would use it.

use super::world::{PATIENCE, Who, World, room_id};
use futures_util::{SinkExt, StreamExt};
use pod_shared::auth::Audience;
use pod_shared::bytes::ByteString;
use pod_shared::contact::{ContactGroupState, ContactRequest, ContactState};
use pod_shared::limits::{SYNC_PROFILES_PER_PART_MAX, SYNC_SETTINGS_PER_PART_MAX};
use pod_shared::links::{LinkAnswer, LinkRequest};
use pod_shared::offer::{OfferRequest, OfferState};
use pod_shared::presence::{MyPresence, PersonPresence, Presence};
use pod_shared::profile::PersonProfile;
use pod_shared::setting::SettingState;
use pod_shared::socket::{
    Answer, ClientFrame, ClientHello, EventKind, Request, RoomEvent, SendMessage, ServerFrame, ServerHello,
};
use pod_shared::sync::{RoomDelta, SyncKey, SyncKind};
use pod_shared::{
    AccountId, ErrorBody, ErrorCode, MessageId, OfferId, Position, Role, RoomId, Txn, capability, wire,
};
use std::collections::VecDeque;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use uuid::Uuid;

pub(super) type Socket = WebSocketStream<TcpStream>;

pub(super) struct Pod {
    pub(super) socket: Socket,
    pub(super) hello: ServerHello,
    /// How it was synced.
    pub(super) kind: SyncKind,
    pub(super) rooms: Vec<RoomDelta>,
    /// Whose presence the sync told of.
    pub(super) people: Vec<PersonPresence>,
    /// The own choice, when the sync told of it.
    pub(super) mine: Option<MyPresence>,
    /// What the sync told of offers, and whether these are all there are.
    pub(super) offers: Vec<OfferState>,
    pub(super) all_offers: bool,
    /// What the sync told of contacts and groups, and whether these are all there are.
    pub(super) contacts: Vec<ContactState>,
    pub(super) groups: Vec<ContactGroupState>,
    pub(super) all_contacts: bool,
    /// The settings that the sync told of.
    pub(super) settings: Vec<SettingState>,
    /// What the sync told that people say of themselves.
    pub(super) profiles: Vec<PersonProfile>,
    pub(super) key: SyncKey,
    pub(super) inbox: VecDeque<ServerFrame>,
    requests: u64,
}

/// The upgrade, or the status and code it was refused with.
pub(super) async fn upgrade(world: &World, token: Option<&str>) -> Result<Socket, (u16, ErrorCode)> {
    let stream = TcpStream::connect(world.address).await.unwrap();
    let mut request = format!("ws://{}/v1/socket", world.address).into_client_request().unwrap();
    if let Some(token) = token {
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    }
    match tokio_tungstenite::client_async(request, stream).await {
        Ok((socket, _)) => Ok(socket),
        Err(tokio_tungstenite::tungstenite::Error::Http(response)) => {
            let body = response.body().clone().unwrap_or_default();
            let body: ErrorBody = serde_json::from_slice(&body).unwrap();
            Err((response.status().as_u16(), body.code))
        }
        Err(error) => panic!("{error}"),
    }
}

pub(super) async fn open(world: &World, who: Who) -> Socket {
    upgrade(world, Some(&world.token(who, Audience::Messenger, 300))).await.unwrap()
}

pub(super) fn client_hello(who: Who, key: Option<SyncKey>) -> ClientFrame {
    let capabilities = capability::ALL.iter().map(ToString::to_string).collect();
    ClientFrame::Hello(ClientHello { capabilities, client: "test".into(), device: who.device, key })
}

pub(super) async fn put(socket: &mut Socket, frame: &ClientFrame) {
    socket.send(Message::Binary(wire::encode(frame).unwrap().into())).await.unwrap();
}

/// The next frame; nothing: the socket is closed.
pub(super) async fn get(socket: &mut Socket) -> Option<ServerFrame> {
    loop {
        match tokio::time::timeout(PATIENCE, socket.next()).await.expect("a frame in time") {
            Some(Ok(Message::Binary(bytes))) => return Some(wire::decode(&bytes).unwrap()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(_) | Err(_)) | None => return None,
        }
    }
}

/// Reads until the goodbye, which must come, and then the end.
pub(super) async fn goodbye(socket: &mut Socket) -> ErrorCode {
    loop {
        match get(socket).await.expect("a goodbye before the end") {
            ServerFrame::Bye { error } => {
                assert!(get(socket).await.is_none(), "the goodbye is the last frame");
                return error.code;
            }
            _ => continue,
        }
    }
}

impl Pod {
    pub(super) async fn connect(world: &World, who: Who, key: Option<SyncKey>) -> Self {
        let mut socket = open(world, who).await;
        put(&mut socket, &client_hello(who, key)).await;
        Self::synced(socket).await
    }

    /// As an older device, which does not know these.
    pub(super) async fn without(world: &World, who: Who, unknown: &[&str]) -> Self {
        Self::knowing_all_but(world, who, None, unknown).await
    }

    /// A device that hears of no presence: what people do at their computers is no part of what it has to learn, so
    /// that a test of rooms says exactly what a sync brings.
    pub(super) async fn of_rooms(world: &World, who: Who, key: Option<SyncKey>) -> Self {
        Self::knowing_all_but(world, who, key, &[capability::PRESENCE]).await
    }

    /// As an older device, which does not know these, with a key all the same.
    pub(super) async fn keyed(world: &World, who: Who, key: SyncKey, unknown: &[&str]) -> Self {
        Self::knowing_all_but(world, who, Some(key), unknown).await
    }

    async fn knowing_all_but(world: &World, who: Who, key: Option<SyncKey>, unknown: &[&str]) -> Self {
        let mut socket = open(world, who).await;
        let ClientFrame::Hello(mut hello) = client_hello(who, key) else { panic!("a hello") };
        hello.capabilities.retain(|capability| !unknown.contains(&capability.as_str()));
        put(&mut socket, &ClientFrame::Hello(hello)).await;
        Self::synced(socket).await
    }

    async fn synced(mut socket: Socket) -> Self {
        let Some(ServerFrame::Hello(hello)) = get(&mut socket).await else { panic!("a hello first") };
        let (mut rooms, mut people, mut mine) = (Vec::new(), Vec::new(), None);
        let (mut offers, mut all_offers) = (Vec::new(), false);
        let (mut contacts, mut groups, mut all_contacts) = (Vec::new(), Vec::new(), false);
        let (mut settings, mut profiles) = (Vec::new(), Vec::new());
        let (kind, key) = loop {
            match get(&mut socket).await.expect("the sync") {
                ServerFrame::SyncPart { rooms: part } => rooms.extend(part),
                ServerFrame::SyncPeople { people: part, mine: chosen } => {
                    people.extend(part);
                    mine = chosen.or(mine);
                }
                ServerFrame::SyncPresences(part) => people.extend(part.into_iter().map(|person| person.0)),
                ServerFrame::SyncOffers { offers: part, all } => {
                    assert!(!all || offers.is_empty(), "all is said first");
                    offers.extend(part);
                    all_offers |= all;
                }
                ServerFrame::SyncContacts { contacts: part, groups: more, all } => {
                    assert!(!all || (contacts.is_empty() && groups.is_empty()), "all is said first");
                    contacts.extend(part);
                    groups.extend(more);
                    all_contacts |= all;
                }
                ServerFrame::SyncSettings { settings: part } => {
                    assert!(part.len() <= SYNC_SETTINGS_PER_PART_MAX);
                    settings.extend(part);
                }
                ServerFrame::SyncProfiles(part) => {
                    assert!(part.len() <= SYNC_PROFILES_PER_PART_MAX);
                    profiles.extend(part);
                }
                ServerFrame::SyncEnd { kind, key } => break (kind, key),
                other => panic!("not a part of a sync: {other:?}"),
            }
        };
        let inbox = VecDeque::new();
        Self {
            socket,
            hello,
            kind,
            rooms,
            people,
            mine,
            offers,
            all_offers,
            contacts,
            groups,
            all_contacts,
            settings,
            profiles,
            key,
            inbox,
            requests: 0,
        }
    }

    pub(super) async fn fresh(world: &World, who: Who) -> Self {
        Self::connect(world, who, None).await
    }

    pub(super) async fn put(&mut self, frame: ClientFrame) {
        put(&mut self.socket, &frame).await;
    }

    /// The next frame this finds something in; the others stay in the inbox.
    pub(super) async fn find<T>(&mut self, mut what: impl FnMut(&ServerFrame) -> Option<T>) -> T {
        if let Some((at, found)) =
            self.inbox.iter().enumerate().find_map(|(at, frame)| what(frame).map(|found| (at, found)))
        {
            self.inbox.remove(at);
            return found;
        }
        loop {
            let frame = get(&mut self.socket).await.expect("the socket is open");
            if let Some(found) = what(&frame) {
                return found;
            }
            self.inbox.push_back(frame);
        }
    }

    pub(super) async fn event(&mut self, room: RoomId) -> RoomEvent {
        self.find(|frame| match frame {
            ServerFrame::Event(event) if event.room == room => Some(event.clone()),
            _ => None,
        })
        .await
    }

    pub(super) async fn room(&mut self, room: RoomId) -> RoomDelta {
        self.find(|frame| match frame {
            ServerFrame::Room(delta) if delta.room == room => Some(delta.clone()),
            _ => None,
        })
        .await
    }

    /// The next news of somebody's presence.
    pub(super) async fn presence_of(&mut self, account: AccountId) -> Presence {
        self.find(|frame| match frame {
            ServerFrame::Presence { people, .. } => {
                people.iter().find(|person| person.account == account).map(|person| person.presence.clone())
            }
            _ => None,
        })
        .await
    }

    pub(super) async fn link(&mut self, ask: LinkRequest) -> Result<LinkAnswer, ErrorCode> {
        match self.ask(Request::Link(ask)).await? {
            Answer::Link(answer) => Ok(answer),
            other => panic!("no answer about links: {other:?}"),
        }
    }

    pub(super) async fn offer(&mut self, ask: OfferRequest) -> Result<Answer, ErrorCode> {
        self.ask(Request::Offer(ask)).await
    }

    pub(super) async fn contact(&mut self, ask: ContactRequest) -> Result<Answer, ErrorCode> {
        self.ask(Request::Contact(ask)).await
    }

    /// The next news of a contact, and its transaction.
    pub(super) async fn contact_state(&mut self, account: AccountId) -> (ContactState, Txn) {
        self.find(|frame| match frame {
            ServerFrame::Contacts { txn, contacts, .. } => {
                contacts.iter().find(|state| state.account == account).map(|state| (state.clone(), *txn))
            }
            _ => None,
        })
        .await
    }

    /// The next news of an offer.
    pub(super) async fn offer_state(&mut self, id: OfferId) -> OfferState {
        self.find(|frame| match frame {
            ServerFrame::Offer { offer } if offer.offer == id => Some(offer.clone()),
            _ => None,
        })
        .await
    }

    pub(super) async fn ask(&mut self, body: Request) -> Result<Answer, ErrorCode> {
        self.requests += 1;
        let number = self.requests;
        self.put(ClientFrame::Request { request: number, body }).await;
        self.find(|frame| match frame {
            ServerFrame::Answer { request, result } if *request == number => Some(result.clone()),
            _ => None,
        })
        .await
        .map_err(|error| error.code)
    }

    /// A room with these others, announced to oneself.
    pub(super) async fn make_room(&mut self, title: &str, members: &[Who]) -> RoomId {
        self.make(title, members, false).await
    }

    pub(super) async fn make_room_with_folder(&mut self, title: &str, members: &[Who]) -> RoomId {
        self.make(title, members, true).await
    }

    async fn make(&mut self, title: &str, members: &[Who], folder: bool) -> RoomId {
        let room = room_id();
        let members = members.iter().map(|who| who.account).collect();
        let request = Request::RoomCreate { room, title: title.into(), members, folder };
        assert_eq!(self.ask(request).await, Ok(Answer::Done {}));
        self.room(room).await;
        room
    }

    pub(super) async fn set(
        &mut self,
        room: RoomId,
        whom: AccountId,
        role: Option<Role>,
    ) -> Result<Answer, ErrorCode> {
        self.ask(Request::MemberSet { room, account: whom, role }).await
    }

    pub(super) async fn history(&mut self, room: RoomId) -> Result<(Vec<RoomEvent>, bool), ErrorCode> {
        match self.ask(Request::History { room, before: Position(0), limit: 200 }).await? {
            Answer::History { events, more } => Ok((events, more)),
            other => panic!("not a page: {other:?}"),
        }
    }

    pub(super) async fn begin(&mut self, room: RoomId, id: MessageId, text: &str) {
        let body = ByteString(text.as_bytes().to_vec());
        self.put(ClientFrame::Send(SendMessage { id, room, body, about: None })).await;
    }

    pub(super) async fn outcome(&mut self, wanted: MessageId) -> Result<Position, ErrorCode> {
        self.find(|frame| match frame {
            ServerFrame::Accepted { id, pos, .. } if *id == wanted => Some(Ok(*pos)),
            ServerFrame::Refused { id, error } if *id == wanted => Some(Err(error.code)),
            _ => None,
        })
        .await
    }

    pub(super) async fn say(&mut self, room: RoomId, text: &str) -> Result<Position, ErrorCode> {
        let id = message_id();
        self.begin(room, id, text).await;
        self.outcome(id).await
    }

    /// Tells the server that everything up to here is kept, and waits until it is written down.
    pub(super) async fn applied(&mut self, txn: Txn) {
        self.key.txn = txn;
        self.put(ClientFrame::Applied { txn }).await;
    }

    /// A round trip: everything sent before has been read by the server.
    pub(super) async fn settle(&mut self) {
        let request = Request::People { text: "-".into(), limit: 1 };
        assert!(self.ask(request).await.is_ok());
    }

    /// Closes, and waits until the server has done so too.
    pub(super) async fn leave(mut self) -> SyncKey {
        self.settle().await;
        let key = self.key;
        self.socket.close(None).await.unwrap();
        while let Some(Ok(_)) = self.socket.next().await {}
        key
    }
}

pub(super) fn message_id() -> MessageId {
    MessageId(Uuid::now_v7())
}

pub(super) fn text(event: &RoomEvent) -> Option<String> {
    match &event.kind {
        EventKind::Message { body, .. } => Some(String::from_utf8_lossy(&body.0).into_owned()),
        _ => None,
    }
}

pub(super) fn texts(events: &[RoomEvent]) -> Vec<String> {
    events.iter().filter_map(text).collect()
}
