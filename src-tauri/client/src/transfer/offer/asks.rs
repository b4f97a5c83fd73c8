//! What a person asks about offers: make them, and pause, resume, cancel, retry, forward each.

use super::desk::Desk;
use super::row::{Row, Side};
use super::table;
use crate::command::{Answer, Command, TransferCommand};
use crate::transfer::queue::now;
use crate::transfer::rate::Rate;
use crate::transfer::source;
use crate::view::{ErrorView, TransferOptions};
use pod_machine::offer::{DownInput, Options, Up, UpInput};
use pod_shared::content::check_name;
use pod_shared::{AccountId, ErrorCode, OfferId, TransferId, limits};
use std::path::{Path, PathBuf};
use uuid::Uuid;

impl Desk {
    /// Does what is asked; answers when it is on the disk.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the driver sends only what is about offers")]
    pub(super) async fn ask(&mut self, command: Command) -> Result<Answer, ErrorView> {
        match command {
            Command::TransferPause { id } => self.both(id, UpInput::Pause, DownInput::Pause).await,
            Command::TransferResume { id } => self.both(id, UpInput::Resume, DownInput::Resume).await,
            Command::TransferCancel { id } => self.both(id, UpInput::Cancel, DownInput::Cancel).await,
            Command::TransferRetry { id } => self.retry(id).await,
            Command::AboutTransfers(TransferCommand::Offer { to, paths }) => self.offer(to, paths).await,
            Command::AboutTransfers(TransferCommand::Offers) => self.offers().await.map(Answer::Offers),
            Command::AboutTransfers(TransferCommand::OfferAccept { offers, always, folder }) => {
                self.accept(offers, always, folder).await
            }
            Command::AboutTransfers(TransferCommand::OfferDecline { offers }) => self.decline(offers).await,
            Command::AboutTransfers(TransferCommand::AlwaysAccepted) => self.always_accepted().await,
            Command::AboutTransfers(TransferCommand::AlwaysAccept { account, on }) => {
                self.always(account, on).await.map(|()| Answer::Done)
            }
            Command::AboutTransfers(TransferCommand::TransferForward { id }) => {
                self.both(id, UpInput::Forward, DownInput::Retry).await
            }
            Command::AboutTransfers(TransferCommand::TransferOptions { id, options }) => {
                self.set_options(id, options).await
            }
            _ => Err(ErrorView::new(ErrorCode::Unavailable, "this Pod cannot do this yet")),
        }
    }

    async fn both(&mut self, id: TransferId, up: UpInput, down: DownInput) -> Result<Answer, ErrorView> {
        match self.row(id).map(|row| matches!(row.side, Side::Up(_))) {
            None => return Err(ErrorView::new(ErrorCode::NotFound, "there is no such transfer")),
            Some(true) => self.up(id, up).await,
            Some(false) => self.down(id, down).await,
        }
        Ok(Answer::Done)
    }

    /// What is over at the messenger cannot go on: the file is offered anew.
    async fn retry(&mut self, id: TransferId) -> Result<Answer, ErrorView> {
        let again = self.row(id).filter(|row| row.is_over() && matches!(row.side, Side::Up(_)));
        match again.map(|row| (row.peer, row.path.clone())) {
            Some((peer, path)) => self.offer(peer, vec![path]).await.map(|_| Answer::Done),
            None => self.both(id, UpInput::Retry, DownInput::Retry).await,
        }
    }

    async fn set_options(&mut self, id: TransferId, options: TransferOptions) -> Result<Answer, ErrorView> {
        let options = Options {
            retransfer: options.retransfer,
            receive: options.receive,
            forward: options.forward,
            wait_ms: self.settings.options.wait_ms,
        };
        self.both(id, UpInput::Options(options), DownInput::Options(options)).await
    }

