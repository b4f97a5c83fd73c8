//! What the connection machine wants done, and what the socket reports.

use super::run::Run;
use super::session::{self, Line, Out, Said};
use super::{Desk, contacts, links, opened, presence, settings, wake::Wake};
use crate::cache::Touched;
use crate::event::Event;
use crate::state::account::Account;
use crate::state::{outbox, reads};
use crate::transfer;
use crate::view::ErrorView;
use pod_machine::connection::{Effect, Input, State};
use pod_shared::bytes::ByteString;
use pod_shared::socket::{Answer, ClientFrame, Progress, Request};
use pod_shared::sync::SyncKind;
use pod_shared::{AccountId, ErrorBody, ErrorCode, Position, RoomId, limits};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::oneshot;

impl Run {
    /// Feeds the connection machine and does what it says.
    pub(super) fn connect(&mut self, input: Input) {
        let at = self.moment();
        let before = matches!(self.connection.state(), State::Online { .. });
        let mut effects = Vec::new();
        self.connection.step(at, input, &mut effects);
        for effect in effects {
            match effect {
                Effect::Dial(dial) => self.dial(dial),
                Effect::HangUp(_) => self.open = None,
                Effect::Probe(dial) => {
                    if let Some((_, open)) = self.open.as_ref().filter(|(held, _)| *held == dial) {
                        // A full queue means that the line is dead; the probe's end says so.
                        open.send(Out::Ping);
                    }
                }
            }
        }
        let after = matches!(self.connection.state(), State::Online { .. });
        if before && !after {
            self.went_offline();
        }
        if !matches!(self.connection.state(), State::Connecting { .. } | State::Online { .. }) {
            self.open = None;
        }
    }

    fn dial(&mut self, dial: u64) {
        let Ok(me) = self.desk.me() else { return };
        let line = Line {
            net: self.desk.net.clone(),
            cache: self.desk.cache.clone(),
            me: me.id,
            device: self.desk.device.id(),
            said: self.said.clone(),
            dial,
        };
        self.open = Some((dial, session::open(line)));
    }

    fn went_offline(&mut self) {
        self.outbox_offline();
        self.requests.clear();
        self.reads_told.clear();
        self.synced_at = Some(super::now());
        self.desk.transfers.wake(transfer::Wake::Offline);
        if let Some(at) = self.synced_at {
            let cache = self.desk.cache.clone();
            tokio::spawn(async move {
                if let Err(error) = cache.set_synced_at(at).await {
                    tracing::warn!(code = %error.code, "the time of the last sync was not kept");
                }
            });
        }
    }

    /// Hands a frame to the socket, if one is up to date.
    pub(super) fn send(&self, frame: ClientFrame) -> bool {
        if !matches!(self.connection.state(), State::Online { .. }) {
            return false;
        }
        self.open.as_ref().is_some_and(|(_, open)| open.send(Out::Frame(frame)))
    }

    pub(super) fn request(&mut self, body: Request, answer: oneshot::Sender<Result<Answer, ErrorView>>) {
        if self.requests.len() >= limits::REQUESTS_IN_FLIGHT_MAX {
            let busy = ErrorView::new(pod_shared::ErrorCode::TooMany, "too many requests are under way");
            let _ = answer.send(Err(busy));
            return;
        }
        self.next_request += 1;
        let request = self.next_request;
        if self.send(ClientFrame::Request { request, body }) {
            self.requests.insert(request, answer);
        } else {
            let _ = answer.send(Err(ErrorView::offline()));
        }
    }

    pub(super) fn heard(&mut self, dial: u64, said: Said) {
        if self.open.as_ref().is_none_or(|(held, _)| *held != dial) {
            return;
        }
        if let Said::Closed(reason) = said {
            tracing::info!(code = %reason.code, detail = %reason.message, "the connection ended");
            self.desk.live().taken |= reason.code == ErrorCode::DeviceInUse;
            self.connect(Input::Closed { dial, reason });
            return;
        }
        self.connect(Input::Heard { dial });
        match said {
            Said::Alive | Said::Closed(_) => {}
            Said::Hello(greeted) => self.greeted(*greeted),
            Said::Synced(view, touched) => self.synced(dial, view, touched),
            Said::Touched(touched) => self.touched(touched),
            Said::Accepted { id, room, pos } => self.message_accepted(id, room, pos),
            Said::Refused { id, error } => self.message_refused(id, error),
            Said::Answer { request, result } => {
                if let Some(answer) = self.requests.remove(&request) {
                    let _ = answer.send(result.map_err(Into::into));
                }
            }
            Said::Progress(progress) => self.progress(&progress),
            Said::Typing { room, account } => self.typed(room, account),
        }
    }

