//! What a person asks of the queue as a whole, and of any transfer in it.

use super::order;
use super::queue::Queue;
use super::row::Row;
use super::step::Any;
use crate::command::{Answer, Command, FileCommand, TransferCommand};
use crate::event::Event;
use crate::state::settings;
use crate::view::ErrorView;
use pod_machine::offer::{DownInput, UpInput};
use pod_machine::transfer::Direction;
use pod_shared::{AccountId, ErrorCode, TransferId, UploadId, limits};
use std::path::Path;

impl Queue {
    /// Does what is asked; answers when it is on the disk.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the run loop sends only what is for the queue; fetches go another way"
    )]
    pub(super) async fn ask(&mut self, command: Command) -> Result<Answer, ErrorView> {
        match command {
            Command::Put { room, parent, paths } => self.put(room, parent, paths).await,
            Command::AboutFiles(FileCommand::VersionPut { entry, path, version, fence }) => {
                self.put_version(entry, path, version, fence).await
            }
            Command::Transfers => Ok(Answer::Transfers(self.board.list())),
            Command::TransferPause { id } => self.one(id, Any::Pause).await,
            Command::TransferResume { id } => self.one(id, Any::Resume).await,
            Command::TransferCancel { id } => self.one(id, Any::Cancel).await,
            Command::TransferRetry { id } => self.retry(id).await,
            Command::UploadCancel { upload, .. } => self.cancel_upload(upload).await,
            Command::AboutTransfers(command) => self.about_transfers(command).await,
            _ => Err(ErrorView::new(ErrorCode::BadRequest, "this is nothing for the transfer queue")),
        }
    }

    async fn about_transfers(&mut self, command: TransferCommand) -> Result<Answer, ErrorView> {
        match command {
            TransferCommand::TransfersLook { ids } if ids.len() > limits::TRANSFERS_LOOK_MAX => {
                Err(ErrorView::new(ErrorCode::TooMany, "these are too many transfers for one question"))
            }
            TransferCommand::TransfersLook { ids } => {
                Ok(Answer::Transfers(ids.into_iter().filter_map(|id| self.board.find(id)).collect()))
            }
            TransferCommand::TransfersPause { paused } => self.pause_all(paused).await,
            TransferCommand::TransferOrder { id, before } => self.order(id, before).await,
            TransferCommand::TransferOptions { id, options } => self.one(id, Any::Options(options)).await,
            TransferCommand::TransferForward { id } => self.forward(id).await,
            TransferCommand::Offer { to, paths } => self.make_offers(to, paths).await,
            TransferCommand::Offers => self.open_offers().await.map(Answer::Offers),
            TransferCommand::OfferAccept { offers, always, folder } => {
                self.accept(offers, always, folder).await
            }
            TransferCommand::OfferDecline { offers } => self.decline(offers).await,
            TransferCommand::AlwaysAccepted => self.always_accepted().await,
            TransferCommand::AlwaysAccept { account, on } => {
                self.always(account, on).await.map(|()| Answer::Done)
            }
        }
    }

    pub(super) fn account(&self) -> Result<AccountId, ErrorView> {
        self.account.ok_or_else(ErrorView::not_signed_in)
    }

    async fn one(&mut self, id: TransferId, any: Any) -> Result<Answer, ErrorView> {
        self.known(id)?;
        self.step(id, any).await;
        Ok(Answer::Done)
    }

    fn known(&self, id: TransferId) -> Result<&Row, ErrorView> {
        self.rows.get(&id).ok_or_else(|| ErrorView::new(ErrorCode::NotFound, "there is no such transfer"))
    }

    /// An offer that is over at the messenger cannot go on: its file is offered anew.
    async fn retry(&mut self, id: TransferId) -> Result<Answer, ErrorView> {
        let row = self.known(id)?;
        let anew = row.offer().filter(|offer| offer.is_up() && row.is_over()).map(|offer| offer.peer);
        match anew.map(|peer| (peer, row.path.clone())) {
            Some((peer, path)) => self.make_offers(peer, vec![path]).await.map(|_| Answer::Done),
            None => self.one(id, Any::Retry).await,
        }
    }

    /// The rest of an offer goes through the server now.
    async fn forward(&mut self, id: TransferId) -> Result<Answer, ErrorView> {
        let row = self.known(id)?;
        if row.room().is_some() {
            let always = "the file of a room goes through the server anyway";
            return Err(ErrorView::new(ErrorCode::BadRequest, always));
        }
        match row.direction() {
            Direction::Up => self.step(id, UpInput::Forward).await,
            Direction::Down => self.step(id, DownInput::Retry).await,
        }
        Ok(Answer::Done)
    }

    /// The whole queue stands, or goes on; kept through restarts.
    async fn pause_all(&mut self, paused: bool) -> Result<Answer, ErrorView> {
        let value = paused.then(|| "on".to_owned());
        settings::set(&self.ports.state, settings::PAUSED, value).await?;
        self.read_settings().await;
        self.ports.sink.emit(Event::Setting { key: settings::PAUSED.to_owned() });
        Ok(Answer::Done)
    }

    /// Gives a transfer another place in the order, kept before it is told.
    async fn order(&mut self, id: TransferId, before: Option<TransferId>) -> Result<Answer, ErrorView> {
        let missing = || ErrorView::new(ErrorCode::NotFound, "there is no such transfer that is open");
        let changed = self.board.reorder(id, before).ok_or_else(missing)?;
        let places = self.board.ranks().all();
        self.line.reordered(self.board.ranks());
        self.ports.state.run(move |db| order::save(db, &places)).await?;
        for transfer in changed {
            self.ports.sink.emit(Event::Transfer { transfer });
        }
        Ok(Answer::Done)
    }

    /// An upload of this device is cancelled in the queue; others are told to the server by the caller.
    async fn cancel_upload(&mut self, upload: UploadId) -> Result<Answer, ErrorView> {
        match self.board.of_upload(upload) {
            Some(id) => self.one(id, Any::Cancel).await,
            None => Err(ErrorView::new(ErrorCode::NotFound, "there is no such upload")),
        }
    }

    /// Whether something comes down to this place already.
    pub(super) fn is_taken(&self, path: &Path) -> bool {
        self.index.at_place(path).filter_map(|id| self.rows.get(&id)).any(|row| row.path == path)
    }

    /// The queue takes so many more.
    pub(super) fn has_room_for(&self, more: usize) -> Result<(), ErrorView> {
        if self.index.open() + more > self.ports.transfers_max {
            return Err(ErrorView::new(ErrorCode::TooMany, "the queue is full"));
        }
        Ok(())
    }
}
