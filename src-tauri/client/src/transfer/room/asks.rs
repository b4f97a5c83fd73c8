//! What a person asks of the queue.

use super::put::{self, Plan, name_key};
use super::table;
use crate::command::{Answer, Command, TransferCommand};
use crate::event::Event;
use crate::state::settings;
use crate::transfer::part::namesake;
use crate::transfer::queue::{Queue, new_upload, now};
use crate::transfer::row::{Facts, Row};
use crate::view::{ErrorView, TransferView};
use pod_machine::transfer::{Direction, Input, Phase, Transfer};
use pod_shared::content::{Entry, EntryKind, check_name};
use pod_shared::{AccountId, EntryId, ErrorCode, RoomId, TransferId, UploadId};
use std::collections::BTreeSet;
use std::path::PathBuf;
use uuid::Uuid;

impl Queue {
    /// Does what is asked; answers when it is on the disk.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the run loop sends only what is for the queue")]
    pub(in crate::transfer) async fn ask(&mut self, command: Command) -> Result<Answer, ErrorView> {
        match command {
            Command::Put { room, parent, paths } => self.put(room, parent, paths).await,
            Command::Get { entry, dest } => self.get(entry, dest).await,
            Command::Transfers => Ok(Answer::Transfers(self.board.list())),
            Command::TransferPause { id } => self.one(id, Input::Pause).await,
            Command::TransferResume { id } => self.one(id, Input::Resume).await,
            Command::TransferCancel { id } => self.one(id, Input::Cancel).await,
            Command::TransferRetry { id } => self.one(id, Input::Retry).await,
            Command::UploadCancel { upload, .. } => self.cancel_upload(upload).await,
            Command::AboutTransfers(TransferCommand::TransfersPause { paused }) => {
                self.pause_all(paused).await
            }
            Command::AboutTransfers(_) => {
                Err(ErrorView::new(ErrorCode::Unavailable, "this Pod cannot do this yet"))
            }
            _ => Err(ErrorView::new(ErrorCode::BadRequest, "this is nothing for the transfer queue")),
        }
    }

    /// The whole queue stands, or goes on; kept through restarts.
    async fn pause_all(&mut self, paused: bool) -> Result<Answer, ErrorView> {
        let value = paused.then(|| "on".to_owned());
        settings::set(&self.ports.state, settings::PAUSED, value).await?;
        self.read_settings().await;
        self.ports.sink.emit(Event::Setting { key: settings::PAUSED.to_owned() });
        Ok(Answer::Done)
    }

    fn account(&self) -> Result<AccountId, ErrorView> {
        self.account.ok_or_else(ErrorView::not_signed_in)
    }

    async fn one(&mut self, id: TransferId, input: Input) -> Result<Answer, ErrorView> {
        if self.row(id).is_none() {
            return Err(ErrorView::new(ErrorCode::NotFound, "there is no such transfer"));
        }
        self.step(id, input, None).await;
        Ok(Answer::Done)
    }

    /// An upload of this device is cancelled in the queue; others are told to the server by the caller.
    async fn cancel_upload(&mut self, upload: UploadId) -> Result<Answer, ErrorView> {
        match self.board.of_upload(upload) {
            Some(view) => self.one(view.id, Input::Cancel).await,
            None => Err(ErrorView::new(ErrorCode::NotFound, "there is no such upload")),
        }
    }

    async fn put(
        &mut self,
        room: RoomId,
        parent: Option<EntryId>,
        paths: Vec<PathBuf>,
    ) -> Result<Answer, ErrorView> {
        let account = self.account()?;
        let taken = self.names_on_their_way(room, parent);
        let most = self.ports.transfers_max;
        let planned = tokio::task::spawn_blocking(move || put::plan(room, parent, &paths, taken, most)).await;
        let plan = planned.map_err(|_| ErrorView::stopped())??;
        self.has_room_for(plan.files.len())?;
        let rows = rows_of(room, &plan);
        self.add(account, plan.folders, rows).await.map(Answer::Transfers)
    }

    fn has_room_for(&self, more: usize) -> Result<(), ErrorView> {
        let open = self.rows.values().filter(|row| !row.machine.is_over()).count();
        if open + more > self.ports.transfers_max {
            return Err(ErrorView::new(ErrorCode::TooMany, "the queue is full"));
        }
        Ok(())
    }

    /// Names of files that are on their way into a folder.
    fn names_on_their_way(&self, room: RoomId, parent: Option<EntryId>) -> BTreeSet<String> {
        let same = |row: &&Row| {
            row.machine.direction == Direction::Up
                && !row.machine.is_over()
                && (row.facts.room, row.facts.parent) == (room, parent)
        };
        self.rows.values().filter(same).map(|row| name_key(&row.facts.name)).collect()
    }

