//! The outbox on its way: what the machine says is sent over the socket or over HTTP, and what came of it is kept.
//!
//! A message's row leaves the disk only when the message is in the cache, so that it is never missing from the chat in
//! between. A room's creation ends when the room itself has come.

use super::run::Run;
use super::wake::{Outcome, Waiter, Wake};
use super::{Desk, commands};
use crate::command::Side;
use crate::event::Event;
use crate::state::outbox::{self, OutboxRow, Wish};
use crate::transfer;
use crate::view::ErrorView;
use pod_machine::connection::State;
use pod_machine::outbox::{Effect, Input, Outbox, Seq, Weight};
use pod_shared::socket::{About, AboutKind, Answer, ClientFrame, Request, SendMessage};
use pod_shared::{AccountId, ErrorBody, ErrorCode, MessageId, Position, RoomId, limits};
use std::collections::{BTreeMap, BTreeSet};

/// The outbox and who waits for it.
#[derive(Default)]
pub(super) struct Outgoing {
    machine: Outbox,
    /// Messages in flight.
    messages: BTreeMap<MessageId, (RoomId, Seq)>,
    /// Creations that the server took; their rooms have not come yet.
    rooms: BTreeMap<RoomId, Seq>,
    waiters: BTreeMap<Seq, Waiter>,
}

impl Outgoing {
    /// What waits or is in flight.
    pub(super) fn waiting(&self) -> usize {
        self.machine.waiting()
    }
}

impl Run {
    fn outbox(&mut self, input: Input) {
        let at = self.moment();
        let mut effects = Vec::new();
        self.outgoing.machine.step(at, input, &mut effects);
        for effect in effects {
            match effect {
                Effect::Send { room, seq } => {
                    let desk = self.desk.clone();
                    tokio::spawn(async move {
                        let wake = match outbox::get(&desk.state, seq).await {
                            Ok(Some(row)) => Wake::OutboxRead(row),
                            Ok(None) => Wake::OutboxGone(vec![(room, seq)]),
                            Err(error) => Wake::OutboxSettled { room, seq, result: Err(unavailable(&error)) },
                        };
                        // Nobody to tell: the engine is stopping, and the row is on disk.
                        let _ = desk.wake(wake).await;
                    });
                }
                Effect::Failed { room, seq, error } => self.outbox_failed(room, seq, error),
            }
        }
    }

    pub(super) fn outbox_tick(&mut self) {
        self.outbox(Input::Tick);
    }

    pub(super) fn outbox_online(&mut self) {
        self.outbox(Input::Online);
    }

    pub(super) fn outbox_offline(&mut self) {
        self.outgoing.messages.clear();
        self.outgoing.rooms.clear();
        for (_, waiter) in std::mem::take(&mut self.outgoing.waiters) {
            let _ = waiter.send(Ok(Outcome::Waiting));
        }
        self.outbox(Input::Offline);
    }

    pub(super) fn outbox_loaded(&mut self, account: AccountId, rows: Vec<OutboxRow>) {
        if self.desk.me().is_ok_and(|me| me.id == account) {
            for row in rows {
                let (room, seq, weight) = (row.room, row.seq, row.wish.weight());
                self.outbox(match row.failed {
                    None => Input::Added { room, seq, weight },
                    Some(_) => Input::AddedFailed { room, seq, weight },
                });
                self.tell.chat(room);
            }
        }
    }

    pub(super) fn outbox_added(&mut self, room: RoomId, seq: Seq, weight: Weight, waiter: Option<Waiter>) {
        if let Some(waiter) = waiter {
            if matches!(self.connection.state(), State::Online { .. }) {
                self.outgoing.waiters.insert(seq, waiter);
            } else {
                let _ = waiter.send(Ok(Outcome::Waiting));
            }
        }
        self.outbox(Input::Added { room, seq, weight });
        self.tell.chat(room);
        self.tell.room(room);
    }