    /// Offers files, folders file by file.
    async fn offer(&mut self, to: AccountId, paths: Vec<PathBuf>) -> Result<Answer, ErrorView> {
        let account = self.account.ok_or_else(ErrorView::not_signed_in)?;
        if to == account {
            return Err(ErrorView::new(ErrorCode::BadRequest, "nobody offers files to themself"));
        }
        let found = tokio::task::spawn_blocking(move || files_of(&paths)).await;
        let files = found.map_err(|_| ErrorView::stopped())??;
        let open = self
            .rows
            .values()
            .filter(|row| row.peer == to && matches!(row.side, Side::Up(_)) && !row.is_over());
        if open.count() + files.len() > limits::OFFERS_OPEN_PER_PAIR_MAX {
            return Err(ErrorView::new(ErrorCode::TooMany, "too many offers to this person are open"));
        }
        let first = OfferId(Uuid::now_v7());
        let mut rows = Vec::new();
        for (number, (path, name, size)) in files.into_iter().enumerate() {
            let offer = if number == 0 { first } else { OfferId(Uuid::now_v7()) };
            let up = Up::new(TransferId(Uuid::now_v7()), offer, size, self.settings.options);
            rows.push(Row {
                seq: 0,
                peer: to,
                batch: first,
                name,
                path,
                created_at: now(),
                side: Side::Up(up),
                story: Vec::new(),
                manifest: None,
                detail: String::new(),
                rate: Rate::default(),
                resumed_at: None,
                kept: 0,
            });
        }
        let new = rows.clone();
        let seqs = self.ports.state.run(move |db| {
            new.iter().map(|row| table::insert(db, account, row)).collect::<Result<Vec<u64>, _>>()
        });
        let mut views = Vec::new();
        for (mut row, seq) in rows.into_iter().zip(seqs.await?) {
            row.seq = seq;
            let id = row.id();
            self.keep(row);
            self.show(id).await;
            views.extend(self.board.find(id));
        }
        Ok(Answer::Transfers(views))
    }
}

/// The files at these paths and in these folders, by name; links to folders are not followed. Blocks.
fn files_of(paths: &[PathBuf]) -> Result<Vec<(PathBuf, String, u64)>, ErrorView> {
    let mut files = Vec::new();
    let mut waiting: Vec<PathBuf> = Vec::new();
    for path in paths.iter().rev() {
        waiting.push(std::path::absolute(path).map_err(|error| source::unreadable(&error))?);
    }
    while let Some(path) = waiting.pop() {
        let metadata = std::fs::metadata(&path).map_err(|error| source::unreadable(&error))?;
        if metadata.is_dir() {
            waiting.extend(inside(&path)?);
        } else {
            files.push(named(path, metadata.len())?);
        }
        if files.len() > limits::OFFERS_OPEN_PER_PAIR_MAX {
            return Err(ErrorView::new(
                ErrorCode::TooMany,
                "these are more files than can be offered at once",
            ));
        }
    }
    if files.is_empty() {
        return Err(ErrorView::new(ErrorCode::BadRequest, "there is no file to offer"));
    }
    Ok(files)
}

/// What is in a folder, the last name first.
fn inside(folder: &Path) -> Result<Vec<PathBuf>, ErrorView> {
    let mut all = Vec::new();
    for item in std::fs::read_dir(folder).map_err(|error| source::unreadable(&error))? {
        let path = item.map_err(|error| source::unreadable(&error))?.path();
        let link = std::fs::symlink_metadata(&path).is_ok_and(|about| about.is_symlink());
        if !(link && path.is_dir()) {
            all.push(path);
        }
    }
    all.sort_by(|left, right| right.cmp(left));
    Ok(all)
}

fn named(path: PathBuf, size: u64) -> Result<(PathBuf, String, u64), ErrorView> {
    let bad = |why: String| ErrorView::new(ErrorCode::InvalidName, why);
    let name = path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
    let name =
        name.filter(|_| path.to_str().is_some()).ok_or_else(|| bad("the path is no text".to_owned()))?;
    check_name(&name).map_err(|problem| bad(problem.to_string()))?;
    if size > limits::FILE_BYTES_MAX {
        return Err(ErrorView::new(ErrorCode::TooLarge, "the file is larger than can be offered"));
    }
    Ok((path, name, size))
}
