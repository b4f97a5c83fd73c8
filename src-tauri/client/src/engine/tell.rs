//! What changed, told as events: one task, in order, taking everything that waits at once.
//!
//! It builds the snapshots that events carry, so that the loop does not wait for the disk.

use super::notices::{Note, Notices};
use super::{Desk, chat, contacts, rooms};
use crate::cache::{Deed, Span, Touched};
use crate::event::Event;
use crate::state::settings;
use crate::view::ErrorView;
use pod_shared::{ContentPosition, RoomId, UploadId};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

/// Changes that may wait to be told.
const WAITING_MAX: usize = 512;
/// A telling rests so many times as long as it took, and joins what comes meanwhile: with ten thousand files under way
/// each of them changes the same room, and whoever fetches them reads from the same cache.
const REST_TIMES: u32 = 4;
/// It rests no longer than this.
const REST_MAX: Duration = Duration::from_millis(250);
/// Windows that open by themselves at one moment (N3): more would bury the person.
const OPEN_AT_ONCE_MAX: usize = 3;

/// Hands changes to the telling task.
#[derive(Clone)]
pub(super) struct Teller {
    news: mpsc::Sender<News>,
    desk: Desk,
}

/// What came with the changes of a folder.
pub(super) struct FolderNews {
    pub(super) room: RoomId,
    /// Where the newest file of somebody else was stored.
    pub(super) stored: Option<ContentPosition>,
    /// What others did that may be worth a notice.
    pub(super) deeds: Vec<Deed>,
    /// Uploads that ended.
    pub(super) ended: Vec<UploadId>,
}

/// Something to tell.
#[derive(Default)]
pub(super) struct News {
    rooms: BTreeSet<RoomId>,
    chats: BTreeSet<RoomId>,
    folders: BTreeSet<RoomId>,
    gone: BTreeSet<RoomId>,
    opened: BTreeSet<RoomId>,
    arrived: BTreeMap<RoomId, Span>,
    stored: BTreeMap<RoomId, ContentPosition>,
    deeds: BTreeMap<RoomId, Vec<Deed>>,
    ended: Vec<UploadId>,
}

impl Teller {
    pub(super) fn spawn(desk: Desk, notices: Notices) -> Self {
        let (news, mut waiting) = mpsc::channel::<News>(WAITING_MAX);
        let told = desk.clone();
        tokio::spawn(async move {
            let mut next = waiting.recv().await;
            while let Some(mut all) = next {
                while let Ok(more) = waiting.try_recv() {
                    all.join(more);
                }
                let began = Instant::now();
                if let Err(error) = all.tell(&told, &notices).await {
                    tracing::warn!(code = %error.code, "a change could not be shown");
                    told.sink.emit(Event::Lagged);
                }
                let rest = (began.elapsed() * REST_TIMES).min(REST_MAX);
                next = News::gathered(&mut waiting, rest).await;
            }
        });
        Self { news, desk }
    }

    fn say(&self, news: News) {
        if self.news.try_send(news).is_err() {
            // Too much at once: whoever listens looks at everything anew.
            self.desk.sink.emit(Event::Lagged);
        }
    }

    /// A room's row changed.
    pub(super) fn room(&self, room: RoomId) {
        self.say(News { rooms: BTreeSet::from([room]), ..News::default() });
    }

    /// A room's chat changed.
    pub(super) fn chat(&self, room: RoomId) {
        self.say(News { chats: BTreeSet::from([room]), ..News::default() });
    }

    /// Frames were applied.
    pub(super) fn touched(&self, touched: Touched) {
        self.say(News {
            rooms: touched.rooms,
            chats: touched.chats,
            gone: touched.gone,
            opened: touched.opened,
            arrived: touched.arrived,
            ..News::default()
        });
    }

    /// Changes of a folder were applied.
    pub(super) async fn folder(&self, came: FolderNews) {
        let only = BTreeSet::from([came.room]);
        let news = News {
            rooms: only.clone(),
            chats: only.clone(),
            folders: only,
            stored: came.stored.map(|at| (came.room, at)).into_iter().collect(),
            deeds: BTreeMap::from([(came.room, came.deeds)]),
            ended: came.ended,
            ..News::default()
        };
        // The telling task ends only with the engine.
        let _ = self.news.send(news).await;
    }
}