    fn synced(&mut self, dial: u64, view: crate::view::SyncView, touched: Touched) {
        self.sync = Some(view);
        self.connect(Input::Synced { dial });
        self.synced_at = Some(super::now());
        self.lower_reads(&touched.heads);
        if view.kind == SyncKind::Delta {
            self.notices.returned();
        }
        self.touched(touched);
        // A new connection begins as one that looks at nothing.
        if !self.looking.is_empty() {
            self.send(ClientFrame::Looking { rooms: self.looking.clone() });
        }
        self.tell_idle();
        self.ask_for_relay();
        self.tell_endpoint();
        self.flush_reads();
        self.desk.transfers.wake(transfer::Wake::Online);
        let Ok(me) = self.desk.me() else { return };
        let desk = self.desk.clone();
        tokio::spawn(async move { after_sync(desk, me).await });
        let desk = self.desk.clone();
        tokio::spawn(async move { people_online(desk).await });
        self.outbox_online();
    }

    /// What frames changed: tells it, and does what follows from it.
    fn touched(&mut self, touched: Touched) {
        for room in &touched.folders {
            self.folders.want(*room);
        }
        self.outbox_rooms_there(&touched.rooms);
        self.people_touched(&touched);
        if !touched.settings.is_empty() {
            self.settings_touched();
        }
        if !touched.offers.is_empty() || !touched.offers_gone.is_empty() {
            let (offers, gone) = (touched.offers.clone(), touched.offers_gone.clone());
            self.desk.transfers.wake(transfer::Wake::Offers(offers, gone));
        }
        if !touched.own_messages.is_empty() {
            let (desk, ids) = (self.desk.clone(), touched.own_messages.clone());
            tokio::spawn(async move {
                match outbox::remove_messages(&desk.state, ids).await {
                    Ok(rows) => drop(desk.wake(Wake::OutboxGone(rows)).await),
                    Err(error) => tracing::error!(code = %error.code, "the outbox was not cleared"),
                }
            });
        }
        self.tell.touched(touched);
        self.fetch_folders();
    }

    /// Where this device can be met, for those whose files it takes or sends.
    pub(super) fn tell_endpoint(&self) {
        let endpoint = self.desk.transfers.direct().endpoint().borrow().clone();
        if let Some(endpoint) = endpoint {
            self.send(ClientFrame::Endpoint { endpoint: ByteString(endpoint) });
        }
    }

    /// A server that was set back has shorter logs: what is read there is read, what comes next is new.
    fn lower_reads(&self, heads: &BTreeMap<RoomId, Position>) {
        let Ok(me) = self.desk.me() else { return };
        let mut lowered = Vec::new();
        for (room, pos) in &mut self.desk.live().reads {
            if let Some(head) = heads.get(room).filter(|head| **head < *pos) {
                *pos = *head;
                lowered.push((*room, *head));
            }
        }
        if lowered.is_empty() {
            return;
        }
        let desk = self.desk.clone();
        tokio::spawn(async move {
            if let Err(error) = reads::lower(&desk.state, me.id, lowered).await {
                tracing::warn!(code = %error.code, "read marks were not taken back");
            }
        });
    }

    fn settings_touched(&self) {
        let desk = self.desk.clone();
        tokio::spawn(async move {
            if let Err(error) = settings::follow(&desk).await {
                tracing::warn!(code = %error.code, "a setting of another computer was not taken over");
            }
        });
    }

    fn people_touched(&self, touched: &Touched) {
        contacts::touched(&self.desk, &touched.contacts, touched.contact_groups, touched.asking.clone());
        for (account, heard) in &touched.people {
            let presence = presence::current(heard.clone());
            self.desk.sink.emit(Event::Person { account: *account, presence });
        }
        if touched.mine.is_some() {
            let desk = self.desk.clone();
            tokio::spawn(async move {
                let Ok(me) = desk.me() else { return };
                if let Err(error) = presence::load(&desk, me.id).await {
                    tracing::warn!(code = %error.code, "the own presence could not be shown");
                }
            });
        }
    }

