//! Folders: fetching what changed once the log said so, and the small changes a person makes. `browse` shows them.

use super::run::Run;
use super::tell::{FolderNews, Teller};
use super::wake::Wake;
use super::{Desk, commands, fresh};
use crate::net;
use crate::transfer;
use crate::view::ErrorView;
use pod_machine::backoff::Backoff;
use pod_shared::content::{
    Changes, Entry, EntryChange, EntryKind, EntryPage, FolderNew, NewParent, check_name,
};
use pod_shared::{ContentPosition, EntryId, ErrorCode, RoomId, limits};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Folders fetched side by side: the chat must stay quick.
const AT_ONCE: usize = 3;

/// A folder that changes all the time is fetched again this long after the last time, with all that changed since.
const REST: Duration = Duration::from_millis(200);

/// Which folders are to be fetched, which are being, which rest after that, and which wait after a failure.
#[derive(Default)]
pub(super) struct FolderQueue {
    wanted: BTreeSet<RoomId>,
    running: BTreeSet<RoomId>,
    resting: BTreeSet<RoomId>,
    /// Failures in a row, and not before when.
    failed: BTreeMap<RoomId, (u32, u64)>,
}

impl FolderQueue {
    /// This folder changed.
    pub(super) fn want(&mut self, room: RoomId) {
        self.wanted.insert(room);
    }

    /// The next to fetch: visible rooms first.
    fn next(&mut self, looking: &[RoomId], now_ms: u64) -> Option<RoomId> {
        if self.running.len() >= AT_ONCE {
            return None;
        }
        let ready = |room: &RoomId| {
            self.wanted.contains(room)
                && !self.running.contains(room)
                && !self.resting.contains(room)
                && self.failed.get(room).is_none_or(|(_, not_before)| now_ms >= *not_before)
        };
        let room = looking.iter().copied().find(ready).or_else(|| self.wanted.iter().copied().find(ready))?;
        self.wanted.remove(&room);
        self.running.insert(room);
        Some(room)
    }
}

impl Run {
    pub(super) fn folder_wanted(&mut self, room: RoomId) {
        self.folders.want(room);
        self.fetch_folders();
    }

    pub(super) fn fetch_folders(&mut self) {
        if !matches!(self.connection.state(), pod_machine::connection::State::Online { .. }) {
            return;
        }
        let now_ms = self.moment().now_ms;
        while let Some(room) = self.folders.next(&self.looking, now_ms) {
            let (desk, tell) = (self.desk.clone(), self.tell.clone());
            tokio::spawn(async move {
                let result = fetch(&desk, &tell, room).await;
                let _ = desk.wake(Wake::FolderFetched { room, result }).await;
            });
        }
    }

    pub(super) fn folder_fetched(&mut self, room: RoomId, result: Result<(), ErrorView>) {
        self.folders.running.remove(&room);
        match result {
            Ok(()) => {
                self.folders.failed.remove(&room);
                self.folders.resting.insert(room);
                let desk = self.desk.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(REST).await;
                    let _ = desk.wake(Wake::FolderRested(room)).await;
                });
            }
            Err(error) => {
                // A room that was just made may not have its folder yet: every failure is tried again, ever later.
                let at = self.moment();
                let failures = self.folders.failed.get(&room).map_or(0, |(failures, _)| *failures) + 1;
                let wait = Backoff::REQUEST.delay_ms(failures, at.chance);
                self.folders.failed.insert(room, (failures, at.now_ms + wait));
                if error.code != ErrorCode::RoleTooLow {
                    self.folders.want(room);
                }
            }
        }
        self.fetch_folders();
    }

    pub(super) fn folder_rested(&mut self, room: RoomId) {
        self.folders.resting.remove(&room);
        self.fetch_folders();
    }
}

/// Fetches what changed in a folder, page by page.
async fn fetch(desk: &Desk, tell: &Teller, room: RoomId) -> Result<(), ErrorView> {
    match desk.cache.folder_position(room).await? {
        Some((after, at)) if after < at => catch_up(desk, tell, room).await,
        Some(_) | None => Ok(()),
    }
}

/// Fetches what changed in a folder until there is no more, whether the messenger has told of it or not.
pub(super) async fn catch_up(desk: &Desk, tell: &Teller, room: RoomId) -> Result<(), ErrorView> {
    let me = desk.me()?;
    loop {
        let Some((after, _)) = desk.cache.folder_position(room).await? else { return Ok(()) };
        let path = format!("/v1/rooms/{room}/changes?after={}&limit={}", after.0, limits::CONTENT_PAGE_MAX);
        let mut changes: Changes = commands::content_get(desk, &path).await?;
        if changes.position < after {
            // The content service was set back: what is here stands for nothing.
            desk.cache.forget_folder(room).await?;
            desk.linked.touched(room, None);
            continue;
        }
        if after > ContentPosition(0) {
            // What lies in them was never told, or was taken out again; who begins hears of everything by itself.
            for folder in std::mem::take(&mut changes.shown) {
                changes.entries.extend(listed(desk, room, folder).await?);
            }
        }
        let (position, more) = (changes.position, changes.more);
        if position == after && changes.activities.is_empty() {
            return Ok(());
        }
        let touched = desk.cache.apply_changes(me.id, room, after, changes).await?;
        desk.linked.touched(room, Some(&touched.entries));
        if !touched.entries.is_empty() {
            desk.transfers.wake(transfer::Wake::EntriesChanged(touched.entries));
        }
        for upload in &touched.ended {
            desk.transfers.wake(transfer::Wake::UploadEnded(*upload));
        }
        // A first fetch tells how things are; only what comes later is news.
        let first = after == ContentPosition(0);
        let stored = if first { None } else { touched.stored.last().copied() };
        let deeds = if first { Vec::new() } else { touched.deeds };
        tell.folder(FolderNews { room, stored, deeds, ended: touched.ended }).await;
        let held = desk.cache.folder_position(room).await?.map(|(held, _)| held);
        // Another fetch was quicker, with less: what came here did not join to that and was left out.
        if held.is_some_and(|held| held < position) {
            continue;
        }
        if !more || position <= after {
            return Ok(());
        }
    }
}