impl News {
    /// What came within this time, or the first that comes after it; nothing when the engine has ended.
    async fn gathered(waiting: &mut mpsc::Receiver<Self>, within: Duration) -> Option<Self> {
        let until = Instant::now() + within;
        let mut all: Option<Self> = None;
        while let Ok(came) = timeout_at(until, waiting.recv()).await {
            match (came, &mut all) {
                (Some(more), Some(all)) => all.join(more),
                (Some(first), None) => all = Some(first),
                (None, _) => return all,
            }
        }
        match all {
            Some(all) => Some(all),
            None => waiting.recv().await,
        }
    }

    fn join(&mut self, more: News) {
        // Gone and come again in between: the later holds.
        self.gone.retain(|room| !more.rooms_came(*room));
        self.rooms.extend(more.rooms);
        self.chats.extend(more.chats);
        self.folders.extend(more.folders);
        self.gone.extend(more.gone);
        self.opened.extend(more.opened);
        for (room, span) in more.arrived {
            self.arrived.entry(room).or_insert(span).join(span);
        }
        self.stored.extend(more.stored);
        for (room, deeds) in more.deeds {
            self.deeds.entry(room).or_default().extend(deeds);
        }
        self.ended.extend(more.ended);
    }

    fn rooms_came(&self, room: RoomId) -> bool {
        self.rooms.contains(&room) && !self.gone.contains(&room)
    }

    async fn tell(self, desk: &Desk, notices: &Notices) -> Result<(), ErrorView> {
        for upload in &self.ended {
            desk.live().progress.remove(upload);
        }
        for room in &self.gone {
            desk.live().leaving.retain(|(held, _)| held != room);
            desk.sink.emit(Event::RoomGone { room: *room });
        }
        for room in &self.rooms {
            self.confirm_read(desk, *room).await?;
            if let Some(room) = rooms::summary(desk, *room).await? {
                desk.sink.emit(Event::Room { room });
            }
        }
        for room in &self.chats {
            desk.sink.emit(Event::Timeline { room: *room });
        }
        for room in &self.folders {
            desk.sink.emit(Event::Folder { room: *room });
        }
        self.open_windows(desk).await?;
        for (room, span) in &self.arrived {
            notices.say(Note::Messages { room: *room, span: *span }).await;
            if let Some(item) = chat::item_at(desk, *room, span.last).await? {
                desk.sink.emit(Event::Arrived { room: *room, item: Box::new(item) });
            }
        }
        for (room, deeds) in self.deeds {
            if !deeds.is_empty() {
                notices.say(Note::Deeds { room, deeds }).await;
            }
        }
        for (room, at) in &self.stored {
            if let Some(item) = chat::stored_item(desk, *room, *at).await? {
                desk.sink.emit(Event::Arrived { room: *room, item: Box::new(item) });
            }
        }
        Ok(())
    }

    async fn open_windows(&self, desk: &Desk) -> Result<(), ErrorView> {
        if self.opened.is_empty() {
            return Ok(());
        }
        let wish = settings::get(&desk.state, settings::ROOMS_OPEN).await?;
        if wish.as_deref() == Some("list") {
            return Ok(());
        }
        for room in self.opened.difference(&self.gone).take(OPEN_AT_ONCE_MAX) {
            if !made_by_blocked(desk, *room).await? {
                desk.sink.emit(Event::RoomOpen { room: *room });
            }
        }
        Ok(())
    }

    /// Drops a read mark that waited, once the server has it.
    async fn confirm_read(&self, desk: &Desk, room: RoomId) -> Result<(), ErrorView> {
        let Some(wanted) = desk.live().reads.get(&room).copied() else { return Ok(()) };
        let Some(row) = desk.cache.room(room).await? else { return Ok(()) };
        if row.read < wanted {
            return Ok(());
        }
        let me = desk.me()?;
        crate::state::reads::confirm(&desk.state, me.id, room, row.read).await?;
        let mut live = desk.live();
        if live.reads.get(&room).is_some_and(|held| *held <= row.read) {
            live.reads.remove(&room);
        }
        Ok(())
    }
}

/// Whom this person blocked opens no windows here.
async fn made_by_blocked(desk: &Desk, room: RoomId) -> Result<bool, ErrorView> {
    let Some(maker) = desk.cache.room(room).await?.and_then(|row| row.created_by) else { return Ok(false) };
    Ok(contacts::one(desk, maker).await?.is_some_and(|(held, _)| held.blocked))
}