    pub(super) fn outbox_send(&mut self, row: OutboxRow) {
        let OutboxRow { seq, room, wish, .. } = row;
        if !self.outgoing.machine.in_flight(seq) {
            return;
        }
        let request = match wish {
            Wish::Message { id, body, about } => {
                self.outgoing.messages.insert(id, (room, seq));
                if !self.send(ClientFrame::Send(SendMessage { id, room, body, about })) {
                    let full = ErrorBody::new(ErrorCode::Unavailable, "the connection is busy");
                    self.message_refused(id, full);
                }
                return;
            }
            Wish::RoomCreate { title, members, side: Side::Chat } => Request::RoomCreate {
                room,
                title,
                members: members.into_iter().map(|person| person.account).collect(),
                folder: true,
            },
            Wish::RoomCreate { title, members, side: Side::Files } => {
                let members = members.into_iter().map(|person| person.account).collect();
                let group = pod_shared::content::GroupNew { id: room, title, members };
                let desk = self.desk.clone();
                tokio::spawn(async move {
                    let result =
                        commands::content_call(&desk, reqwest::Method::POST, "/v1/groups", Some(&group));
                    let result = result.await.map(|_| Outcome::Done).map_err(|error| body(&error));
                    let _ = desk.wake(Wake::OutboxSettled { room, seq, result }).await;
                });
                return;
            }
            Wish::Member { account, role } => Request::MemberSet { room, account, role },
            Wish::Rename { title } => Request::RoomRename { room, title },
        };
        if self.requests.len() >= limits::REQUESTS_IN_FLIGHT_MAX {
            // The server refused nothing: it goes out when there is room again.
            let full = ErrorBody::new(ErrorCode::Unavailable, "the connection is busy");
            self.outbox(Input::Refused { room, seq, error: full });
            return;
        }
        let desk = self.desk.clone();
        tokio::spawn(async move {
            let result = match desk.request(request).await {
                Ok(Answer::Pending {}) => Ok(Outcome::Pending),
                Ok(
                    Answer::Done {}
                    | Answer::History { .. }
                    | Answer::People { .. }
                    | Answer::Link(_)
                    | Answer::Peer { .. }
                    | Answer::Relay { .. },
                ) => Ok(Outcome::Done),
                Err(error) => Err(body(&error)),
            };
            let _ = desk.wake(Wake::OutboxSettled { room, seq, result }).await;
        });
    }

    pub(super) fn outbox_settled(&mut self, room: RoomId, seq: Seq, result: Result<Outcome, ErrorBody>) {
        if !self.outgoing.machine.in_flight(seq) {
            return;
        }
        match result {
            Ok(outcome) => {
                if let Some(waiter) = self.outgoing.waiters.remove(&seq) {
                    let _ = waiter.send(Ok(outcome));
                }
                self.outgoing.rooms.insert(room, seq);
                let desk = self.desk.clone();
                tokio::spawn(async move {
                    if let Err(error) = settle(&desk, room, seq, outcome).await {
                        tracing::error!(code = %error.code, "a row of the outbox was not cleared");
                    }
                });
            }
            Err(error) => self.outbox(Input::Refused { room, seq, error }),
        }
    }

    /// Rooms that have come: what created them is done.
    pub(super) fn outbox_rooms_there(&mut self, rooms: &BTreeSet<RoomId>) {
        for room in rooms {
            if let Some(seq) = self.outgoing.rooms.remove(room) {
                self.drop_row(*room, seq);
            }
            self.desk.transfers.wake(transfer::Wake::RoomAtServer(*room));
        }
    }

    fn drop_row(&self, room: RoomId, seq: Seq) {
        let desk = self.desk.clone();
        tokio::spawn(async move {
            match outbox::remove(&desk.state, seq).await {
                Ok(()) => drop(desk.wake(Wake::OutboxGone(vec![(room, seq)])).await),
                Err(error) => tracing::error!(code = %error.code, "a row of the outbox was not cleared"),
            }
        });
    }

    pub(super) fn outbox_gone(&mut self, rows: Vec<(RoomId, Seq)>) {
        for (room, seq) in rows {
            self.outgoing.messages.retain(|_, held| held.1 != seq);
            self.outbox(Input::Accepted { room, seq });
            self.tell.chat(room);
            self.tell.room(room);
        }
    }