    fn progress(&mut self, progress: &Progress) {
        self.desk.live().progress.insert(progress.upload, progress.offset);
        self.desk.sink.emit(Event::Progress {
            room: progress.room,
            upload: progress.upload,
            offset: progress.offset,
            length: progress.length,
        });
    }

    pub(super) fn signed_in(&mut self, account: Account) {
        let me = account.id;
        {
            let mut live = self.desk.live();
            *live = super::Live { me: Some(Arc::new(account)), ..super::Live::default() };
        }
        self.reset();
        self.connect(Input::SignedIn);
        self.load(me);
    }

    /// As far as this computer knows.
    pub(super) fn resumed(&mut self, account: Account) {
        let me = account.id;
        self.desk.live().me = Some(Arc::new(account));
        self.load(me);
    }

    pub(super) fn token_read(&mut self, account: AccountId, read: Result<(), ErrorView>) {
        if !self.desk.me().is_ok_and(|me| me.id == account) {
            return;
        }
        let Err(error) = read else { return self.connect(Input::SignedIn) };
        // Nothing is dialled: the try ends before it begins, for a reason that needs a person.
        let at = self.moment();
        self.connection.step(at, Input::SignedIn, &mut Vec::new());
        let dial = self.connection.dial();
        self.connect(Input::Closed { dial, reason: ErrorBody::new(error.code, error.message) });
    }

    fn load(&self, me: AccountId) {
        let desk = self.desk.clone();
        tokio::spawn(async move {
            let loaded = async {
                presence::load(&desk, me).await?;
                contacts::count(&desk).await?;
                let marks = reads::all(&desk.state, me).await?;
                let heads = desk.cache.heads_of(marks.iter().map(|(room, _)| *room).collect()).await?;
                // A mark that was not taken back when its server was set back.
                let marks = marks
                    .into_iter()
                    .map(|(room, pos)| (room, heads.get(&room).map_or(pos, |head| pos.min(*head))));
                desk.live().reads.extend(marks);
                let rows = outbox::all(&desk.state, me).await?;
                // No loop any more: the pod ends, and the rows stay where they are.
                let _ = desk.wake(Wake::OutboxLoaded(me, rows)).await;
                Ok::<(), ErrorView>(())
            };
            if let Err(error) = loaded.await {
                tracing::error!(code = %error.code, "what waits could not be read");
            }
        });
    }

    pub(super) fn signed_out(&mut self) {
        *self.desk.live() = super::Live::default();
        self.connect(Input::SignedOut);
        self.reset();
        self.sync = None;
        self.synced_at = None;
        self.desk.transfers.wake(transfer::Wake::SignedOut);
    }

    fn reset(&mut self) {
        self.outgoing = super::outgoing::Outgoing::default();
        self.folders = super::folders::FolderQueue::default();
        self.requests.clear();
        self.reads_told.clear();
        self.looking.clear();
    }
}

/// After a sync: what people asked for meanwhile is told.
async fn people_online(desk: Desk) {
    contacts::tell_or_say(&desk).await;
    let settings = match settings::follow(&desk).await {
        Ok(()) => settings::tell(&desk).await,
        Err(error) => Err(error),
    };
    opened::tell(&desk).await;
    for told in [settings, presence::tell(&desk).await, links::join_waiting(&desk).await] {
        if let Err(error) = told {
            tracing::info!(code = %error.code, "what was asked for meanwhile is told with the next connection");
        }
    }
}

/// After a sync: rows that were accepted while the line broke are sent again, folders that are behind are fetched.
async fn after_sync(desk: Desk, me: Arc<Account>) {
    let done = async {
        desk.cache.set_synced_at(super::now()).await?;
        let rows = outbox::all(&desk.state, me.id).await?;
        desk.wake(Wake::OutboxLoaded(me.id, rows)).await?;
        for room in desk.cache.folders_behind().await? {
            desk.wake(Wake::FolderWanted(room)).await?;
        }
        Ok::<_, ErrorView>(())
    };
    if let Err(error) = done.await {
        tracing::error!(code = %error.code, "the work after a sync was not done");
    }
}
