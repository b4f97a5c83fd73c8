//! What a window shows first, in one answer. Asks nobody but the databases of this computer.

use super::commands::Reply;
use super::{Desk, rooms};
use crate::command::{Answer, Command, TransferCommand};
use crate::state::settings;
use crate::view::{ErrorView, OfferView, OpeningView, StatusView, TransferView};

/// Everything, as it is now.
pub(super) async fn opening(desk: &Desk, status: StatusView) -> Reply {
    view(desk, status).await.map(|view| Answer::Opening(Box::new(view)))
}

async fn view(desk: &Desk, status: StatusView) -> Result<OpeningView, ErrorView> {
    let settings = settings::all(&desk.state).await?;
    if desk.me().is_err() {
        return Ok(OpeningView {
            status,
            settings,
            rooms: Vec::new(),
            transfers: Vec::new(),
            offers: Vec::new(),
        });
    }
    let (rooms, transfers, offers) = tokio::join!(rooms::all(desk), transfers(desk), offers(desk));
    Ok(OpeningView { status, settings, rooms: rooms?, transfers: transfers?, offers: offers? })
}

async fn transfers(desk: &Desk) -> Result<Vec<TransferView>, ErrorView> {
    let Answer::Transfers(transfers) = desk.transfers.handle(Command::Transfers).await? else {
        return Ok(Vec::new());
    };
    Ok(transfers)
}

async fn offers(desk: &Desk) -> Result<Vec<OfferView>, ErrorView> {
    let asked = Command::AboutTransfers(TransferCommand::Offers);
    let Answer::Offers(offers) = desk.transfers.handle(asked).await? else { return Ok(Vec::new()) };
    Ok(offers)
}