    async fn get(&mut self, id: EntryId, dest: Option<PathBuf>) -> Result<Answer, ErrorView> {
        let account = self.account()?;
        let missing = || ErrorView::new(ErrorCode::NotFound, "there is no such file");
        let entry = self.ports.cache.entry(id).await?.filter(|entry| !entry.deleted).ok_or_else(missing)?;
        if entry.kind != EntryKind::File {
            return Err(ErrorView::new(ErrorCode::BadRequest, "folders are fetched file by file"));
        }
        // The name came from elsewhere: it must be one name, and nothing that leads out of the folder.
        check_name(&entry.name)
            .map_err(|problem| ErrorView::new(ErrorCode::InvalidName, problem.to_string()))?;
        if dest.is_none() {
            if let Some(open) = self.board.download(id).and_then(|(transfer, _)| self.board.find(transfer)) {
                return Ok(Answer::Transfers(vec![open]));
            }
            let (copies, wanted) = (self.copies.clone(), entry.clone());
            let here = tokio::task::spawn_blocking(move || copies.path(&wanted)).await;
            if let Ok(Some(path)) = here {
                return Ok(Answer::Path(Some(path)));
            }
        }
        self.has_room_for(1)?;
        let path = self.destination(&entry, dest).await?;
        let machine = Transfer::down(TransferId(Uuid::now_v7()), id, entry.size);
        let facts = facts(entry.room, None, entry.name, path);
        self.add(account, Vec::new(), vec![Row::new(facts, machine)]).await.map(Answer::Transfers)
    }

    /// Where a download goes: the pod's own place, a folder, or a file; never where another download goes.
    async fn destination(&self, entry: &Entry, dest: Option<PathBuf>) -> Result<PathBuf, ErrorView> {
        let own = self.ports.files.join(entry.room.to_string()).join(entry.id.to_string());
        let name = entry.name.clone();
        let chosen = tokio::task::spawn_blocking(move || match dest {
            None => Ok(own.join(name)),
            Some(dest) => {
                let dest = std::path::absolute(dest)?;
                Ok::<_, std::io::Error>(if dest.is_dir() { dest.join(name) } else { dest })
            }
        });
        let chosen = chosen.await.map_err(|_| ErrorView::stopped())??;
        if chosen.to_str().is_none() || chosen.file_name().is_none() {
            return Err(ErrorView::new(ErrorCode::InvalidName, "this place for the file cannot be used"));
        }
        let open = |row: &&Row| row.machine.direction == Direction::Down && !row.machine.is_over();
        let taken: BTreeSet<&PathBuf> = self.rows.values().filter(open).map(|row| &row.facts.path).collect();
        let free = (1..).map(|number| namesake(&chosen, number)).find(|path| !taken.contains(path));
        Ok(free.unwrap_or(chosen))
    }

    /// Writes new rows, then takes them into the queue.
    async fn add(
        &mut self,
        account: AccountId,
        folders: Vec<crate::transfer::row::Folder>,
        mut rows: Vec<Row>,
    ) -> Result<Vec<TransferView>, ErrorView> {
        let (new_folders, new_rows) = (folders.clone(), rows.clone());
        let seqs = self.ports.state.run(move |db| {
            new_folders.iter().try_for_each(|folder| table::insert_folder(db, account, folder))?;
            new_rows.iter().map(|row| table::insert(db, account, row)).collect::<Result<Vec<u64>, _>>()
        });
        for (row, seq) in rows.iter_mut().zip(seqs.await?) {
            row.facts.seq = seq;
        }
        self.chores.folders.extend(folders);
        let mut views = Vec::new();
        for row in rows {
            let id = row.machine.id;
            self.seqs.insert(id, row.facts.seq);
            self.rows.insert(row.facts.seq, row);
            self.show(id).await;
            views.extend(self.board.find(id));
        }
        Ok(views)
    }
}

fn facts(room: RoomId, parent: Option<EntryId>, name: String, path: PathBuf) -> Facts {
    Facts {
        seq: 0,
        room,
        parent,
        name,
        path,
        next_upload: new_upload(),
        created_at: now(),
        touched_at: now(),
    }
}

fn rows_of(room: RoomId, plan: &Plan) -> Vec<Row> {
    let row = |file: &put::File| {
        let mut machine = Transfer::up(TransferId(Uuid::now_v7()), file.size);
        let mut detail = String::new();
        if let Some(error) = &file.refused {
            machine.phase = Phase::Failed { code: error.code };
            detail.clone_from(&error.message);
        }
        let facts = facts(room, file.parent, file.name.clone(), file.path.clone());
        Row { detail, ..Row::new(facts, machine) }
    };
    plan.files.iter().map(row).collect()
}
