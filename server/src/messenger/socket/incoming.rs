//! Frames of a device: each begins its work, or ends the connection when it breaks the protocol.

use super::live::{Done, Live};
use super::{Context, End};
use crate::bus::{Sink, Topic};
use pod_shared::bytes::ByteString;
use pod_shared::limits::{
    DELIVERED_ROOMS_MAX, ENDPOINT_BYTES_MAX, LOOKING_ROOMS_MAX, REQUESTS_IN_FLIGHT_MAX,
};
use pod_shared::socket::{ClientFrame, Request, SendMessage, ServerFrame};
use pod_shared::wire::{Decoded, decode, decode_frame};
use pod_shared::{ErrorBody, ErrorCode, Position, RoomId, Txn};
use serde::Deserialize;
use std::sync::Arc;
use tokio::task::coop::unconstrained;
use tokio::time::Instant;

/// Rooms whose read marks may wait for their second.
const READS_WAITING_MAX: usize = 256;

/// The number of a request whose body this version does not know.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Unknown {
    Request { request: u64 },
}

impl Live<'_> {
    pub(super) async fn heard(&mut self, bytes: &[u8]) -> Result<(), End> {
        let frame = match decode_frame::<ClientFrame>(bytes) {
            Ok(Decoded::Known(frame)) => frame,
            Ok(Decoded::Unknown) => return self.unknown(bytes),
            Err(_) => return Err(End::bye(ErrorCode::BadRequest, "the frame cannot be read")),
        };
        match frame {
            ClientFrame::Hello(_) | ClientFrame::Again(_) => {
                Err(End::bye(ErrorCode::BadRequest, "a second greeting"))
            }
            ClientFrame::Applied { txn } => self.applied(txn),
            ClientFrame::Send(message) => self.send(message).await,
            ClientFrame::Read { room, pos } => {
                self.read(room, pos);
                Ok(())
            }
            ClientFrame::Delivered { rooms } => self.delivered(rooms),
            ClientFrame::Typing { room } => {
                self.typing(room);
                Ok(())
            }
            ClientFrame::Looking { rooms } => self.look(rooms),
            ClientFrame::Idle { idle } => {
                self.context.inner.roll.idle(self.context.caller.account, self.context.id, idle);
                Ok(())
            }
            ClientFrame::Endpoint { endpoint } => self.endpoint(endpoint),
            ClientFrame::Request { request, body } => {
                self.request(request, body);
                Ok(())
            }
        }
    }

    /// A frame of a newer device is skipped; a request of one gets an answer all the same, since somebody waits for it.
    fn unknown(&self, bytes: &[u8]) -> Result<(), End> {
        if let Ok(Unknown::Request { request }) = decode(bytes) {
            self.refuse(request, ErrorCode::UnsupportedVersion, "this server does not know the request");
        }
        Ok(())
    }

    fn refuse(&self, request: u64, code: ErrorCode, message: &str) {
        let result = Err(ErrorBody::new(code, message));
        self.answer(&ServerFrame::Answer { request, result });
    }

    fn applied(&mut self, txn: Txn) -> Result<(), End> {
        if txn < self.synced {
            return Ok(());
        }
        if txn > self.context.outbox.last() {
            return Err(End::bye(ErrorCode::BadRequest, "nothing of that transaction was sent"));
        }
        let (store, caller, id) = (self.context.inner.store.clone(), self.context.caller, self.context.id);
        self.work.push(Box::pin(async move {
            Done::Silent { result: store.applied(caller.account, caller.device, id, txn).await }
        }));
        Ok(())
    }

    async fn send(&mut self, message: SendMessage) -> Result<(), End> {
        let turn = self.context.inner.store.turn().await?;
        let (inner, account) = (Arc::clone(&self.context.inner), self.context.caller.account);
        // Unconstrained: a future that the scheduler makes wait before its first step would be overtaken by the next.
        self.work.push(Box::pin(unconstrained(async move {
            let (id, room) = (message.id, message.room);
            Done::Post { id, room, result: inner.post(turn, account, message).await }
        })));
        Ok(())
    }

    fn read(&mut self, room: RoomId, pos: Position) {
        let mark = self.marks.read.entry(room).or_default();
        *mark = pos.max(*mark);
        let now = Instant::now();
        if self.marks.read.len() > READS_WAITING_MAX || now >= self.marks.due {
            self.write_marks(now);
        }
    }

    fn delivered(&mut self, rooms: Vec<(RoomId, Position)>) -> Result<(), End> {
        if rooms.len() > DELIVERED_ROOMS_MAX {
            return Err(End::bye(ErrorCode::TooMany, "so many rooms are told in several reports"));
        }
        for (room, pos) in rooms {
            let mark = self.marks.delivered.entry(room).or_default();
            *mark = pos.max(*mark);
        }
        let now = Instant::now();
        if self.marks.delivered.len() > DELIVERED_ROOMS_MAX || now >= self.marks.due {
            self.write_marks(now);
        }
        Ok(())
    }

    fn typing(&mut self, room: RoomId) {
        let (inner, account) = (Arc::clone(&self.context.inner), self.context.caller.account);
        if inner.typing_passes(account, room) {
            self.work.push(Box::pin(async move {
                Done::Silent { result: inner.tell_typing(account, room).await }
            }));
        }
    }

    fn look(&mut self, rooms: Vec<RoomId>) -> Result<(), End> {
        if rooms.len() > LOOKING_ROOMS_MAX {
            return Err(End::bye(ErrorCode::TooMany, "nobody looks at that many rooms"));
        }
        self.context.outbox.ask_to_look(&rooms);
        let bus = &self.context.inner.bus;
        self.looking = rooms
            .iter()
            .map(|room| {
                let sink: Arc<dyn Sink> = self.context.outbox.clone();
                bus.subscribe(Topic::Looking(*room), sink)
            })
            .collect();
        let (store, account) = (self.context.inner.store.clone(), self.context.caller.account);
        self.work
            .push(Box::pin(async move { Done::Looking { rooms: store.rooms_of(account, rooms).await } }));
        Ok(())
    }

    fn endpoint(&self, endpoint: ByteString) -> Result<(), End> {
        if endpoint.0.len() > ENDPOINT_BYTES_MAX {
            return Err(End::bye(ErrorCode::TooLarge, "where a device can be met takes fewer bytes"));
        }
        let Context { inner, caller, id, .. } = self.context;
        inner.endpoints.say(caller.device, *id, endpoint);
        Ok(())
    }

    fn request(&mut self, request: u64, body: Request) {
        if self.requests >= REQUESTS_IN_FLIGHT_MAX {
            return self.refuse(request, ErrorCode::TooMany, "too many requests wait for an answer");
        }
        self.requests += 1;
        let (inner, caller) = (Arc::clone(&self.context.inner), self.context.caller);
        self.work.push(Box::pin(async move {
            Done::Request { request, result: inner.answer(caller, body).await }
        }));
    }
}