    pub(super) fn outbox_retry(&mut self, room: RoomId, seqs: Vec<Seq>) {
        for seq in seqs {
            self.outbox(Input::Retry { room, seq });
        }
        self.tell.chat(room);
    }

    pub(super) fn message_accepted(&mut self, id: MessageId, room: RoomId, pos: Position) {
        let Some((held, seq)) = self.outgoing.messages.remove(&id) else { return };
        self.outbox(Input::Accepted { room: held, seq });
        let desk = self.desk.clone();
        tokio::spawn(async move {
            let cleared = async {
                // Here already, or in a part of the log that is not here and will not come by itself.
                if desk.cache.room(room).await?.is_some_and(|row| row.head >= pos) {
                    outbox::remove(&desk.state, seq).await?;
                }
                Ok::<_, ErrorView>(())
            };
            if let Err(error) = cleared.await {
                tracing::error!(code = %error.code, "a row of the outbox was not cleared");
            }
        });
    }

    pub(super) fn message_refused(&mut self, id: MessageId, error: ErrorBody) {
        if let Some((room, seq)) = self.outgoing.messages.remove(&id) {
            self.outbox(Input::Refused { room, seq, error });
        }
    }

    /// Refused for good: a message and a room made offline stay, with the reason; the rest is told to who waits.
    fn outbox_failed(&mut self, room: RoomId, seq: Seq, error: ErrorBody) {
        let waiter = self.outgoing.waiters.remove(&seq);
        let waited = waiter.is_some();
        if let Some(waiter) = waiter {
            let _ = waiter.send(Err(error.clone()));
        }
        let desk = self.desk.clone();
        tokio::spawn(async move {
            let kept = async {
                let Some(row) = outbox::get(&desk.state, seq).await? else { return Ok(()) };
                let stays = match row.wish {
                    Wish::Message { about: None, .. } => true,
                    // A reaction that is refused is only taken back; of a deleted message nothing can be changed.
                    Wish::Message { about: Some(About { how: AboutKind::Reaction, .. }), .. } => false,
                    Wish::Message { .. } => error.code != ErrorCode::Gone,
                    Wish::RoomCreate { .. } => !waited,
                    Wish::Member { .. } | Wish::Rename { .. } => false,
                };
                if stays {
                    outbox::set_failed(&desk.state, seq, Some(error)).await?;
                } else {
                    outbox::remove(&desk.state, seq).await?;
                    desk.wake(Wake::OutboxGone(vec![(room, seq)])).await?;
                }
                desk.sink.emit(Event::Timeline { room });
                Ok::<_, ErrorView>(())
            };
            if let Err(error) = kept.await {
                tracing::error!(code = %error.code, "a refusal was not kept");
            }
        });
    }
}

/// Something that is no message came through: its row goes, a room's creation when the room is here.
async fn settle(desk: &Desk, room: RoomId, seq: Seq, outcome: Outcome) -> Result<(), ErrorView> {
    let Some(row) = outbox::get(&desk.state, seq).await? else { return Ok(()) };
    let here = desk.cache.room(room).await?.is_some();
    let creation = matches!(row.wish, Wish::RoomCreate { .. });
    if let (Wish::Member { account, role: None }, Outcome::Pending) = (&row.wish, outcome) {
        desk.live().leaving.insert((room, *account));
    }
    if here || !creation {
        outbox::remove(&desk.state, seq).await?;
        desk.wake(Wake::OutboxGone(vec![(room, seq)])).await?;
    }
    if here && creation {
        desk.transfers.wake(transfer::Wake::RoomAtServer(room));
    }
    Ok(())
}

fn body(error: &ErrorView) -> ErrorBody {
    ErrorBody::new(error.code, error.message.clone())
}

/// The local disk failed: the row is tried again later.
fn unavailable(error: &ErrorView) -> ErrorBody {
    ErrorBody::new(ErrorCode::Unavailable, error.message.clone())
}
