//! What a person asks about offers: make them.

use super::row::{Offer, Side};
use crate::command::Answer;
use crate::transfer::queue::{Queue, now};
use crate::transfer::row::{Kind, Row};
use crate::transfer::source;
use crate::view::ErrorView;
use pod_machine::offer::Up;
use pod_machine::transfer::Direction;
use pod_shared::content::check_name;
use pod_shared::{AccountId, ErrorCode, OfferId, TransferId, limits};
use std::path::{Path, PathBuf};
use uuid::Uuid;

impl Queue {
    /// Offers files, folders file by file.
    pub(in crate::transfer) async fn make_offers(
        &mut self,
        to: AccountId,
        paths: Vec<PathBuf>,
    ) -> Result<Answer, ErrorView> {
        let account = self.account()?;
        if to == account {
            return Err(ErrorView::new(ErrorCode::BadRequest, "nobody offers files to themself"));
        }
        let found = tokio::task::spawn_blocking(move || files_of(&paths)).await;
        let files = found.map_err(|_| ErrorView::stopped())??;
        self.has_room_for(files.len())?;
        let of_pair = |row: &&Row| {
            let peer = row.offer().map(|offer| offer.peer);
            peer == Some(to) && row.direction() == Direction::Up && !row.is_over()
        };
        if self.rows.values().filter(of_pair).count() + files.len() > limits::OFFERS_OPEN_PER_PAIR_MAX {
            return Err(ErrorView::new(ErrorCode::TooMany, "too many offers to this person are open"));
        }
        let batch = OfferId(Uuid::now_v7());
        let mut rows = Vec::new();
        for (number, (path, name, size)) in files.into_iter().enumerate() {
            let offer = if number == 0 { batch } else { OfferId(Uuid::now_v7()) };
            let (options, wait_ms) = (self.settings.options, self.settings.wait_ms);
            let up = Up::new(TransferId(Uuid::now_v7()), offer, size, options, wait_ms);
            let offer = Offer { peer: to, batch, side: Side::Up(up), manifest: None };
            rows.push(Box::new(Row::new(name, path, now(), Kind::Offer(offer))));
        }
        self.add(account, Vec::new(), rows).await.map(Answer::Transfers)
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