/// Everything that lies in a folder, as the content service shows it to this person.
async fn listed(desk: &Desk, room: RoomId, folder: EntryId) -> Result<Vec<Entry>, ErrorView> {
    let (mut open, mut found) = (vec![folder], Vec::new());
    while let Some(folder) = open.pop() {
        let mut after = String::new();
        loop {
            let limit = limits::CONTENT_PAGE_MAX;
            let path = format!("/v1/rooms/{room}/entries?limit={limit}&parent={folder}{after}");
            let page: EntryPage = match commands::content_get(desk, &path).await {
                Ok(page) => page,
                // It went while it was looked at: a later change says so.
                Err(error) if error.code == ErrorCode::NotFound => break,
                Err(error) => return Err(error),
            };
            let is_folder = |entry: &&Entry| entry.kind == EntryKind::Folder;
            open.extend(page.entries.iter().filter(is_folder).map(|entry| entry.id));
            let last = page.entries.last().filter(|_| page.more).map(|last| net::after_name(&last.name));
            found.extend(page.entries);
            match last {
                Some(last) => after = last,
                None => break,
            }
        }
    }
    Ok(found)
}

fn checked(name: &str) -> Result<(), ErrorView> {
    check_name(name).map_err(|problem| ErrorView::new(ErrorCode::InvalidName, problem.to_string()))
}

/// A new folder.
pub(super) async fn create(
    desk: &Desk,
    room: RoomId,
    parent: Option<EntryId>,
    name: String,
) -> Result<EntryId, ErrorView> {
    checked(&name)?;
    let id = fresh(EntryId::from_slice)?;
    let path = format!("/v1/rooms/{room}/folders");
    let body = FolderNew { id, parent, name };
    let answer = commands::content_call(desk, reqwest::Method::POST, &path, Some(&body)).await?;
    keep(desk, room, &answer).await?;
    Ok(id)
}

/// Another name, another folder, or both.
pub(super) async fn change(desk: &Desk, id: EntryId, change: EntryChange) -> Result<(), ErrorView> {
    if let Some(name) = &change.name {
        checked(name)?;
    }
    let room = room_of(desk, id).await?;
    let path = format!("/v1/entries/{id}");
    let answer = commands::content_call(desk, reqwest::Method::PATCH, &path, Some(&change)).await?;
    keep(desk, room, &answer).await
}

/// A move to a folder of the same room; nothing: its top.
pub(super) fn move_to(parent: Option<EntryId>) -> EntryChange {
    EntryChange { parent: Some(parent.map_or(NewParent::Top, NewParent::Folder)), ..EntryChange::default() }
}

/// Deletes.
pub(super) async fn delete(desk: &Desk, id: EntryId) -> Result<(), ErrorView> {
    let room = room_of(desk, id).await?;
    let path = format!("/v1/entries/{id}");
    commands::content_call::<()>(desk, reqwest::Method::DELETE, &path, None).await?;
    if let Some(mut entry) = desk.cache.entry(id).await? {
        entry.deleted = true;
        desk.cache.keep_entry(entry).await?;
    }
    desk.sink.emit(crate::event::Event::Folder { room });
    desk.wake(Wake::FolderWanted(room)).await
}

/// Undoes a deletion.
pub(super) async fn restore(desk: &Desk, id: EntryId) -> Result<(), ErrorView> {
    let room = room_of(desk, id).await?;
    let path = format!("/v1/entries/{id}/restore");
    let answer = commands::content_call::<()>(desk, reqwest::Method::POST, &path, None).await?;
    keep(desk, room, &answer).await
}

pub(super) async fn room_of(desk: &Desk, id: EntryId) -> Result<RoomId, ErrorView> {
    let entry = desk.cache.entry(id).await?;
    entry.map(|entry| entry.room).ok_or_else(|| ErrorView::new(ErrorCode::NotFound, "no such file or folder"))
}

/// Shows a change at once; the folder's log follows by itself.
pub(super) async fn keep(desk: &Desk, room: RoomId, answer: &[u8]) -> Result<(), ErrorView> {
    if let Ok(entry) = serde_json::from_slice::<Entry>(answer) {
        desk.cache.keep_entry(entry).await?;
        desk.sink.emit(crate::event::Event::Folder { room });
    }
    desk.wake(Wake::FolderWanted(room)).await
}
